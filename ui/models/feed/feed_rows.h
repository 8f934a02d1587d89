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

/// Values in blocks, so that adding one never moves the others and at most one block stands partly empty.
template <class T>
class FeedBlocks {
public:
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    /// @pre index < size()
    [[nodiscard, gnu::always_inline]] const T &operator[](std::size_t index) const noexcept
    {
        return m_blocks[index / inBlock][index % inBlock];
    }
    T &append(const T &value)
    {
        if (m_size == m_blocks.size() * inBlock)
            m_blocks.push_back(std::make_unique_for_overwrite<T[]>(inBlock));
        T &place = m_blocks[m_size / inBlock][m_size % inBlock];
        place = value;
        ++m_size;
        return place;
    }
    [[nodiscard]] std::size_t memoryBytes() const noexcept { return m_blocks.size() * inBlock * sizeof(T); }

private:
    static constexpr std::size_t inBlock = 2048;

    std::vector<std::unique_ptr<T[]>> m_blocks;
    std::size_t m_size = 0;
};

/// Rows in 24 bytes each, as long as their numbers have 32 bits and their texts lie close together; in 40 when only
/// the numbers are longer, and in 64 when the texts are long or far apart, whose own bytes then outweigh that.
/// Not shared while it grows; reading is safe from any thread once it no longer does.
class FeedRows {
public:
    [[nodiscard]] std::size_t size() const noexcept { return m_packed.size(); }
    /// @pre index < size()
    [[nodiscard, gnu::always_inline]] FeedRow operator[](std::size_t index) const noexcept
    {
        const Packed &packed = m_packed[index];
        if (packed.form != Form::packed) [[unlikely]]
            return unpacked(packed);
        return withNumbers(packed, {packed.albumId, packed.id});
    }
    void append(const FeedRow &row)
    {
        Packed &packed = m_packed.append(
            {row.titleOffset, static_cast<std::int32_t>(row.albumId), static_cast<std::int32_t>(row.id),
             static_cast<std::uint16_t>(row.titleLength), static_cast<std::uint16_t>(row.urlLength),
             static_cast<std::uint16_t>(row.thumbnailUrlLength),
             static_cast<std::int16_t>(row.urlOffset - row.titleOffset),
             static_cast<std::int16_t>(row.thumbnailUrlOffset - row.titleOffset), Form::packed});
        m_lowest = std::min({m_lowest, row.albumId, row.id});
        m_highest = std::max({m_highest, row.albumId, row.id});
        FeedRow kept = (*this)[size() - 1];
        if (kept == row) [[likely]]
            return;
        kept.albumId = row.albumId;
        kept.id = row.id;
        if (kept == row) {
            packed.albumId = static_cast<std::int32_t>(m_numbers.size());
            packed.form = Form::longNumbers;
            m_numbers.append({row.albumId, row.id});
        } else {
            packed.titleOffset = static_cast<std::uint32_t>(m_whole.size());
            packed.form = Form::whole;
            m_whole.append(row);
        }
    }
    /// The lowest and the highest number of an album or a photo, or 0.
    [[nodiscard]] std::int64_t lowestNumber() const noexcept { return m_lowest; }
    [[nodiscard]] std::int64_t highestNumber() const noexcept { return m_highest; }
    /// Bytes allocated for rows.
    [[nodiscard]] std::size_t memoryBytes() const noexcept
    {
        return m_packed.memoryBytes() + m_numbers.memoryBytes() + m_whole.memoryBytes();
    }

private:
    enum class Form : std::uint8_t {
        packed,
        longNumbers, ///< `albumId` is the place in m_numbers.
        whole, ///< `titleOffset` is the place in m_whole.
    };
    /// Both distances from the title's offset.
    struct Packed {
        std::uint32_t titleOffset;
        std::int32_t albumId;
        std::int32_t id;
        std::uint16_t titleLength;
        std::uint16_t urlLength;
        std::uint16_t thumbnailUrlLength;
        std::int16_t urlDistance;
        std::int16_t thumbnailUrlDistance;
        Form form;
    };
    static_assert(sizeof(Packed) == 24);
    struct Numbers {
        std::int64_t albumId;
        std::int64_t id;
    };

    [[nodiscard]] FeedRow unpacked(Packed packed) const noexcept
    {
        if (packed.form == Form::whole)
            return m_whole[packed.titleOffset];
        return withNumbers(packed, m_numbers[static_cast<std::uint32_t>(packed.albumId)]);
    }
    [[nodiscard, gnu::always_inline]] static FeedRow withNumbers(const Packed &packed, const Numbers &numbers) noexcept
    {
        return {numbers.albumId,
                numbers.id,
                packed.titleOffset,
                packed.titleLength,
                packed.titleOffset + static_cast<std::uint32_t>(packed.urlDistance),
                packed.urlLength,
                packed.titleOffset + static_cast<std::uint32_t>(packed.thumbnailUrlDistance),
                packed.thumbnailUrlLength};
    }

    FeedBlocks<Packed> m_packed;
    FeedBlocks<Numbers> m_numbers;
    FeedBlocks<FeedRow> m_whole;
    std::int64_t m_lowest = 0;
    std::int64_t m_highest = 0;
};

} // namespace steadyframe::ui
