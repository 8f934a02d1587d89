#pragma once

#include "imaging/block_kernels.h"
#include "imaging/imaging_error.h"

#include <isolate_core/result.h>

#include <vector>

namespace steadyframe::imaging {

/// How a picture is cut into blocks: JPEG's rows of minimum coded units, of one or more blocks for each channel.
struct BlockGrid {
    struct Channel {
        int h = 1; ///< blocks of a unit, side by side
        int v = 1; ///< and one above the other
        int width = 0; ///< samples of the picture
        int height = 0;

        friend bool operator==(const Channel &, const Channel &) = default;
    };
    int unitColumns = 0;
    int unitRows = 0;
    std::vector<Channel> channels;

    [[nodiscard]] int columns(std::size_t channel) const noexcept { return unitColumns * channels[channel].h; }
    [[nodiscard]] int paddedWidth(std::size_t channel) const noexcept { return columns(channel) * blockSide; }
    [[nodiscard]] int paddedHeight(std::size_t channel) const noexcept
    {
        return unitRows * channels[channel].v * blockSide;
    }
    [[nodiscard]] int blocksInUnit() const noexcept
    {
        int count = 0;
        for (const Channel &channel : channels)
            count += channel.h * channel.v;
        return count;
    }
};

/// The coefficients of one row of units: for each channel `v` rows of blocks, of `columns()` blocks each.
class BlockRow {
public:
    explicit BlockRow(const BlockGrid &grid)
    {
        for (std::size_t c = 0; c < grid.channels.size(); ++c) {
            m_strides.push_back(static_cast<std::size_t>(grid.columns(c)) * blockCoefficients);
            m_channels.emplace_back(m_strides[c] * static_cast<std::size_t>(grid.channels[c].v));
        }
    }
    /// The blocks of a row within the unit.
    [[nodiscard]] std::int16_t *blocks(std::size_t channel, int row) noexcept
    {
        return m_channels[channel].data() + m_strides[channel] * static_cast<std::size_t>(row);
    }
    [[nodiscard]] const std::int16_t *blocks(std::size_t channel, int row) const noexcept
    {
        return m_channels[channel].data() + m_strides[channel] * static_cast<std::size_t>(row);
    }

private:
    std::vector<std::vector<std::int16_t>> m_channels;
    std::vector<std::size_t> m_strides;
};

/// Takes a picture's coefficients, one row of units after another. @thread one at a time
class BlockSink {
public:
    BlockSink() = default;
    BlockSink(const BlockSink &) = delete;
    BlockSink &operator=(const BlockSink &) = delete;
    virtual ~BlockSink() = default;
    /// May change `row` when the picture is turned, and only then.
    [[nodiscard]] virtual isolate::Result<void, ImagingError> put(BlockRow &row) = 0;
};

} // namespace steadyframe::imaging
