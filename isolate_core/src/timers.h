#pragma once

#include "isolate_core/detail/cell.h"

#include <condition_variable>
#include <map>
#include <optional>
#include <thread>

namespace isolate::detail {

/// The time `duration` after `time`, or the end of time where the sum would overflow: also for durations of a coarser
/// unit, whose longest are beyond what the clock can count.
template <class Rep, class Period>
[[nodiscard]] constexpr Clock::time_point laterBy(Clock::time_point time,
                                                  std::chrono::duration<Rep, Period> duration) noexcept
{
    const auto left = std::chrono::duration_cast<std::chrono::duration<Rep, Period>>(Clock::time_point::max() - time);
    return duration < left ? time + duration : Clock::time_point::max();
}

/// What happens when a time has come. Called on the timers' thread: it posts, and does nothing else.
struct TimerJob : RefCounted {
    virtual void fire() = 0;
};

/// Times that are waited for, in order. The thread sleeps until the earliest of them, and for ever when there is none.
/// @thread any
class Timers {
public:
    using Key = std::pair<Clock::time_point, std::uint64_t>;

    /// `manual`: no thread; the time moves by `advanceTo` alone.
    explicit Timers(bool manual);
    ~Timers();

    [[nodiscard]] Clock::time_point now() const;
    /// The time after `duration`, or the end of time where the sum would overflow.
    [[nodiscard]] Clock::time_point after(std::chrono::nanoseconds duration) const;
    Key add(Clock::time_point when, Ref<TimerJob> job);
    /// Takes it back, if it has not fired.
    void cancel(const Key &key);
    /// The earliest time that is waited for.
    [[nodiscard]] std::optional<Clock::time_point> earliest() const;
    /// Fires, in order, what is due by `time`. For manual ones.
    void advanceTo(Clock::time_point time);

private:
    void loop();

    const bool m_manual;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<Key, Ref<TimerJob>> m_jobs;
    std::uint64_t m_lastKey = 0;
    Clock::time_point m_manualNow{};
    bool m_stopping = false;
    std::thread m_thread; ///< started by the first `add`
};

} // namespace isolate::detail
