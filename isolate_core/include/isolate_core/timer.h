#pragma once

#include "isolate_core/future.h"

#include <chrono>

namespace isolate {

/// A future that is there after `duration`, on the runtime's clock: `co_await delay(50ms)`. @thread isolate
[[nodiscard]] Future<void> delay(std::chrono::nanoseconds duration);

/// Calls a function once or again and again, on the isolate that made it. Destroying it cancels it; a paused isolate
/// gets the calls when it is resumed. It keeps its isolate alive while it is due. @thread isolate
class Timer {
public:
    Timer() noexcept;
    /// Calls `f` after `duration`.
    static Timer once(std::chrono::nanoseconds duration, detail::UniqueFunction<void()> f);
    /// Calls `f` every `interval`; calls that were missed are not made up for.
    static Timer periodic(std::chrono::nanoseconds interval, detail::UniqueFunction<void()> f);
    Timer(Timer &&other) noexcept;
    Timer &operator=(Timer &&other) noexcept;
    ~Timer();

    void cancel() noexcept;
    [[nodiscard]] bool active() const noexcept;

private:
    struct State;
    explicit Timer(detail::Ref<State> state) noexcept;
    detail::Ref<State> m_state;
};

} // namespace isolate
