#pragma once

#include "jank_monitor/frame_sample.h"
#include "jank_monitor/work_log.h"

#include <span>

namespace jank {

/// What the model of one thread takes for granted. DEFINITIONS.md describes the model.
struct PredictionOptions {
    std::int64_t interval = intervalForRefreshRate(60); ///< the display's, over 0
    std::int64_t frameCost = 0; ///< what a frame itself takes of the thread
    bool wantedUntilDone = false; ///< frames stay wanted from the last wanted span on until all work is done
};

/// What one thread would have suffered.
struct JankPrediction {
    std::int64_t framesMissed = 0; ///< vsyncs in wanted spans that no frame would have made
    std::int64_t stallTime = 0; ///< nanoseconds: sum of the jobs longer than an interval
    std::int64_t longestStall = 0; ///< nanoseconds: the longest such job
    std::int64_t end = 0; ///< when the thread would have been done
};

/// Replays work that ran elsewhere on one thread that has frames to draw. Can be stopped and continued, and copied.
///
/// Jobs run in the order of their starts, each in one piece, none before its start. Between two jobs a frame that is
/// due comes first. A frame is due at each vsync of the wanted spans and shown at the first vsync by which it is drawn.
class SingleThreadReplay {
public:
    explicit SingleThreadReplay(PredictionOptions options) noexcept : m_options(options) {}

    /// Goes on to `until`: begins nothing at or after it. `jobs` sorted by start, without those of earlier calls;
    /// `wanted` sorted and apart from each other. Returns how many jobs were taken.
    std::size_t run(std::span<const WorkInterval> jobs, std::span<const Interval> wanted, std::int64_t until) noexcept;

    [[nodiscard]] const JankPrediction &result() const noexcept { return m_result; }
    /// Ticks before this are decided.
    [[nodiscard]] std::int64_t nextTick() const noexcept { return m_tick; }

private:
    struct Tick;
    [[nodiscard]] Tick dueTick(std::span<const Interval> wanted, bool workLeft) const noexcept;
    void drawFrame(const Tick &tick) noexcept;
    void runJob(const WorkInterval &job) noexcept;

    PredictionOptions m_options;
    JankPrediction m_result;
    std::int64_t m_free = 0; // when the thread is free again
    std::int64_t m_tick = 0; // no tick before this
};

/// What would have happened had `work` (in any order) run on the thread that draws. @thread any
[[nodiscard]] JankPrediction predictJankAvoided(std::span<const WorkInterval> work, std::span<const Interval> wanted,
                                                PredictionOptions options);

} // namespace jank
