#include "feed/photo_fetcher.h"

#include "feed/ascii_case.h"
#include "feed/http_fetch.h"

#include <isolate_core/monitor.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/spawn.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace steadyframe::feed {

namespace {

constexpr std::size_t longestName = 100; // bytes; disks take 255
constexpr unsigned mostNames = 100'000;
constexpr mode_t newFileMode = 0644;

std::string_view extensionOf(std::string_view contentType)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kinds{{{"image/jpeg", ".jpg"},
                                                                                  {"image/jpg", ".jpg"},
                                                                                  {"image/png", ".png"},
                                                                                  {"image/webp", ".webp"},
                                                                                  {"image/gif", ".gif"},
                                                                                  {"image/tiff", ".tiff"},
                                                                                  {"image/bmp", ".bmp"},
                                                                                  {"image/avif", ".avif"}}};
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto &k) { return k.first == contentType; });
    return kind == kinds.end() ? std::string_view() : kind->second;
}

/// The end of an address's path.
std::string_view lastPart(std::string_view url)
{
    url = url.substr(0, url.find_first_of("?#"));
    return url.substr(url.rfind('/') + 1);
}

/// What follows the last dot of an address's path, if it looks like an extension.
std::string_view extensionIn(std::string_view url)
{
    constexpr std::size_t longest = 5;
    const std::string_view name = lastPart(url);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || name.size() - dot > longest || name.size() - dot < 2)
        return {};
    const auto isPlain
        = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    return std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(), isPlain) ? name.substr(dot)
                                                                                                 : std::string_view();
}

/// How many bytes of a text, at most so many, hold no half of a character.
std::size_t wholeCharacters(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text.size();
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
        --most;
    return most;
}

/// A text as the name of a file: no separators, nothing hidden, nothing that a terminal takes for a command. It may be
/// empty.
std::string plainName(std::string_view text)
{
    std::string name;
    for (const char c : text.substr(0, wholeCharacters(text, longestName))) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isBad
            = byte < 0x20 || byte == 0x7F || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
        name += isBad ? '_' : c;
    }
    const std::size_t first = name.find_first_not_of(" .-");
    return first == std::string::npos ? "" : name.substr(first, name.find_last_not_of(" .") + 1 - first);
}

/// What a photo is called, without the extension that its file gets: after its title, or else its address.
std::string nameFor(const WantedPhoto &photo, std::string_view extension)
{
    for (const std::string_view text : {std::string_view(photo.title), lastPart(photo.url)}) {
        std::string name = plainName(text);
        if (endsWithIgnoringCase(name, extension))
            name.resize(name.size() - extension.size());
        if (!name.empty())
            return name;
    }
    return "photo";
}

FeedError writeError(int number)
{
    if (number == ENOSPC || number == EDQUOT)
        return {FeedErrorCode::writeFailed, "The disk is full. Free some space, then fetch the photo again."};
    return {FeedErrorCode::writeFailed,
            std::string("The photo can't be written: ") + std::strerror(number) + ". Choose another folder."};
}

/// A download's file under a temporary name, removed unless it gets its own.
class PhotoFile {
public:
    explicit PhotoFile(const std::filesystem::path &folder)
        : m_folder(folder), m_path((folder / ".steadyframe-fetch-XXXXXX").native())
    {
        m_descriptor = ::mkostemp(m_path.data(), O_CLOEXEC);
        m_error = m_descriptor < 0 ? errno : 0;
    }
    ~PhotoFile()
    {
        if (m_descriptor < 0)
            return;
        ::close(m_descriptor);
        ::unlink(m_path.c_str()); // the photo has a name of its own by now, or there is none
    }
    PhotoFile(const PhotoFile &) = delete;
    PhotoFile &operator=(const PhotoFile &) = delete;

    [[nodiscard]] int openingError() const { return m_error; }
    [[nodiscard]] bool isEmpty() const { return m_size == 0; }

    isolate::Result<void, FeedError> write(std::string_view bytes)
    {
        m_size += bytes.size();
        while (!bytes.empty()) {
            const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
            if (count < 0 && errno != EINTR)
                return writeError(errno);
            bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        }
        return {};
    }

    /// Flushes it and links it to the first free name: of two that race one gets the next.
    isolate::Result<std::filesystem::path, FeedError> publish(const std::string &name, std::string_view extension)
    {
        if (::fchmod(m_descriptor, newFileMode) != 0 || ::fsync(m_descriptor) != 0)
            return writeError(errno);
        for (unsigned attempt = 1; attempt <= mostNames; ++attempt) {
            std::string numbered = name;
            if (attempt > 1)
                numbered += " (" + std::to_string(attempt) + ")";
            std::filesystem::path path = m_folder / numbered.append(extension);
            if (::link(m_path.c_str(), path.c_str()) == 0)
                return path;
            if (errno != EEXIST)
                return writeError(errno);
        }
        return writeError(EEXIST);
    }

private:
    const std::filesystem::path m_folder;
    std::string m_path;
    int m_descriptor = -1;
    int m_error = 0;
    std::uint64_t m_size = 0;
};

