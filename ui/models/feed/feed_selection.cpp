#include "models/feed/feed_selection.h"

#include <algorithm>
#include <bit>

namespace steadyframe::ui {

void FeedSelection::reset(std::size_t rows)
{
    m_words.assign((rows + wordBits - 1) / wordBits, 0);
    m_rows = rows;
    m_count = 0;
}

void FeedSelection::set(std::size_t row, bool selected) noexcept
{
    std::uint64_t &word = m_words[row / wordBits];
    const std::uint64_t bit = std::uint64_t{1} << (row % wordBits);
    const bool before = (word & bit) != 0;
    word = selected ? word | bit : word & ~bit;
    m_count += static_cast<std::size_t>(selected) - static_cast<std::size_t>(before);
}

void FeedSelection::selectAll() noexcept
{
    std::ranges::fill(m_words, ~std::uint64_t{0});
    if (const std::size_t inLast = m_rows % wordBits; inLast > 0)
        m_words.back() = (std::uint64_t{1} << inLast) - 1;
    m_count = m_rows;
}

void FeedSelection::add(const std::vector<std::uint64_t> &set) noexcept
{
    for (std::size_t i = 0; i < std::min(m_words.size(), set.size()); ++i) {
        const std::uint64_t added = set[i] & ~m_words[i];
        m_words[i] |= added;
        m_count += static_cast<std::size_t>(std::popcount(added));
    }
}

std::vector<std::uint32_t> FeedSelection::rows() const
{
    std::vector<std::uint32_t> rows;
    rows.reserve(m_count);
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        for (std::uint64_t word = m_words[i]; word != 0; word &= word - 1)
            rows.push_back(static_cast<std::uint32_t>(i * wordBits + static_cast<std::size_t>(std::countr_zero(word))));
    }
    return rows;
}

std::vector<std::uint32_t> FeedSelection::rows(const std::vector<std::uint32_t> &shown) const
{
    FeedSelection rest = *this;
    std::vector<std::uint32_t> rows;
    rows.reserve(m_count);
    for (const std::uint32_t row : shown) {
        if (rest.contains(row)) {
            rows.push_back(row);
            rest.set(row, false);
        }
    }
    const auto hidden = rest.rows();
    rows.insert(rows.end(), hidden.begin(), hidden.end());
    return rows;
}

} // namespace steadyframe::ui
