#pragma once

#include "models/feed/feed_rows.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace steadyframe::ui {

/// Something wrong with one entry of a feed, which was left out for it. Row, line and column count from 1; the column
/// in characters, the row in entries of the array, those that were left out included.
struct FeedIssue {
    std::uint64_t row = 0;
    std::uint64_t line = 0;
    std::uint64_t column = 0;
    /// What is wrong, in words for the person: `"title" is missing`.
    std::string message;
};

/// What is known about a feed besides its rows.
struct FeedFacts {
    /// The name of the file without its folder, in the bytes of the file system: not always UTF-8.
    std::string name;
    /// Size of the JSON text, in bytes.
    std::uint64_t textBytes = 0;
    /// From opening the file to the finished table.
    std::chrono::nanoseconds parseTime{0};
    /// The first issues, as many as the parser was told to keep.
    std::vector<FeedIssue> issues;
    /// How many issues there are, kept or not.
    std::uint64_t issueCount = 0;
    /// How many entries were left out for having an issue.
    std::uint64_t leftOut = 0;
};

/// The text of a feed, which titles and addresses are views of. Given back as it was got: by `free`, or as its maker
/// says.
struct FreeText {
    void (*release)(char *text, std::size_t bytes) = nullptr;
    std::size_t bytes = 0;

    void operator()(char *text) const noexcept { release ? release(text, bytes) : std::free(text); }
};
using FeedText = std::unique_ptr<char[], FreeText>;

/// A parsed feed: the photos in the order of the file. Immutable, so it is shared between threads by
/// `std::shared_ptr<const FeedTable>` with no copy. Destroying a big one takes milliseconds: not on the UI thread.
/// @thread any
class FeedTable {
public:
    /// Takes the text over; the rows' offsets are positions in it.
    FeedTable(FeedText text, FeedRows rows, FeedFacts facts)
        : m_text(std::move(text)), m_rows(std::move(rows)), m_facts(std::move(facts))
    {
    }

    [[nodiscard]] std::size_t rowCount() const noexcept { return m_rows.size(); }

    /// The texts are UTF-8 and live as long as the table. @pre row < rowCount(), for these and the numbers
    [[nodiscard]] std::string_view title(std::size_t row) const noexcept
    {
        const FeedRow whole = m_rows[row];
        return view(whole.titleOffset, whole.titleLength);
    }
    [[nodiscard]] std::string_view url(std::size_t row) const noexcept
    {
        const FeedRow whole = m_rows[row];
        return view(whole.urlOffset, whole.urlLength);
    }
    [[nodiscard]] std::string_view thumbnailUrl(std::size_t row) const noexcept
    {
        const FeedRow whole = m_rows[row];
        return view(whole.thumbnailUrlOffset, whole.thumbnailUrlLength);
    }
    [[nodiscard]] std::int64_t albumId(std::size_t row) const noexcept { return m_rows[row].albumId; }
    [[nodiscard]] std::int64_t id(std::size_t row) const noexcept { return m_rows[row].id; }

    /// How many characters the longest of these numbers has, its sign counted.
    [[nodiscard]] std::size_t longestNumber() const
    {
        return std::max(std::to_string(m_rows.lowestNumber()).size(), std::to_string(m_rows.highestNumber()).size());
    }

    [[nodiscard]] const FeedFacts &facts() const noexcept { return m_facts; }
    /// Bytes held for text and rows together.
    [[nodiscard]] std::size_t memoryBytes() const noexcept { return m_facts.textBytes + m_rows.memoryBytes(); }

private:
    [[nodiscard]] std::string_view view(std::uint32_t offset, std::uint32_t length) const noexcept
    {
        return {m_text.get() + offset, length};
    }

    FeedText m_text;
    FeedRows m_rows;
    FeedFacts m_facts;
};

} // namespace steadyframe::ui
