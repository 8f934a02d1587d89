#pragma once

#include "jank_monitor/frame_sample.h"

#include <cstdint>

namespace jank {

/// Which times a timeline shows, and how that changes: pure arithmetic. All results lie within `bounds` and are at
/// least ShortestRange long; when `bounds` is shorter, they begin where it does.
inline constexpr std::int64_t ShortestRange = 200'000; // 0.2 ms

/// `range` moved, and shortened where it is longer, until it lies within `bounds`.
[[nodiscard]] Interval clampedTo(Interval range, Interval bounds) noexcept;
/// `range` with `factor` times its length (over 0; below 1 zooms in); what is at the time `anchor` stays where it is,
/// as far as the bounds allow.
[[nodiscard]] Interval zoomedAt(Interval range, Interval bounds, std::int64_t anchor, double factor) noexcept;
/// `range` moved by `delta`.
[[nodiscard]] Interval pannedBy(Interval range, Interval bounds, std::int64_t delta) noexcept;
/// A range around `target`, which then takes the part `share` (0 to 1) of it.
[[nodiscard]] Interval zoomedTo(Interval target, Interval bounds, double share) noexcept;
/// `range` moved so far that `target` is in it, with a tenth of it to spare; as it is when that is so already.
[[nodiscard]] Interval revealing(Interval range, Interval bounds, Interval target) noexcept;

} // namespace jank
