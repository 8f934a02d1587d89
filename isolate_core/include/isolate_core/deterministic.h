#pragma once

#include "isolate_core/runtime.h"

#include <chrono>
#include <cstdint>
#include <memory>

namespace isolate {

/// A runtime for tests: every isolate, wherever it was placed, runs on the thread of the test, one event at a time, in
/// an order that the seed decides, on a clock that the test moves. The same seed gives the same run. The test itself
/// counts as the main isolate. @thread the one that made it
class DeterministicRuntime {
public:
    explicit DeterministicRuntime(std::uint64_t seed);
    /// Kills what is left and runs it to its end.
    ~DeterministicRuntime();

    [[nodiscard]] Runtime &runtime() noexcept { return *m_runtime; }

    /// Runs one event of an isolate that chance picks; false when none is ready.
    bool step();
    /// Steps until none is ready; returns the number of steps. The clock stands still.
    std::size_t runUntilIdle();
    /// Moves the clock on, firing timers in order and running what they cause.
    void advance(std::chrono::nanoseconds duration);
    /// Advances from timer to timer until nothing is ready and none is waited for.
    void runToEnd();

private:
    struct Impl;
    std::unique_ptr<Runtime> m_runtime;
    Impl *m_impl = nullptr; ///< owned by the runtime
    detail::Ref<detail::Cell> m_main;
};

} // namespace isolate
