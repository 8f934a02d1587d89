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

/// What a frame takes of the UI thread, nanoseconds: the median.
std::int64_t frameCost(const std::vector<jank::FrameSample> &samples)
{
    std::vector<std::int64_t> costs;
    for (const jank::FrameSample &sample : samples)
        costs.push_back(sample.uiBusy);
    if (costs.empty())
        return 0;
    const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
    std::nth_element(costs.begin(), middle, costs.end());
    return *middle;
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

jank::JankPrediction predictOf(const ComparisonRun &isolates)
{
    const jank::PhaseSummary &phase = isolates.phase;
    return jank::predictJankAvoided(
        isolates.work, std::span(&phase.span, 1),
        {.interval = phase.interval, .frameCost = frameCost(phase.samples), .wantedUntilDone = true});
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
