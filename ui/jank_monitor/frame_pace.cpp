#include "jank_monitor/frame_pace.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace jank {

namespace {

template <class Value>
std::int64_t medianOver(std::span<const FrameSample> frames, Value value)
{
    std::vector<std::int64_t> values;
    values.reserve(frames.size());
    for (const FrameSample &frame : frames)
        values.push_back(value(frame));
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

std::int64_t frameCostOf(std::span<const FrameSample> frames, bool holds, bool drawnOnUiThread)
{
    return medianOver(frames, [&](const FrameSample &frame) {
        // A swap that waits for the vsync is the display's pace, no cost.
        const std::int64_t drawing = holds ? frame.renderTime() : frame.swapEnd - frame.syncStart;
        return frame.uiBusy + (drawnOnUiThread ? drawing : 0);
    });
}

FramePace paceOf(std::span<const FrameSample> frames, std::int64_t interval, bool drawnOnUiThread)
{
    const std::int64_t swap
        = medianOver(frames, [](const FrameSample &frame) { return frame.swapEnd - frame.renderEnd; });
    const bool holds = frames.size() < 2 || swap >= interval / 4;
    FramePace pace{.cost = frameCostOf(frames, holds, drawnOnUiThread)};
    if (holds)
        return pace;
    std::int64_t before = frames.front().swapEnd;
    const std::int64_t gap = medianOver(frames.subspan(1), [&before](const FrameSample &frame) {
        return frame.swapEnd - std::exchange(before, frame.swapEnd);
    });
    pace.freePace = std::max<std::int64_t>(1, gap - pace.cost);
    pace.askedFirst = drawnOnUiThread; // by the timer of the animations, and drawn by an event of its own
    return pace;
}

} // namespace jank
