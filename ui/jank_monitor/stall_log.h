#pragma once

#include "jank_monitor/labels.h"
#include "jank_monitor/loop_watch.h"
#include "jank_monitor/trace.h"

#include <QtCore/qstring.h>

#include <deque>
#include <optional>

namespace jank {

/// A block longer than this many intervals is a stall.
inline constexpr std::int64_t StallIntervals = 2;

/// The stall that a block was, with the labels of its time and without a stack; nothing when it was none.
[[nodiscard]] std::optional<Stall> stallOf(const LoopBlock &block, std::int64_t interval, const Labels &labels);

/// The last stalls of an event loop. Belongs to the UI thread.
class StallLog {
public:
    static constexpr std::size_t Capacity = 256;

    /// Keeps the block if it was a stall, with the labels of its time.
    void add(const LoopBlock &block, std::int64_t interval, const Labels &labels);
    /// In the order of their ends, with the stacks that `watch` has by now.
    [[nodiscard]] std::vector<Stall> stalls(const LoopWatch &watch) const;
    void clear() { m_stalls.clear(); }

private:
    std::deque<Stall> m_stalls;
};

} // namespace jank
