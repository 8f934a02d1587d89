#include "composition/comparison_bridge.h"

#include <algorithm>

namespace steadyframe::composition {

namespace {

using Way = ComparisonRun ComparisonRound::*;

ui::Spread toUi(const Spread &spread)
{
    return {spread.median, spread.least, spread.most};
}

template <class Value>
ui::Spread spreadOver(const ComparisonResult &result, Value value)
{
    std::vector<double> values;
    for (const ComparisonRound &round : result.rounds)
        values.push_back(value(round));
    return toUi(spreadOf(std::move(values)));
}

ui::ComparisonRun runOf(const ComparisonResult &result, Way way)
{
    const auto statistic = [&](auto member) {
        return spreadOver(result, [&](const ComparisonRound &round) {
            return static_cast<double>((round.*way).phase.statistics.*member);
        });
    };
    using Statistics = jank::FrameStatistics;
    ui::ComparisonRun shown;
    shown.missed = statistic(&Statistics::framesMissed);
    shown.hitchRatio = statistic(&Statistics::hitchRatio);
    shown.longestStall = statistic(&Statistics::longestStall);
    shown.stallTime = statistic(&Statistics::stallTime);
    shown.p99 = statistic(&Statistics::p99);
    shown.throughput = spreadOver(result, [&](const ComparisonRound &round) { return (round.*way).throughput(); });

    std::vector<const ComparisonRun *> runs;
    for (const ComparisonRound &round : result.rounds)
        runs.push_back(&(round.*way));
    const jank::PhaseSummary &phase = runs[medianRun(runs)]->phase;
    shown.framesDrawn = phase.statistics.framesDrawn;
    shown.framesMissed = phase.statistics.framesMissed;
    shown.durationMs = phase.statistics.duration;
    shown.times = phase.times();
    shown.frameTimes = phase.frameTimes();
    shown.missedCounts = phase.missedCounts();
    return shown;
}

} // namespace

ui::ComparisonFigures figuresOf(const ComparisonResult &result)
{
    ui::ComparisonFigures figures;
    if (result.rounds.empty())
        return figures;
    const ComparisonRun &first = result.rounds.front().isolates;
    figures.rounds = static_cast<int>(result.rounds.size());
    figures.photos = first.photos;
    figures.feeds = first.feeds;
    figures.megabytes = first.megabytes;
    figures.intervalMs = first.phase.intervalMs();
    figures.idle = runOf(result, &ComparisonRound::idle);
    figures.isolates = runOf(result, &ComparisonRound::isolates);
    figures.mainIsolate = runOf(result, &ComparisonRound::mainIsolate);
    figures.predictedMissed = toUi(result.predictedMissed());
    figures.predictedStallTime = spreadOver(
        result, [](const ComparisonRound &round) { return jank::toMilliseconds(round.predicted.stallTime); });
    figures.predictedLongestStall = spreadOver(
        result, [](const ComparisonRound &round) { return jank::toMilliseconds(round.predicted.longestStall); });
    figures.predictedAvoided = toUi(result.predictedAvoided());
    figures.measuredAvoided = toUi(result.measuredAvoided());
    figures.waitedShare = spreadOver(result, [](const ComparisonRound &round) {
                              const double duration = round.mainIsolate.phase.statistics.duration;
                              return duration > 0 ? round.mainIsolate.waitedMs / duration : 0;
                          }).median;
    return figures;
}

ComparisonBridge::ComparisonBridge(jank::JankMonitor &monitor, const AppFolders &folders, ui::ComparisonModel &model,
                                   QObject *parent)
    : QObject(parent), m_model(model), m_comparison(monitor, folders)
{
    connect(&m_model, &ui::ComparisonModel::startWanted, this, [this](ui::ComparisonModel::Kind kind, int rounds) {
        m_comparison.start({.kind = static_cast<WorkKind>(kind), .rounds = rounds});
    });
    connect(&m_model, &ui::ComparisonModel::cancelWanted, &m_comparison, &Comparison::cancel);
    connect(&m_comparison, &Comparison::progressed, this, &ComparisonBridge::showProgress);
    connect(&m_comparison, &Comparison::finished, this, &ComparisonBridge::showResult);
    connect(&m_comparison, &Comparison::failed, this, [this](const QString &message) {
        m_model.setFailed(message);
        emit ended(false);
    });
    connect(&m_comparison, &Comparison::cancelled, this, [this] {
        m_model.setCancelled();
        emit ended(false);
    });
}

void ComparisonBridge::showProgress(const Comparison::Progress &progress)
{
    // Both sides list the same steps in the same order.
    static_assert(static_cast<int>(Comparison::Step::tidyUp) == ui::ComparisonModel::TidyUp);
    static_assert(static_cast<int>(WorkKind::parsing) == ui::ComparisonModel::Parsing);
    m_model.setProgress(static_cast<ui::ComparisonModel::Step>(progress.step), progress.round, progress.rounds,
                        progress.done);
}

void ComparisonBridge::showResult(const ComparisonResult &result)
{
    m_result = result;
    m_model.setResult(figuresOf(m_result));
    emit ended(true);
}

} // namespace steadyframe::composition
