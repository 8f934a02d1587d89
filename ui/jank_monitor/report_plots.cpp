#include "jank_monitor/report_plots.h"

#include "jank_monitor/frame_statistics.h"
#include "jank_monitor/report_page.h"
#include "jank_monitor/svg_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace jank {

namespace {

constexpr int HalfWidth = 500;
constexpr int FullWidth = 1040;
constexpr int LowPlotHeight = 150;
constexpr int HalfPlotHeight = 240;
constexpr std::size_t MostStalls = 200; // drawn

/// A scale for frame times that shows both a single vsync and a second: straight up to two intervals, then it doubles.
double compressed(double intervals)
{
    return std::log2(1 + std::max(0.0, intervals));
}

/// Multiples of the interval for the axis, up to the top.
std::vector<double> timeTicks(double top)
{
    std::vector<double> ticks{1};
    for (double tick = 2; tick < top; tick *= 2)
        ticks.push_back(tick);
    constexpr std::size_t Most = 7;
    while (ticks.size() > Most) {
        std::vector<double> fewer{1};
        for (std::size_t i = 2; i < ticks.size(); i += 2)
            fewer.push_back(ticks[i]);
        ticks = std::move(fewer);
    }
    return ticks;
}

} // namespace

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

FrameColumns::FrameColumns(Interval span, int columns) : m_span(span), m_columns(static_cast<std::size_t>(columns)) {}

void FrameColumns::add(const FrameSample &frame)
{
    const std::size_t column = columnOf(frame.swapEnd, m_span, m_columns.size());
    if (frame.own || column >= m_columns.size())
        return;
    Column &target = m_columns[column];
    const std::int64_t time = frame.frameTime();
    if (time > target.worst) {
        target.worst = time;
        target.late = frame.missed == 0 && time > frame.interval + frame.interval / 4;
    }
    target.missed += frame.missed;
    m_worst = std::max(m_worst, time);
}

std::int64_t plotTop(std::int64_t worst, std::int64_t interval) noexcept
{
    std::int64_t top = 4 * std::max<std::int64_t>(interval, 1);
    while (top < worst && top < std::int64_t(1) << 60)
        top *= 2;
    return top;
}

int plotColumns(int width) noexcept
{
    return width - SvgPlot::Left - SvgPlot::Right;
}

QString frameTimePlot(const PlotText &text, const FrameColumns &columns, std::int64_t interval, std::int64_t highest,
                      const SharedList<Stall> &stalls, int width, int height)
{
    SvgPlot plot(text, width, height);
    const double unit = static_cast<double>(std::max<std::int64_t>(interval, 1));
    const double top = compressed(static_cast<double>(highest) / unit);
    const auto yOf = [&](double intervals) {
        return plot.bottom() - std::min(1.0, compressed(intervals) / top) * plot.innerHeight();
    };
    for (const double tick : timeTicks(static_cast<double>(highest) / unit))
        plot.horizontal(yOf(tick), tick > 1 ? "grid" : nullptr, durationText(tick * unit / 1e6));
    plot.timeAxis(columns.span());

    QString good, late, missed, marks;
    for (std::size_t i = 0; i < columns.columns().size(); ++i) {
        const FrameColumns::Column &column = columns.columns()[i];
        if (column.worst < 0)
            continue;
        const double x = plot.xOf(static_cast<double>(i) + 0.5, static_cast<double>(columns.columns().size()));
        const QString bar = QStringLiteral("M%1 %2V%3")
                                .arg(svgNumber(x), svgNumber(plot.bottom()),
                                     svgNumber(yOf(static_cast<double>(column.worst) / unit)));
        (column.missed > 0 ? missed : column.late ? late : good) += bar;
        if (column.missed > 0)
            marks += QStringLiteral("M%1 %2l-3 -5h6z").arg(svgNumber(x), svgNumber(SvgPlot::Top - 2.0));
    }
    const double stroke = std::max(1.0, plot.innerWidth() / static_cast<double>(columns.columns().size()));
    plot.path("bar", good, stroke);
    plot.path("late", late, stroke);
    plot.path("miss", missed, std::max(stroke, 1.4));
    plot.path("missmark", marks);
    plot.horizontal(yOf(1), "deadline", {});

    // The longest, should there be too many for a plot.
    std::vector<std::size_t> order(stalls.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&stalls](std::size_t a, std::size_t b) {
        return stalls[a].block.length > stalls[b].block.length;
    });
    order.resize(std::min(order.size(), MostStalls));
    for (const std::size_t index : order) {
        const LoopBlock &block = stalls[index].block;
        const double from = plot.xOfTime(block.start, columns.span());
        const double to = plot.xOfTime(block.end, columns.span());
        plot.rectangle("stall", from, plot.bottom() + 2, std::max(2.0, to - from), 4);
    }
    return plot.finish();
}

