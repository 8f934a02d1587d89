#include "jank_monitor/timeline_picture.h"

#include "jank_monitor/timeline_canvas.h"

#include <QtCore/qcoreapplication.h>

namespace jank {

namespace {

constexpr double BoxFrom = 4; // units: a frame that is wider is drawn by itself
constexpr double TickEvery = 96; // units, at least
constexpr double NameLeft = 8; // of the lanes' names
constexpr double HitWithin = 2; // units to each side

using Kind = TimelineBand::Kind;

QString tr(const char *text)
{
    return QCoreApplication::translate("JankTimeline", text);
}

/// 1, 2 or 5 times a power of ten, in seconds also 15, 30 and 60.
std::int64_t tickStep(double least)
{
    for (std::int64_t power = 1'000; power < 1'000'000'000; power *= 10) {
        for (const int factor : {1, 2, 5}) {
            if (static_cast<double>(power * factor) >= least)
                return power * factor;
        }
    }
    std::int64_t step = 1;
    for (const std::int64_t seconds : {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1'800, 3'600, 7'200}) {
        step = seconds * NanosecondsPerSecond;
        if (static_cast<double>(step) >= least)
            break;
    }
    return step;
}

void drawRuler(TimelineCanvas &canvas, const TimelineScene &scene, const TimelineBand &band, double gridBottom)
{
    const std::int64_t step = tickStep(canvas.perUnit() * TickEvery);
    const std::int64_t origin = scene.trace->span.start;
    const std::int64_t first = (scene.range.start - origin) / step;
    for (std::int64_t tick = first; origin + tick * step <= scene.range.end; ++tick) {
        const double x = canvas.x(origin + tick * step);
        canvas.fill(x, band.bottom() - 5, x, gridBottom, scene.colors.grid);
        canvas.text(x + 4, band.top, x + TickEvery, band.bottom() - 4, timeText(tick * step, step), scene.colors.muted,
                    false, false);
    }
}

QString nameOf(const TimelineScene &scene, const TimelineBand &band)
{
    switch (band.kind) {
    case Kind::Labels:
        return tr("Labels");
    case Kind::Ui:
        return tr("UI thread");
    case Kind::Render:
        return tr("Render thread");
    case Kind::Lane:
        return QString::fromStdString(scene.trace->lanes[band.lane].name);
    case Kind::Ruler:
    case Kind::Frames:
        break;
    }
    return {};
}

const TimelineBand *bandOf(const TimelineScene &scene, const TimelineLayout &layout, const TimelineMark &mark)
{
    if (mark.kind != Kind::Lane)
        return layout.band(mark.kind);
    for (std::size_t lane = 0; lane < scene.trace->lanes.size(); ++lane) {
        if (scene.trace->lanes[lane].id == mark.lane)
            return layout.band(Kind::Lane, lane);
    }
    return nullptr;
}

void drawMark(TimelineCanvas &canvas, const TimelineScene &scene, const TimelineLayout &layout,
              const TimelineMark &mark, bool selected)
{
    const TimelineBand *band = mark.empty() ? nullptr : bandOf(scene, layout, mark);
    if (band == nullptr)
        return;
    const double left = canvas.x(mark.span.start);
    const double right = std::max(left + 2, canvas.x(mark.span.end));
    const double top = band->kind == Kind::Frames ? band->top : band->rowTop(mark.row);
    const double bottom = band->kind == Kind::Frames ? band->bottom() : top + band->rowHeight(mark.row);
    if (selected) {
        canvas.setClip({canvas.left(), layout.bands.front().bottom(), layout.timeWidth(), scene.size.height()});
        canvas.fill(left, 0, right, scene.size.height(), faded(scene.colors.selection, 0.08));
    }
    const double above = band->kind >= Kind::Ui ? layout.lanesTop - 1 : 0;
    canvas.setClip({canvas.left(), above, layout.timeWidth(), scene.size.height() - above});
    canvas.outline(left - 1, top - 1, right, bottom + 1, selected ? 2 : 1,
                   selected ? scene.colors.selection : faded(scene.colors.selection, 0.6));
}

} // namespace

TimelinePicture drawTimeline(const TimelineScene &scene)
{
    TimelinePicture picture;
    if (scene.trace == nullptr || scene.index == nullptr || scene.range.length() <= 0)
        return picture;
    const TimelineLayout layout = TimelineLayout::of(scene.trace.get(), scene.index.get(), scene.size, scene.scroll);
    TimelineCanvas canvas(scene, picture, TimelineLayout::Gutter);
    const FrameColumns frames
        = FrameColumns::of(scene, canvas.columns(), static_cast<std::size_t>(layout.timeWidth()) + 1, BoxFrom);
    canvas.countVisited(frames.visited);
    const double width = layout.timeWidth();
    const double height = scene.size.height();
    for (const TimelineBand &band : layout.bands) {
        const bool scrolls = band.kind >= Kind::Ui;
        if (band.top >= height || (scrolls && band.bottom() <= layout.lanesTop))
            continue;
        const double top = scrolls ? layout.lanesTop : 0;
        canvas.setClip({canvas.left(), top, width, height - top});
        if (band.kind == Kind::Ruler)
            drawRuler(canvas, scene, band, std::min(height, layout.bands.back().bottom()));
        else if (band.kind == Kind::Labels)
            drawLabels(canvas, scene, band);
        else if (band.kind == Kind::Frames)
            drawFrames(canvas, scene, frames, band);
        else
            drawLane(canvas, scene, frames, band);
        canvas.setClip({NameLeft, top, canvas.left() - 10 - NameLeft, height - top});
        if (const QString name = nameOf(scene, band); !name.isEmpty())
            canvas.text(NameLeft, band.rowTop(0), canvas.left() - 10, band.rowTop(0) + band.rowHeight(0), name,
                        scene.colors.muted);
    }
    drawMark(canvas, scene, layout, scene.hovered, false);
    drawMark(canvas, scene, layout, scene.selection, true);
    return picture;
}

TimelinePicture drawOverview(const TimelineScene &scene)
{
    TimelinePicture picture;
    if (scene.trace == nullptr || scene.index == nullptr || scene.trace->span.length() <= 0)
        return picture;
    TimelineScene whole = scene;
    whole.range = scene.trace->span;
    TimelineCanvas canvas(whole, picture, 0);
    const double height = scene.size.height();
    const double width = scene.size.width();
    canvas.fill(0, 0, width, height, scene.colors.track);
    const FrameColumns frames
        = FrameColumns::of(whole, canvas.columns(), static_cast<std::size_t>(std::max(1.0, width)) + 1, 0);
    canvas.countVisited(frames.visited);
    drawFrameColumns(canvas, whole, frames, 3, height - 4);
    for (std::size_t i = 0; i < frames.columns.size(); ++i) {
        if (frames.columns[i].missed > 0)
            canvas.fill(static_cast<double>(i), height - 3, static_cast<double>(i) + 2, height, scene.colors.missed);
    }
    // What is not shown lies in the shade.
    const double left = canvas.x(scene.range.start);
    const double right = std::max(left + 6, canvas.x(scene.range.end));
    canvas.fill(left, 0, right, height, faded(scene.colors.selection, 0.10));
    canvas.outline(left, 0, right, height, 1, faded(scene.colors.selection, 0.8));
    for (const double x : {left, right - 3})
        canvas.fill(x, height / 2 - 8, x + 3, height / 2 + 8, scene.colors.selection);
    return picture;
}

TimelineHit hitTimeline(const TimelineScene &scene, QPointF point)
{
    TimelineHit hit;
    if (scene.trace == nullptr || scene.index == nullptr || scene.range.length() <= 0
        || point.x() < TimelineLayout::Gutter)
        return hit;
    const TimelineLayout layout = TimelineLayout::of(scene.trace.get(), scene.index.get(), scene.size, scene.scroll);
    const TimelineBand *band = layout.bandAt(point.y());
    if (band == nullptr)
        return hit;
    const double perUnit = static_cast<double>(scene.range.length()) / layout.timeWidth();
    const auto timeAt = [&](double x) {
        return scene.range.start + static_cast<std::int64_t>((x - TimelineLayout::Gutter) * perUnit);
    };
    const Interval around{timeAt(point.x() - HitWithin),
                          std::max(timeAt(point.x() + HitWithin), timeAt(point.x() - HitWithin) + 1)};
    const auto take = [&](const SpanTrack &track, Kind kind, int row, std::uint64_t lane = 0) {
        const SpanTrack::Hit found = track.at(around, row);
        if (found.found) {
            hit.mark = {kind, lane, found.span.row, {found.span.start, found.span.end}};
            hit.index = found.index;
        }
        return found.found;
    };
    const int row = band->rowAt(point.y());
    switch (band->kind) {
    case Kind::Ruler:
        break;
    case Kind::Labels:
        take(scene.index->labels, Kind::Labels, row);
        break;
    case Kind::Ui:
        hit.stall = row == 0 && take(scene.index->stalls, Kind::Ui, -1);
        if (hit.stall) {
            hit.mark.row = 0;
            break;
        }
        if (row == 0 && take(scene.index->blocks, Kind::Ui, -1))
            break;
        [[fallthrough]];
    case Kind::Frames:
    case Kind::Render:
        take(scene.index->frames, Kind::Frames, -1);
        break;
    case Kind::Lane: {
        const SpanTrack &track = scene.index->lanes[band->lane];
        const std::uint64_t lane = scene.trace->lanes[band->lane].id;
        if (!take(track, Kind::Lane, row, lane) && track.rows > 1)
            take(track, Kind::Lane, -1, lane);
        break;
    }
    }
    return hit;
}

QString timeText(std::int64_t sinceStart, std::int64_t step)
{
    if (sinceStart < 0)
        return QChar(0x2212) + timeText(-sinceStart, step);
    const std::int64_t seconds = sinceStart / NanosecondsPerSecond;
    QString text = seconds >= 3'600
        ? QStringLiteral("%1:%2:%3")
              .arg(seconds / 3'600)
              .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
              .arg(seconds % 60, 2, 10, QLatin1Char('0'))
        : QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    int digits = 0;
    for (std::int64_t unit = NanosecondsPerSecond; unit > step && digits < 6; unit /= 10)
        ++digits;
    if (digits == 0)
        return text;
    digits = std::max(digits, 1) <= 3 ? std::max(digits, 1) : 6;
    std::int64_t rest = sinceStart % NanosecondsPerSecond;
    for (int i = digits; i < 9; ++i)
        rest /= 10;
    return text + QStringLiteral(".%1").arg(rest, digits, 10, QLatin1Char('0'));
}

} // namespace jank
