#pragma once

#include "composition/app_folders.h"
#include "imaging/compress_settings.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/jank_prediction.h"

#include <isolate_core/pool.h>

#include <QObject>
#include <QPointer>
#include <QQuickWindow>

#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

namespace steadyframe::composition {

/// One way of the comparison.
struct ComparisonRun {
    jank::PhaseSummary phase;
    int photos = 0; ///< compressed
    double megabytes = 0; ///< 10^6 bytes of originals and of the feed
    std::vector<jank::WorkInterval> work;
};

struct ComparisonResult {
    ComparisonRun isolates;
    ComparisonRun mainIsolate;
    /// What the work of the first run would have done to a single thread.
    jank::JankPrediction predicted;
};

/// Does the same work twice, in isolates and on the main isolate, while the window draws every frame that it can, and
/// gives the frames of both. The work is real: pictures compressed, a feed parsed. @thread ui
class Comparison final : public QObject {
    Q_OBJECT
public:
    Comparison(jank::JankMonitor &monitor, const AppFolders &folders, QObject *parent = nullptr);
    ~Comparison() override;

    [[nodiscard]] bool isRunning() const noexcept { return m_running; }
    /// Pictures to compress; when there are none, some are made.
    void setPhotos(std::vector<std::filesystem::path> photos) { m_photos = std::move(photos); }
    void setSettings(const imaging::CompressSettings &settings) { m_settings = settings; }

public slots:
    /// Does nothing while it runs.
    void start();

signals:
    void progressed(const QString &what);
    void finished(const steadyframe::composition::ComparisonResult &result);
    void failed(const QString &message);

private:
    struct Prepared;
    void runIn(isolate::ExecutionMode mode);
    void taskEnded();
    void endRun();
    void fail(const QString &message);
    void keepDrawing(bool yes);

    jank::JankMonitor &m_monitor;
    const AppFolders m_folders;
    std::vector<std::filesystem::path> m_photos;
    imaging::CompressSettings m_settings;
    std::vector<std::filesystem::path> m_sources; ///< of this comparison
    std::filesystem::path m_feed;
    std::optional<isolate::Pool> m_pool;
    std::stop_source m_stop;
    isolate::ExecutionMode m_modeBefore{};
    isolate::ExecutionMode m_mode{};
    bool m_running = false;
    std::size_t m_tasksLeft = 0;
    QString m_problem;
    ComparisonRun m_run;
    ComparisonResult m_result;
    QMetaObject::Connection m_drawing;
};

} // namespace steadyframe::composition
