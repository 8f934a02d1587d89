#include "composition/activity_bridge.h"

#include <isolate_core/runtime.h>

#include <functional>
#include <string>
#include <utility>

namespace steadyframe::composition {

namespace {

std::int64_t nanoseconds(std::chrono::steady_clock::time_point time)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

} // namespace

ActivityBridge::ActivityBridge(jank::JankMonitor &monitor, ui::IsolateListModel &isolates, QObject *parent)
    : QObject(parent), m_monitor(monitor), m_isolates(isolates)
{
    static_cast<void>(isolate::Runtime::current().traceAfter(m_reported)); // what was before is not of this window
    connect(&m_monitor, &jank::JankMonitor::statisticsUpdated, this, &ActivityBridge::reportWork);
    connect(&m_monitor, &jank::JankMonitor::traceWanted, this, &ActivityBridge::reportWork);
    m_refresh.setInterval(std::chrono::milliseconds(500));
    connect(&m_refresh, &QTimer::timeout, this, &ActivityBridge::refreshList);
    m_collect.setInterval(std::chrono::seconds(1));
    m_collect.setTimerType(Qt::CoarseTimer);
    connect(&m_collect, &QTimer::timeout, this, [this] {
        if (m_monitor.isEnabled())
            reportWork();
    });
}

void ActivityBridge::setWorking(bool working)
{
    if (!working)
        m_collect.stop();
    else if (!m_collect.isActive())
        m_collect.start();
}

void ActivityBridge::setListVisible(bool visible)
{
    if (!visible) {
        m_refresh.stop();
    } else if (!m_refresh.isActive()) {
        refreshList();
        m_refresh.start();
    }
}

void ActivityBridge::reportWork()
{
    const auto log = m_monitor.workLog();
    for (const isolate::TraceSlice &slice : isolate::Runtime::current().traceAfter(m_reported)) {
        if (slice.placement == isolate::Placement::main) {
            // No work that another thread took over: it is what the window did.
            if (!slice.activity.empty())
                m_monitor.addLabel(tr("%1 on the main isolate").arg(text(slice.activity)), nanoseconds(slice.start),
                                   nanoseconds(slice.end));
            continue;
        }
        jank::WorkInterval work;
        // A lane a name: each task of a pool is an isolate of its own, one after the other under the same name.
        work.lane = std::hash<std::string>{}(slice.name);
        work.start = nanoseconds(slice.start);
        work.end = nanoseconds(slice.end);
        work.cpu = slice.undelayed.count();
        work.thread = slice.thread;
        work.label = slice.activity;
        work.requester = slice.spawner;
        log->addWork(slice.name, std::move(work));
    }
}

void ActivityBridge::refreshList()
{
    QList<ui::IsolateRow> rows;
    for (const isolate::IsolateInfo &info : isolate::Runtime::current().snapshot()) {
        ui::IsolateRow row;
        row.id = static_cast<qint64>(info.id);
        row.name = QString::fromStdString(info.name);
        row.placement = text(toString(info.placement));
        row.state = text(toString(info.state));
        row.activity = QString::fromStdString(info.activity);
        row.waiting = static_cast<qint64>(info.waiting);
        row.received = static_cast<qint64>(info.received);
        row.busyMs = static_cast<double>(info.busy.count()) / 1e6;
        rows.append(row);
    }
    m_isolates.replace(rows);
}

} // namespace steadyframe::composition
