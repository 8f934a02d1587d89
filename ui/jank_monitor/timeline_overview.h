#pragma once

#include "jank_monitor/timeline_view.h"

namespace jank {

/// All of a recording in a strip, with the part framed that a timeline shows: drag it to move, its edges to change its
/// length, or press anywhere to go there.
class TimelineOverview : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(jank::TimelineView *view READ view WRITE setView NOTIFY viewChanged FINAL)

public:
    explicit TimelineOverview(QQuickItem *parent = nullptr);

    [[nodiscard]] TimelineView *view() const { return m_view; }
    void setView(TimelineView *view);

signals:
    void viewChanged();

protected:
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *data) override;
    void updatePolish() override;
    void geometryChange(const QRectF &now, const QRectF &before) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    enum class Grip { None, Window, Start, End };
    void redraw();
    [[nodiscard]] Interval all() const;
    [[nodiscard]] double xOf(std::int64_t time) const;
    [[nodiscard]] std::int64_t timeAt(double x) const;

    QPointer<TimelineView> m_view;
    TimelinePicture m_picture;
    Grip m_grip = Grip::None;
    std::int64_t m_offset = 0; // from the window's start to where it was gripped
};

} // namespace jank
