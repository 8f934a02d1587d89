#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace jank {

/// Where the monitor takes its time from. All times in this module are nanoseconds of one steady clock.
class FrameClock {
public:
    virtual ~FrameClock() = default;

    /// The time now, in nanoseconds since an arbitrary but fixed start. Never goes back. @thread any
    [[nodiscard]] virtual std::int64_t now() const noexcept = 0;
};

/// The system's steady clock: the same as std::chrono::steady_clock, so times of other code fit in.
class SteadyFrameClock final : public FrameClock {
public:
    [[nodiscard]] std::int64_t now() const noexcept override
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count();
    }

    /// One for the whole program. @thread any
    [[nodiscard]] static const SteadyFrameClock &instance() noexcept
    {
        static const SteadyFrameClock clock;
        return clock;
    }
};

/// A clock that stands still until it is moved: for tests, and for replaying a recording.
class ManualFrameClock final : public FrameClock {
public:
    explicit ManualFrameClock(std::int64_t start = 0) noexcept : m_now(start) {}

    [[nodiscard]] std::int64_t now() const noexcept override { return m_now.load(std::memory_order_relaxed); }

    /// Moves on by `nanoseconds`, which must not be negative. @thread any
    void advance(std::int64_t nanoseconds) noexcept { m_now.fetch_add(nanoseconds, std::memory_order_relaxed); }

    /// Sets the time; going back breaks the promise of now(). @thread any
    void setNow(std::int64_t nanoseconds) noexcept { m_now.store(nanoseconds, std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> m_now;
};

} // namespace jank
