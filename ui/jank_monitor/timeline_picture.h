#pragma once

#include "jank_monitor/quads.h"
#include "jank_monitor/timeline_layout.h"
#include "jank_monitor/trace.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <memory>
#include <vector>

namespace jank {

/// The colours of the timeline.
struct TimelineColors {
    QColor text{0xf4, 0xf6, 0xfa};
    QColor muted{0x9a, 0xa4, 0xb8};
    QColor track{0xff, 0xff, 0xff, 0x0c};
    QColor grid{0xff, 0xff, 0xff, 0x1a};
    QColor line{0xff, 0xff, 0xff, 0x8c};
    QColor fillText{0x10, 0x14, 0x20}; ///< text on what is filled
    QColor good{0x4f, 0xc3, 0xb0};
    QColor late{0xf2, 0xb8, 0x4b};
    QColor missed{0xff, 0x6b, 0x6b};
    QColor ui{0x7a, 0xa8, 0xff};
    QColor wait{0x80, 0x8a, 0x9c, 0x66};
    QColor sync{0xb0, 0x8c, 0xff};
    QColor render{0x4f, 0xc3, 0xb0};
    QColor block{0x8c, 0x98, 0xb4};
    QColor label{0x5c, 0xc8, 0xe8};
    QColor selection{0xff, 0xff, 0xff};
    QList<QColor> lanes{QColor(0x7a, 0xa8, 0xff), QColor(0xb0, 0x8c, 0xff), QColor(0x5c, 0xc8, 0xe8),
                        QColor(0x86, 0xd0, 0x7c), QColor(0xf0, 0xa8, 0x68), QColor(0xe8, 0x8c, 0xb8)};

    friend bool operator==(const TimelineColors &, const TimelineColors &) = default;
};

/// Words in a picture.
struct TimelineText {
    QRectF rect; ///< they are cut to fit; item units
    QString text;
    QColor color;
    bool right = false; ///< aligned to the right edge
    bool cut = true; ///< with an ellipsis; else left out when they don't fit
};

/// What a timeline looks like: all rectangles, back to front, and the words on them.
struct TimelinePicture {
    std::vector<Quad> quads;
    std::vector<TimelineText> texts;
    std::size_t visited = 0; ///< spans and groups of the recording that were looked at
};

/// What is marked in a timeline.
struct TimelineMark {
    TimelineBand::Kind kind = TimelineBand::Kind::Ruler; ///< Ruler: nothing
    std::uint64_t lane = 0; ///< its id
    int row = 0;
    Interval span;

    [[nodiscard]] bool empty() const noexcept { return kind == TimelineBand::Kind::Ruler; }
    friend bool operator==(const TimelineMark &a, const TimelineMark &b) noexcept
    {
        return a.kind == b.kind && a.lane == b.lane && a.span.start == b.span.start && a.span.end == b.span.end;
    }
};

/// All that a picture of the timeline is made of.
struct TimelineScene {
    std::shared_ptr<const Trace> trace; ///< null: an empty timeline
    std::shared_ptr<const TraceIndex> index; ///< of `trace`
    Interval range; ///< what is shown, over 0 long
    QSizeF size;
    double pixelRatio = 1;
    double scroll = 0; ///< of the lanes, item units
    TimelineColors colors;
    TimelineMark selection;
    TimelineMark hovered;
};

/// Draws a timeline. The time it takes, and what it returns, hang on the number of pixels and not on how much was
/// recorded: where frames are narrower than some pixels, each column of pixels shows the worst of its time (no spike is
/// lost) and the mean. @thread any
[[nodiscard]] TimelinePicture drawTimeline(const TimelineScene &scene);

/// Draws all of a recording into a strip, with the part `scene.range` of it framed. @thread any
[[nodiscard]] TimelinePicture drawOverview(const TimelineScene &scene);

/// What lies at a point of the timeline; empty when nothing does.
struct TimelineHit {
    TimelineMark mark;
    std::size_t index = 0; ///< of the frame, block, stall, label or piece of work
    bool stall = false; ///< in Kind::Ui: `index` is that of a stall
};
[[nodiscard]] TimelineHit hitTimeline(const TimelineScene &scene, QPointF point);

/// The height of a frame of that length, 0 to 1: even up to two intervals, which take the lower half; above that, the
/// logarithm, up to 64 intervals, so that the deadline is always seen and a long frame never hides the others.
[[nodiscard]] double frameHeight(std::int64_t length, std::int64_t interval) noexcept;

/// A time of the recording as the ruler has it: "1:02.350"; `step` (nanoseconds) says how finely.
[[nodiscard]] QString timeText(std::int64_t sinceStart, std::int64_t step);

} // namespace jank
