#pragma once

#include "jank_monitor/frame_sample.h"
#include "jank_monitor/quads.h"

#include <span>

namespace jank {

/// How a frame is shown. Told apart by shape as well as by colour: good is a filled bar, late is hollow, missed is a
/// filled bar with a notch at its foot and a cap apart from its head, one notch of the cap for each vsync (at most
/// four).
enum class FrameMark : std::uint8_t { Good, Late, Missed };

/// The colours of the pictures.
struct Palette {
    QColor good{0x4f, 0xc3, 0xb0};
    QColor late{0xf2, 0xb8, 0x4b};
    QColor missed{0xff, 0x6b, 0x6b};
    QColor line{0xff, 0xff, 0xff, 0x8c};
    QColor grid{0xff, 0xff, 0xff, 0x1a};

    friend bool operator==(const Palette &, const Palette &) = default;
};

/// One bar: its time and how it is shown.
struct Bar {
    std::int64_t time = 0; ///< nanoseconds
    FrameMark mark = FrameMark::Good;
    int missed = 0; ///< vsyncs, for Missed
};

/// The bar of one thread's part of a frame. `renderThread` chooses the part. Missed is marked on the thread that caused
/// it.
[[nodiscard]] Bar barFor(const FrameSample &sample, bool renderThread) noexcept;

/// What the pictures are fitted into; lengths in item units.
struct PictureFrame {
    QSizeF size;
    double pixelRatio = 1; ///< device pixels in a unit: edges lie on whole pixels
};

/// Bars from the right edge to the left, the newest rightmost, of a pitch of `pitch` units. Full height is `fullScale`
/// ns.
void appendStrip(std::vector<Quad> &quads, std::span<const Bar> bars, std::int64_t deadline, std::int64_t fullScale,
                 double pitch, const PictureFrame &frame, const Palette &palette);

/// A recorded run: bars at their times.
struct ChartPoint {
    double time = 0; ///< ms, right edge of the bar
    double frameTime = 0; ///< ms
    int missed = 0;
};

/// Bars over time from 0 to `duration` ms (as wide as they were owed), up to `maximum` ms, with a line at `deadline`
/// ms.
void appendChart(std::vector<Quad> &quads, std::span<const ChartPoint> points, double duration, double maximum,
                 double deadline, const PictureFrame &frame, const Palette &palette);

/// Work in one lane.
struct LaneBar {
    std::size_t lane = 0;
    Interval span;
};

/// Lanes one below the other, `laneCount` of them, over the time `window`.
void appendLanes(std::vector<Quad> &quads, std::span<const LaneBar> work, std::size_t laneCount, Interval window,
                 const PictureFrame &frame, std::span<const QColor> colors, const QColor &track);

} // namespace jank
