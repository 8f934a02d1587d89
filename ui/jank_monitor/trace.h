#pragma once

#include "jank_monitor/chunked_log.h"
#include "jank_monitor/frame_sample.h"
#include "jank_monitor/shared_list.h"
#include "jank_monitor/work_log.h"

#include <cstdint>
#include <string>
#include <vector>

namespace jank {

/// A stall of the event loop: a block that was longer than two intervals, and what the watchdog saw of it.
struct Stall {
    LoopBlock block; ///< when, how long, and the event that took longest in it
    std::vector<std::string> stack; ///< where the UI thread was while it was stuck, innermost first; empty if not known
    std::vector<std::string>
        labels; ///< what the program said that it was doing meanwhile, in the order of their starts
};

/// A state that the program said it was in.
struct LabelSpan {
    std::string text;
    Interval span;
};

/// All that was recorded of one window and its event loop in a span of time. A value: what it holds is never changed
/// again, and copying it is cheap. @thread any
struct Trace {
    std::string program; ///< name and version of the program that was recorded
    std::int64_t wallClock = 0; ///< nanoseconds since 1970 (UTC) at time 0 of the steady clock
    Interval span; ///< nanoseconds of the steady clock, as all times here
    std::int64_t interval = intervalForRefreshRate(60); ///< the display's, at the end
    bool drawnOnUiThread = false; ///< the render loop had no thread of its own, at the end
    ChunkedView<FrameSample> frames; ///< in the order in which they were shown
    ChunkedView<LoopBlock> blocks; ///< of a millisecond and more, in the order of their ends
    SharedList<Stall> stalls; ///< in the order of their ends
    std::vector<LabelSpan> labels; ///< in the order of their starts
    std::vector<WorkLog::Lane> lanes; ///< who worked elsewhere
    ChunkedView<WorkInterval> work; ///< in the order in which it was reported, which is about that of the ends
};

} // namespace jank
