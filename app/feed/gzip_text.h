#pragma once

#include "feed/feed_error.h"
#include "models/feed/feed_table.h"

#include <isolate_core/result.h>

#include <cstddef>

namespace steadyframe::feed {

/// The text of a compressed file.
struct UnzippedText {
    ui::FeedText text;
    std::size_t size = 0;
};

/// Whether the file begins as gzip's do. Leaves the position alone. @thread any
[[nodiscard]] bool isGzip(int descriptor);

/// Everything in a gzip file, up to the size that a feed may have. Leaves the descriptor open. @thread any; blocks
[[nodiscard]] isolate::Result<UnzippedText, FeedError> unzip(int descriptor);

} // namespace steadyframe::feed
