#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace steadyframe::ui {

/// Which rows of a feed are selected: a bit each, so that two million are selected within milliseconds.
/// Not shared between threads.
class FeedSelection {
public:
    /// Nothing selected, of so many rows.
    void reset(std::size_t rows);
    [[nodiscard]] bool contains(std::size_t row) const noexcept
    {
        return row / wordBits < m_words.size() && (m_words[row / wordBits] >> (row % wordBits) & 1) != 0;
    }
    /// Adds the row, or takes it out. @pre row < rows
    void set(std::size_t row, bool selected) noexcept;
    void selectAll() noexcept;
    /// Adds the rows of a set; of those beyond the last nothing is taken.
    void add(const std::vector<std::uint64_t> &set) noexcept;
    [[nodiscard]] std::size_t count() const noexcept { return m_count; }
    /// In the order of the feed. Two million take some milliseconds, as with `shown`.
    [[nodiscard]] std::vector<std::uint32_t> rows() const;
    /// First those that are shown, in that order, then the others in the order of the feed.
    [[nodiscard]] std::vector<std::uint32_t> rows(const std::vector<std::uint32_t> &shown) const;

private:
    static constexpr std::size_t wordBits = 64;

    std::vector<std::uint64_t> m_words;
    std::size_t m_rows = 0;
    std::size_t m_count = 0;
};

} // namespace steadyframe::ui
