#include "imaging/block_feeder.h"

#include <algorithm>
#include <cstring>

namespace steadyframe::imaging {
namespace {

/// Codecs write whole blocks, also beyond what was asked.
constexpr std::size_t slack = 64;

} // namespace

/// The samples of one row of units.
struct BlockFeeder::Stripe {
    std::unique_ptr<std::uint8_t[]> samples;
    int filled = 0; ///< rows, with those that were added above the picture
};

struct BlockFeeder::State {
    std::size_t stride = 0;
    std::size_t left = 0; ///< samples added before each row
    std::size_t width = 0;
    std::size_t padded = 0;
    int rows = 0; ///< of a stripe
    int above = 0; ///< rows to add before the picture
    int leftToCome = 0; ///< rows of the picture
    std::deque<Stripe> stripes;
    std::vector<Stripe> spare;

    std::uint8_t *row(const Stripe &stripe, int y) const
    {
        return stripe.samples.get() + static_cast<std::size_t>(y) * stride;
    }
    Stripe &addStripe()
    {
        if (spare.empty()) {
            stripes.push_back(
                {std::make_unique_for_overwrite<std::uint8_t[]>(stride * static_cast<std::size_t>(rows)), 0});
        } else {
            stripes.push_back(std::move(spare.back()));
            stripes.back().filled = 0;
            spare.pop_back();
        }
        return stripes.back();
    }
    /// The stripe in which the next row lies, which may be the second after one that is whole.
    std::size_t current() const
    {
        std::size_t at = 0;
        while (at < stripes.size() && stripes[at].filled == rows)
            ++at;
        return at;
    }
};

BlockFeeder::BlockFeeder(const BlockGrid &grid, Padding padding, BlockSink &sink)
    : m_grid(grid), m_sink(sink), m_row(grid)
{
    for (std::size_t c = 0; c < grid.channels.size(); ++c) {
        State state;
        state.width = static_cast<std::size_t>(grid.channels[c].width);
        state.padded = static_cast<std::size_t>(grid.paddedWidth(c));
        state.left = padding.left ? state.padded - state.width : 0;
        state.stride = state.padded + slack;
        state.rows = grid.channels[c].v * blockSide;
        state.leftToCome = grid.channels[c].height;
        state.above = padding.top ? grid.paddedHeight(c) - grid.channels[c].height : 0;
        m_channels.push_back(std::move(state));
    }
    for (State &state : m_channels)
        state.addStripe().filled = state.above;
}

BlockFeeder::~BlockFeeder() = default;

std::uint8_t *BlockFeeder::rowAhead(std::size_t channel, int ahead)
{
    State &state = m_channels[channel];
    std::size_t at = state.current();
    if (at == state.stripes.size())
        state.addStripe();
    int row = state.stripes[at].filled + ahead;
    for (; row >= state.rows; row -= state.rows) {
        if (++at == state.stripes.size())
            state.addStripe();
    }
    return state.row(state.stripes[at], row) + state.left;
}

isolate::Result<void, ImagingError> BlockFeeder::commit(std::size_t channel)
{
    State &state = m_channels[channel];
    Stripe &stripe = state.stripes[state.current()];
    std::uint8_t *row = state.row(stripe, stripe.filled);
    std::memset(row, row[state.left], state.left);
    const std::size_t end = state.left + state.width;
    std::memset(row + end, row[end - 1], state.padded - end);
    if (state.above > 0) {
        for (int y = 0; y < state.above; ++y)
            std::memcpy(state.row(stripe, y), row, state.padded);
        state.above = 0;
    }
    ++stripe.filled;
    if (--state.leftToCome == 0) {
        for (; stripe.filled < state.rows; ++stripe.filled)
            std::memcpy(state.row(stripe, stripe.filled), row, state.padded);
    }
    return handOn();
}

isolate::Result<void, ImagingError> BlockFeeder::handOn()
{
    const auto isReady
        = [](const State &state) { return !state.stripes.empty() && state.stripes.front().filled == state.rows; };
    if (!std::all_of(m_channels.begin(), m_channels.end(), isReady))
        return {};
    for (std::size_t c = 0; c < m_channels.size(); ++c) {
        State &state = m_channels[c];
        for (int v = 0; v < m_grid.channels[c].v; ++v) {
            const std::uint8_t *rows[blockSide];
            for (int y = 0; y < blockSide; ++y)
                rows[y] = state.row(state.stripes.front(), v * blockSide + y);
            forwardBlocks(rows, m_grid.columns(c), m_row.blocks(c, v));
        }
        state.spare.push_back(std::move(state.stripes.front()));
        state.stripes.pop_front();
    }
    return m_sink.put(m_row);
}

} // namespace steadyframe::imaging
