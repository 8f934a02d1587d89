#include "composition/feed_thumbnail_work.h"

#include "composition/thumbnail_folder.h"
#include "composition/thumbnail_image.h"
#include "feed/http_fetch.h"
#include "imaging/thumbnail.h"

#include <isolate_core/monitor.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/spawn.h>

#include <chrono>
#include <new>
#include <string>
#include <string_view>

namespace steadyframe::composition {

namespace {

/// A thumbnail with more bytes than this is none.
constexpr std::uint64_t mostBytes = 16'000'000;
constexpr std::uint64_t trimParts = 16;
/// Shorter than for files: there are others to fetch meanwhile.
constexpr feed::HttpLimits limits{std::chrono::seconds(5), std::chrono::seconds(10)};

class Worker {
public:
    Worker(imaging::ReadOther readOther, std::filesystem::path folder, isolate::SendPort<std::uint64_t> stored)
        : m_readOther(readOther), m_folder(std::move(folder)), m_stored(std::move(stored))
    {
    }

    void make(const ThumbnailWish &wish, ThumbnailAnswer &answer)
    try {
        answer.end = end(wish, answer);
    } catch (const std::bad_alloc &) { // a picture that is too large for this machine
        answer.end = ThumbnailEnd::noPicture;
    }

private:
    ThumbnailEnd end(const ThumbnailWish &wish, ThumbnailAnswer &answer)
    {
        if (wish.stop.stop_requested())
            return ThumbnailEnd::stopped;
        const auto path = m_folder.pathOf(wish.address);
        if (m_folder.touch(path)) {
            isolate::setActivity("decoding a thumbnail of the feed");
            if (decode(path, wish, answer.image))
                return ThumbnailEnd::made;
            if (wish.stop.stop_requested())
                return ThumbnailEnd::stopped;
            m_folder.remove(path); // broken on the disk: fetched anew
        }
        if (!wish.fetch)
            return ThumbnailEnd::notNow;
        isolate::setActivity("fetching a thumbnail of the feed");
        std::string bytes;
        feed::HttpFetch fetch{.url = wish.address, .mostBytes = mostBytes, .sink = {}};
        fetch.sink
            = [&bytes](const feed::HttpHead &, std::string_view piece) -> isolate::Result<void, feed::FeedError> {
            bytes += piece;
            return {};
        };
        const auto fetched = m_fetcher.get(fetch, wish.stop);
        if (wish.stop.stop_requested())
            return ThumbnailEnd::stopped;
        if (!fetched) {
            const auto code = fetched.error().code;
            const bool isReached = code != feed::FeedErrorCode::network && code != feed::FeedErrorCode::untrusted;
            return isReached ? ThumbnailEnd::noPicture : ThumbnailEnd::notNow;
        }
        answer.fetched = true;
        if (!m_folder.store(path, bytes))
            return ThumbnailEnd::notNow;
        m_stored.send(bytes.size());
        isolate::setActivity("decoding a thumbnail of the feed");
        if (decode(path, wish, answer.image))
            return ThumbnailEnd::made;
        if (wish.stop.stop_requested())
            return ThumbnailEnd::stopped;
        m_folder.remove(path);
        return fetched->contentType == "text/html" ? ThumbnailEnd::doubtful : ThumbnailEnd::noPicture;
    }
    bool decode(const std::filesystem::path &path, const ThumbnailWish &wish, QImage &image) const
    {
        auto thumbnail = imaging::makeThumbnail(path, wish.pixels, wish.stop, {.limits = {}, .readOther = m_readOther});
        if (!thumbnail)
            return false;
        image = toImage(std::move(*thumbnail));
        return true;
    }

    const imaging::ReadOther m_readOther;
    const ThumbnailFolder m_folder;
    const isolate::SendPort<std::uint64_t> m_stored;
    feed::HttpFetcher m_fetcher{limits};
};

isolate::Task<> serve(int number, imaging::ReadOther readOther, std::filesystem::path folder,
                      isolate::SendPort<ThumbnailAnswer> answers, isolate::SendPort<std::uint64_t> stored,
                      isolate::Completer<isolate::SendPort<ThumbnailWish>> started)
{
    isolate::ReceivePort<ThumbnailWish> wishes;
    const isolate::RawReceivePort<bool> deserted([&](bool) { wishes.close(); });
    isolate::monitor(answers, deserted.sendPort(), true);
    started.complete(wishes.sendPort());
    Worker worker(readOther, std::move(folder), std::move(stored));
    while (auto wish = co_await wishes.next()) {
        ThumbnailAnswer answer;
        answer.id = wish->id;
        answer.worker = number;
        worker.make(*wish, answer);
        answers.send(std::move(answer));
        isolate::setActivity({});
    }
}

isolate::Task<> keep(ThumbnailStore store, isolate::SendPort<ThumbnailAnswer> owner,
                     isolate::Completer<isolate::SendPort<std::uint64_t>> started)
{
    isolate::ReceivePort<std::uint64_t> stored;
    const isolate::RawReceivePort<bool> deserted([&](bool) { stored.close(); });
    isolate::monitor(owner, deserted.sendPort(), true);
    started.complete(stored.sendPort());
    const ThumbnailFolder folder(store.folder);
    const auto trim = [&] {
        isolate::setActivity("making room for thumbnails");
        folder.trim(store.bound - store.bound / trimParts); // so that it holds until the next time
        isolate::setActivity({});
    };
    trim();
    std::uint64_t since = 0;
    while (auto bytes = co_await stored.next()) {
        since += *bytes;
        if (since <= store.bound / trimParts)
            continue;
        since = 0;
        trim();
    }
}

} // namespace

isolate::Future<isolate::SendPort<ThumbnailWish>> startThumbnailWorker(int number, imaging::ReadOther readOther,
                                                                       std::filesystem::path folder,
                                                                       isolate::SendPort<ThumbnailAnswer> answers,
                                                                       isolate::SendPort<std::uint64_t> stored)
{
    isolate::Completer<isolate::SendPort<ThumbnailWish>> started;
    auto worker = started.future();
    // A spawn that failed drops the completer, and the future tells.
    static_cast<void>(isolate::spawnWith({.name = "feed thumbnails", .placement = isolate::Placement::dedicated}, serve,
                                         number, readOther, std::move(folder), std::move(answers), std::move(stored),
                                         std::move(started))
                          .ok());
    return worker;
}

isolate::Future<isolate::SendPort<std::uint64_t>> startThumbnailKeeper(ThumbnailStore store,
                                                                       isolate::SendPort<ThumbnailAnswer> owner)
{
    isolate::Completer<isolate::SendPort<std::uint64_t>> started;
    auto keeper = started.future();
    static_cast<void>(isolate::spawnWith({.name = "feed cache", .placement = isolate::Placement::dedicated}, keep,
                                         std::move(store), std::move(owner), std::move(started))
                          .ok());
    return keeper;
}

} // namespace steadyframe::composition
