// The lanes below the frames: the UI thread, the render thread, and whoever worked elsewhere.
#include "jank_monitor/timeline_canvas.h"
#include "jank_monitor/trace_details.h"
#include "jank_monitor/trace_names.h"

namespace jank {

namespace {

constexpr double AloneFrom = 1.5; // units: a span that is wider is drawn by itself
constexpr int Shades = 8;
constexpr double ThinnestShade = 0.3;

/// How much of each column was taken, drawn as a shade; columns that are alike are one rectangle.
class Shading {
public:
    Shading(TimelineCanvas &canvas, std::size_t columns) : m_canvas(canvas), m_taken(columns, 0.0F) {}

    void add(std::int64_t column, double nanoseconds)
    {
        if (column >= 0 && column < static_cast<std::int64_t>(m_taken.size()))
            m_taken[static_cast<std::size_t>(column)] += static_cast<float>(nanoseconds);
    }
    /// Spread over the columns that it touches.
    void add(std::int64_t start, std::int64_t end, std::int64_t taken, const ColumnScale &scale)
    {
        const std::int64_t first = std::max<std::int64_t>(0, scale.columnOf(start));
        const std::int64_t last = std::min(static_cast<std::int64_t>(m_taken.size()) - 1, scale.columnOf(end - 1));
        const double perTime = static_cast<double>(taken) / static_cast<double>(end - start);
        for (std::int64_t i = first; i <= last; ++i) {
            // Not in absolute times, which a double holds badly.
            const double from = static_cast<double>(i) * scale.perColumn;
            const double begin = std::max(from, static_cast<double>(start - scale.start));
            const double finish = std::min(from + scale.perColumn, static_cast<double>(end - scale.start));
            add(i, std::max(1.0, (finish - begin) * perTime));
        }
    }
    void draw(double top, double bottom, const QColor &color, double full)
    {
        std::size_t runStart = 0;
        int run = 0;
        for (std::size_t i = 0; i <= m_taken.size(); ++i) {
            const int shade = i < m_taken.size() ? shadeOf(m_taken[i] / full) : 0;
            if (shade == run && i < m_taken.size())
                continue;
            if (run > 0) {
                const double share = ThinnestShade + (1 - ThinnestShade) * run / Shades;
                m_canvas.fill(m_canvas.left() + static_cast<double>(runStart), top,
                              m_canvas.left() + static_cast<double>(i), bottom, faded(color, share));
            }
            runStart = i;
            run = shade;
        }
    }

private:
    [[nodiscard]] static int shadeOf(double share)
    {
        return share <= 0 ? 0 : std::clamp(static_cast<int>(std::ceil(share * Shades)), 1, Shades);
    }

