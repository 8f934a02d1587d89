#pragma once

#include "jank_monitor/frame_clock.h"
#include "jank_monitor/loop_tracker.h"
#include "jank_monitor/stack_sampler.h"
#include "jank_monitor/stall_stacks.h"

#include <QtCore/qobject.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace jank {

/// A watchdog thread that asks the event loop whether it would answer, and notices while it does not.
///
/// While the loop works, every second interval a beat is posted to it and the time until it is delivered is taken.
/// While the loop waits it would answer at once: the watchdog then sleeps without a timer, so an idle process is not
/// woken. A loop that has been away for two intervals is stuck: then, and every second interval from then on, the
/// watchdog takes its thread's stack. Belongs to the UI thread, except where marked.
class Heartbeat final : public QObject {
    Q_OBJECT

public:
    /// Clock and tracker must outlive it. `stacks` gets what was seen of each stall when it is over; may be null.
    Heartbeat(const FrameClock &clock, LoopTracker &tracker, std::shared_ptr<StallStacks> stacks = nullptr,
              QObject *parent = nullptr);
    ~Heartbeat() override;

    void start();
    void stop();
    [[nodiscard]] bool isRunning() const noexcept { return m_thread.joinable(); }
    /// The frame interval in nanoseconds. A loop that is away for over two is stuck. @thread any
    void setInterval(std::int64_t interval) noexcept { m_interval.store(interval); }

    /// Whether stacks are taken, where the platform allows. @thread any
    void setStacks(bool on) noexcept { m_stacksWanted.store(on); }

    /// Beats answered so far. @thread any
    [[nodiscard]] std::int64_t answered() const noexcept { return m_answered.load(); }
    /// Times that the loop was found stuck. @thread any
    [[nodiscard]] std::int64_t stallsSeen() const noexcept { return m_stallsSeen.load(); }
    /// Stacks taken so far. @thread any
    [[nodiscard]] std::int64_t stacksTaken() const noexcept { return m_stacksTaken.load(); }
    /// The longest time a beat waited for its answer since the last call, in nanoseconds.
    [[nodiscard]] std::int64_t takeWorstDelay() noexcept { return m_worstDelay.exchange(0); }

signals:
    /// The loop has been away since `since` and still is. Emitted on the watchdog's thread, once for each stall.
    void stuck(qint64 since);

protected:
    bool event(QEvent *event) override;

private:
    /// What the watchdog knows of the stall that it looks at.
    struct Sight {
        std::int64_t since = 0; // the block that was called a stall, 0 for none
        std::size_t looks = 0;
        StallSamples samples;
    };

    void watch();
    void wake() noexcept;
    void look(Sight &sight, std::int64_t since);
    void over(Sight &sight);

    const FrameClock &m_clock;
    LoopTracker &m_tracker;
    std::atomic<std::int64_t> m_interval{intervalForRefreshRate(60)};
    const std::shared_ptr<StallStacks> m_stacks;
    std::optional<StackSampler> m_sampler;
    std::thread m_thread;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false;
    std::atomic<bool> m_parked{false};
    std::atomic<bool> m_beatUnderWay{false};
    std::atomic<bool> m_stacksWanted{true};
    std::atomic<std::uint32_t> m_sampledStep{0};
    std::atomic<std::int64_t> m_answered{0};
    std::atomic<std::int64_t> m_stacksTaken{0};
    std::atomic<std::int64_t> m_stallsSeen{0};
    std::atomic<std::int64_t> m_worstDelay{0};
};

} // namespace jank
