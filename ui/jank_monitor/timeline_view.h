#pragma once

#include "jank_monitor/jank_recording.h"
#include "jank_monitor/timeline_picture.h"

#include <QtCore/qpointer.h>
#include <QtGui/qfont.h>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquickitem.h>

namespace jank {

/// A recording over time: labels, frames against the deadline, the UI thread, the render thread, and a lane for whoever
/// worked elsewhere. A wheel zooms where the pointer is, dragging pans, a click selects. One geometry and one texture
/// atlas; what it takes to draw does not hang on how much was recorded.
class TimelineView : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(jank::JankRecording *recording READ recording WRITE setRecording NOTIFY recordingChanged FINAL)
    /// Whether the newest is kept in view; only while the recording is live. Panning switches it off.
    Q_PROPERTY(bool following READ isFollowing WRITE setFollowing NOTIFY followingChanged FINAL)
    /// What is shown: seconds from the beginning of the recording, and how many.
    Q_PROPERTY(double windowStart READ windowStart NOTIFY rangeChanged FINAL)
    Q_PROPERTY(double windowLength READ windowLength NOTIFY rangeChanged FINAL)
    /// The same in words, with what is in it.
    Q_PROPERTY(QString description READ description NOTIFY rangeChanged FINAL)
    /// How far the lanes are scrolled, from 0 to scrollMaximum, item units; and where they begin.
    Q_PROPERTY(double scroll READ scroll WRITE setScroll NOTIFY scrollChanged FINAL)
    Q_PROPERTY(double scrollMaximum READ scrollMaximum NOTIFY scrollChanged FINAL)
    Q_PROPERTY(double lanesTop READ lanesTop NOTIFY scrollChanged FINAL)
    /// What was selected, as trace_details.h describes it; empty when nothing is.
    Q_PROPERTY(QVariantMap selection READ selection NOTIFY selectionChanged FINAL)
    Q_PROPERTY(bool hasSelection READ hasSelection NOTIFY selectionChanged FINAL)
    Q_PROPERTY(QString fontFamily READ fontFamily WRITE setFontFamily NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor textColor READ textColor WRITE setTextColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor mutedColor READ mutedColor WRITE setMutedColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor trackColor READ trackColor WRITE setTrackColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor gridColor READ gridColor WRITE setGridColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor lineColor READ lineColor WRITE setLineColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor fillTextColor READ fillTextColor WRITE setFillTextColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor goodColor READ goodColor WRITE setGoodColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor lateColor READ lateColor WRITE setLateColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor missedColor READ missedColor WRITE setMissedColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor uiColor READ uiColor WRITE setUiColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor waitColor READ waitColor WRITE setWaitColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor syncColor READ syncColor WRITE setSyncColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor renderColor READ renderColor WRITE setRenderColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor blockColor READ blockColor WRITE setBlockColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor labelColor READ labelColor WRITE setLabelColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QColor selectionColor READ selectionColor WRITE setSelectionColor NOTIFY colorsChanged FINAL)
    Q_PROPERTY(QList<QColor> laneColors READ laneColors WRITE setLaneColors NOTIFY colorsChanged FINAL)

public:
    explicit TimelineView(QQuickItem *parent = nullptr);
    ~TimelineView() override;

    [[nodiscard]] JankRecording *recording() const { return m_recording; }
    void setRecording(JankRecording *recording);
    [[nodiscard]] bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    [[nodiscard]] double windowStart() const;
    [[nodiscard]] double windowLength() const;
    [[nodiscard]] QString description() const;
    [[nodiscard]] double scroll() const { return m_scroll; }
    void setScroll(double scroll);
    [[nodiscard]] double scrollMaximum() const;
    [[nodiscard]] double lanesTop() const;
    [[nodiscard]] const QVariantMap &selection() const { return m_details; }
    [[nodiscard]] bool hasSelection() const { return !m_selected.mark.empty(); }
    [[nodiscard]] QString fontFamily() const { return m_font.family(); }
    void setFontFamily(const QString &family);

    /// The times that are shown, nanoseconds of the recording.
    [[nodiscard]] Interval range() const { return m_range; }
    /// Shows these times, as far as there are any; following ends.
    void setRange(Interval range);
    /// What it draws, for another item of that size.
    [[nodiscard]] TimelineScene scene(QSizeF size) const;

