#pragma once

#include "jank_monitor/trace.h"

#include <QtCore/qstring.h>

#include <span>
#include <vector>

namespace jank {

/// Frames of a span of time, gathered into columns: each has the worst of its time, so no spike is lost. Belongs to one
/// thread.
class FrameColumns {
public:
    struct Column {
        std::int64_t worst = -1; ///< the longest frame time; -1 when no frame was shown in it
        std::int64_t missed = 0;
        bool late = false; ///< the worst one took over an interval and a quarter, yet missed nothing
    };

    FrameColumns(Interval span, int columns);
    /// Frames outside the span, and the overlay's own, are left out.
    void add(const FrameSample &frame);
    [[nodiscard]] const std::vector<Column> &columns() const noexcept { return m_columns; }
    [[nodiscard]] Interval span() const noexcept { return m_span; }
    [[nodiscard]] std::int64_t worst() const noexcept { return m_worst; }

private:
    Interval m_span;
    std::vector<Column> m_columns;
    std::int64_t m_worst = 0;
};

/// A plot as inline SVG markup, with a title and a description for who can't see it.
struct PlotText {
    QString title;
    QString description;
};

/// Frame times over time with the deadline line, stalls under it. `highest`: the frame time at the top, nanoseconds;
/// what is over it is cut. Above the deadline the scale is compressed, so that both a vsync and a second can be read.
[[nodiscard]] QString frameTimePlot(const PlotText &text, const FrameColumns &columns, std::int64_t interval,
                                    std::int64_t highest, const SharedList<Stall> &stalls, int width, int height);
/// What frameTimePlot() needs to be told as its top for frames up to `worst`.
[[nodiscard]] std::int64_t plotTop(std::int64_t worst, std::int64_t interval) noexcept;
/// The columns that a plot of that width has room for.
[[nodiscard]] int plotColumns(int width) noexcept;

/// How many frames took how long. `sorted`: frame times in nanoseconds.
[[nodiscard]] QString histogramPlot(const PlotText &text, std::span<const std::int64_t> sorted, std::int64_t interval);
/// Which share of the frames took at most how long, to the last thousandth.
[[nodiscard]] QString percentilePlot(const PlotText &text, std::span<const std::int64_t> sorted, std::int64_t interval);

/// Vsyncs that were missed in each part of the time, by the thread that missed them.
struct MissedColumns {
    std::vector<std::int64_t> ui;
    std::vector<std::int64_t> render;

    MissedColumns(const ChunkedView<FrameSample> &frames, Interval span, int columns);
};
[[nodiscard]] QString missedPlot(const PlotText &text, const MissedColumns &missed, Interval span);

/// What a lane did: its name, and how busy it was in each part of the time, from 0 to 1.
struct LaneActivity {
    QString name;
    std::vector<double> busy;
};
[[nodiscard]] QString lanesPlot(const PlotText &text, std::span<const LaneActivity> lanes, Interval span);

/// One row of dots, a dot a round, and the median as a line.
struct DotRow {
    QString name;
    std::vector<double> values;
    bool hollow = false; ///< computed, not measured
};
/// Rows of dots over one scale that begins at 0.
[[nodiscard]] QString dotPlot(const PlotText &text, std::span<const DotRow> rows, const QString &unit);

/// The middle of the values, or the mean of the two in the middle; 0 for none.
[[nodiscard]] double median(std::vector<double> values);

} // namespace jank
