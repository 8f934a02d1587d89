#include "jank_monitor/timeline_overview.h"

#include "jank_monitor/timeline_node.h"
#include "jank_monitor/timeline_range.h"

#include <QtGui/qevent.h>

#include <cmath>

namespace jank {

namespace {

constexpr double EdgeWidth = 5; // units to each side
constexpr double LeastForEdges = 24; // a narrower window has none
constexpr double ZoomOfAStep = 0.83;

} // namespace

TimelineOverview::TimelineOverview(QQuickItem *parent) : QQuickItem(parent)
{
    setFlag(ItemHasContents);
    setAcceptedMouseButtons(Qt::LeftButton);
}

void TimelineOverview::setView(TimelineView *view)
{
    if (m_view == view)
        return;
    if (m_view != nullptr)
        disconnect(m_view, nullptr, this, nullptr);
    m_view = view;
    if (view != nullptr)
        connect(view, &TimelineView::pictureChanged, this, &TimelineOverview::redraw);
    redraw();
    emit viewChanged();
}

void TimelineOverview::redraw()
{
    polish();
    update();
}

void TimelineOverview::updatePolish()
{
    m_picture
        = m_view != nullptr && width() > 0 && height() > 0 ? drawOverview(m_view->scene(size())) : TimelinePicture();
}

QSGNode *TimelineOverview::updatePaintNode(QSGNode *old, UpdatePaintNodeData *)
{
    auto *node = old != nullptr ? static_cast<TimelineNode *>(old) : new TimelineNode(window());
    node->show(m_picture, {}, size());
    return node;
}

void TimelineOverview::geometryChange(const QRectF &now, const QRectF &before)
{
    QQuickItem::geometryChange(now, before);
    if (now.size() != before.size())
        redraw();
}

Interval TimelineOverview::all() const
{
    const auto trace = m_view != nullptr && m_view->recording() != nullptr ? m_view->recording()->trace() : nullptr;
    return trace != nullptr ? trace->span : Interval{};
}

double TimelineOverview::xOf(std::int64_t time) const
{
    return static_cast<double>(time - all().start) / static_cast<double>(std::max<std::int64_t>(1, all().length()))
        * width();
}

std::int64_t TimelineOverview::timeAt(double x) const
{
    return all().start + std::llround(x / std::max(1.0, width()) * static_cast<double>(all().length()));
}

void TimelineOverview::wheelEvent(QWheelEvent *event)
{
    if (m_view != nullptr && all().length() > 0)
        m_view->setRange(zoomedAt(m_view->range(), all(), timeAt(event->position().x()),
                                  std::pow(ZoomOfAStep, event->angleDelta().y() / 120.0)));
    event->accept();
}

void TimelineOverview::mousePressEvent(QMouseEvent *event)
{
    if (m_view == nullptr || all().length() <= 0)
        return;
    const double x = event->position().x();
    const Interval range = m_view->range();
    const double left = xOf(range.start);
    const double right = xOf(range.end);
    const bool edges = right - left >= LeastForEdges;
    m_grip = edges && std::abs(x - left) <= EdgeWidth ? Grip::Start
        : edges && std::abs(x - right) <= EdgeWidth   ? Grip::End
                                                      : Grip::Window;
    m_offset = timeAt(x) - range.start;
    if (m_grip == Grip::Window && (x < left || x > right)) {
        m_offset = range.length() / 2;
        m_view->setRange({timeAt(x) - m_offset, timeAt(x) - m_offset + range.length()});
    }
    setKeepMouseGrab(true);
    event->accept();
}

void TimelineOverview::mouseMoveEvent(QMouseEvent *event)
{
    if (m_view == nullptr || m_grip == Grip::None)
        return;
    const Interval range = m_view->range();
    const std::int64_t time = std::clamp(timeAt(event->position().x()), all().start, all().end);
    if (m_grip == Grip::Window)
        m_view->setRange(
            {timeAt(event->position().x()) - m_offset, timeAt(event->position().x()) - m_offset + range.length()});
    else if (m_grip == Grip::Start)
        m_view->setRange({std::min(time, range.end - ShortestRange), range.end});
    else
        m_view->setRange({range.start, std::max(time, range.start + ShortestRange)});
}

void TimelineOverview::mouseReleaseEvent(QMouseEvent *)
{
    m_grip = Grip::None;
    setKeepMouseGrab(false);
}

} // namespace jank
