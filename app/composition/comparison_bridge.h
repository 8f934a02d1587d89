#pragma once

#include "composition/comparison.h"
#include "models/comparison_model.h"

#include <QObject>

#include <memory>

namespace steadyframe::composition {

/// What the page shows of a result. @thread any
[[nodiscard]] ui::ComparisonFigures figuresOf(const ComparisonResult &result);

/// Connects the comparison to the page: wishes one way, progress and figures the other. @thread ui
class ComparisonBridge final : public QObject {
    Q_OBJECT
public:
    ComparisonBridge(jank::JankMonitor &monitor, const AppFolders &folders, ui::ComparisonModel &model,
                     QObject *parent = nullptr);

    [[nodiscard]] bool isRunning() const noexcept { return m_comparison.isRunning(); }
    void setSettings(const imaging::CompressSettings &settings) { m_comparison.setSettings(settings); }
    /// What makes figures of a comparison worthless now, for the person; empty when nothing does. One that runs ends
    /// with it, and none begins.
    void setObstacle(const QString &obstacle);
    /// Of the last comparison that finished; empty before.
    [[nodiscard]] const ComparisonResult &result() const noexcept { return m_result; }

signals:
    void ended(bool succeeded);

private:
    void showProgress(const Comparison::Progress &progress);
    void showResult(const ComparisonResult &result);
    void saveShown();

    jank::JankMonitor &m_monitor;
    const AppFolders m_folders;
    ui::ComparisonModel &m_model;
    Comparison m_comparison;
    ComparisonResult m_result;
    QString m_obstacle;
    std::int64_t m_endedAt = 0; ///< nanoseconds since 1970
    const std::shared_ptr<char> m_alive = std::make_shared<char>(); ///< for answers that come when this is gone
};

} // namespace steadyframe::composition
