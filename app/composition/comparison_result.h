#pragma once

#include "composition/comparison_work.h"
#include "jank_monitor/jank_prediction.h"
#include "jank_monitor/phase.h"

#include <span>
#include <vector>

namespace steadyframe::composition {

/// A stretch of the comparison, idle or with work.
struct ComparisonRun {
    jank::PhaseSummary phase;
    int photos = 0; ///< compressed
    int feeds = 0; ///< parsed
    double megabytes = 0; ///< 10^6 bytes of originals and of feeds
    double waitedMs = 0; ///< that its tasks waited for a processor
    bool drawnOnUiThread = false; ///< the render loop has no thread of its own
    std::vector<jank::WorkInterval> work;
    /// The same tasks one after another in an isolate, just before: what each takes with no other beside it. Empty
    /// where that was not timed.
    std::vector<jank::WorkInterval> alone;

    /// Megabytes a second; 0 when idle.
    [[nodiscard]] double throughput() const noexcept;
};

/// The same work each way once, and what the first predicts of the second.
struct ComparisonRound {
    ComparisonRun idle;
    ComparisonRun isolates;
    ComparisonRun mainIsolate;
    jank::JankPrediction predicted;
};

/// Several values of one figure.
struct Spread {
    double median = 0; ///< of an even number, the mean of the middle two
    double least = 0;
    double most = 0;

    friend bool operator==(const Spread &, const Spread &) = default;
};

/// All 0 of no values. @thread any
[[nodiscard]] Spread spreadOf(std::vector<double> values);

/// What came of all rounds.
struct ComparisonResult {
    WorkKind kind = WorkKind::mix;
    std::vector<ComparisonRound> rounds;

    [[nodiscard]] bool empty() const noexcept { return rounds.empty(); }
    /// Missed frames in the work's time: what the model says of one thread, and what it really was on the main isolate.
    [[nodiscard]] Spread predictedMissed() const;
    [[nodiscard]] Spread measuredMissed() const;
    /// The same less what was missed while isolates did the work, each round by itself; may be negative.
    [[nodiscard]] Spread predictedAvoided() const;
    [[nodiscard]] Spread measuredAvoided() const;
    /// How far the median of the prediction is off, as a share of the measured one: 0.1 is 10 % too many. 0 when
    /// nothing was missed either way, and 1 when nothing was missed though something was predicted.
    [[nodiscard]] double predictionError() const;
};

/// The work of a run as one thread would have it, where no job has another beside it that takes its share of caches and
/// memory, but each waits for its disk: the jobs with one label take in the mean what those of `run.alone` took by the
/// clock, and differ by their processor times. Jobs that were not timed alone stay as they are. @thread any
[[nodiscard]] std::vector<jank::WorkInterval> workAlone(const ComparisonRun &run);

/// The prediction for one round: the work of its run in isolates, as it is alone, on one thread, with frames wanted
/// from its beginning until all is done. What a frame takes is from the same run, and how often frames come by
/// themselves from the idle one. @thread any
[[nodiscard]] jank::JankPrediction predictOf(const ComparisonRound &round);

/// The index of the run whose missed frames are the median, or the nearest to it; `runs` not empty. @thread any
[[nodiscard]] std::size_t medianRun(std::span<const ComparisonRun *const> runs);

} // namespace steadyframe::composition
