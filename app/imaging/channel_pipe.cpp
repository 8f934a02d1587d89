#include "imaging/channel_pipe.h"

#include <cstring>

namespace steadyframe::imaging {

ChannelPipe::ChannelPipe(const BlockGrid &grid, std::size_t channel, const ChannelLayout &from, Orientation orientation,
                         BlockFeeder &feeder)
    : m_feeder(feeder), m_channel(channel), m_from(from), m_width(grid.channels[channel].width),
      m_rowsLeft(from.height), m_stride(static_cast<std::size_t>(from.width) + 2 * Plane::alignment)
{
    const BlockGrid::Channel &to = grid.channels[channel];
    const BlockGrid::Channel &whole = grid.channels[0];
    const ChromaStep step{whole.h / to.h, whole.v / to.v};
    const Region region = regionUnder({whole.width, whole.height}, {to.width, to.height}, step, from.coveredWidth,
                                      from.coveredHeight, orientation);
    if (from.width == to.width && from.height == to.height && region.left == 0 && region.top == 0
        && region.width == from.width && region.height == from.height)
        return;
    m_resampler.emplace(from.width, from.height, region, to.width, to.height);
    m_samples.resize(m_stride * static_cast<std::size_t>(from.rowsInStripe));
}

std::uint8_t *ChannelPipe::room(int ahead)
{
    return m_resampler ? m_samples.data() + m_stride * static_cast<std::size_t>(ahead)
                       : m_feeder.rowAhead(m_channel, ahead);
}

isolate::Result<void, ImagingError> ChannelPipe::take(int count)
{
    for (int i = 0; i < count && m_rowsLeft > 0; ++i, --m_rowsLeft) {
        auto taken = m_resampler ? resampleRow(room(i)) : m_feeder.commit(m_channel);
        if (!taken)
            return taken;
    }
    return {};
}

isolate::Result<void, ImagingError> ChannelPipe::copy(const std::uint8_t *row)
{
    if (m_resampler)
        return resampleRow(row);
    std::memcpy(m_feeder.nextRow(m_channel), row, static_cast<std::size_t>(m_width));
    return m_feeder.commit(m_channel);
}

isolate::Result<void, ImagingError> ChannelPipe::resampleRow(const std::uint8_t *row)
{
    std::optional<ImagingError> error;
    const bool all = m_resampler->put(row, [&](const std::uint8_t *ready) {
        std::memcpy(m_feeder.nextRow(m_channel), ready, static_cast<std::size_t>(m_width));
        auto taken = m_feeder.commit(m_channel);
        if (!taken)
            error = std::move(taken).error();
        return !error;
    });
    if (!all)
        return std::move(*error);
    return {};
}

} // namespace steadyframe::imaging
