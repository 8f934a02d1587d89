#pragma once

#include "isolate_core/runtime.h"

#include <chrono>
#include <cstdint>
#include <memory>

namespace isolate {

/// A runtime for tests: every isolate, wherever it was placed, runs on the thread of the test, one event at a time, in
/// an order that the seed decides, on a clock that the test moves. The same seed gives the same run. The test itself
/// counts as the main isolate. Nothing may block the thread: no `Future::get` of what is not ready, and no send of an
/// isolate to a full port with `Overflow::wait`. @thread the one that made it; one at a time there
class DeterministicRuntime {
public:
    /// Makes this thread the main isolate, with a clock that stands at its epoch.
    explicit DeterministicRuntime(std::uint64_t seed);
    /// Kills what is left and runs it to its end; this thread is no isolate after.
    ~DeterministicRuntime();

    /// Its runtime, for as long as this lives. `Runtime::current()` gives it too.
    [[nodiscard]] Runtime &runtime() noexcept { return *m_runtime; }

    /// Runs one event of an isolate that chance picks; false when none is ready. Does not move the clock.
    bool step();
    /// Steps until none is ready; returns the number of steps. The clock stands still. Two isolates that answer each
    /// other for ever never become idle.
    std::size_t runUntilIdle();
    /// Runs what is ready, then moves the clock on by `duration`, firing timers in order and running what they cause.
    void advance(std::chrono::nanoseconds duration);
    /// Advances from timer to timer until nothing is ready and none is waited for; does not return while a periodic
    /// timer lives.
    void runToEnd();

private:
    struct Impl;
    std::unique_ptr<Runtime> m_runtime;
    Impl *m_impl = nullptr; ///< owned by the runtime
    detail::Ref<detail::Cell> m_main;
};

} // namespace isolate
