#pragma once

#include "jank_monitor/frame_sample.h"

#include <span>

namespace jank {

/// How a window's frames come: what the model of one thread takes of each.
struct FramePace {
    std::int64_t cost = 0; ///< nanoseconds that a frame takes of the UI thread: the median
    /// Of a display that does not hold frames to its vsyncs: nanoseconds from when one was drawn until the next is
    /// asked for. 0: it holds them, or that is not known.
    std::int64_t freePace = 0;
    /// A frame is asked for in one turn of the loop and drawn in the next.
    bool askedFirst = false;
};

/// What the frames tell, in the order in which they were shown. A display that holds frames to its vsyncs holds their
/// swaps until then, when nothing else takes time: so the swaps of frames that were not held up tell which it is.
/// `drawnOnUiThread`: the render loop has no thread of its own, so that drawing is part of the cost. @thread any
[[nodiscard]] FramePace paceOf(std::span<const FrameSample> frames, std::int64_t interval, bool drawnOnUiThread);

/// The cost alone, on a display of which it is known that it `holds` frames or not. @thread any
[[nodiscard]] std::int64_t frameCostOf(std::span<const FrameSample> frames, bool holds, bool drawnOnUiThread);

} // namespace jank
