#pragma once

#include "feed/feed_error.h"

#include <isolate_core/future.h>
#include <isolate_core/result.h>
#include <isolate_core/send_port.h>

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::feed {

/// A photo to fetch, with a number that comes back.
struct WantedPhoto {
    std::uint64_t serial = 0;
    std::string url; ///< of http or https
    std::string title; ///< becomes the file's name, as far as a name may have it; else the address does
};

/// Photos to fetch into a folder, which is made if it is not there.
struct FetchPhotos {
    std::vector<WantedPhoto> photos;
    std::filesystem::path folder;
    std::stop_token stop{}; ///< ends these at once; nothing unfinished stays
    std::uint64_t mostBytes = std::uint64_t{512} << 20; ///< a photo that is larger is an error
};

/// What became of a photo. Each that was asked for is told of once, also when it was cancelled.
struct FetchedPhoto {
    std::uint64_t serial = 0;
    /// A new file, whole and flushed; no file that was there is ever replaced.
    isolate::Result<std::filesystem::path, FeedError> file;
};

/// Starts a long-lived isolate that downloads what it is asked for, @p atOnce at a time (at least one), each download
/// in an isolate of its own that keeps its connections. It ends when the receiver of @p to closes its port or ends;
/// what is on its way is then given up. @thread any
[[nodiscard]] isolate::Future<isolate::SendPort<FetchPhotos>> startPhotoFetcher(isolate::SendPort<FetchedPhoto> to,
                                                                                std::size_t atOnce = 4);

} // namespace steadyframe::feed
