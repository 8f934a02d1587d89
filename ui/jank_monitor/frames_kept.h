#pragma once

#include "jank_monitor/jank_prediction.h"
#include "jank_monitor/ring.h"

#include <vector>

namespace jank {

/// The running total of frames that were kept because work ran elsewhere.
///
/// Predicted misses of the one-thread model, less those that it has without the work (frames that take longer than an
/// interval miss vsyncs by themselves), less the vsyncs that were really missed while that work ran: contention that
/// the work caused counts against it, so the total can be negative. Bounded: what is older than some seconds is
/// settled. What a frame takes of the one thread, and how the display takes them, the last frames tell (frame_pace.h).
/// Belongs to one thread.
class FramesKept {
public:
    explicit FramesKept(PredictionOptions options = {}) : m_options(options), m_settled(options), m_settledIdle(options)
    {
    }

    /// Work that ran off the UI thread, in any order.
    void addWork(const std::vector<WorkInterval> &work);
    /// A frame that was shown, in the order of time.
    void addFrame(const FrameSample &sample);
    /// Brings the total up to `now` and returns it.
    std::int64_t update(std::int64_t now);

    /// Whether frames are drawn on the UI thread: then drawing is part of what they take of it.
    void setDrawnOnUiThread(bool drawn) noexcept { m_drawnOnUiThread = drawn; }
    /// What a frame takes of the one thread, nanoseconds.
    [[nodiscard]] std::int64_t frameCost() const noexcept { return m_settled.frameCost(); }
    [[nodiscard]] std::int64_t kept() const noexcept { return m_predicted.framesMissed - m_charged; }
    /// What the model says the work would have done, without what is held against it.
    [[nodiscard]] const JankPrediction &predicted() const noexcept { return m_predicted; }
    /// Starts again from nothing, with another interval.
    void reset(PredictionOptions options);

private:
    static constexpr std::size_t FramesRemembered = 64;

    void learnPace();
    [[nodiscard]] std::int64_t missesDuringWork(std::int64_t before) const;
    void settle(std::int64_t horizon);

    PredictionOptions m_options;
    SingleThreadReplay m_settled; // decided up to some seconds ago
    SingleThreadReplay m_settledIdle; // the same without work
    std::int64_t m_settledUntil = 0;
    std::int64_t m_settledCharges = 0;
    std::vector<ModelJob> m_jobs; // not settled yet; sorted by start
    std::vector<Interval> m_wanted;
    std::vector<std::int64_t> m_misses; // times of missed vsyncs
    Ring<FrameSample> m_lastFrames{FramesRemembered};
    bool m_drawnOnUiThread = false;
    JankPrediction m_predicted;
    std::int64_t m_charged = 0;
};

} // namespace jank
