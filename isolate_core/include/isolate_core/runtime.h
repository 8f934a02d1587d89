#pragma once

#include "isolate_core/run.h"
#include "isolate_core/snapshot.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace isolate {

class MainExecutor;
namespace detail {
class Executor;
struct RuntimeParts;
class Timers;
} // namespace detail

/// How to make a runtime.
struct RuntimeOptions {
    unsigned poolThreads = 0; ///< threads that run at once; 0: one for each core, at least two
    unsigned maxPoolThreads = 1024; ///< with those added because others block; no less than `poolThreads`
    int backgroundNice = 10; ///< Linux: nice value of pool and dedicated threads, 0 to 19; 0 leaves them as they are
    std::size_t traceSlices = 1 << 14; ///< how many the trace holds, at least one; the oldest go first
    std::chrono::nanoseconds traceAtLeast{20'000}; ///< shorter slices are counted but not kept in the trace
};

/// What `shutdown` found.
struct ShutdownReport {
    std::vector<std::string> hung; ///< names of isolates that had not ended in time; they are left alone

    /// Whether all had ended.
    [[nodiscard]] bool clean() const noexcept { return hung.empty(); }
};

/// The pool, the timers, the names and the list of isolates. A process needs one, and has one on the first call of
/// `instance`; tests make their own. @thread any, unless a method says otherwise
class Runtime {
public:
    /// The process's, made on the first call and destroyed with the statics, which waits as the destructor does.
    static Runtime &instance();
    /// That of the isolate that runs on this thread, else the process's.
    static Runtime &current();

    /// Starts the threads of the pool, and one that watches over them; the system must have them to give.
    explicit Runtime(const RuntimeOptions &options = {});
    explicit Runtime(std::unique_ptr<detail::RuntimeParts> parts); ///< Of the implementation.
    /// Shuts down and joins the threads; an isolate that never ends holds it up, so call `shutdown` first. Handles
    /// and ports of its isolates may outlive it; a `Reply` to what was asked in it, and what names it, may not.
    /// @thread any but its own
    ~Runtime();
    Runtime(const Runtime &) = delete;
    Runtime &operator=(const Runtime &) = delete;

    /// Asks those that must finish to stop and waits for them, then kills every other isolate but those on the main
    /// thread, and blocks until all have ended or `patience`, which is for both, is over. Nothing can be spawned after.
    /// Not from within an isolate, but from the main one. May be called again, to wait longer. One of a
    /// `DeterministicRuntime` does not wait, and reports nothing.
    ShutdownReport shutdown(std::chrono::milliseconds patience = std::chrono::seconds(5));

    /// Makes the calling thread the main isolate and runs `entry(args...)` on it, with a loop of its own, until nothing
    /// is left to wait for there; it does not wait for other isolates. Errors do not end it. One at a time. For
    /// programs without another event loop; with one, see `MainExecutor`. @thread any that runs no isolate
    template <class F, class... Args>
    void runMain(F entry, Args &&...args)
    {
        detail::checkEntry<F, Args...>();
        runMainEvent(detail::bindEntry<F, std::remove_cvref_t<Args>...>(entry, std::forward<Args>(args)...));
    }

    /// Where `compute` and pools run what is asked of them from now on; at first in isolates.
    void setExecutionMode(ExecutionMode mode) noexcept;
    /// As it was last set.
    [[nodiscard]] ExecutionMode executionMode() const noexcept;

    /// Where errors go of isolates that have no error listener, or none whose port is still open. The default, and an
    /// empty one, writes a line to the standard error. Called on the thread of the isolate that failed, by several at
    /// once.
    void setErrorSink(std::function<void(const ErrorNotice &)> sink);

    /// Every isolate that lives, the main one included, oldest first. Cost: O(their number), with a copy of each one's
    /// texts; takes a lock of the runtime, and none that stops an isolate that runs.
    [[nodiscard]] std::vector<IsolateInfo> snapshot() const;
    /// How many live, the main one included. Takes a lock of the runtime.
    [[nodiscard]] std::size_t isolateCount() const;
    /// The kept slices that ended after `since`, in the order in which they were kept. Cost: a copy of each, under a
    /// lock that isolates take when a slice ends.
    [[nodiscard]] std::vector<TraceSlice> trace(std::chrono::steady_clock::time_point since = {}) const;
    /// The slices that were kept after the first `serial`, and are still there, in the order in which they were kept;
    /// sets `serial` to how many have been kept. So who follows the trace misses none and gets none twice. Cost: as
    /// `trace`.
    [[nodiscard]] std::vector<TraceSlice> traceAfter(std::uint64_t &serial) const;

    /// Threads of the pool at this moment; 0 of a `DeterministicRuntime`. Takes a lock of the pool.
    [[nodiscard]] unsigned poolThreadCount() const;

    [[nodiscard]] detail::RuntimeParts &parts() noexcept { return *m_parts; } ///< Of the implementation.

private:
    void runMainEvent(detail::UniqueFunction<void()> firstEvent);
    std::unique_ptr<detail::RuntimeParts> m_parts;
};

/// `Runtime::instance().runMain(...)`. @thread any that runs no isolate
template <class F, class... Args>
void runMain(F entry, Args &&...args)
{
    Runtime::instance().runMain(entry, std::forward<Args>(args)...);
}

} // namespace isolate
