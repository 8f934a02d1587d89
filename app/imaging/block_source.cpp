#include "imaging/block_source.h"

#include "imaging/channel_pipe.h"

#include <algorithm>

namespace steadyframe::imaging {
namespace {

/// How much more than the result is decoded, so that the resampling has something to work with.
constexpr double decodeMargin = 1.25;

BlockFeeder::Padding paddingFor(Orientation orientation)
{
    return {reversesColumns(orientation), reversesRows(orientation)};
}

/// Of the work of a file with several scans: reading them, before the first sample is there.
constexpr double shareOfScans = 0.5;

} // namespace

JpegBlockSource::JpegBlockSource(InputFile &file, const ImagingLimits &limits, std::stop_token stop)
    : m_file(file), m_limits(limits), m_stop(std::move(stop))
{
}

isolate::Result<JpegHeader, ImagingError> JpegBlockSource::readHeader()
{
    m_reader.emplace(m_file, m_stop);
    auto header = m_reader->readHeader(m_limits);
    if (header)
        m_header = *header;
    return header;
}

isolate::Result<void, ImagingError> JpegBlockSource::run(const BlockGrid &grid, Orientation orientation,
                                                         BlockSink &sink, const std::function<void(double)> &step)
{
    if (!m_reader) {
        m_file.rewind();
        if (auto header = readHeader(); !header)
            return std::move(header).error();
    }
    if (m_takeWhatIsThere)
        m_reader->takeWhatIsThere();
    m_reader->convertBy(m_transform);
    auto done = runSamples(grid, orientation, sink, step);
    m_loss = m_reader->loss();
    m_reader.reset();
    return done;
}

isolate::Result<void, ImagingError> JpegBlockSource::runSamples(const BlockGrid &grid, Orientation orientation,
                                                                BlockSink &sink,
                                                                const std::function<void(double)> &step)
{
    JpegReader &reader = *m_reader;
    const PictureSize from{m_header.width, m_header.height};
    const PictureSize to{grid.channels[0].width, grid.channels[0].height};
    double done = 0;
    const auto started = reader.start(from == to ? 8 : decodeScale(from, to, decodeMargin), [&] {
        done = shareOfScans * static_cast<double>(m_file.position()) / static_cast<double>(m_file.size());
        step(done);
    });
    if (!started)
        return started.error();
    BlockFeeder feeder(grid, paddingFor(orientation), sink);
    std::vector<ChannelPipe> pipes;
    std::vector<std::vector<std::uint8_t *>> rows;
    std::vector<std::uint8_t **> stripe;
    for (std::size_t c = 0; c < reader.channels().size(); ++c) {
        pipes.emplace_back(grid, c, reader.channels()[c], orientation, feeder);
        rows.emplace_back(static_cast<std::size_t>(reader.channels()[c].rowsInStripe));
    }
    for (auto &pointers : rows)
        stripe.push_back(pointers.data());
    for (int i = 0; i < reader.stripes(); ++i) {
        for (std::size_t c = 0; c < pipes.size(); ++c) {
            for (std::size_t y = 0; y < rows[c].size(); ++y)
                rows[c][y] = pipes[c].room(static_cast<int>(y));
        }
        if (auto read = reader.readStripe(stripe.data()); !read)
            return read;
        for (std::size_t c = 0; c < pipes.size(); ++c) {
            if (auto taken = pipes[c].take(static_cast<int>(rows[c].size())); !taken)
                return taken;
        }
        step(done + (1 - done) * (i + 1) / reader.stripes());
    }
    return reader.finish();
}

isolate::Result<void, ImagingError> PictureBlockSource::run(const BlockGrid &grid, Orientation orientation,
                                                            BlockSink &sink, const std::function<void(double)> &step)
{
    BlockFeeder feeder(grid, paddingFor(orientation), sink);
    std::vector<ChannelPipe> pipes;
    for (std::size_t c = 0; c < m_picture.channels.size(); ++c) {
        const Channel &channel = m_picture.channels[c];
        pipes.emplace_back(grid, c,
                           ChannelLayout{channel.plane.width(), channel.plane.height(), 0, channel.coveredWidth,
                                         channel.coveredHeight},
                           orientation, feeder);
    }
    // All channels of other formats have the same size.
    const int height = m_picture.channels[0].plane.height();
    for (int y = 0; y < height; ++y) {
        for (std::size_t c = 0; c < pipes.size(); ++c) {
            if (auto taken = pipes[c].copy(m_picture.channels[c].plane.row(y)); !taken)
                return taken;
        }
        if (y % blockSide != 0)
            continue;
        if (m_stop.stop_requested())
            return cancelledError();
        step(static_cast<double>(y) / height);
    }
    return {};
}

} // namespace steadyframe::imaging
