#pragma once

#include "imaging/arrange.h"
#include "imaging/block_feeder.h"
#include "imaging/jpeg_reader.h"
#include "imaging/orientation.h"
#include "imaging/resample.h"

#include <optional>
#include <vector>

namespace steadyframe::imaging {

/// The way of one channel's samples, row by row, to the blocks of the result: straight, or by way of a resampling.
/// @thread one at a time
class ChannelPipe {
public:
    ChannelPipe(const BlockGrid &grid, std::size_t channel, const ChannelLayout &from, Orientation orientation,
                BlockFeeder &feeder);

    /// Where the row that comes `ahead` rows after the next is to be written, with the room that a codec needs.
    [[nodiscard]] std::uint8_t *room(int ahead);
    /// The next `count` rows have been written into `room`; those beyond the channel's height are left.
    [[nodiscard]] isolate::Result<void, ImagingError> take(int count);
    /// The next row, which lies elsewhere.
    [[nodiscard]] isolate::Result<void, ImagingError> copy(const std::uint8_t *row);

private:
    [[nodiscard]] isolate::Result<void, ImagingError> resampleRow(const std::uint8_t *row);

    BlockFeeder &m_feeder;
    std::size_t m_channel;
    ChannelLayout m_from;
    int m_width;
    int m_rowsLeft;
    std::size_t m_stride;
    std::optional<RowResampler> m_resampler;
    std::vector<std::uint8_t> m_samples; ///< a stripe, where it is resampled
};

} // namespace steadyframe::imaging
