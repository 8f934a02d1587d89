// The band of frames: columns of the worst where frames are narrow, boxes of their parts where they are wide.
#include "jank_monitor/timeline_canvas.h"

#include <array>

namespace jank {

namespace {

constexpr double BoxFrom = 4; // units: a frame that is wider is drawn by itself
constexpr double VsyncLinesFrom = 9; // units between two
constexpr int MostNotches = 4;
constexpr int MostMissedLines = 100; // of a frame
constexpr double RugHeight = 5;
constexpr double Headroom = 24; // for the notches of the longest frame

/// Lines at times that are easily read, and at the deadline.
void drawScale(TimelineCanvas &canvas, const TimelineScene &scene, double top, double bottom)
{
    const std::int64_t interval = scene.trace->interval;
    const double height = bottom - top;
    const auto yOf = [&](std::int64_t length) { return bottom - height * frameHeight(length, interval); };
    double lastText = bottom;
    const auto line = [&](std::int64_t length, const QString &name) {
        const double y = yOf(length);
        canvas.fill(canvas.left(), y, scene.size.width(), y, scene.colors.grid);
        if (lastText - y < 13)
            return;
        lastText = y;
        const QRectF clip = canvas.clip();
        canvas.setClip({0, top - 8, canvas.left() - 8, height + 16});
        canvas.text(0, y - 7, canvas.left() - 8, y + 7, name, scene.colors.muted, true);
        canvas.setClip(clip);
    };
    const auto name = [](std::int64_t length) {
        return length < 100'000'000 ? QStringLiteral("%1 ms").arg(toMilliseconds(length), 0, 'f', 1)
                                    : QStringLiteral("%1 ms").arg(length / 1'000'000);
    };
    line(interval, name(interval));
    line(2 * interval, name(2 * interval));
    for (const std::int64_t length : {100'000'000LL, 300'000'000LL, 1'000'000'000LL}) {
        if (length > 3 * interval && length <= 64 * interval)
            line(length, name(length));
    }
    const double deadline = yOf(interval);
    for (double x = canvas.left(); x < scene.size.width(); x += 7)
        canvas.fill(x, deadline, x + 4, deadline, scene.colors.line);
}

/// The parts of one frame, one on top of the other.
void drawBox(TimelineCanvas &canvas, const TimelineColors &colors, const FrameSample &frame, double top, double bottom)
{
    const double height = bottom - top;
    const double left = canvas.x(frame.wanted);
    const double right = std::max(left + canvas.one(), canvas.x(frame.swapEnd) - (BoxFrom > 2 ? 1 : 0));
    const auto yOf = [&](std::int64_t time) {
        return bottom - height * frameHeight(std::max<std::int64_t>(0, time - frame.wanted), frame.interval);
    };
    const bool missed = frame.missed > 0;
    struct Part {
        std::int64_t end;
        QColor color;
    };
    const QColor ui = missed && frame.cause == Cause::Ui ? colors.missed : colors.ui;
    const QColor render = missed && frame.cause == Cause::Render ? colors.missed : colors.render;
    const std::array parts{Part{frame.uiStart, faded(colors.wait, 0.5)},
                           Part{frame.uiEnd, ui},
                           Part{frame.syncStart, colors.wait},
                           Part{frame.syncEnd, colors.sync},
                           Part{frame.renderStart, colors.wait},
                           Part{frame.renderEnd, render},
                           Part{frame.swapEnd, faded(colors.render, 0.3)}};
    std::int64_t from = frame.wanted;
    for (const Part &part : parts) {
        const std::int64_t to = std::clamp(part.end, from, std::max(from, frame.swapEnd));
        if (to > from)
            canvas.fill(left, yOf(to), right, yOf(from), frame.own ? faded(part.color, 0.35) : part.color);
        from = to;
    }
    const double head = yOf(frame.swapEnd);
    if (missed) {
        // A notch for each vsync missed, apart from the head: told without the colour, too.
        double y = head - 2;
        for (int i = 0; i < std::min(frame.missed, MostNotches); ++i, y -= 5)
            canvas.fill(left, y - 3, right, y, colors.missed);
    } else if (frame.workTime() > frame.interval) {
        canvas.outline(left, head, right, bottom, 1, colors.late);
    }
    const QString time = QStringLiteral("%1 ms").arg(toMilliseconds(frame.frameTime()), 0, 'f', 1);
    const double above = head - (missed ? 2 + 5 * std::min(frame.missed, MostNotches) : 1);
    if (canvas.hasRoom(left, right) && above - 14 > top - 12)
        canvas.text(left, above - 14, right - 4, above, time, missed ? colors.missed : colors.muted, false, false);
}

void drawVsyncs(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames, double top,
                double bandBottom)
{
    if (static_cast<double>(scene.trace->interval) / canvas.perUnit() < VsyncLinesFrom)
        return;
    const double bottom = scene.size.height();
    for (const std::size_t index : frames.wide) {
        const FrameSample &frame = scene.trace->frames[index];
        canvas.fill(canvas.x(frame.wanted), top, canvas.x(frame.wanted), bottom, scene.colors.grid);
        for (int i = 0; i < std::min(frame.missed, MostMissedLines); ++i) {
            canvas.fill(canvas.x(frame.missedAt(i)), top, canvas.x(frame.missedAt(i)), bandBottom,
                        faded(scene.colors.missed, 0.45));
        }
    }
}

} // namespace

double frameHeight(std::int64_t length, std::int64_t interval) noexcept
{
    const double share = static_cast<double>(length) / (2.0 * static_cast<double>(std::max<std::int64_t>(1, interval)));
    if (share <= 1)
        return std::max(0.0, share / 2);
    return std::min(1.0, 0.5 + std::log2(share) / 10);
}

FrameColumns FrameColumns::of(const TimelineScene &scene, const ColumnScale &scale, std::size_t columnCount,
                              double leastWidth)
{
    FrameColumns result;
    result.columns.resize(columnCount);
    const auto last = static_cast<std::int64_t>(columnCount) - 1;
    result.visited = scene.index->frames.visit(
        scene.range, scale,
        [&](const Span &span, std::size_t index) {
            if (leastWidth > 0 && static_cast<double>(span.length()) / scale.perColumn >= leastWidth) {
                result.wide.push_back(index);
                return;
            }
            const std::int64_t first = std::max<std::int64_t>(0, scale.columnOf(span.start));
            const std::int64_t end = std::min(last, scale.columnOf(span.end - 1));
            for (std::int64_t i = first; i <= end; ++i) {
                Column &column = result.columns[static_cast<std::size_t>(i)];
                if (span.own) {
                    column.own = true;
                    continue;
                }
                column.total += span.length();
                column.longest = std::max(column.longest, span.length());
                column.render += span.extra / (end - first + 1);
                ++column.count;
                column.missed += span.missed;
                column.late = column.late || span.late;
            }
        },
        [&](const SpanSummary &group, std::int64_t place, std::size_t) {
            Column &column = result.columns[static_cast<std::size_t>(std::clamp<std::int64_t>(place, 0, last))];
            column.own = column.own || group.count == 0;
            column.total += group.total;
            column.longest = std::max(column.longest, group.longest);
            column.render += group.extra;
            column.count += static_cast<std::int32_t>(group.count);
            column.missed += group.missed;
            column.late = column.late || group.late;
        });
    return result;
}

void drawFrameColumns(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames, double top,
                      double bottom)
{
    const TimelineColors &colors = scene.colors;
    const double height = bottom - top;
    const auto yOf = [&](std::int64_t length) {
        return canvas.snap(bottom - std::max(2 * canvas.one(), height * frameHeight(length, scene.trace->interval)));
    };
    // What is alike is one rectangle.
    std::size_t runStart = 0;
    double runTop = -1;
    const auto endRun = [&](std::size_t end) {
        if (runTop >= 0) {
            canvas.fill(canvas.left() + static_cast<double>(runStart), runTop, canvas.left() + static_cast<double>(end),
                        bottom, colors.good);
        }
        runTop = -1;
    };
    for (std::size_t i = 0; i < frames.columns.size(); ++i) {
        const FrameColumns::Column &column = frames.columns[i];
        const double mean = column.count > 0 ? yOf(column.total / column.count) : column.own ? bottom - 1 : -1;
        if (mean != runTop) {
            endRun(i);
            runStart = i;
            runTop = mean;
        }
    }
    endRun(frames.columns.size());
    for (std::size_t i = 0; i < frames.columns.size(); ++i) {
        const FrameColumns::Column &column = frames.columns[i];
        if (column.count == 0)
            continue;
        const double x = canvas.left() + static_cast<double>(i);
        const double body = yOf(column.total / column.count);
        const double worst = yOf(column.longest);
        const QColor &color = column.missed > 0 ? colors.missed : column.late ? colors.late : colors.good;
        // A wide frame is all spike: its body is red, too.
        const double foot = column.count == 1 && column.missed > 0 ? bottom : body;
        if (worst < foot)
            canvas.fill(x, worst, x + 1, foot, column.missed > 0 ? color : faded(color, 0.55));
    }
}

void drawFrames(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames,
                const TimelineBand &band)
{
    const double top = band.top + Headroom;
    const double bottom = band.bottom() - RugHeight - 2;
    canvas.fill(canvas.left(), band.top, scene.size.width(), bottom, scene.colors.track);
    drawVsyncs(canvas, scene, frames, band.top, bottom);
    drawScale(canvas, scene, top, bottom);
    drawFrameColumns(canvas, scene, frames, top, bottom);
    for (const std::size_t index : frames.wide)
        drawBox(canvas, scene.colors, scene.trace->frames[index], top, bottom);
    // Below, where vsyncs were missed, so wide that it is seen at any zoom.
    const auto rug = [&](double x0, double x1) {
        canvas.fill(x0, bottom + 2, std::max(x1, x0 + 2), band.bottom(), scene.colors.missed);
    };
    for (std::size_t i = 0; i < frames.columns.size(); ++i) {
        if (frames.columns[i].missed > 0)
            rug(canvas.left() + static_cast<double>(i), canvas.left() + static_cast<double>(i) + 1);
    }
    for (const std::size_t index : frames.wide) {
        const FrameSample &frame = scene.trace->frames[index];
        if (frame.missed > 0)
            rug(canvas.x(frame.deadline), canvas.x(frame.swapEnd));
    }
}

} // namespace jank
