#pragma once

#include "feed/feed_error.h"
#include "feed/growing_text.h"

#include <isolate_core/result.h>

#include <functional>
#include <memory>
#include <string_view>

namespace steadyframe::feed {

/// Whether a file begins as gzip's do. @thread any
[[nodiscard]] bool isGzip(std::string_view start);

/// Unpacks gzip's bytes as they come. Files that were packed one by one and joined are unpacked one behind the other;
/// what follows the last one and is no gzip is ignored, as gzip does.
class Inflater {
public:
    Inflater();
    ~Inflater();
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    /// Appends to @p text what @p packed gives, which may be a thousand times as much, and calls @p grown for each half
    /// megabyte of it; false ends it. Errors are `damaged`, `tooLarge`, `outOfMemory` and `cancelled`.
    [[nodiscard]] isolate::Result<void, FeedError> unpack(std::string_view packed, GrowingText &text,
                                                          const std::function<bool()> &grown);
    /// There is no more. An error if there should be.
    [[nodiscard]] isolate::Result<void, FeedError> finish() const;

private:
    struct Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace steadyframe::feed
