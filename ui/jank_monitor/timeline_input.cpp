// What the mouse, the trackpad and the keyboard do to a timeline.
#include "jank_monitor/timeline_range.h"
#include "jank_monitor/timeline_view.h"

#include <QtGui/qevent.h>
#include <QtGui/qguiapplication.h>
#include <QtGui/qstylehints.h>

#include <cmath>

namespace jank {

namespace {

constexpr double ZoomOfAStep = 0.83; // of a wheel's notch
constexpr double StepAngle = 120;
constexpr double PixelsOfAStep = 60; // of a trackpad
constexpr double KeyZoom = 0.7;
constexpr double KeyPan = 0.15;
constexpr double LinesOfAStep = 48; // units that a notch scrolls the lanes

} // namespace

bool TimelineView::event(QEvent *event)
{
    if (event->type() == QEvent::NativeGesture) {
        const auto *gesture = static_cast<QNativeGestureEvent *>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            zoomAt(gesture->position().x(), 1 / std::clamp(1 + gesture->value(), 0.2, 5.0));
            event->accept();
            return true;
        }
    }
    return QQuickItem::event(event);
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    const bool trackpad = !event->pixelDelta().isNull();
    const QPointF steps
        = trackpad ? QPointF(event->pixelDelta()) / PixelsOfAStep : QPointF(event->angleDelta()) / StepAngle;
    const bool sideways = event->modifiers().testFlag(Qt::ShiftModifier);
    const double across = sideways && steps.x() == 0 ? steps.y() : steps.x();
    event->accept();
    if (event->position().x() < TimelineLayout::Gutter) {
        setScroll(m_scroll - steps.y() * LinesOfAStep);
        return;
    }
    if (across != 0 && std::abs(across) >= std::abs(sideways ? 0 : steps.y())) {
        setFollowing(false);
        const double units = trackpad ? across * PixelsOfAStep : across * LinesOfAStep * 2;
        applyRange(pannedBy(m_range, bounds(), -static_cast<std::int64_t>(units * perUnit())));
        return;
    }
    zoomAt(event->position().x(), std::pow(ZoomOfAStep, steps.y()));
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    forceActiveFocus(Qt::MouseFocusReason);
    m_pressed = true;
    m_dragging = false;
    m_pressedAt = m_dragFrom = event->position();
    setKeepMouseGrab(true);
    event->accept();
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_pressed)
        return;
    const QPointF moved = event->position() - m_pressedAt;
    if (!m_dragging && moved.manhattanLength() < QGuiApplication::styleHints()->startDragDistance())
        return;
    if (!m_dragging) {
        m_dragging = true;
        setCursor(Qt::ClosedHandCursor);
    }
    const QPointF step = event->position() - m_dragFrom;
    m_dragFrom = event->position();
    if (step.x() != 0) {
        setFollowing(false);
        applyRange(pannedBy(m_range, bounds(), -static_cast<std::int64_t>(std::llround(step.x() * perUnit()))));
    }
    setScroll(m_scroll - step.y());
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_pressed && !m_dragging)
        selectAt(event->position().x(), event->position().y());
    mouseUngrabEvent();
}

void TimelineView::mouseUngrabEvent()
{
    m_pressed = m_dragging = false;
    setKeepMouseGrab(false);
    unsetCursor();
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent *event)
{
    selectAt(event->position().x(), event->position().y());
    zoomToSelection();
    event->accept();
}

void TimelineView::hoverMoveEvent(QHoverEvent *event)
{
    const TimelineMark mark = hitTimeline(scene(size()), event->position()).mark;
    if (mark == m_hovered)
        return;
    m_hovered = mark;
    redraw();
}

void TimelineView::hoverLeaveEvent(QHoverEvent *)
{
    if (m_hovered.empty())
        return;
    m_hovered = {};
    redraw();
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    event->accept();
    switch (event->key()) {
    case Qt::Key_Left:
        return pan(-KeyPan);
    case Qt::Key_Right:
        return pan(KeyPan);
    case Qt::Key_PageUp:
        return pan(-1);
    case Qt::Key_PageDown:
        return pan(1);
    case Qt::Key_Up:
        return setScroll(m_scroll - LinesOfAStep);
    case Qt::Key_Down:
        return setScroll(m_scroll + LinesOfAStep);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(KeyZoom);
    case Qt::Key_Minus:
        return zoom(1 / KeyZoom);
    case Qt::Key_0:
        return showAll();
    case Qt::Key_Home:
        return showBegin();
    case Qt::Key_End:
        return showEnd();
    case Qt::Key_N:
        selectNextProblem();
        return;
    case Qt::Key_P:
        selectPreviousProblem();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return zoomToSelection();
    case Qt::Key_Escape:
        if (hasSelection())
            return clearSelection();
        break;
    default:
        break;
    }
    event->ignore();
}

} // namespace jank
