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

template <class Value>
Spread spreadOver(const std::vector<ComparisonRound> &rounds, Value value)
{
    std::vector<double> values;
    for (const ComparisonRound &round : rounds)
        values.push_back(value(round));
    return spreadOf(std::move(values));
}

/// The mean of a time of the jobs with that label, 0 of none.
template <class Time>
double meanOf(std::span<const jank::WorkInterval> work, const std::string &label, Time time)
{
    double sum = 0;
    int count = 0;
    for (const jank::WorkInterval &job : work) {
        if (job.label != label)
            continue;
        sum += static_cast<double>(time(job));
        ++count;
    }
    return count > 0 ? sum / count : 0;
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

std::vector<jank::WorkInterval> workAlone(const ComparisonRun &run)
{
    std::vector<jank::WorkInterval> work = run.work;
    for (jank::WorkInterval &job : work) {
        const double beside = meanOf(run.work, job.label, [](const auto &one) { return one.cpu; });
        const double alone = meanOf(run.alone, job.label, [](const auto &one) { return one.end - one.start; });
        if (alone > 0 && beside > 0)
            job.cpu = std::llround(static_cast<double>(job.cpu) * alone / beside);
    }
    return work;
}

jank::JankPrediction predictOf(const ComparisonRound &round)
{
    const jank::PhaseSummary &phase = round.isolates.phase;
    jank::PredictionOptions options{.interval = phase.interval, .wantedUntilDone = true};
    // How the display takes frames is seen best when nothing holds them up; what they cost, beside the work.
    const jank::FramePace idle = jank::paceOf(round.idle.phase.samples, options.interval, round.idle.drawnOnUiThread);
    options.freePace = idle.freePace;
    options.askedFirst = idle.askedFirst;
    if (!phase.samples.empty())
        options.lastShown = phase.samples.front().wanted;
    options.frameCost = jank::frameCostOf(phase.samples, idle.freePace == 0, round.isolates.drawnOnUiThread);
    return jank::predictJankAvoided(workAlone(round.isolates), std::span(&phase.span, 1), options);
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
