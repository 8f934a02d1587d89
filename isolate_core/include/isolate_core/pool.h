#pragma once

#include "isolate_core/runtime.h"

#include <memory>
#include <stop_token>
#include <string>

namespace isolate {

/// How to make a pool.
struct PoolOptions {
    std::string name = "pool"; ///< workers are called "name 1", "name 2", ...
    unsigned workers = 0; ///< tasks that run at once; 0: one for each core
    Runtime *runtime = nullptr; ///< must outlive the pool; null: that of the isolate that submits, else the process's
};

/// A fixed number of worker isolates that run tasks, the most urgent first, and first come first served among equals.
/// A task that throws fails its own future and its worker takes the next. Each task gets a fresh isolate of its
/// worker's name, which counts as busy until it has ended. With the execution mode set to the main isolate the tasks
/// run there, one an event. Copies are handles to the same pool; when the last one goes, what was submitted still runs.
/// @thread any
class Pool {
public:
    /// Starts nothing yet.
    explicit Pool(const PoolOptions &options = {});

    /// Runs `f(args...)`, a function or a coroutine, on a worker, and gives a `Future` of what it gives. `f` may take a
    /// `std::stop_token` last and is given `stop`. A task whose `stop` is requested before it started fails with
    /// `Cancelled` and never runs; one that runs and does not take the token is ended at its next `checkpoint()` or
    /// event, and fails with `Cancelled`, too. `priority`: higher runs sooner. The future fails with what `f` threw, or
    /// with `EndedWithoutResult` when the isolate was ended, or the runtime is shutting down. Does not block. Cost:
    /// what a spawn costs, a lock of the pool, and O(log waiting).
    template <class F, class... Args>
    auto submit(int priority, std::stop_token stop, F f, Args &&...args)
    {
        if constexpr (std::invocable<F, std::remove_cvref_t<Args>..., std::stop_token>)
            return submitBound(priority, stop, true, f, std::forward<Args>(args)..., stop);
        else
            return submitBound(priority, stop, false, f, std::forward<Args>(args)...);
    }
    /// The same with priority 0, and a token that is never stopped.
    template <class F, class... Args>
    auto submit(F f, Args &&...args)
    {
        return submit(0, std::stop_token(), f, std::forward<Args>(args)...);
    }

    /// Tasks that wait for a worker. It changes at once.
    [[nodiscard]] std::size_t waiting() const;
    /// Workers that are busy: at most as many as there are. It changes at once.
    [[nodiscard]] std::size_t running() const;

    struct Impl; ///< Of the implementation.

private:
    struct Job {
        detail::UniqueFunction<void()> work;
        detail::UniqueFunction<void()> cancel;
        std::stop_token stop;
        int priority = 0;
        bool looksAtStop = false; ///< it takes the token, and decides by itself when to end
    };
    void enqueue(Job job);

    template <class F, class... Args>
    Future<detail::RunResult<F, Args...>> submitBound(int priority, std::stop_token stop, bool looksAtStop, F f,
                                                      Args &&...args)
    {
        using R = detail::RunResult<F, Args...>;
        detail::checkEntry<F, Args...>();
        detail::requireSendable<R>(); // what the task returns is sent back
        auto completer = std::make_shared<Completer<R>>();
        auto future = completer->future();
        Job job;
        job.stop = std::move(stop);
        job.priority = priority;
        job.looksAtStop = looksAtStop;
        job.cancel = [state = completer->state()] { state->fail(std::make_exception_ptr(Cancelled())); };
        job.work = [completer, f,
                    bound = std::make_tuple(std::remove_cvref_t<Args>(std::forward<Args>(args))...)]() mutable {
            std::apply([&](auto &&...a) { detail::bindRun<R>(std::move(*completer), f, std::move(a)...)(); },
                       std::move(bound));
        };
        enqueue(std::move(job));
        return future;
    }
    std::shared_ptr<Impl> m_impl;
};

} // namespace isolate
