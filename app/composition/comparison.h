#pragma once

#include "composition/comparison_result.h"
#include "jank_monitor/jank_monitor.h"

#include <isolate_core/pool.h>

#include <QAbstractAnimation>
#include <QObject>
#include <QQuickWindow>
#include <QTimer>

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace steadyframe::composition {

/// Does the same work in isolates and on the main isolate, in alternation, while the window draws every frame that it
/// can, and gives the frames of both, and of an idle time beside them. The work is real: photos compressed, feeds
/// parsed. After a warm-up each round is idle, in isolates, on the main isolate; every second one the other way round,
/// so that drift favours no way. Each way is run in just before it is measured, so that neither finds cold memory that
/// the other has warmed; and before isolates do the work side by side, one does it alone, for the prediction to know
/// what the jobs take on a thread that does one at a time. @thread ui
class Comparison final : public QObject {
    Q_OBJECT
public:
    enum class Step : std::uint8_t { prepare, warmUp, idle, isolates, mainIsolate, tidyUp };

    /// Where it stands.
    struct Progress {
        Step step = Step::prepare;
        int round = 0; ///< from 1; 0 before the first
        int rounds = 0;
        double done = 0; ///< 0 to 1, in steps that have ended
    };
    struct Options {
        WorkKind kind = WorkKind::mix;
        int rounds = 3; ///< 1 to 99
    };

    Comparison(jank::JankMonitor &monitor, const AppFolders &folders, QObject *parent = nullptr);
    /// Abandons what runs; the execution mode is put back.
    ~Comparison() override;

    [[nodiscard]] bool isRunning() const noexcept { return m_running; }
    void setSettings(const imaging::CompressSettings &settings) { m_settings = settings; }

    /// Does nothing while it runs. Ends with one of finished, failed and cancelled.
    void start(const Options &options);
    /// Ends it soon: a task that runs is stopped where it looks at its token. Nothing is left behind.
    void cancel();
    /// The same, as a failure: `problem` says what makes its figures worthless. Nothing when it does not run.
    void abandon(const QString &problem);

signals:
    void progressed(const steadyframe::composition::Comparison::Progress &progress);
    void finished(const steadyframe::composition::ComparisonResult &result);
    void failed(const QString &message);
    void cancelled();

private:
    /// A step of the plan; `mode` counts where there is work.
    struct Planned {
        Step step = Step::idle;
        isolate::ExecutionMode mode = isolate::ExecutionMode::isolates;
        int round = 0;
    };
    void prepare();
    void plan();
    void nextStep();
    void beginStep();
    void measure();
    void beginTasks(const std::vector<WorkTask> &tasks);
    void beginTask(const WorkTask &task);
    void taskEnded(const TaskReport &report);
    void tasksEnded();
    void stepEnded();
    void keepRun(Step step);
    /// What goes wrong first is what is told.
    void noteProblem(const QString &problem);
    void stopSoon();
    void tidyUp();
    void conclude();
    void report(Step step, int round);
    void keepDrawing(bool yes);
    [[nodiscard]] bool stopping() const { return m_stop.stop_requested() || !m_problem.isEmpty(); }

    jank::JankMonitor &m_monitor;
    const AppFolders m_folders;
    imaging::CompressSettings m_settings;
    std::optional<isolate::Pool> m_pool;
    std::stop_source m_stop;
    const std::shared_ptr<char> m_alive = std::make_shared<char>(); ///< for answers that come when this is gone
    isolate::ExecutionMode m_modeBefore{};
    bool m_running = false;
    bool m_cancelled = false;
    QTimer m_pause; ///< before a step and, of a step that is idle, its length
    std::unique_ptr<QAbstractAnimation> m_drawing; ///< while frames are wanted
    QMetaObject::Connection m_threadSeen;
    const std::shared_ptr<std::atomic<bool>> m_drawnOnUiThread = std::make_shared<std::atomic<bool>>(false);

    Options m_options;
    std::vector<WorkTask> m_tasks;
    std::vector<Planned> m_plan; ///< all steps between preparing and tidying up, in their order
    std::size_t m_next = 0; ///< in the plan
    std::size_t m_tasksLeft = 0;
    std::vector<jank::WorkInterval> m_alone; ///< of the step's tasks, as far as they were timed one at a time
    enum class Stage : std::uint8_t { settling, runningIn, timingAlone, settlingAgain, measuring };
    Stage m_stage = Stage::settling; ///< of the step
    QString m_problem;
    ComparisonRun m_run;
    ComparisonResult m_result;
};

} // namespace steadyframe::composition
