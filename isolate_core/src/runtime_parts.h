#pragma once

#include "executor.h"
#include "isolate_core/runtime.h"
#include "names.h"
#include "run_slots.h"
#include "timers.h"

#include <condition_variable>

namespace isolate {
class MainExecutor;
}

namespace isolate::detail {

/// The last slices that were worth keeping. @thread any
class TraceRing {
public:
    explicit TraceRing(std::size_t capacity) : m_capacity(capacity ? capacity : 1) {}
    void add(const Cell &cell, Clock::time_point start, Clock::time_point end);
    [[nodiscard]] std::vector<TraceSlice> since(Clock::time_point time) const;
    [[nodiscard]] std::vector<TraceSlice> after(std::uint64_t &serial) const;

private:
    mutable std::mutex m_mutex;
    const std::size_t m_capacity;
    std::size_t m_next = 0;
    std::uint64_t m_added = 0;
    std::vector<TraceSlice> m_slices;
};

/// What a runtime consists of. The executors outlive the cells that they run.
struct RuntimeParts {
    RuntimeParts(Runtime &runtime, const RuntimeOptions &options, Ref<Executor> pool, std::unique_ptr<Timers> timers);
    ~RuntimeParts();

    Result<Ref<Cell>, SpawnError> makeCell(const SpawnOptions &options);
    void enrol(Cell &cell);
    void forget(Cell &cell);
    void reportUnheard(const ErrorNotice &notice);
    /// Ends what the executor of the main thread runs. @thread main
    void endAllOn(const Executor &executor);
    void waitForThoseThatMustFinish(Clock::time_point until);
    ShutdownReport shutdown(std::chrono::milliseconds patience);

    Runtime &runtime;
    const RuntimeOptions options;
    TraceRing trace;
    NameTable names;
    WatchdogBell bell;
    std::atomic<ExecutionMode> mode{ExecutionMode::isolates};

    mutable std::mutex mutex; ///< guards what follows, down to the blank line
    std::condition_variable fewer;
    std::list<Cell *> cells; ///< each is retained until it has ended
    bool closing = false;
    Executor *mainExecutor = nullptr;
    Ref<Cell> mainCell;
    std::function<void(const ErrorNotice &)> errorSink;
    std::vector<Ref<Executor>> dedicated;

    /// Set by a deterministic runtime: every cell runs on the pool executor, which the test drives.
    bool deterministic = false;
    std::unique_ptr<Timers> timers;
    Ref<Executor> pool;
};

/// The executor that runs pooled cells on threads. @thread any
Ref<Executor> makePoolExecutor(const RuntimeOptions &options);
/// Its threads at this moment; 0 where the executor is not one of these.
unsigned poolThreadsOf(const Executor &executor);
/// A thread for one cell.
Ref<Executor> makeDedicatedExecutor(const std::string &name, int nice);
/// Whether its thread has ended.
bool dedicatedHasEnded(const Executor &executor);

} // namespace isolate::detail
