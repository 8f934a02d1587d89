#pragma once

#include "models/feed/feed_table.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steadyframe::ui {

/// Rows of a table, by their place in the feed from 0; nobody changes them once they are shared.
using FeedRowList = std::shared_ptr<const std::vector<std::uint32_t>>;
/// Rows of a table as a set: bit `row % 64` of word `row / 64` says whether a row is in it. As many words as it takes.
using FeedRowSet = std::shared_ptr<const std::vector<std::uint64_t>>;

/// What a feed can be sorted by.
enum class FeedSort { FeedOrder, Title, AlbumId, Id, Url };

/// Which rows of a table are wanted, and in which order.
struct FeedQuery {
    std::uint64_t serial = 0; ///< the greater is the newer; answers carry it
    std::shared_ptr<const FeedTable> table;
    std::string text; ///< as it was typed, in UTF-8; empty: all
    FeedSort sort = FeedSort::FeedOrder;
    bool descending = false;
    std::optional<std::int64_t> albumId; ///< of this album alone
};

/// A stretch of a title, in bytes.
struct FeedMark {
    std::size_t begin = 0;
    std::size_t length = 0;
};
/// Where a text that was searched for occurs in a title: stretches that don't overlap, in their order.
using FeedHighlighter = std::function<std::vector<FeedMark>(std::string_view title, std::string_view text)>;

} // namespace steadyframe::ui
