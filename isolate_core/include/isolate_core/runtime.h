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

struct RuntimeOptions {
    unsigned poolThreads = 0; ///< threads that run at once; 0: one for each core, at least two
    unsigned maxPoolThreads = 1024; ///< with those added because others block
    int backgroundNice = 10; ///< Linux: nice value of pool and dedicated threads, 0 to 19
    std::size_t traceSlices = 1 << 14; ///< how many the trace holds; the oldest go first
    std::chrono::nanoseconds traceAtLeast{20'000}; ///< shorter slices are counted but not kept in the trace
};

/// What `shutdown` found.
struct ShutdownReport {
    std::vector<std::string> hung; ///< names of isolates that had not ended in time; they are left alone
    [[nodiscard]] bool clean() const noexcept { return hung.empty(); }
};

/// The pool, the timers, the names and the list of isolates. A process needs one, and has one on the first call of
/// `instance`; tests make their own. @thread any, unless a method says otherwise
class Runtime {
public:
    static Runtime &instance();
    /// That of the isolate that runs on this thread, else the process's.
    static Runtime &current();

    explicit Runtime(const RuntimeOptions &options = {});
    explicit Runtime(std::unique_ptr<detail::RuntimeParts> parts); ///< of the implementation
    /// Shuts down and joins the threads; an isolate that never ends holds it up, so call `shutdown` first.
    ~Runtime();
    Runtime(const Runtime &) = delete;
    Runtime &operator=(const Runtime &) = delete;

    /// Kills every isolate but the main one, asks running work to stop, and waits until all have ended or `patience` is
    /// over. Nothing can be spawned after. Not from within an isolate, but from the main one.
    ShutdownReport shutdown(std::chrono::milliseconds patience = std::chrono::seconds(5));

    /// Makes the calling thread the main isolate and runs `entry(args...)` on it, with a loop of its own, until nothing
    /// is left to wait for. For programs without another event loop; with one, see `MainExecutor`.
    template <class F, class... Args>
    void runMain(F entry, Args &&...args)
    {
        detail::checkEntry<F, Args...>();
        runMainEvent(detail::bindEntry<F, std::remove_cvref_t<Args>...>(entry, std::forward<Args>(args)...));
    }

    void setExecutionMode(ExecutionMode mode) noexcept;
    [[nodiscard]] ExecutionMode executionMode() const noexcept;

    /// Where errors go that no isolate listens to; the default writes a line to the standard error. Called on the
    /// thread of the isolate that failed.
    void setErrorSink(std::function<void(const ErrorNotice &)> sink);

    /// Every isolate that lives, oldest first.
    [[nodiscard]] std::vector<IsolateInfo> snapshot() const;
    /// How many live.
    [[nodiscard]] std::size_t isolateCount() const;
    /// The kept slices that ended after `since`, in the order in which they ended.
    [[nodiscard]] std::vector<TraceSlice> trace(std::chrono::steady_clock::time_point since = {}) const;

    /// Threads of the pool at this moment.
    [[nodiscard]] unsigned poolThreadCount() const;

    [[nodiscard]] detail::RuntimeParts &parts() noexcept { return *m_parts; } ///< of the implementation

private:
    void runMainEvent(detail::UniqueFunction<void()> firstEvent);
    std::unique_ptr<detail::RuntimeParts> m_parts;
};

/// `Runtime::instance().runMain(...)`.
template <class F, class... Args>
void runMain(F entry, Args &&...args)
{
    Runtime::instance().runMain(entry, std::forward<Args>(args)...);
}

} // namespace isolate
