#pragma once

#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/pictures.h"

#include <QtCore/qpointer.h>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquickitem.h>

namespace jank {

/// What the live strips share: a monitor, and a picture that follows it without asking for frames.
class LiveStrip : public QQuickItem {
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(jank::JankMonitor *monitor READ monitor WRITE setMonitor NOTIFY monitorChanged FINAL)

public:
    explicit LiveStrip(QQuickItem *parent = nullptr);

    [[nodiscard]] JankMonitor *monitor() const { return m_monitor; }
    void setMonitor(JankMonitor *monitor);

signals:
    void monitorChanged();

protected:
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *data) override;
    void geometryChange(const QRectF &now, const QRectF &before) override;
    void itemChange(ItemChange change, const ItemChangeData &data) override;
    /// A new source for how the item is now; null for an empty picture. @thread render, while the UI thread is held
    [[nodiscard]] virtual std::shared_ptr<QuadSource> makeSource() const = 0;
    [[nodiscard]] PictureFrame pictureFrame() const;

private:
    QPointer<JankMonitor> m_monitor;
};

/// The last frames of one thread as bars against the deadline, newest at the right, or of both threads, one strip below
/// the other; one node either way. The full height of a strip is one and a half intervals.
class FrameStrip : public jank::LiveStrip {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(Part part MEMBER m_part NOTIFY lookChanged FINAL)
    Q_PROPERTY(double pitch MEMBER m_pitch NOTIFY lookChanged FINAL)
    Q_PROPERTY(double gap MEMBER m_gap NOTIFY lookChanged FINAL)
    Q_PROPERTY(QColor trackColor MEMBER m_track NOTIFY lookChanged FINAL)
    Q_PROPERTY(QColor goodColor MEMBER m_good NOTIFY lookChanged FINAL)
    Q_PROPERTY(QColor lateColor MEMBER m_late NOTIFY lookChanged FINAL)
    Q_PROPERTY(QColor missedColor MEMBER m_missed NOTIFY lookChanged FINAL)
    Q_PROPERTY(QColor lineColor MEMBER m_line NOTIFY lookChanged FINAL)

public:
    /// The thread whose part of each frame is shown.
    enum Part {
        UiThread, ///< events, animations, polish
        RenderThread, ///< synchronisation and draw calls
        BothThreads ///< the UI thread's above the render thread's
    };
    Q_ENUM(Part)

    explicit FrameStrip(QQuickItem *parent = nullptr);

signals:
    void lookChanged();

protected:
    std::shared_ptr<QuadSource> makeSource() const override;

private:
    Part m_part = UiThread;
    double m_pitch = 3; // item units from bar to bar
    double m_gap = 4; // item units between two strips
    QColor m_track{Qt::transparent}; // what the bars stand before
    QColor m_good = Palette().good;
    QColor m_late = Palette().late;
    QColor m_missed = Palette().missed;
    QColor m_line = Palette().line;
};

/// What the workers did in the last seconds, a lane each.
class LaneStrip : public jank::LiveStrip {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(int laneCount MEMBER m_laneCount NOTIFY lookChanged FINAL)
    Q_PROPERTY(double seconds MEMBER m_seconds NOTIFY lookChanged FINAL)
    Q_PROPERTY(QList<QColor> colors MEMBER m_colors NOTIFY lookChanged FINAL)
    Q_PROPERTY(QColor trackColor MEMBER m_track NOTIFY lookChanged FINAL)

public:
    explicit LaneStrip(QQuickItem *parent = nullptr);

signals:
    void lookChanged();

protected:
    std::shared_ptr<QuadSource> makeSource() const override;

private:
    int m_laneCount = 0; // the first so many lanes are shown
    double m_seconds = 4;
    QList<QColor> m_colors{QColor(0x7a, 0xa8, 0xff)};
    QColor m_track{0xff, 0xff, 0xff, 0x14};
};

} // namespace jank
