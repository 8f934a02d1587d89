#pragma once

#include <algorithm>
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

    friend bool operator==(const FeedRow &, const FeedRow &) = default;
};

/// Rows in blocks, so that adding one never moves the others and at most one block stands partly empty. They are held
/// in 24 bytes each, as long as their numbers have 32 bits and their texts lie close together; others in full.
/// Not shared while it grows; reading is safe from any thread once it no longer does.
class FeedRows {
public:
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    /// @pre index < size()
    [[nodiscard, gnu::always_inline]] FeedRow operator[](std::size_t index) const noexcept
    {
        const Packed &packed = m_blocks[index / blockRows][index % blockRows];
        if (packed.isWide) [[unlikely]]
            return m_wide[packed.titleOffset];
        return {packed.albumId,
                packed.id,
                packed.titleOffset,
                packed.titleLength,
                packed.titleOffset + static_cast<std::uint32_t>(packed.urlDistance),
                packed.urlLength,
                packed.titleOffset + static_cast<std::uint32_t>(packed.thumbnailUrlDistance),
                packed.thumbnailUrlLength};
    }
    void append(const FeedRow &row)
    {
        if (m_size == m_blocks.size() * blockRows)
            m_blocks.push_back(std::make_unique_for_overwrite<Packed[]>(blockRows));
        Packed &packed = m_blocks[m_size / blockRows][m_size % blockRows];
        packed = {row.titleOffset,
                  static_cast<std::int32_t>(row.albumId),
                  static_cast<std::int32_t>(row.id),
                  static_cast<std::uint16_t>(row.titleLength),
                  static_cast<std::uint16_t>(row.urlLength),
                  static_cast<std::uint16_t>(row.thumbnailUrlLength),
                  static_cast<std::int16_t>(row.urlOffset - row.titleOffset),
                  static_cast<std::int16_t>(row.thumbnailUrlOffset - row.titleOffset),
                  false};
        ++m_size;
        m_lowest = std::min({m_lowest, row.albumId, row.id});
        m_highest = std::max({m_highest, row.albumId, row.id});
        if ((*this)[m_size - 1] != row) [[unlikely]] {
            packed.titleOffset = static_cast<std::uint32_t>(m_wide.size());
            packed.isWide = true;
            m_wide.push_back(row);
        }
    }
    /// The lowest and the highest number of an album or a photo, or 0.
    [[nodiscard]] std::int64_t lowestNumber() const noexcept { return m_lowest; }
    [[nodiscard]] std::int64_t highestNumber() const noexcept { return m_highest; }
    /// Bytes allocated for rows.
    [[nodiscard]] std::size_t memoryBytes() const noexcept
    {
        return m_blocks.size() * blockRows * sizeof(Packed) + m_wide.capacity() * sizeof(FeedRow);
    }

private:
    static constexpr std::size_t blockRows = 2048;
    /// Both distances from the title's offset.
    struct Packed {
        std::uint32_t titleOffset; // of a wide one its place among those
        std::int32_t albumId;
        std::int32_t id;
        std::uint16_t titleLength;
        std::uint16_t urlLength;
        std::uint16_t thumbnailUrlLength;
        std::int16_t urlDistance;
        std::int16_t thumbnailUrlDistance;
        bool isWide;
    };
    static_assert(sizeof(Packed) == 24);

    std::vector<std::unique_ptr<Packed[]>> m_blocks;
    std::vector<FeedRow> m_wide;
    std::size_t m_size = 0;
    std::int64_t m_lowest = 0;
    std::int64_t m_highest = 0;
};

} // namespace steadyframe::ui
