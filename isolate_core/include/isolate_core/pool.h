#pragma once

#include "isolate_core/runtime.h"

#include <memory>
#include <stop_token>
#include <string>

namespace isolate {

struct PoolOptions {
    std::string name = "pool"; ///< workers are called "name 1", "name 2", ...
    unsigned workers = 0; ///< tasks that run at once; 0: one for each core
    Runtime *runtime = nullptr;
};

/// A fixed number of worker isolates that run tasks, the most urgent first, and first come first served among equals.
/// A task that throws fails its own future and its worker takes the next. With the execution mode set to the main
/// isolate the tasks run there, one an event. Copies are handles to the same pool; the last one closes it. @thread any
class Pool {
public:
    explicit Pool(const PoolOptions &options = {});

    /// Runs `f(args...)`, a function or a coroutine, on a worker. `f` may take a `std::stop_token` last and is given
    /// `stop`. A task whose `stop` is requested before it started fails with `Cancelled`
    /// and never runs. `priority`: higher runs sooner.
    template <class F, class... Args>
    auto submit(int priority, std::stop_token stop, F f, Args &&...args)
    {
        if constexpr (std::invocable<F, std::remove_cvref_t<Args>..., std::stop_token>)
            return submitBound(priority, stop, f, std::forward<Args>(args)..., stop);
        else
            return submitBound(priority, stop, f, std::forward<Args>(args)...);
    }
    template <class F, class... Args>
    auto submit(F f, Args &&...args)
    {
        return submit(0, std::stop_token(), f, std::forward<Args>(args)...);
    }

    /// Tasks that wait, and that run. They change at once.
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t running() const;

    struct Impl;

private:
    struct Job {
        detail::UniqueFunction<void()> work;
        detail::UniqueFunction<void()> cancel;
        std::stop_token stop;
        int priority = 0;
    };
    void enqueue(Job job);

    template <class F, class... Args>
    Future<detail::RunResult<F, Args...>> submitBound(int priority, std::stop_token stop, F f, Args &&...args)
    {
        using R = detail::RunResult<F, Args...>;
        detail::checkEntry<F, Args...>();
        detail::requireSendable<R>(); // what the task returns is sent back
        auto completer = std::make_shared<Completer<R>>();
        auto future = completer->future();
        Job job;
        job.stop = std::move(stop);
        job.priority = priority;
        job.cancel = [completer] { completer->completeError(Cancelled()); };
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
