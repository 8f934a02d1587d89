#include "composition/comparison_bridge.h"

#include "composition/comparison_report.h"

#include <isolate_core/run.h>

#include <QDateTime>
#include <QFile>
#include <QQuickWindow>
#include <QSGRendererInterface>
#include <QScreen>

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

QString rendererOf(const QQuickWindow &window)
{
    using Api = QSGRendererInterface::GraphicsApi;
    switch (window.rendererInterface()->graphicsApi()) {
    case Api::Software:
        return QStringLiteral("Software");
    case Api::OpenGL:
        return QStringLiteral("OpenGL");
    case Api::Vulkan:
        return QStringLiteral("Vulkan");
    case Api::Direct3D11:
        return QStringLiteral("Direct3D 11");
    case Api::Metal:
        return QStringLiteral("Metal");
    default:
        return {};
    }
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
    : QObject(parent), m_monitor(monitor), m_folders(folders), m_model(model), m_comparison(monitor, folders)
{
    connect(&m_model, &ui::ComparisonModel::reportWanted, this, &ComparisonBridge::saveShown);
    connect(&m_model, &ui::ComparisonModel::startWanted, this, [this](ui::ComparisonModel::Kind kind, int rounds) {
        if (!m_obstacle.isEmpty()) {
            m_model.setFailed(m_obstacle);
            emit ended(false);
            return;
        }
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

void ComparisonBridge::setObstacle(const QString &obstacle)
{
    m_obstacle = obstacle;
    if (!obstacle.isEmpty())
        m_comparison.abandon(obstacle);
}

void ComparisonBridge::showProgress(const Comparison::Progress &progress)
{
    // Both sides list the same steps in the same order.
    static_assert(static_cast<int>(Comparison::Step::tidyUp) == ui::ComparisonModel::TidyUp);
    static_assert(static_cast<int>(WorkKind::parsing) == ui::ComparisonModel::Parsing);
    m_model.setProgress(static_cast<ui::ComparisonModel::Step>(progress.step), progress.round, progress.rounds,
                        progress.done);
}

void ComparisonBridge::saveShown()
{
    jank::ReportComparison report = reportOf(m_result);
    report.wallClock = m_endedAt;
    report.machine = jank::ReportMachine::current();
    if (const QQuickWindow *window = m_monitor.window(); window && window->screen()) {
        report.machine.display = window->screen()->name();
        report.machine.refreshRate = m_monitor.refreshRate();
        report.machine.renderer = rendererOf(*window);
    }
    report.cost = {m_monitor.uiCost(), m_monitor.renderCost()};
    const auto now = QDateTime::currentDateTime().toString(QStringLiteral("'Comparison' yyyy-MM-dd HH.mm.ss'.html'"));
    const auto path = m_folders.reports() / now.toStdString();
    isolate::runWith({.name = "report"}, saveReport, ReportParcel(std::move(report)), path)
        .then(
            [this, alive = std::weak_ptr(m_alive), path](const std::string &problem) {
                if (alive.expired())
                    return;
                m_model.setReport(problem.empty() ? tr("The report is in %1").arg(QFile::decodeName(path.c_str()))
                                                  : QString::fromStdString(problem),
                                  !problem.empty());
            },
            [this, alive = std::weak_ptr(m_alive)](std::exception_ptr) {
                if (!alive.expired())
                    m_model.setReport(tr("The report could not be written."), true);
            });
}

void ComparisonBridge::showResult(const ComparisonResult &result)
{
    m_result = result;
    m_endedAt = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    m_model.setResult(figuresOf(m_result));
    emit ended(true);
}

} // namespace steadyframe::composition
