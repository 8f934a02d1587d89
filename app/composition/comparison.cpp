#include "composition/comparison.h"

#include <isolate_core/run.h>
#include <isolate_core/runtime.h>

#include <QPointer>
#include <QThread>

#include <algorithm>
#include <thread>

namespace steadyframe::composition {

namespace {

using namespace std::chrono_literals;

constexpr auto idleLength = 2000ms;
constexpr auto settling = 200ms; // so that a step is not blamed for what the one before it left

/// Wants a frame at each vsync, as an animation does. To ask for the next as soon as one is drawn would draw several in
/// an interval where no display holds them back, and take from both ways what a real window does not take.
class DrawEachVsync final : public QAbstractAnimation {
public:
    explicit DrawEachVsync(QQuickWindow &window) : m_window(&window) {}
    [[nodiscard]] int duration() const override { return -1; }

protected:
    void updateCurrentTime(int) override
    {
        if (m_window)
            m_window->update();
    }

private:
    const QPointer<QQuickWindow> m_window;
};

void removeResults(std::filesystem::path folder)
{
    isolate::setActivity("tidying up after the comparison");
    std::error_code error;
    std::filesystem::remove_all(folder, error);
}

} // namespace

Comparison::Comparison(jank::JankMonitor &monitor, const AppFolders &folders, QObject *parent)
    : QObject(parent), m_monitor(monitor), m_folders(folders)
{
    m_pause.setSingleShot(true);
    m_pause.setTimerType(Qt::PreciseTimer);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_stage == Stage::settling)
            beginStep();
        else if (m_stage == Stage::settlingAgain)
            measure();
        else
            stepEnded();
    });
}

Comparison::~Comparison()
{
    m_stop.request_stop();
    if (m_running)
        isolate::Runtime::current().setExecutionMode(m_modeBefore);
}

void Comparison::start(const Options &options)
{
    if (m_running)
        return;
    m_running = true;
    m_cancelled = false;
    m_options = options;
    m_stop = std::stop_source();
    m_result = {options.kind, {}};
    m_plan.clear();
    m_next = 0;
    m_problem.clear();
    m_modeBefore = isolate::Runtime::current().executionMode();
    m_pool.emplace(isolate::PoolOptions{.name = "comparison"});
    report(Step::prepare, 0);
    prepare();
}

void Comparison::cancel()
{
    if (!m_running || m_cancelled)
        return;
    m_cancelled = true;
    stopSoon();
}

void Comparison::abandon(const QString &problem)
{
    if (!m_running || stopping())
        return;
    noteProblem(problem);
    stopSoon();
}

void Comparison::noteProblem(const QString &problem)
{
    if (m_problem.isEmpty())
        m_problem = problem;
}

void Comparison::stopSoon()
{
    m_stop.request_stop();
    // Where nothing is under way that would come to an end by itself.
    if (m_pause.isActive()) {
        m_pause.stop();
        stepEnded();
    }
}

void Comparison::prepare()
{
    isolate::runWith({.name = "comparison samples"}, prepareSources, m_folders.samples(), m_stop.get_token())
        .then(
            [this, alive = std::weak_ptr(m_alive)](const WorkSources &sources) {
                if (alive.expired())
                    return;
                noteProblem(QString::fromStdString(sources.problem));
                m_tasks = tasksOf(m_options.kind, sources, comparisonResults(m_folders.samples()), m_settings);
                plan();
                keepDrawing(true);
                nextStep();
            },
            [this, alive = std::weak_ptr(m_alive)](std::exception_ptr) {
                if (alive.expired())
                    return;
                noteProblem(tr("The samples for the comparison could not be made."));
                tidyUp();
            });
}

void Comparison::plan()
{
    using isolate::ExecutionMode;
    // Once, so that no round is the first to read the files.
    m_plan = {{Step::warmUp, ExecutionMode::isolates, 0}};
    for (int round = 1; round <= m_options.rounds; ++round) {
        const Planned idle{Step::idle, ExecutionMode::isolates, round};
        const Planned isolates{Step::isolates, ExecutionMode::isolates, round};
        const Planned mainIsolate{Step::mainIsolate, ExecutionMode::mainIsolate, round};
        if (round % 2 == 1)
            m_plan.insert(m_plan.end(), {idle, isolates, mainIsolate});
        else
            m_plan.insert(m_plan.end(), {mainIsolate, isolates, idle});
    }
    m_result.rounds.resize(static_cast<std::size_t>(m_options.rounds));
}

void Comparison::nextStep()
{
    if (stopping() || m_next == m_plan.size())
        return tidyUp();
    report(m_plan[m_next].step, m_plan[m_next].round);
    m_run = {};
    m_alone.clear();
    m_stage = Stage::settling;
    m_pause.start(settling);
}

void Comparison::beginStep()
{
    const Planned &planned = m_plan[m_next];
    if (planned.step == Step::idle)
        return measure();
    isolate::Runtime::current().setExecutionMode(planned.mode);
    m_stage = Stage::runningIn;
    if (planned.step == Step::warmUp) {
        const auto firstPass = static_cast<std::ptrdiff_t>(m_tasks.size()) / passesOverSources;
        return beginTasks({m_tasks.begin(), m_tasks.begin() + firstPass});
    }
    const bool parallel = planned.mode == isolate::ExecutionMode::isolates;
    beginTasks(runInOf(m_tasks, parallel ? std::max(1u, std::thread::hardware_concurrency()) : 1));
}

