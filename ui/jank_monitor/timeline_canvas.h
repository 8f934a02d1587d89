#pragma once

#include "jank_monitor/timeline_picture.h"

#include <cmath>

namespace jank {

/// Puts rectangles and words of a timeline in place: on whole pixels, within a clip, by time. Private to the drawing.
class TimelineCanvas {
public:
    TimelineCanvas(const TimelineScene &scene, TimelinePicture &picture, double left)
        : m_picture(picture), m_ratio(scene.pixelRatio > 0 ? scene.pixelRatio : 1), m_start(scene.range.start),
          m_perUnit(static_cast<double>(scene.range.length()) / std::max(1.0, scene.size.width() - left)), m_left(left),
          m_clip(QPointF(left, 0), QPointF(scene.size.width(), scene.size.height()))
    {
    }

    [[nodiscard]] double x(std::int64_t time) const noexcept
    {
        return m_left + static_cast<double>(time - m_start) / m_perUnit;
    }
    [[nodiscard]] double perUnit() const noexcept { return m_perUnit; } ///< nanoseconds
    [[nodiscard]] double left() const noexcept { return m_left; }
    [[nodiscard]] double one() const noexcept { return 1 / m_ratio; } ///< a device pixel
    [[nodiscard]] double snap(double value) const noexcept { return std::round(value * m_ratio) / m_ratio; }
    /// A column for each unit.
    [[nodiscard]] ColumnScale columns() const noexcept { return {m_start, m_perUnit}; }

    [[nodiscard]] const QRectF &clip() const noexcept { return m_clip; }
    void setClip(const QRectF &clip) noexcept { m_clip = clip; }

    /// A rectangle, at least a pixel wide and high, as far as it lies in the clip.
    void fill(double x0, double y0, double x1, double y1, const QColor &color)
    {
        const double left = std::max(snap(x0), m_clip.left());
        const double top = std::max(snap(y0), m_clip.top());
        const double right = std::min(std::max(snap(x1), snap(x0) + one()), m_clip.right());
        const double bottom = std::min(std::max(snap(y1), snap(y0) + one()), m_clip.bottom());
        if (right > left && bottom > top)
            m_picture.quads.push_back({{left, top, right - left, bottom - top}, color});
    }
    void outline(double x0, double y0, double x1, double y1, double thick, const QColor &color)
    {
        x1 = std::max(x1, x0 + 2 * thick);
        fill(x0, y0, x1, y0 + thick, color);
        fill(x0, y1 - thick, x1, y1, color);
        fill(x0, y0 + thick, x0 + thick, y1 - thick, color);
        fill(x1 - thick, y0 + thick, x1, y1 - thick, color);
    }
    /// Words within x0 and x1, as far as that is in the clip, in the middle of the height; none where there is no room.
    void text(double x0, double y0, double x1, double y1, const QString &words, const QColor &color, bool right = false,
              bool cut = true)
    {
        // What began before the edge has its words a little within.
        const double left = x0 < m_clip.left() ? m_clip.left() + TextMargin : x0;
        const double end = std::min(x1, m_clip.right());
        if (!words.isEmpty() && end - left >= LeastText && y0 >= m_clip.top() - 0.5 && y1 <= m_clip.bottom() + 0.5)
            m_picture.texts.push_back({{left, y0, end - left, y1 - y0}, words, color, right, cut});
    }
    /// Whether words could stand between x0 and x1.
    [[nodiscard]] bool hasRoom(double x0, double x1) const noexcept
    {
        return std::min(x1, m_clip.right()) - std::max(x0, m_clip.left()) >= LeastText;
    }
    void countVisited(std::size_t count) noexcept { m_picture.visited += count; }

private:
    static constexpr double LeastText = 28;
    static constexpr double TextMargin = 4;

    TimelinePicture &m_picture;
    double m_ratio;
    std::int64_t m_start;
    double m_perUnit;
    double m_left;
    QRectF m_clip;
};

[[nodiscard]] inline QColor faded(QColor color, double share)
{
    color.setAlphaF(static_cast<float>(color.alphaF() * share));
    return color;
}

/// Frames of the range, column by column, and the ones that are wide enough to be drawn one by one.
struct FrameColumns {
    struct Column {
        std::int64_t total = 0;
        std::int64_t longest = 0;
        std::int64_t render = 0;
        std::int32_t count = 0;
        std::int32_t missed = 0;
        bool late = false;
        bool own = false;
    };
    std::vector<Column> columns;
    std::vector<std::size_t> wide; ///< numbers of frames
    std::size_t visited = 0;

    [[nodiscard]] static FrameColumns of(const TimelineScene &scene, const ColumnScale &scale, std::size_t columnCount,
                                         double leastWidth);
};

/// The band of frames.
void drawFrames(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames,
                const TimelineBand &band);
/// Columns alone, standing on `bottom`.
void drawFrameColumns(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames, double top,
                      double bottom);
/// A lane below the frames.
void drawLane(TimelineCanvas &canvas, const TimelineScene &scene, const FrameColumns &frames, const TimelineBand &band);
/// The band of labels.
void drawLabels(TimelineCanvas &canvas, const TimelineScene &scene, const TimelineBand &band);

} // namespace jank