    TimelineCanvas &m_canvas;
    std::vector<float> m_taken;
};

struct TrackLook {
    double top = 0;
    double height = 0;
    double rowPitch = 0;
    double rowHeight = 0;
    QColor color;
    QColor textColor;
};

/// Spans one by one where they are wide, shades where they are not. `words(index)` is what is written on them.
template <class Words>
void drawTrack(TimelineCanvas &canvas, const TimelineScene &scene, const SpanTrack &track, const TrackLook &look,
               Words words)
{
    const ColumnScale scale = canvas.columns();
    const auto columns = static_cast<std::size_t>(std::max(1.0, scene.size.width() - canvas.left()));
    Shading shading(canvas, columns);
    bool shaded = false;
    const std::size_t visited = track.visit<Grouping::AsLongAsAColumn>(
        scene.range, scale,
        [&](const Span &span, std::size_t index) {
            if (static_cast<double>(span.length()) / canvas.perUnit() < AloneFrom) {
                shading.add(span.start, span.end, span.length(), scale);
                shaded = true;
                return;
            }
            const double left = canvas.x(span.start);
            const double right = canvas.x(span.end);
            const double y = look.top + span.row * look.rowPitch;
            // A gap between neighbours, where there is room for one.
            canvas.fill(left, y, right - (right - left >= 4 ? 1 : 0), y + look.rowHeight, look.color);
            if (canvas.hasRoom(left + 4, right - 3))
                canvas.text(left + 4, y, right - 3, y + look.rowHeight, words(index), look.textColor);
        },
        [&](const SpanSummary &group, std::int64_t, std::size_t) {
            shading.add(group.start, group.end, group.total, scale);
            shaded = true;
        });
    canvas.countVisited(visited);
    if (shaded)
        shading.draw(look.top, look.top + look.height, look.color, canvas.perUnit() * std::max(1, track.rows));
}

void drawUi(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames, const TimelineBand &band)
{
    const TimelineColors &colors = scene.colors;
    const double top = band.rowTop(0);
    const double height = band.rowHeight(0);
    drawTrack(canvas, scene, scene.index->blocks, {top, height, 0, height, colors.block, colors.fillText},
              [&](std::size_t index) {
                  const LoopBlock &block = scene.trace->blocks[index];
                  // A stall lies on top of its block, and has the words.
                  return block.length > 2 * scene.trace->interval ? QString() : culpritText(block);
              });
    drawTrack(canvas, scene, scene.index->stalls, {top, height, 0, height, colors.missed, colors.fillText},
              [&](std::size_t index) {
                  const LoopBlock &block = scene.trace->stalls[index].block;
                  const QString culprit = culpritText(block);
                  return culprit.isEmpty() ? lengthText(block.length)
                                           : QStringLiteral("%1 · %2").arg(lengthText(block.length), culprit);
              });
    // A stall stands out by more than its colour: it has a foot.
    canvas.countVisited(scene.index->stalls.visit(
        scene.range, canvas.columns(),
        [&](const Span &span, std::size_t) {
            canvas.fill(canvas.x(span.start), top + height - 2, std::max(canvas.x(span.start) + 2, canvas.x(span.end)),
                        top + height + 1, colors.missed);
        },
        [&](const SpanSummary &group, std::int64_t, std::size_t) {
            canvas.fill(canvas.x(group.start), top, canvas.x(group.start) + 2, top + height + 1, colors.missed);
        }));
    const double foot = band.rowTop(1);
    for (const std::size_t index : frames.wide) {
        const FrameSample &frame = scene.trace->frames[index];
        canvas.fill(canvas.x(frame.uiStart), foot, canvas.x(frame.uiEnd), foot + band.rowHeight(1), colors.ui);
        canvas.fill(canvas.x(frame.syncStart), foot, canvas.x(frame.syncEnd), foot + band.rowHeight(1), colors.sync);
    }
}

void drawRender(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames,
                const TimelineBand &band)
{
    const TimelineColors &colors = scene.colors;
    Shading shading(canvas, frames.columns.size());
    for (std::size_t i = 0; i < frames.columns.size(); ++i)
        shading.add(static_cast<std::int64_t>(i), static_cast<double>(frames.columns[i].render));
    shading.draw(band.top, band.bottom(), colors.render, canvas.perUnit());
    for (const std::size_t index : frames.wide) {
        const FrameSample &frame = scene.trace->frames[index];
        canvas.fill(canvas.x(frame.syncStart), band.top, canvas.x(frame.syncEnd), band.bottom(), colors.sync);
        canvas.fill(canvas.x(frame.renderStart), band.top, canvas.x(frame.renderEnd), band.bottom(), colors.render);
        canvas.fill(canvas.x(frame.renderEnd), band.top + 5, canvas.x(frame.swapEnd), band.bottom() - 5,
                    faded(colors.render, 0.35));
    }
}

} // namespace

void drawLane(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames, const TimelineBand &band)
{
    const TimelineColors &colors = scene.colors;
    canvas.fill(canvas.left(), band.top, scene.size.width(), band.bottom(), colors.track);
    if (band.kind == TimelineBand::Kind::Ui)
        return drawUi(canvas, scene, frames, band);
    if (band.kind == TimelineBand::Kind::Render)
        return drawRender(canvas, scene, frames, band);
    const QColor &color
        = colors.lanes.isEmpty() ? colors.ui : colors.lanes[static_cast<qsizetype>(band.lane) % colors.lanes.size()];
    drawTrack(canvas, scene, scene.index->lanes[band.lane],
              {band.top, band.height, band.rowTop(1) - band.rowTop(0), band.rowHeight(0), color, colors.fillText},
              [&](std::size_t index) {
                  const WorkInterval &work = scene.trace->work[index];
                  const QString label = QString::fromStdString(work.label);
                  if (work.requester.empty())
                      return label;
                  return QStringLiteral("%1 · %2").arg(label, QString::fromStdString(work.requester));
              });
}

void drawLabels(TimelineCanvas &canvas, const TimelineScene &scene, const TimelineBand &band)
{
    const SpanTrack &track = scene.index->labels;
    drawTrack(canvas, scene, track,
              {band.top, band.height, band.rowTop(1) - band.rowTop(0), band.rowHeight(0),
               faded(scene.colors.label, 0.3), scene.colors.text},
              [&](std::size_t index) { return QString::fromStdString(scene.trace->labels[index].text); });
}

} // namespace jank
