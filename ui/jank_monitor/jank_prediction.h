#pragma once

#include "jank_monitor/frame_pace.h"
#include "jank_monitor/frame_sample.h"
#include "jank_monitor/work_log.h"

#include <span>

namespace jank {

/// What the model of one thread takes for granted. DEFINITIONS.md describes the model.
struct PredictionOptions {
    std::int64_t interval = intervalForRefreshRate(60); ///< the display's, over 0
    std::int64_t frameCost = 0; ///< what a frame itself takes of the thread
    std::int64_t turnBudget = 2'000'000; ///< for how long jobs are begun in one turn of the loop
    /// Of a display that does not hold frames to its vsyncs: when the next frame is asked for, after one was drawn.
    /// 0: it holds them, and the next is due at the vsync at which the one before it was shown.
    std::int64_t freePace = 0;
    /// With a free pace: a frame is asked for in one turn of the loop, by a timer, and drawn in the next.
    bool askedFirst = false;
    /// When the last frame before the first wanted span was shown, 0 where that is not known: then one is due at once.
    std::int64_t lastShown = 0;
    /// Frames stay wanted from the last wanted span on until the last job is done, and no longer; all jobs in one call.
    bool wantedUntilDone = false;
};

/// A job as the model takes it.
struct ModelJob {
    std::int64_t start = 0; ///< of the steady clock, nanoseconds
    std::int64_t end = 0;
    std::int64_t length = 0; ///< for how long it would hold the thread

    ModelJob() = default;
    explicit ModelJob(const WorkInterval &work) noexcept
        : start(work.start), end(work.end), length(work.cpu > 0 ? work.cpu : work.end - work.start)
    {
    }
};

/// What one thread would have suffered.
struct JankPrediction {
    std::int64_t framesMissed = 0; ///< vsyncs in wanted spans that no frame would have made
    std::int64_t stallTime = 0; ///< nanoseconds: sum of the loop's turns with work that were longer than an interval
    std::int64_t longestStall = 0; ///< nanoseconds: the longest such turn
    std::int64_t end = 0; ///< when the thread would have been done
};

/// Replays work that ran elsewhere on one thread that has frames to draw. Can be stopped and continued, and copied.
///
/// The thread turns an event loop. In each turn it begins the jobs that are waiting, in the order of their starts,
/// until the turn's budget is spent; then it draws a frame, if one was due when the turn began, or asks for it.
class SingleThreadReplay {
public:
    explicit SingleThreadReplay(PredictionOptions options) noexcept : m_options(options)
    {
        if (options.lastShown > 0 && options.freePace > 0)
            m_due = options.lastShown + options.frameCost + options.freePace;
    }

    /// Goes on to `until`: begins no turn at or after it. `jobs` sorted by start, without those of earlier calls;
    /// `wanted` sorted and apart from each other. Returns how many jobs were taken.
    std::size_t run(std::span<const ModelJob> jobs, std::span<const Interval> wanted, std::int64_t until) noexcept;

    [[nodiscard]] const JankPrediction &result() const noexcept { return m_result; }
    /// No frame is due before this any more.
    [[nodiscard]] std::int64_t nextTick() const noexcept { return m_due; }
    /// How frames come from now on, in place of what the options say.
    void setPace(const FramePace &pace) noexcept
    {
        m_options.frameCost = pace.cost;
        m_options.freePace = pace.freePace;
        m_options.askedFirst = pace.askedFirst;
    }
    [[nodiscard]] std::int64_t frameCost() const noexcept { return m_options.frameCost; }

private:
    /// The next frame.
    struct Due {
        std::int64_t time = 0;
        std::int64_t wantedSince = 0; // the span that it belongs to
        std::int64_t wantedUntil = 0;
    };
    [[nodiscard]] Due dueFrame(std::span<const Interval> wanted, bool workLeft) const noexcept;
    void turn(std::int64_t start, std::span<const ModelJob> jobs, std::size_t &taken, const Due &due) noexcept;
    void drawFrame(const Due &due) noexcept;
    void drawOrAsk(const Due &due, std::int64_t turnStart) noexcept;
    void endUnshown(const Due &due) noexcept;
    void countMissed(const Due &due, std::int64_t missed) noexcept;

    PredictionOptions m_options;
    JankPrediction m_result;
    std::int64_t m_free = 0; // when the thread is free again
    std::int64_t m_due = 0; // no frame is due before this
    std::int64_t m_shown = 0; // the vsync of the last frame, 0 before the first
    std::int64_t m_asked = 0; // when the last frame was asked for, where that comes first
    bool m_isAsked = false; // and it is not drawn yet
    Due m_askedFor;
};

/// What would have happened had `work` (in any order) run on the thread that draws. @thread any
[[nodiscard]] JankPrediction predictJankAvoided(std::span<const WorkInterval> work, std::span<const Interval> wanted,
                                                PredictionOptions options);

} // namespace jank
