#include "jank_monitor/timeline_range.h"

#include <algorithm>
#include <cmath>

namespace jank {

Interval clampedTo(Interval range, Interval bounds) noexcept
{
    const std::int64_t longest = std::max(ShortestRange, bounds.length());
    const std::int64_t length = std::clamp(range.length(), ShortestRange, longest);
    const std::int64_t start
        = std::clamp(range.start, bounds.start, std::max(bounds.start, bounds.start + longest - length));
    return {start, start + length};
}

Interval zoomedAt(Interval range, Interval bounds, std::int64_t anchor, double factor) noexcept
{
    const double longest = static_cast<double>(std::max(ShortestRange, bounds.length()));
    const double before = static_cast<double>(std::max<std::int64_t>(1, range.length()));
    const double length = std::clamp(before * factor, static_cast<double>(ShortestRange), longest);
    // Not in absolute times: a double does not hold the nanoseconds of a clock that has run for months.
    const double part = static_cast<double>(anchor - range.start) / before;
    const auto start = anchor - static_cast<std::int64_t>(std::llround(part * length));
    return clampedTo({start, start + static_cast<std::int64_t>(std::llround(length))}, bounds);
}

Interval pannedBy(Interval range, Interval bounds, std::int64_t delta) noexcept
{
    return clampedTo({range.start + delta, range.end + delta}, bounds);
}

Interval zoomedTo(Interval target, Interval bounds, double share) noexcept
{
    const std::int64_t length = std::max<std::int64_t>(1, target.length());
    const auto around = static_cast<std::int64_t>(static_cast<double>(length) / std::clamp(share, 0.01, 1.0));
    const std::int64_t start = target.start + length / 2 - around / 2;
    return clampedTo({start, start + around}, bounds);
}

Interval revealing(Interval range, Interval bounds, Interval target) noexcept
{
    if (target.start >= range.start && target.end <= range.end)
        return range;
    const std::int64_t spare = range.length() / 10;
    std::int64_t delta = 0;
    if (target.length() > range.length() - 2 * spare || target.start < range.start)
        delta = target.start - spare - range.start;
    else
        delta = target.end + spare - range.end;
    return pannedBy(range, bounds, delta);
}

} // namespace jank