/// One photo, and what ends it: the person, or the end of the fetcher.
struct Order {
    WantedPhoto photo;
    std::filesystem::path folder;
    std::uint64_t mostBytes = 0;
    std::stop_token stop;
    std::stop_token end;
};

/// What one of the downloaders has done.
struct Finished {
    std::size_t downloader = 0;
    FetchedPhoto photo;
};

FeedError cancelled()
{
    return {FeedErrorCode::cancelled, "Fetching the photo was cancelled."};
}

isolate::Result<std::filesystem::path, FeedError> fetchPhoto(HttpFetcher &fetcher, const Order &order)
try {
    std::stop_source either;
    const auto end = [&] { either.request_stop(); };
    const std::stop_callback onStop(order.stop, end);
    const std::stop_callback onEnd(order.end, end);
    if (either.stop_requested())
        return cancelled();
    std::error_code error;
    std::filesystem::create_directories(order.folder, error);
    PhotoFile file(order.folder);
    if (file.openingError() != 0)
        return writeError(file.openingError());
    const HttpFetch fetch{order.photo.url, order.mostBytes,
                          [&](const HttpHead &, std::string_view piece) { return file.write(piece); }};
    const auto head = fetcher.get(fetch, either.get_token());
    if (!head)
        return head.error();
    if (file.isEmpty())
        return FeedError{FeedErrorCode::empty, "The server sent an empty file instead of a photo. Check the address."};
    std::string_view extension = extensionOf(head->contentType);
    if (extension.empty())
        extension = extensionIn(order.photo.url);
    const bool isImage = head->contentType.starts_with("image/") || head->contentType == "application/octet-stream"
        || head->contentType.empty();
    if (!isImage)
        return FeedError{FeedErrorCode::refused,
                         "There is no photo at this address, but a file of the kind " + head->contentType + "."};
    return file.publish(nameFor(order.photo, extension), extension);
} catch (const std::bad_alloc &) { // whoever waits for all of them hears of this one, too
    return FeedError{FeedErrorCode::outOfMemory,
                     "There is not enough memory to fetch the photo. Close other programs."};
}

/// Downloads one after the other.
isolate::Task<> download(std::size_t number, isolate::SendPort<Finished> finished,
                         isolate::Completer<isolate::SendPort<Order>> started)
{
    isolate::ReceivePort<Order> orders;
    const isolate::RawReceivePort<bool> deserted([&](bool) { orders.close(); });
    isolate::monitor(finished, deserted.sendPort(), true);
    started.complete(orders.sendPort());
    HttpFetcher fetcher;
    while (auto order = co_await orders.next()) {
        isolate::setActivity("fetching a photo");
        Finished answer{number, {order->photo.serial, fetchPhoto(fetcher, *order)}};
        finished.send(std::move(answer));
        isolate::setActivity({});
    }
}

isolate::Task<> fetchAll(isolate::SendPort<FetchedPhoto> to, std::size_t atOnce,
                         isolate::Completer<isolate::SendPort<FetchPhotos>> started)
{
    std::deque<Order> waiting;
    std::vector<isolate::SendPort<Order>> downloaders;
    std::vector<std::size_t> idle;
    const auto handOut = [&] {
        while (!idle.empty() && !waiting.empty()) {
            downloaders[idle.back()].send(std::move(waiting.front()));
            idle.pop_back();
            waiting.pop_front();
        }
    };
    const isolate::RawReceivePort<Finished> finished([&](Finished done) {
        idle.push_back(done.downloader);
        to.send(std::move(done.photo));
        handOut();
    });
    for (std::size_t number = 0; number < std::max<std::size_t>(atOnce, 1); ++number) {
        isolate::Completer<isolate::SendPort<Order>> starting;
        auto downloader = starting.future();
        // A spawn that failed drops the completer, and with it this isolate's own.
        static_cast<void>(isolate::spawnWith({.name = "photo fetch", .placement = isolate::Placement::dedicated},
                                             download, number, finished.sendPort(), std::move(starting))
                              .ok());
        downloaders.push_back(co_await std::move(downloader));
        idle.push_back(number);
    }

    std::stop_source end;
    isolate::ReceivePort<FetchPhotos> wishes;
    const isolate::RawReceivePort<bool> deserted([&](bool) { wishes.close(); });
    isolate::monitor(to, deserted.sendPort(), true);
    started.complete(wishes.sendPort());
    while (auto wish = co_await wishes.next()) {
        for (WantedPhoto &photo : wish->photos)
            waiting.push_back({std::move(photo), wish->folder, wish->mostBytes, wish->stop, end.get_token()});
        handOut();
    }
    end.request_stop();
}

} // namespace

isolate::Future<isolate::SendPort<FetchPhotos>> startPhotoFetcher(isolate::SendPort<FetchedPhoto> to,
                                                                  std::size_t atOnce)
{
    isolate::Completer<isolate::SendPort<FetchPhotos>> started;
    auto fetcher = started.future();
    static_cast<void>(
        isolate::spawnWith({.name = "photo fetcher"}, fetchAll, std::move(to), atOnce, std::move(started)).ok());
    return fetcher;
}

} // namespace steadyframe::feed
