#pragma once

#include "jank_monitor/phase.h"
#include "jank_monitor/pictures.h"

#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquickitem.h>

namespace jank {

/// A recorded run: the time of each frame over the time of the run, with the deadline. Two charts with the same
/// `duration` and `maximum` compare at one scale.
class FrameChart : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    /// Times at which frames were shown, in milliseconds from the beginning; the next two lists go with it.
    Q_PROPERTY(QList<qreal> times MEMBER m_times NOTIFY dataChanged FINAL)
    Q_PROPERTY(QList<qreal> frameTimes MEMBER m_frameTimes NOTIFY dataChanged FINAL)
    Q_PROPERTY(QList<int> missed MEMBER m_missed NOTIFY dataChanged FINAL)
    /// The length of the x axis, milliseconds; 0: up to the last frame.
    Q_PROPERTY(double duration MEMBER m_duration NOTIFY dataChanged FINAL)
    /// The length of the y axis, milliseconds; 0: `naturalMaximum`.
    Q_PROPERTY(double yMaximum MEMBER m_maximum NOTIFY scaleChanged FINAL)
    /// What shows every frame whole: the longest, at least two and a half deadlines.
    Q_PROPERTY(double naturalMaximum READ naturalMaximum NOTIFY dataChanged FINAL)
    /// The display's interval in milliseconds.
    Q_PROPERTY(double deadline MEMBER m_deadline NOTIFY dataChanged FINAL)
    Q_PROPERTY(QColor goodColor MEMBER m_good NOTIFY dataChanged FINAL)
    Q_PROPERTY(QColor lateColor MEMBER m_late NOTIFY dataChanged FINAL)
    Q_PROPERTY(QColor missedColor MEMBER m_missedColor NOTIFY dataChanged FINAL)
    Q_PROPERTY(QColor lineColor MEMBER m_line NOTIFY dataChanged FINAL)
    Q_PROPERTY(QColor gridColor MEMBER m_grid NOTIFY dataChanged FINAL)

public:
    explicit FrameChart(QQuickItem *parent = nullptr);

    [[nodiscard]] double naturalMaximum() const;
    /// Shows a phase: sets times, frameTimes, missed, duration and deadline.
    Q_INVOKABLE void show(const jank::PhaseSummary &phase);

signals:
    void dataChanged();
    void scaleChanged();

protected:
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *data) override;
    void geometryChange(const QRectF &now, const QRectF &before) override;

private:
    QList<qreal> m_times;
    QList<qreal> m_frameTimes;
    QList<int> m_missed;
    double m_duration = 0;
    double m_maximum = 0;
    double m_deadline = 1000.0 / 60;
    QColor m_good = Palette().good;
    QColor m_late = Palette().late;
    QColor m_missedColor = Palette().missed;
    QColor m_line = Palette().line;
    QColor m_grid = Palette().grid;
};

} // namespace jank
