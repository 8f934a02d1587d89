#pragma once

#include "imaging/block_rows.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace steadyframe::imaging {

/// Makes blocks of rows of samples: extends each channel to whole units by its outermost samples, transforms, and hands
/// each row of units on as soon as every channel has its part of it. @thread one at a time
class BlockFeeder {
public:
    /// Where what is missing to whole units is added: at the sides that are shown last.
    struct Padding {
        bool left = false;
        bool top = false;
    };
    BlockFeeder(const BlockGrid &grid, Padding padding, BlockSink &sink);
    ~BlockFeeder();

    /// Where the next row of a channel is to be written; room for the whole units and 64 more.
    [[nodiscard]] std::uint8_t *nextRow(std::size_t channel) { return rowAhead(channel, 0); }
    /// The row `ahead` rows after it.
    [[nodiscard]] std::uint8_t *rowAhead(std::size_t channel, int ahead);
    /// The next row has been written.
    [[nodiscard]] isolate::Result<void, ImagingError> commit(std::size_t channel);

private:
    struct Stripe;
    struct State;
    [[nodiscard]] isolate::Result<void, ImagingError> handOn();

    const BlockGrid &m_grid;
    BlockSink &m_sink;
    BlockRow m_row;
    std::deque<State> m_channels;
};

} // namespace steadyframe::imaging
