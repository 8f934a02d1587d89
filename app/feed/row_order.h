#pragma once

#include "models/feed/feed_table.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace steadyframe::feed {

/// What the rows of a feed are ordered by.
enum class FeedColumn : std::uint8_t {
    feedOrder, ///< as the file has them
    title, ///< by character, whatever the case
    albumId,
    id,
    url, ///< by byte
};

/// Sorts rows of a table by a column, upwards; those that are equal in it stay in the order of the feed, which
/// @p rows come in. False when it was stopped: then they are in no order. Looks at @p stop about every tenth of a
/// millisecond. @thread any
[[nodiscard]] bool sortRows(const ui::FeedTable &table, FeedColumn column, std::vector<std::uint32_t> &rows,
                            const std::stop_token &stop);

/// Those of @p rows that sortRows() would put first, at most @p count, in that order; or last, from the last on. For a
/// small count it takes little more than reading the column once. Nothing when it was stopped.
[[nodiscard]] std::vector<std::uint32_t> firstRows(const ui::FeedTable &table, FeedColumn column,
                                                   const std::vector<std::uint32_t> &rows, std::size_t count,
                                                   bool fromTheLast, const std::stop_token &stop);

} // namespace steadyframe::feed
