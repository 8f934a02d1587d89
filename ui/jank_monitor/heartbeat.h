#pragma once

#include "jank_monitor/frame_clock.h"
#include "jank_monitor/loop_tracker.h"

#include <QtCore/qobject.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace jank {

/// A watchdog thread that asks the event loop whether it would answer, and notices while it does not.
///
/// While the loop works, every second interval a beat is posted to it and the time until it is delivered is taken.
/// While the loop waits it would answer at once: the watchdog then sleeps without a timer, so an idle process is not
/// woken. Belongs to the UI thread, except where marked.
class Heartbeat final : public QObject {
    Q_OBJECT

public:
    /// Clock and tracker must outlive it.
    Heartbeat(const FrameClock &clock, LoopTracker &tracker, QObject *parent = nullptr);
    ~Heartbeat() override;

    void start();
    void stop();
    [[nodiscard]] bool isRunning() const noexcept { return m_thread.joinable(); }
    /// The frame interval in nanoseconds. A loop that is away for over two is stuck. @thread any
    void setInterval(std::int64_t interval) noexcept { m_interval.store(interval); }

    /// Beats answered so far. @thread any
    [[nodiscard]] std::int64_t answered() const noexcept { return m_answered.load(); }
    /// Times that the loop was found stuck. @thread any
    [[nodiscard]] std::int64_t stallsSeen() const noexcept { return m_stallsSeen.load(); }
    /// The longest time a beat waited for its answer since the last call, in nanoseconds.
    [[nodiscard]] std::int64_t takeWorstDelay() noexcept { return m_worstDelay.exchange(0); }

signals:
    /// The loop has been away since `since` and still is. Emitted on the watchdog's thread, once for each stall.
    void stuck(qint64 since);

protected:
    bool event(QEvent *event) override;

private:
    void watch();
    void wake() noexcept;

    const FrameClock &m_clock;
    LoopTracker &m_tracker;
    std::atomic<std::int64_t> m_interval{intervalForRefreshRate(60)};
    std::thread m_thread;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false;
    std::atomic<bool> m_parked{false};
    std::atomic<bool> m_beatUnderWay{false};
    std::atomic<std::int64_t> m_answered{0};
    std::atomic<std::int64_t> m_stallsSeen{0};
    std::atomic<std::int64_t> m_worstDelay{0};
};

} // namespace jank
