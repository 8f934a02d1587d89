#pragma once

#include "isolate_core/future.h"

#include <chrono>

namespace isolate {

/// A future that is there after `duration`, on the runtime's clock: `co_await delay(50ms)`. At once if that is not over
/// 0, never if it is `nanoseconds::max()`. Can't be cancelled. Cost: a lock of the runtime's timers, O(log
/// timers). @thread isolate
[[nodiscard]] Future<void> delay(std::chrono::nanoseconds duration);

/// Calls a function once or again and again, on the isolate that made it. Destroying it cancels it; a paused isolate
/// gets the calls when it is resumed. It keeps its isolate alive while it is due. An error of the function is an error
/// of the isolate. Cost: a lock of the runtime's timers for each call and for `cancel`, O(log timers). @thread isolate
class Timer {
public:
    /// One that is not due.
    Timer() noexcept;
    /// Calls `f` after `duration`, in an event of its own, also if that is not over 0. Keep the timer, or it is
    /// cancelled.
    static Timer once(std::chrono::nanoseconds duration, detail::UniqueFunction<void()> f);
    /// Calls `f` every `interval`, first after one; calls that were missed are not made up for, and two do not wait at
    /// once. `interval` is over 0; else `f` is called once. Keep the timer, or it is cancelled.
    static Timer periodic(std::chrono::nanoseconds interval, detail::UniqueFunction<void()> f);
    Timer(Timer &&other) noexcept; ///< Leaves `other` one that is not due.
    Timer &operator=(Timer &&other) noexcept; ///< Cancels what it had.
    ~Timer();

    /// No call comes after this, not even one that is on its way. May be called by the function. Idempotent.
    void cancel() noexcept;
    /// Whether a call is to come; false within that of `once`.
    [[nodiscard]] bool active() const noexcept;

private:
    struct State;
    explicit Timer(detail::Ref<State> state) noexcept;
    detail::Ref<State> m_state;
};

} // namespace isolate
