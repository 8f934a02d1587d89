#pragma once

#include "imaging/photo_maker.h"
#include "pipeline/pipeline.h"
#include "receiver/receiver.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <QtTest>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>

namespace steadyframe::tests {

inline std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write(const std::filesystem::path &path, const std::string &content)
{
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

// Qt Test's own leave by `return`, which a coroutine has not.
#define CO_VERIFY(condition)                                                                                           \
    do {                                                                                                               \
        if (!QTest::qVerify(static_cast<bool>(condition), #condition, "", __FILE__, __LINE__))                         \
            co_return;                                                                                                 \
    } while (false)
#define CO_VERIFY2(condition, message)                                                                                 \
    do {                                                                                                               \
        if (!QTest::qVerify(static_cast<bool>(condition), #condition, message, __FILE__, __LINE__))                    \
            co_return;                                                                                                 \
    } while (false)
#define CO_COMPARE(actual, expected)                                                                                   \
    do {                                                                                                               \
        if (!QTest::qCompare(actual, expected, #actual, #expected, __FILE__, __LINE__))                                \
            co_return;                                                                                                 \
    } while (false)

/// What a subscriber has been told, and a way to wait for it. Belongs to the main isolate.
class Watcher {
public:
    Watcher() : m_port([this](pipeline::Update update) { apply(std::move(update)); }) {}

    [[nodiscard]] isolate::SendPort<pipeline::Update> port() const { return m_port.sendPort(); }
    /// There once `condition` holds for what was told.
    isolate::Future<void> until(std::function<bool(const Watcher &)> condition)
    {
        isolate::Completer<void> reached;
        auto future = reached.future();
        if (condition(*this))
            reached.complete();
        else
            m_waiting.emplace_back(std::move(condition), std::move(reached));
        return future;
    }
    [[nodiscard]] std::size_t count(library::PhotoState state) const
    {
        return static_cast<std::size_t>(
            std::count_if(photos.begin(), photos.end(), [&](const auto &p) { return p.second.state == state; }));
    }
    [[nodiscard]] const library::PhotoRecord *named(const std::string &name) const
    {
        for (const auto &[id, photo] : photos) {
            if (photo.sourcePath.filename().native() == name)
                return &photo;
        }
        return nullptr;
    }

    std::map<pipeline::PhotoId, library::PhotoRecord> photos;
    std::map<pipeline::PhotoId, std::vector<library::PhotoState>> histories;
    std::vector<std::string> notices;
    std::vector<std::filesystem::path> manifests;
    bool paused = false;
    std::uint64_t held = 0;
    pipeline::Attention attention = pipeline::Attention::none;
    std::string attentionText;
    std::size_t updates = 0;

private:
    void apply(pipeline::Update update)
    {
        ++updates;
        QVERIFY(update.photos.size() <= pipeline::mostPhotosInUpdate);
        for (auto &photo : update.photos) {
            auto &history = histories[photo.id];
            if (history.empty() || history.back() != photo.state)
                history.push_back(photo.state);
            photos[photo.id] = std::move(photo);
        }
        for (const auto id : update.removed)
            photos.erase(id);
        notices.insert(notices.end(), update.notices.begin(), update.notices.end());
        manifests.insert(manifests.end(), update.manifests.begin(), update.manifests.end());
        paused = update.paused;
        held = update.held;
        attention = update.attention;
        attentionText = update.attentionText;
        update.applied.complete();
        std::erase_if(m_waiting, [this](auto &waiting) {
            if (!waiting.first(*this))
                return false;
            waiting.second.complete();
            return true;
        });
    }
    isolate::RawReceivePort<pipeline::Update> m_port;
    std::vector<std::pair<std::function<bool(const Watcher &)>, isolate::Completer<void>>> m_waiting;
};

/// One thing at a time, so that an order can be seen.
inline void oneByOne(pipeline::Config &config)
{
    config.compressions = 1;
    config.uploads = 1;
}

inline std::size_t filesIn(const std::filesystem::path &folder)
{
    std::size_t count = 0;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        count += entry.is_regular_file();
    return count;
}

/// A real library, receiver and pipeline in a folder.
struct World {
    std::filesystem::path folder;
    std::unique_ptr<receiver::Receiver> receiver;
    std::optional<library::StartedLibrary> library;
    isolate::SendPort<pipeline::Command> pipeline;
    std::unique_ptr<Watcher> watcher = std::make_unique<Watcher>();
    std::function<void(pipeline::Config &)> tune{}; ///< before a pipeline starts
    std::function<void(receiver::ReceiverOptions &)> tuneReceiver{}; ///< before a receiver starts

    isolate::Task<> startPipeline()
    {
        pipeline::Config config;
        auto opened = co_await library::startLibrary(folder / "library.sqlite");
        if (!opened)
            throw std::runtime_error(opened.error().message);
        library = std::move(opened).value();
        config.library = library->port;
        config.resultFolder = folder / "results";
        if (tune)
            tune(config);
        pipeline = co_await pipeline::startPipeline(std::move(config));
        pipeline.send(pipeline::Subscribe{watcher->port()});
    }
    /// Starts it, or another one on the same folder, and has the pipeline upload to it.
    void startReceiver(const std::string &name = {})
    {
        runReceiver();
        use(receiver->endpoint(), name);
    }
    void use(const std::string &endpoint, const std::string &name = {})
    {
        upload::Target target{endpoint, receiver->token()};
        target.name = name;
        pipeline.send(pipeline::UseTarget{target});
    }
    void runReceiver(bool sameAddress = false)
    {
        receiver::ReceiverOptions options;
        options.folder = folder / "received";
        if (receiver && sameAddress) {
            options.port = receiver->port();
            options.token = receiver->token();
        }
        receiver.reset();
        if (tuneReceiver)
            tuneReceiver(options);
        auto started = receiver::Receiver::start(std::move(options));
        if (!started)
            throw std::runtime_error(started.error().message);
        receiver = std::move(started).value();
    }
    std::string makePhoto(const std::string &name, std::uint64_t seed, int width = 320, int height = 240)
    {
        const auto path = folder / "photos" / name;
        std::filesystem::create_directories(path.parent_path());
        const auto made = imaging::makePhoto(path, width, height, seed);
        if (!made)
            throw std::runtime_error(made.error().message);
        return path.native();
    }
    isolate::Task<> stop()
    {
        pipeline::Stop request;
        auto stopped = request.stopped.future();
        pipeline.send(std::move(request));
        co_await std::move(stopped);
        isolate::ReceivePort<isolate::ExitNotice> libraryEnded;
        library->isolate.addOnExitListener(libraryEnded.sendPort());
        library->isolate.kill();
        static_cast<void>(co_await libraryEnded.next());
    }
};

/// Runs a coroutine with a world of its own on the main isolate of a runtime of its own.
template <class F>
void inWorld(F test)
{
    QTemporaryDir folder;
    isolate::Runtime runtime;
    std::string problem;
    bool ended = false;
    static thread_local std::function<isolate::Task<>()> body;
    body = [&]() -> isolate::Task<> {
        World world{folder.path().toStdString(), nullptr, std::nullopt, {}};
        try {
            co_await test(world);
        } catch (const std::exception &error) {
            problem = error.what();
        }
        ended = true;
    };
    runtime.runMain([]() -> isolate::Task<> { co_await body(); });
    body = nullptr;
    QVERIFY2(problem.empty(), problem.c_str());
    QVERIFY2(ended, "the test's coroutine did not come to its end");
    const auto report = runtime.shutdown(std::chrono::seconds(30));
    std::filesystem::remove_all(folder.path().toStdString()); // Qt can't remove a name that is not UTF-8
    QVERIFY2(report.clean(), report.hung.empty() ? "" : report.hung.front().c_str());
}

} // namespace steadyframe::tests
