#pragma once

#include "pipeline_world.h"

#include "app/upload/fault_proxy.h"

#include <optional>
#include <set>

namespace steadyframe::tests {

using library::PhotoState;

inline constexpr const char *destination = "the receiver";

inline std::string answer(const std::string &status, const std::string &headers = {})
{
    return "HTTP/1.1 " + status + "\r\nTus-Resumable: 1.0.0\r\nContent-Length: 0\r\nConnection: close\r\n" + headers
        + "\r\n";
}

/// A world whose uploads pass the proxy one at a time, with waits that a test can afford.
struct FaultWorld {
    explicit FaultWorld(World &all) : world(all)
    {
        world.tune = [](pipeline::Config &config) {
            oneByOne(config);
            config.patience.retry.first = std::chrono::milliseconds(2);
            config.patience.retry.longest = std::chrono::milliseconds(20);
            config.patience.stallLimit = std::chrono::seconds(1);
            config.recipe.settings.target = {.quality = 100};
        };
    }
    isolate::Task<> start()
    {
        co_await world.startPipeline();
        if (!world.receiver)
            world.runReceiver();
        if (!proxy)
            proxy.emplace(world.receiver->port());
    }
    /// The next start is one after the program ended.
    isolate::Task<> restart()
    {
        co_await world.stop();
        world.watcher = std::make_unique<Watcher>();
        co_await start();
    }
    void refuse(const std::string &method, std::size_t times, const std::string &with)
    {
        proxy->answerInstead(method, std::vector<std::string>(times, with));
    }
    void useProxy() { world.use(proxy->endpoint(), destination); }
    /// Picks photos and waits for their results, so that it is known how many bytes are to be sent.
    isolate::Task<> compress(std::vector<std::string> picks)
    {
        const std::size_t count = picks.size();
        world.pipeline.send(pipeline::Pick{std::move(picks)});
        co_await world.watcher->until([count](auto &w) { return w.count(PhotoState::compressed) == count; });
    }
    /// Starts, and has one photo, "a.jpg", compressed.
    isolate::Task<> startWithAPhoto()
    {
        co_await start();
        const std::vector<std::string> picks{world.makePhoto("a.jpg", 1)};
        co_await compress(picks);
    }
    [[nodiscard]] std::uint64_t bytesToSend() const
    {
        std::uint64_t bytes = 0;
        for (const auto &[id, photo] : world.watcher->photos)
            bytes += photo.resultBytes;
        return bytes;
    }
    isolate::Future<void> untilNoneIsLeft()
    {
        return world.watcher->until([](auto &w) {
            return !w.photos.empty() && w.count(PhotoState::uploaded) + w.count(PhotoState::failed) == w.photos.size();
        });
    }
    /// What is wrong with what arrived; empty when each photo did, once.
    [[nodiscard]] std::string wrongArrivals() const
    {
        std::string words = proxy->sentAgain();
        std::set<std::string> expected;
        for (const auto &[id, photo] : world.watcher->photos) {
            const std::string name = photo.name.substr(0, photo.name.rfind('.')) + ".jpg";
            expected.insert(name);
            if (photo.state != PhotoState::uploaded)
                words += photo.name + " is " + std::string(nameOf(photo.state)) + ": " + photo.lastError + ' ';
            else if (contentOf(world.receiver->folder() / name) != contentOf(photo.resultPath))
                words += photo.name + " arrived damaged. ";
        }
        for (const auto &entry : std::filesystem::directory_iterator(world.receiver->folder())) {
            if (entry.is_regular_file() && !expected.contains(entry.path().filename()))
                words += "There is " + entry.path().filename().native() + ", too. ";
        }
        for (const auto &entry : std::filesystem::directory_iterator(world.receiver->folder() / ".incoming")) {
            if (entry.path().extension() == ".data")
                words += "An unfinished upload was left. ";
        }
        return words;
    }

    World &world;
    std::optional<FaultProxy> proxy{};
};

#define CO_ARRIVED(faults)                                                                                             \
    do {                                                                                                               \
        const std::string wrong = (faults).wrongArrivals();                                                            \
        CO_VERIFY2(wrong.empty(), wrong.c_str());                                                                      \
    } while (false)

} // namespace steadyframe::tests
