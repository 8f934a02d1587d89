#pragma once

#include "jank_monitor/frame_clock.h"
#include "jank_monitor/loop_tracker.h"

#include <QtCore/qobject.h>

namespace jank {

/// Listens to the event loop of the thread that it lives in, from its creation to its destruction, and tells a tracker.
/// No event that passes makes it allocate. Belongs to the UI thread.
class LoopProbe final : public QObject {
    Q_OBJECT

public:
    /// Clock and tracker must outlive it.
    LoopProbe(const FrameClock &clock, LoopTracker &tracker, QObject *parent = nullptr);
    ~LoopProbe() override;

    /// Events for this object are the monitor's own and are not told; null for none.
    void setIgnored(const QObject *object) noexcept { m_ignored = object; }
    /// What the probe took of the thread since the last call, in nanoseconds, from a sample of one event in 64.
    [[nodiscard]] std::int64_t takeCost() noexcept;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    const FrameClock &m_clock;
    LoopTracker &m_tracker;
    const QObject *m_ignored = nullptr;
    std::int64_t m_cost = 0;
    unsigned m_events = 0;
};

} // namespace jank
