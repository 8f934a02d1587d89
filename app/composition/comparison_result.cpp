#include "composition/comparison_result.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace steadyframe::composition {

namespace {

double missed(const ComparisonRun &run)
{
    return run.phase.statistics.framesMissed;
}

std::int64_t medianOf(std::vector<std::int64_t> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// What a frame takes of the UI thread, nanoseconds. A swap that `waits` for the vsync is the display's pace, no cost.
std::int64_t frameCost(const ComparisonRun &run, bool waits)
{
    std::vector<std::int64_t> costs;
    for (const jank::FrameSample &sample : run.phase.samples) {
        const std::int64_t drawing = waits ? sample.renderTime() : sample.swapEnd - sample.syncStart;
        costs.push_back(sample.uiBusy + (run.drawnOnUiThread ? drawing : 0));
    }
    return medianOf(std::move(costs));
}

/// Nanoseconds from one frame to the next when nothing holds them up and all are wanted.
std::int64_t frameGap(const std::vector<jank::FrameSample> &samples)
{
    std::vector<std::int64_t> gaps;
    for (std::size_t i = 1; i < samples.size(); ++i)
        gaps.push_back(samples[i].swapEnd - samples[i - 1].swapEnd);
    return medianOf(std::move(gaps));
}

/// What a swap takes, nanoseconds: the median.
std::int64_t swapTime(const std::vector<jank::FrameSample> &samples)
{
    std::vector<std::int64_t> times;
    for (const jank::FrameSample &sample : samples)
        times.push_back(sample.swapEnd - sample.renderEnd);
    return medianOf(std::move(times));
}

template <class Value>
Spread spreadOver(const std::vector<ComparisonRound> &rounds, Value value)
{
    std::vector<double> values;
    for (const ComparisonRound &round : rounds)
        values.push_back(value(round));
    return spreadOf(std::move(values));
}

} // namespace

double ComparisonRun::throughput() const noexcept
{
    return phase.statistics.duration > 0 ? megabytes * 1000 / phase.statistics.duration : 0;
}

Spread spreadOf(std::vector<double> values)
{
    if (values.empty())
        return {};
    std::sort(values.begin(), values.end());
    const std::size_t count = values.size();
    return {(values[(count - 1) / 2] + values[count / 2]) / 2, values.front(), values.back()};
}

Spread ComparisonResult::predictedMissed() const
{
    return spreadOver(rounds, [](const auto &round) { return static_cast<double>(round.predicted.framesMissed); });
}

Spread ComparisonResult::measuredMissed() const
{
    return spreadOver(rounds, [](const auto &round) { return missed(round.mainIsolate); });
}

Spread ComparisonResult::predictedAvoided() const
{
    return spreadOver(rounds, [](const auto &round) {
        return static_cast<double>(round.predicted.framesMissed) - missed(round.isolates);
    });
}

Spread ComparisonResult::measuredAvoided() const
{
    return spreadOver(rounds, [](const auto &round) { return missed(round.mainIsolate) - missed(round.isolates); });
}

double ComparisonResult::predictionError() const
{
    const double measured = measuredMissed().median;
    const double predicted = predictedMissed().median;
    if (measured == 0)
        return predicted == 0 ? 0 : 1;
    return (predicted - measured) / measured;
}

jank::JankPrediction predictOf(const ComparisonRound &round)
{
    const jank::PhaseSummary &phase = round.isolates.phase;
    jank::PredictionOptions options{.interval = phase.interval, .wantedUntilDone = true};
    // A display that holds frames to its vsyncs holds the swap until then, when nothing else takes time.
    const std::int64_t gap = frameGap(round.idle.phase.samples);
    const bool holds = gap == 0 || swapTime(round.idle.phase.samples) >= options.interval / 4;
    options.frameCost = frameCost(round.isolates, holds);
    if (!holds)
        options.freePace = std::max<std::int64_t>(1, gap - frameCost(round.idle, holds));
    return jank::predictJankAvoided(round.isolates.work, std::span(&phase.span, 1), options);
}

std::size_t medianRun(std::span<const ComparisonRun *const> runs)
{
    std::vector<double> values;
    for (const ComparisonRun *run : runs)
        values.push_back(missed(*run));
    const double median = spreadOf(values).median;
    const auto nearest = std::min_element(values.begin(), values.end(), [median](double a, double b) {
        return std::abs(a - median) < std::abs(b - median);
    });
    return static_cast<std::size_t>(nearest - values.begin());
}

} // namespace steadyframe::composition
