#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace steadyframe::ui {

/// One photo of a feed: numbers, and where its texts lie in the feed's text, in bytes.
struct FeedRow {
    std::int64_t albumId;
    std::int64_t id;
    std::uint32_t titleOffset;
    std::uint32_t titleLength;
    std::uint32_t urlOffset;
    std::uint32_t urlLength;
    std::uint32_t thumbnailUrlOffset;
    std::uint32_t thumbnailUrlLength;
};

/// Rows in blocks, so that adding one never moves the others and at most one block stands partly empty.
/// Not shared while it grows; reading is safe from any thread once it no longer does.
class FeedRows {
public:
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    /// @pre index < size()
    [[nodiscard]] const FeedRow &operator[](std::size_t index) const noexcept
    {
        return m_blocks[index / blockRows][index % blockRows];
    }
    void append(const FeedRow &row)
    {
        if (m_size == m_blocks.size() * blockRows)
            m_blocks.push_back(std::make_unique_for_overwrite<FeedRow[]>(blockRows));
        m_blocks[m_size / blockRows][m_size % blockRows] = row;
        ++m_size;
    }
    /// Bytes allocated for rows.
    [[nodiscard]] std::size_t memoryBytes() const noexcept { return m_blocks.size() * blockRows * sizeof(FeedRow); }

private:
    static constexpr std::size_t blockRows = 2048;

    std::vector<std::unique_ptr<FeedRow[]>> m_blocks;
    std::size_t m_size = 0;
};

} // namespace steadyframe::ui
