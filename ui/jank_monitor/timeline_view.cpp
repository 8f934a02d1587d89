#include "jank_monitor/timeline_view.h"

#include "jank_monitor/timeline_node.h"
#include "jank_monitor/timeline_range.h"
#include "jank_monitor/trace_details.h"

#include <QtGui/qguiapplication.h>
#include <QtGui/qstylehints.h>
#include <QtQuick/qquickwindow.h>

namespace jank {

namespace {

constexpr std::int64_t LiveLength = 10 * NanosecondsPerSecond;
constexpr double NarrowProblem = 12; // units: one that is narrower is zoomed to
constexpr int TextSize = 11;

using Kind = TimelineBand::Kind;

} // namespace

TimelineView::TimelineView(QQuickItem *parent) : QQuickItem(parent)
{
    setFlag(ItemHasContents);
    setAcceptedMouseButtons(Qt::LeftButton);
    setAcceptHoverEvents(true);
    m_font = QGuiApplication::font();
    m_font.setPixelSize(TextSize);
}

TimelineView::~TimelineView() = default;

void TimelineView::setRecording(JankRecording *recording)
{
    if (m_recording == recording)
        return;
    if (m_recording != nullptr)
        disconnect(m_recording, nullptr, this, nullptr);
    m_recording = recording;
    m_session = 0;
    if (recording != nullptr)
        connect(recording, &JankRecording::changed, this, &TimelineView::traceChanged);
    emit recordingChanged();
    traceChanged();
}

Interval TimelineView::bounds() const
{
    return m_recording != nullptr && m_recording->trace() != nullptr ? m_recording->trace()->span : Interval{};
}

void TimelineView::traceChanged()
{
    const bool live = m_recording != nullptr && m_recording->isLive();
    const std::uint64_t session = m_recording != nullptr ? m_recording->session() : 0;
    const Interval all = bounds();
    if (session != m_session) {
        m_session = session;
        clearSelection();
        m_hovered = {};
        m_following = live;
        emit followingChanged();
        m_range = live ? Interval{all.end - LiveLength, all.end} : all;
    }
    if (m_following && live)
        m_range = {all.end - m_range.length(), all.end};
    // A young recording fills the width from the left.
    m_range = m_range.length() > all.length() && all.length() > 0 && live
        ? Interval{all.start, all.start + m_range.length()}
        : clampedTo(m_range, all);
    emit rangeChanged();
    setScroll(m_scroll);
    emit scrollChanged();
    refreshStall();
    redraw();
}

void TimelineView::refreshStall()
{
    const auto trace = m_recording != nullptr ? m_recording->trace() : nullptr;
    if (trace == nullptr || !m_selected.stall || !m_details.value(QStringLiteral("stack")).toStringList().isEmpty())
        return;
    // By its time: others were forgotten meanwhile, perhaps.
    for (std::size_t i = trace->stalls.size(); i-- > 0;) {
        const Interval span = trace->stalls[i].block.span();
        if (span.start == m_selected.mark.span.start && span.end == m_selected.mark.span.end) {
            TimelineHit hit = m_selected;
            hit.index = i;
            return select(hit);
        }
    }
}

void TimelineView::setFollowing(bool following)
{
    if (m_following == following)
        return;
    m_following = following;
    emit followingChanged();
    if (following)
        traceChanged();
}

double TimelineView::windowStart() const
{
    return static_cast<double>(m_range.start - bounds().start) / 1e9;
}
double TimelineView::windowLength() const
{
    return static_cast<double>(m_range.length()) / 1e9;
}

QString TimelineView::description() const
{
    if (m_recording == nullptr || m_recording->index() == nullptr)
        return tr("Nothing was recorded");
    const std::int64_t start = bounds().start;
    return tr("From %1 to %2 of %3")
        .arg(timeText(m_range.start - start, m_range.length() / 100),
             timeText(m_range.end - start, m_range.length() / 100), timeText(bounds().length(), NanosecondsPerSecond));
}

void TimelineView::setScroll(double scroll)
{
    const double clamped = std::clamp(scroll, 0.0, scrollMaximum());
    if (m_scroll == clamped)
        return;
    m_scroll = clamped;
    emit scrollChanged();
    redraw();
}

TimelineLayout TimelineView::layout() const
{
    const auto trace = m_recording != nullptr ? m_recording->trace() : nullptr;
    const auto index = m_recording != nullptr ? m_recording->index() : nullptr;
    return TimelineLayout::of(trace.get(), index.get(), size(), m_scroll);
}

double TimelineView::scrollMaximum() const
{
    return layout().scrollMaximum();
}
double TimelineView::lanesTop() const
{
    return layout().lanesTop;
}

void TimelineView::setFontFamily(const QString &family)
{
    if (m_font.family() == family)
        return;
    m_font.setFamily(family);
    emit colorsChanged();
    redraw();
}

void TimelineView::setColor(QColor &mine, const QColor &color)
{
    if (mine == color)
        return;
    mine = color;
    emit colorsChanged();
    redraw();
}

void TimelineView::setLaneColors(const QList<QColor> &colors)
{
    if (m_colors.lanes == colors)
        return;
    m_colors.lanes = colors;
    emit colorsChanged();
    redraw();
}

double TimelineView::perUnit() const
{
    return static_cast<double>(m_range.length()) / std::max(1.0, width() - TimelineLayout::Gutter);
}

void TimelineView::applyRange(Interval range)
{
    if (range.start == m_range.start && range.end == m_range.end)
        return;
    m_range = range;
    emit rangeChanged();
    redraw();
}

void TimelineView::setRange(Interval range)
{
    setFollowing(false);
    applyRange(clampedTo(range, bounds()));
}

void TimelineView::zoomAt(double x, double factor)
{
    if (bounds().length() <= 0 || !(factor > 0))
        return;
    const bool live = m_following && m_recording != nullptr && m_recording->isLive();
    const std::int64_t anchor = live
        ? m_range.end
        : m_range.start + static_cast<std::int64_t>(std::max(0.0, x - TimelineLayout::Gutter) * perUnit());
    applyRange(zoomedAt(m_range, bounds(), anchor, factor));
}

void TimelineView::zoom(double factor)
{
    const Interval span = m_selected.mark.span;
    const bool seen = hasSelection() && span.end > m_range.start && span.start < m_range.end;
    const std::int64_t middle = seen ? std::clamp(span.start + span.length() / 2, m_range.start, m_range.end)
                                     : m_range.start + m_range.length() / 2;
    zoomAt(TimelineLayout::Gutter + static_cast<double>(middle - m_range.start) / perUnit(), factor);
}

void TimelineView::pan(double part)
{
    setFollowing(false);
    applyRange(pannedBy(m_range, bounds(), static_cast<std::int64_t>(part * static_cast<double>(m_range.length()))));
}

void TimelineView::showAll()
{
    setRange(bounds());
}
void TimelineView::showBegin()
{
    setRange({bounds().start, bounds().start + m_range.length()});
}
void TimelineView::showEnd()
{
    if (m_recording != nullptr && m_recording->isLive())
        setFollowing(true);
    else
        setRange({bounds().end - m_range.length(), bounds().end});
}

bool TimelineView::selectNextProblem()
{
    return selectProblem(true);
}
bool TimelineView::selectPreviousProblem()
{
    return selectProblem(false);
}

bool TimelineView::selectProblem(bool next)
{
    const auto trace = m_recording != nullptr ? m_recording->trace() : nullptr;
    const auto index = m_recording != nullptr ? m_recording->index() : nullptr;
    if (index == nullptr)
        return false;
    // Of two that end together the stall comes first: it held up the frame.
    const bool atStall = hasSelection() && m_selected.stall;
    const std::int64_t from = hasSelection() ? m_selected.mark.span.end : next ? m_range.start : m_range.end;
    const SpanTrack::Hit frame = next ? index->frames.firstMissedAfter(from) : index->frames.lastMissedBefore(from);
    TimelineHit best;
    if (frame.found)
        best = {{Kind::Frames, 0, 0, {frame.span.start, frame.span.end}}, frame.index, false};
    for (std::size_t i = 0; i < trace->stalls.size(); ++i) {
        const LoopBlock &block = trace->stalls[i].block;
        const bool after = next ? block.end > from : block.end < from;
        const bool nearer
            = best.mark.empty() || (next ? block.end <= best.mark.span.end : block.end > best.mark.span.end);
        if (after && nearer && !(atStall && block.end == from))
            best = {{Kind::Ui, 0, 0, block.span()}, i, true};
    }
    if (best.mark.empty())
        return false;
    setFollowing(false);
    select(best);
    const Interval span = best.mark.span;
    const bool narrow = static_cast<double>(span.length()) / perUnit() < NarrowProblem;
    applyRange(narrow ? zoomedTo(span, bounds(), 1.0 / 12) : revealing(m_range, bounds(), span));
    return true;
}

void TimelineView::selectAt(double x, double y)
{
    select(hitTimeline(scene(size()), {x, y}));
}

void TimelineView::select(const TimelineHit &hit)
{
    const auto trace = m_recording != nullptr ? m_recording->trace() : nullptr;
    const QVariantMap details = trace != nullptr ? describe(*trace, hit, m_colors) : QVariantMap();
    // Of the same stall more may be known: its stack is named a moment later.
    if (hit.mark == m_selected.mark && hit.stall == m_selected.stall && details == m_details)
        return;
    m_selected = hit;
    m_details = details;
    emit selectionChanged();
    redraw();
}

void TimelineView::zoomToSelection()
{
    if (hasSelection())
        setRange(zoomedTo(m_selected.mark.span, bounds(), 0.2));
}

void TimelineView::clearSelection()
{
    select({});
}

TimelineScene TimelineView::scene(QSizeF size) const
{
    TimelineScene scene;
    if (m_recording != nullptr) {
        scene.trace = m_recording->trace();
        scene.index = m_recording->index();
    }
    scene.range = m_range;
    scene.size = size;
    scene.pixelRatio = window() != nullptr ? window()->effectiveDevicePixelRatio() : 1;
    scene.scroll = m_scroll;
    scene.colors = m_colors;
    scene.selection = m_selected.mark;
    scene.hovered = m_hovered;
    return scene;
}

void TimelineView::redraw()
{
    emit pictureChanged();
    polish();
    update();
}

void TimelineView::updatePolish()
{
    m_picture = width() > TimelineLayout::Gutter && height() > 0 ? drawTimeline(scene(size())) : TimelinePicture();
}

QSGNode *TimelineView::updatePaintNode(QSGNode *old, UpdatePaintNodeData *)
{
    auto *node = old != nullptr ? static_cast<TimelineNode *>(old) : new TimelineNode(window());
    node->show(m_picture, m_font, size());
    return node;
}

void TimelineView::geometryChange(const QRectF &now, const QRectF &before)
{
    QQuickItem::geometryChange(now, before);
    if (now.size() == before.size())
        return;
    setScroll(m_scroll);
    emit scrollChanged();
    redraw();
}

void TimelineView::itemChange(ItemChange change, const ItemChangeData &data)
{
    QQuickItem::itemChange(change, data);
    if (change == ItemDevicePixelRatioHasChanged)
        redraw();
}

} // namespace jank
