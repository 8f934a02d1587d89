#pragma once

#include "feed/feed_error.h"
#include "models/feed/feed_table.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace steadyframe::feed {

enum class ExportFormat : std::uint8_t {
    json, ///< a feed as it is opened: opening it gives the same rows
    /// RFC 4180 in UTF-8, the names of the columns first. A text that begins as a formula does gets an apostrophe
    /// before it, so that a spreadsheet takes it for a text.
    csv,
};

/// What to write, and where.
struct FeedExport {
    std::shared_ptr<const ui::FeedTable> table{};
    std::shared_ptr<const std::vector<std::uint32_t>> rows{}; ///< of the table, in the order to write them; null: all
    std::filesystem::path path{}; ///< a file of this name is replaced once the new one is whole
    ExportFormat format = ExportFormat::json;
    bool gzip = false; ///< compressed by zlib
};

/// Called on the writing thread, about every quarter of a megabyte; returns soon and does not throw.
using ExportProgressHandler = std::function<void(std::uint64_t rowsWritten)>;

/// Writes rows of a feed: to a temporary file beside, which is flushed to the disk and renamed, so that nobody ever
/// sees half of one and nothing is lost when it fails. Holds a quarter of a megabyte at a time. Gives the size of the
/// file in bytes. Blocks; cancelled within a millisecond or a write. @thread any
[[nodiscard]] isolate::Result<std::uint64_t, FeedError> exportFeed(const FeedExport &what, std::stop_token stop = {},
                                                                   const ExportProgressHandler &progress = {});

} // namespace steadyframe::feed
