#pragma once

#include "jank_monitor/trace_index.h"

#include <QtCore/qrect.h>

#include <vector>

namespace jank {

/// One band of the timeline, from top to bottom.
struct TimelineBand {
    enum class Kind {
        Ruler, ///< the times
        Labels, ///< what the program said it did
        Frames, ///< the frames against the deadline
        Ui, ///< blocks and stalls in the first row, the frames' UI part in the second
        Render, ///< synchronisation, draw calls, swap
        Lane ///< work elsewhere
    };

    Kind kind = Kind::Ruler;
    std::size_t lane = 0; ///< number in Trace::lanes, for Lane
    double top = 0; ///< item units, as scrolled
    double height = 0;
    int rows = 1;

    [[nodiscard]] double bottom() const noexcept { return top + height; }
    /// The row at a height; between 0 and rows - 1.
    [[nodiscard]] int rowAt(double y) const noexcept;
    /// Where row number `row` is: its top and its height.
    [[nodiscard]] double rowTop(int row) const noexcept;
    [[nodiscard]] double rowHeight(int row) const noexcept;
};

/// Where everything of a timeline lies; the drawing and the mouse go by the same.
struct TimelineLayout {
    static constexpr double Gutter = 128; ///< names of the lanes and of the times of frames

    std::vector<TimelineBand> bands;
    double lanesTop = 0; ///< what is below can be scrolled
    double lanesHeight = 0; ///< of all lanes, seen or not
    QSizeF size;

    /// Of a recording in an item of that size whose lanes are scrolled by `scroll` units. Either may be null.
    [[nodiscard]] static TimelineLayout of(const Trace *trace, const TraceIndex *index, QSizeF size, double scroll);

    /// How far the lanes can be scrolled.
    [[nodiscard]] double scrollMaximum() const noexcept;
    /// Null where there is none.
    [[nodiscard]] const TimelineBand *bandAt(double y) const noexcept;
    [[nodiscard]] const TimelineBand *band(TimelineBand::Kind kind, std::size_t lane = 0) const noexcept;
    [[nodiscard]] double timeWidth() const noexcept { return std::max(1.0, size.width() - Gutter); }
};

} // namespace jank