QString histogramPlot(const PlotText &text, std::span<const std::int64_t> sorted, std::int64_t interval)
{
    constexpr int BinsPerInterval = 8;
    constexpr int Intervals = 4;
    constexpr int Bins = BinsPerInterval * Intervals + 1; // and one for all that took longer
    SvgPlot plot(text, HalfWidth, HalfPlotHeight);
    std::array<qint64, Bins> counts{};
    for (const std::int64_t time : sorted) {
        const double bin
            = static_cast<double>(time) * BinsPerInterval / static_cast<double>(std::max<std::int64_t>(interval, 1));
        ++counts[static_cast<std::size_t>(std::clamp(bin, 0.0, Bins - 1.0))];
    }
    // A logarithm, so that one bad frame in ten thousand is seen.
    const double top = std::ceil(
        std::log10(1.0 + static_cast<double>(std::max<qint64>(9, *std::max_element(counts.begin(), counts.end())))));
    const auto yOf = [&](double count) { return plot.bottom() - std::log10(1 + count) / top * plot.innerHeight(); };
    for (double tick = 1; tick <= std::pow(10.0, top); tick *= 10)
        plot.horizontal(yOf(tick), "grid", countText(static_cast<qint64>(tick)));
    for (int i = 0; i < Bins; ++i) {
        const qint64 count = counts[static_cast<std::size_t>(i)];
        const double x = plot.xOf(i, Bins);
        if (count > 0)
            plot.rectangle(i >= BinsPerInterval * 3 / 2 ? "fillmiss" : "fillbar", x + 0.5,
                           yOf(static_cast<double>(count)), plot.innerWidth() / Bins - 1,
                           plot.bottom() - yOf(static_cast<double>(count)));
    }
    for (int i = 0; i <= Intervals; ++i)
        plot.xLabel(plot.xOf(i * BinsPerInterval, Bins),
                    i == Intervals ? QStringLiteral("> ") + durationText(static_cast<double>(interval) * i / 1e6)
                                   : durationText(static_cast<double>(interval) * i / 1e6),
                    i == Intervals);
    plot.vertical(plot.xOf(BinsPerInterval, Bins), "deadline");
    return plot.finish();
}

QString percentilePlot(const PlotText &text, std::span<const std::int64_t> sorted, std::int64_t interval)
{
    SvgPlot plot(text, HalfWidth, HalfPlotHeight);
    const double unit = static_cast<double>(std::max<std::int64_t>(interval, 1));
    const std::int64_t worst = sorted.empty() ? 0 : sorted.back();
    const double highest = static_cast<double>(plotTop(worst, interval)) / unit;
    const auto yOf = [&](double intervals) {
        return plot.bottom() - std::min(1.0, compressed(intervals) / compressed(highest)) * plot.innerHeight();
    };
    for (const double tick : timeTicks(highest))
        plot.horizontal(yOf(tick), tick > 1 ? "grid" : nullptr, durationText(tick * unit / 1e6));
    // Each step to the right leaves a tenth of the frames.
    constexpr double Nines = 4;
    const std::pair<double, const char *> marks[]{
        {50, "50 %"}, {90, "90 %"}, {99, "99 %"}, {99.9, "99.9 %"}, {99.99, "99.99 %"}};
    const auto ninesOf = [](double percent) { return -std::log10(1 - percent / 100); };
    for (const auto &[percent, name] : marks) {
        const double x = plot.xOf(ninesOf(percent), Nines);
        plot.vertical(x, "grid");
        plot.xLabel(x, QString::fromLatin1(name), percent > 99.9);
    }
    QString curve;
    constexpr int Steps = 160;
    for (int i = 0; i <= Steps && !sorted.empty(); ++i) {
        const double nines = Nines * i / Steps;
        const double percent = std::max(1e-6, (1 - std::pow(10.0, -nines)) * 100);
        const double y = yOf(static_cast<double>(percentile(sorted, percent)) / unit);
        curve += QStringLiteral("%1%2 %3").arg(i == 0 ? QStringLiteral("M") : QStringLiteral("L"),
                                               svgNumber(plot.xOf(nines, Nines)), svgNumber(y));
    }
    plot.path("curve", curve);
    plot.horizontal(yOf(1), "deadline", {});
    return plot.finish();
}

MissedColumns::MissedColumns(const ChunkedView<FrameSample> &frames, Interval span, int columns)
    : ui(static_cast<std::size_t>(columns), 0), render(static_cast<std::size_t>(columns), 0)
{
    frames.forEach([&](const FrameSample &frame) {
        if (frame.own)
            return;
        std::vector<std::int64_t> &target = frame.cause == Cause::Render ? render : ui;
        for (std::int32_t i = 0; i < frame.missed; ++i) {
            const std::size_t column = columnOf(frame.missedAt(i), span, target.size());
            if (column < target.size())
                ++target[column];
        }
    });
}

