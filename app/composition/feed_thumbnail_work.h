#pragma once

#include "composition/image_file.h"
#include "imaging/imaging_options.h"

#include <isolate_core/future.h>
#include <isolate_core/send_port.h>

#include <QImage>

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

namespace steadyframe::composition {

/// Somebody looks at the picture of this address.
struct ThumbnailWish {
    std::int64_t id = 0;
    std::string address; ///< http or https
    int pixels = 0; ///< the longest side
    bool fetch = true; ///< else only what is on the disk
    std::stop_token stop; ///< nobody looks any more; then there is still an answer
};
enum class ThumbnailEnd : std::uint8_t {
    made,
    stopped,
    noPicture, ///< the server has none, or none that can be read: it would be the same the next time
    doubtful, ///< what came is a page, and maybe that of a network that wants a login: the next time it may be a
              ///< picture
    notNow, ///< the server could not be reached or wants to be left alone, or the disk took no more
};
struct ThumbnailAnswer {
    std::int64_t id = 0;
    int worker = 0;
    ThumbnailEnd end = ThumbnailEnd::stopped;
    bool fetched = false; ///< the server answered
    QImage image;
};

/// Where pictures are kept on the disk.
struct ThumbnailStore {
    std::filesystem::path folder;
    std::uint64_t bound = 256'000'000; ///< in bytes
};

/// Starts an isolate that lives long, fetches pictures one after the other over connections of its own, keeps them on
/// the disk and decodes them. It tells `stored` of the bytes that it wrote. It ends when `answers` is closed.
[[nodiscard]] isolate::Future<isolate::SendPort<ThumbnailWish>>
startThumbnailWorker(int number, imaging::ReadOther readOther, std::filesystem::path folder,
                     isolate::SendPort<ThumbnailAnswer> answers, isolate::SendPort<std::uint64_t> stored);

/// Starts the isolate that keeps the folder within its bound, told what is added, and that cleans it up at once. It
/// ends when `owner` is closed.
[[nodiscard]] isolate::Future<isolate::SendPort<std::uint64_t>>
startThumbnailKeeper(ThumbnailStore store, isolate::SendPort<ThumbnailAnswer> owner);

} // namespace steadyframe::composition
