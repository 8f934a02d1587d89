#pragma once

#include "jank_monitor/jank_monitor.h"
#include "models/isolate_list_model.h"

#include <QObject>
#include <QTimer>

#include <cstdint>

namespace steadyframe::composition {

/// Tells the jank monitor what ran in isolates, and the list of isolates how they are. It asks the runtime when figures
/// are about to be shown, and once a second while there is work: the runtime remembers only so much. @thread ui
class ActivityBridge final : public QObject {
    Q_OBJECT
public:
    ActivityBridge(jank::JankMonitor &monitor, ui::IsolateListModel &isolates, QObject *parent = nullptr);

public slots:
    /// While the list of isolates is on the screen.
    void setListVisible(bool visible);
    /// While isolates have much to do, whether or not anything is drawn.
    void setWorking(bool working);

private:
    void reportWork();
    void refreshList();

    jank::JankMonitor &m_monitor;
    ui::IsolateListModel &m_isolates;
    QTimer m_refresh;
    QTimer m_collect;
    std::uint64_t m_reported = 0; ///< slices of the trace
};

} // namespace steadyframe::composition
