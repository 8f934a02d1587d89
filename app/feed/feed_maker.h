#pragma once

#include "feed/feed_error.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace steadyframe::feed {

struct FeedMakerOptions {
    /// With the default the file has about 35 MB.
    std::uint64_t rows = 211'640;
    std::uint64_t photosPerAlbum = 50;
    /// The same seed makes the same file on every machine.
    std::uint64_t seed = 1;
};

/// Writes a photo feed as jsonplaceholder serves it, without its line breaks: Latin words for titles, addresses of
/// coloured tiles. Row n, from 1, has the id n. Streams to @p path, whose content is replaced; when it is cancelled or
/// fails, a regular file is removed. Gives the size of the file in bytes. Blocks. @thread any
[[nodiscard]] isolate::Result<std::uint64_t, FeedError>
makeFeed(const std::filesystem::path &path, std::stop_token stop = {}, const FeedMakerOptions &options = {});

} // namespace steadyframe::feed