void Comparison::measure()
{
    const Planned &planned = m_plan[m_next];
    m_run = {};
    m_stage = Stage::measuring;
    m_monitor.beginPhase(planned.step == Step::idle           ? tr("idle")
                             : planned.step == Step::isolates ? tr("in isolates")
                                                              : tr("on the main isolate"));
    if (planned.step == Step::idle)
        m_pause.start(idleLength);
    else
        beginTasks(m_tasks);
}

void Comparison::beginTasks(const std::vector<WorkTask> &tasks)
{
    m_tasksLeft = tasks.size();
    for (const WorkTask &task : tasks)
        beginTask(task);
}

void Comparison::beginTask(const WorkTask &task)
{
    m_pool->submit(0, m_stop.get_token(), perform, task)
        .then(
            [this, alive = std::weak_ptr(m_alive), sort = task.sort](const TaskReport &report) {
                if (alive.expired())
                    return;
                ++(sort == WorkTask::Sort::compress ? m_run.photos : m_run.feeds);
                taskEnded(report);
            },
            [this, alive = std::weak_ptr(m_alive)](std::exception_ptr) {
                if (alive.expired())
                    return;
                TaskReport report;
                report.problem = tr("A task of the comparison ended without a result.").toStdString();
                taskEnded(report);
            });
}

void Comparison::taskEnded(const TaskReport &report)
{
    m_run.megabytes += static_cast<double>(report.bytes) / 1e6;
    m_run.waitedMs += jank::toMilliseconds(report.waited);
    if (report.problem.empty()) {
        m_run.work.push_back(report.work);
    } else {
        noteProblem(QString::fromStdString(report.problem));
        m_stop.request_stop(); // the others can't make up for it
    }
    // Not from within the last task's event: on the main isolate its frame is still owed, and it counts.
    --m_tasksLeft;
    if (m_stage == Stage::timingAlone && m_tasksLeft > 0 && !stopping())
        beginTask(m_tasks[m_tasks.size() - m_tasksLeft]);
    else if (m_tasksLeft == 0 || m_stage == Stage::timingAlone)
        QMetaObject::invokeMethod(this, &Comparison::tasksEnded, Qt::QueuedConnection);
}

void Comparison::tasksEnded()
{
    if (m_stage == Stage::measuring || stopping() || m_plan[m_next].step == Step::warmUp)
        return stepEnded();
    if (m_stage == Stage::runningIn && m_plan[m_next].step == Step::isolates) {
        m_run = {};
        m_stage = Stage::timingAlone;
        m_tasksLeft = m_tasks.size();
        return beginTask(m_tasks.front());
    }
    if (m_stage == Stage::timingAlone)
        m_alone = std::move(m_run.work);
    m_stage = Stage::settlingAgain;
    m_pause.start(settling);
}

void Comparison::stepEnded()
{
    if (m_stage == Stage::measuring) {
        if (const QQuickWindow *window = m_monitor.window(); !stopping() && (!window || !window->isExposed()))
            noteProblem(tr("The window was hidden, so that there were no frames to count. Leave it open and run the "
                           "comparison again."));
        m_run.phase = m_monitor.endPhase();
        m_run.drawnOnUiThread = *m_drawnOnUiThread;
        m_run.alone = std::move(m_alone);
        if (!stopping())
            keepRun(m_plan[m_next].step);
    }
    ++m_next;
    nextStep();
}

void Comparison::keepRun(Step step)
{
    ComparisonRound &round = m_result.rounds[static_cast<std::size_t>(m_plan[m_next].round) - 1];
    ComparisonRun &run = step == Step::idle ? round.idle : step == Step::isolates ? round.isolates : round.mainIsolate;
    run = std::move(m_run);
}

void Comparison::tidyUp()
{
    keepDrawing(false);
    isolate::Runtime::current().setExecutionMode(m_modeBefore);
    m_pool.reset();
    report(Step::tidyUp, 0);
    const auto done = [this, alive = std::weak_ptr(m_alive)] {
        if (!alive.expired())
            conclude();
    };
    isolate::runWith({.name = "comparison samples"}, removeResults, comparisonResults(m_folders.samples()))
        .then(done, [done](std::exception_ptr) { done(); });
}

void Comparison::conclude()
{
    m_running = false;
    m_tasks.clear();
    if (m_cancelled)
        emit cancelled();
    else if (!m_problem.isEmpty())
        emit failed(m_problem);
    else {
        for (ComparisonRound &round : m_result.rounds)
            round.predicted = predictOf(round);
        emit finished(m_result);
    }
}

void Comparison::report(Step step, int round)
{
    const double all = static_cast<double>(m_plan.size());
    emit progressed({step, round, m_options.rounds, all > 0 ? static_cast<double>(m_next) / all : 0});
}

void Comparison::keepDrawing(bool yes)
{
    m_drawing.reset();
    disconnect(m_threadSeen);
    QQuickWindow *window = m_monitor.window();
    if (!yes || !window)
        return;
    m_drawing = std::make_unique<DrawEachVsync>(*window);
    m_drawing->start();
    m_threadSeen = connect(
        window, &QQuickWindow::beforeRendering, window,
        [seen = m_drawnOnUiThread, ui = QThread::currentThread()] { *seen = QThread::currentThread() == ui; },
        Qt::DirectConnection);
}

} // namespace steadyframe::composition