QString missedPlot(const PlotText &text, const MissedColumns &missed, Interval span)
{
    SvgPlot plot(text, FullWidth, LowPlotHeight);
    std::int64_t most = 4;
    for (std::size_t i = 0; i < missed.ui.size(); ++i)
        most = std::max(most, missed.ui[i] + missed.render[i]);
    const double step = niceStep(static_cast<double>(most), 4);
    const double top = std::ceil(static_cast<double>(most) / step) * step;
    const auto height = [&](std::int64_t count) { return static_cast<double>(count) / top * plot.innerHeight(); };
    for (double tick = 0; tick <= top; tick += step)
        plot.horizontal(plot.bottom() - tick / top * plot.innerHeight(), "grid", countText(static_cast<qint64>(tick)));
    plot.timeAxis(span);
    const double count = static_cast<double>(missed.ui.size());
    const double width = std::max(1.0, plot.innerWidth() / count - 1);
    for (std::size_t i = 0; i < missed.ui.size(); ++i) {
        const double x = plot.xOf(static_cast<double>(i), count);
        const double ui = height(missed.ui[i]);
        const double render = height(missed.render[i]);
        if (missed.ui[i] > 0)
            plot.rectangle("ui", x, plot.bottom() - ui, width, ui);
        if (missed.render[i] > 0)
            plot.rectangle("render", x, plot.bottom() - ui - render, width, render);
    }
    return plot.finish();
}

QString lanesPlot(const PlotText &text, std::span<const LaneActivity> lanes, Interval span)
{
    constexpr int RowHeight = 26;
    constexpr int NameWidth = 190;
    constexpr qsizetype LongestName = 30;
    SvgPlot plot(text, FullWidth, static_cast<int>(lanes.size()) * RowHeight + SvgPlot::Top + SvgPlot::Bottom,
                 NameWidth);
    plot.timeAxis(span);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const double bottom = SvgPlot::Top + static_cast<double>(i + 1) * RowHeight - 5;
        constexpr double Height = RowHeight - 8;
        const LaneActivity &lane = lanes[i];
        plot.rectangle("track", plot.left(), bottom - Height, plot.innerWidth(), Height);
        QString area;
        const double count = static_cast<double>(lane.busy.size());
        bool down = true;
        for (std::size_t c = 0; c < lane.busy.size(); ++c) {
            if (lane.busy[c] <= 0) {
                if (!std::exchange(down, true))
                    area += QStringLiteral("V%1z").arg(svgNumber(bottom));
                continue;
            }
            if (std::exchange(down, false))
                area += QStringLiteral("M%1 %2").arg(svgNumber(plot.xOf(static_cast<double>(c), count)),
                                                     svgNumber(bottom));
            // Whatever ran at all can be seen.
            const double share = std::clamp(lane.busy[c], 0.08, 1.0);
            area += QStringLiteral("V%1H%2").arg(svgNumber(bottom - share * Height),
                                                 svgNumber(plot.xOf(static_cast<double>(c) + 1, count)));
        }
        if (!down)
            area += QStringLiteral("V%1z").arg(svgNumber(bottom));
        plot.path("work", area);
        const QString name
            = lane.name.size() > LongestName ? lane.name.left(LongestName - 1) + QChar(0x2026) : lane.name;
        plot.rowName(bottom - Height / 2 + 4, name);
    }
    return plot.finish();
}

QString dotPlot(const PlotText &text, std::span<const DotRow> rows, const QString &unit)
{
    constexpr int RowHeight = 34;
    constexpr int NameWidth = 220;
    SvgPlot plot(text, FullWidth, static_cast<int>(rows.size()) * RowHeight + SvgPlot::Top + SvgPlot::Bottom,
                 NameWidth);
    double most = 1;
    for (const DotRow &row : rows) {
        for (const double value : row.values)
            most = std::max(most, value);
    }
    const double step = niceStep(most, 6);
    const double top = std::ceil(most / step) * step;
    for (double tick = 0; tick <= top + step / 2; tick += step) {
        plot.vertical(plot.xOf(tick, top), "grid");
        plot.xLabel(plot.xOf(tick, top),
                    countText(static_cast<qint64>(tick))
                        + (tick + step > top + step / 2 ? QLatin1Char(' ') + unit : QString()),
                    tick + step > top + step / 2);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double middle = SvgPlot::Top + (static_cast<double>(i) + 0.5) * RowHeight;
        plot.rowName(middle + 4, rows[i].name);
        for (const double value : rows[i].values)
            plot.circle(rows[i].hollow ? "hollow" : "dot", plot.xOf(std::max(0.0, value), top), middle, 5);
        if (rows[i].values.empty())
            continue;
        const double x = plot.xOf(std::max(0.0, median(rows[i].values)), top);
        plot.path("median", QStringLiteral("M%1 %2v22").arg(svgNumber(x), svgNumber(middle - 11)));
    }
    return plot.finish();
}

} // namespace jank