    /// Zooms by `factor` (below 1: in); what is at `x` stays there, or at the right edge while following.
    Q_INVOKABLE void zoomAt(double x, double factor);
    /// Zooms around the selection, where it is in view, else around the middle.
    Q_INVOKABLE void zoom(double factor);
    /// Pans by a part of what is shown; below 0 into the past.
    Q_INVOKABLE void pan(double part);
    Q_INVOKABLE void showAll();
    Q_INVOKABLE void showBegin();
    Q_INVOKABLE void showEnd();
    /// Selects the next (previous) frame that missed a vsync, or stall, after (before) the selection, or the middle of
    /// what is shown, and shows it. False when there is none.
    Q_INVOKABLE bool selectNextProblem();
    Q_INVOKABLE bool selectPreviousProblem();
    /// Selects what lies at a point of the item; nothing clears the selection.
    Q_INVOKABLE void selectAt(double x, double y);
    /// Shows the selection in a fifth of the width.
    Q_INVOKABLE void zoomToSelection();
    Q_INVOKABLE void clearSelection();

    // One of each colour of TimelineColors.
#define JANK_TIMELINE_COLOR(name, Name)                                                                                \
    [[nodiscard]] QColor name##Color() const                                                                           \
    {                                                                                                                  \
        return m_colors.name;                                                                                          \
    }                                                                                                                  \
    void set##Name##Color(const QColor &color)                                                                         \
    {                                                                                                                  \
        setColor(m_colors.name, color);                                                                                \
    }
    JANK_TIMELINE_COLOR(text, Text)
    JANK_TIMELINE_COLOR(muted, Muted)
    JANK_TIMELINE_COLOR(track, Track)
    JANK_TIMELINE_COLOR(grid, Grid)
    JANK_TIMELINE_COLOR(line, Line)
    JANK_TIMELINE_COLOR(fillText, FillText)
    JANK_TIMELINE_COLOR(good, Good)
    JANK_TIMELINE_COLOR(late, Late)
    JANK_TIMELINE_COLOR(missed, Missed)
    JANK_TIMELINE_COLOR(ui, Ui)
    JANK_TIMELINE_COLOR(wait, Wait)
    JANK_TIMELINE_COLOR(sync, Sync)
    JANK_TIMELINE_COLOR(render, Render)
    JANK_TIMELINE_COLOR(block, Block)
    JANK_TIMELINE_COLOR(label, Label)
    JANK_TIMELINE_COLOR(selection, Selection)
#undef JANK_TIMELINE_COLOR
    [[nodiscard]] QList<QColor> laneColors() const
    {
        return m_colors.lanes;
    }
    void setLaneColors(const QList<QColor> &colors);

signals:
    void recordingChanged();
    void followingChanged();
    void rangeChanged();
    void scrollChanged();
    void selectionChanged();
    void colorsChanged();
    /// There is another picture: for who draws the same.
    void pictureChanged();

protected:
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *data) override;
    void updatePolish() override;
    void geometryChange(const QRectF &now, const QRectF &before) override;
    void itemChange(ItemChange change, const ItemChangeData &data) override;
    bool event(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseUngrabEvent() override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void hoverMoveEvent(QHoverEvent *event) override;
    void hoverLeaveEvent(QHoverEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void traceChanged();
    void redraw();
    void setColor(QColor &mine, const QColor &color);
    void applyRange(Interval range);
    void select(const TimelineHit &hit);
    void refreshStall(); ///< its stack is named a moment after the stall
    bool selectProblem(bool next);
    [[nodiscard]] Interval bounds() const;
    [[nodiscard]] double perUnit() const;
    [[nodiscard]] TimelineLayout layout() const;

    QPointer<JankRecording> m_recording;
    std::uint64_t m_session = 0; // of the recording that the range belongs to
    Interval m_range;
    bool m_following = true;
    double m_scroll = 0;
    TimelineColors m_colors;
    QFont m_font;
    TimelineHit m_selected;
    TimelineMark m_hovered;
    QVariantMap m_details;
    TimelinePicture m_picture;
    bool m_pressed = false;
    bool m_dragging = false;
    QPointF m_pressedAt;
    QPointF m_dragFrom;
};

} // namespace jank
