#pragma once

#include "jank_monitor/jank_monitor.h"

#include <QtCore/qpointer.h>

namespace jank {

/// Says what the program is doing for as long as it lives: `const jank::ScopedLabel label(monitor, u"scrolling"_qs);`.
/// Costs nothing much while the monitor is off; may outlive it. @thread ui
class ScopedLabel {
public:
    ScopedLabel(JankMonitor &monitor, const QString &text) : m_monitor(&monitor), m_key(monitor.beginLabel(text)) {}
    ~ScopedLabel()
    {
        if (m_monitor)
            m_monitor->endLabel(m_key);
    }
    ScopedLabel(const ScopedLabel &) = delete;
    ScopedLabel &operator=(const ScopedLabel &) = delete;

private:
    const QPointer<JankMonitor> m_monitor;
    const int m_key;
};

} // namespace jank
