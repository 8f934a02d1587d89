#pragma once

#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/scoped_label.h"

#include <QtCore/qobject.h>
#include <QtQml/qqmlregistration.h>

#include <chrono>
#include <thread>
#include <vector>

/// Burns time, here or elsewhere, so that there is something to measure.
class Busywork : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(jank::JankMonitor *monitor MEMBER m_monitor FINAL)

public:
    using QObject::QObject;

    /// Holds up the calling thread, which is the UI's, for so many milliseconds.
    Q_INVOKABLE void block(int milliseconds)
    {
        const jank::ScopedLabel label(*m_monitor, QStringLiteral("blocking for %1 ms").arg(milliseconds));
        burn(std::chrono::milliseconds(milliseconds));
    }

    /// Does the same on `threads` threads of its own, and reports it to the monitor.
    Q_INVOKABLE void workElsewhere(int threads, int milliseconds)
    {
        for (int i = 0; i < threads; ++i) {
            const auto lane = static_cast<std::uint64_t>(i + 1);
            m_threads.emplace_back([log = m_monitor->workLog(), lane, milliseconds] {
                const std::int64_t start = jank::SteadyFrameClock::instance().now();
                burn(std::chrono::milliseconds(milliseconds));
                log->addWork(lane, "worker " + std::to_string(lane), "busywork", start,
                             jank::SteadyFrameClock::instance().now());
            });
        }
    }

private:
    static void burn(std::chrono::milliseconds length)
    {
        const auto end = std::chrono::steady_clock::now() + length;
        while (std::chrono::steady_clock::now() < end) {}
    }

    jank::JankMonitor *m_monitor = nullptr;
    std::vector<std::jthread> m_threads; // ended and joined with the program
};
