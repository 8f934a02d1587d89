#pragma once

#include "isolate_core/future.h"
#include "isolate_core/spawn.h"

namespace isolate {

/// Where `compute` and pools run their work.
enum class ExecutionMode : std::uint8_t {
    isolates, ///< in isolates of their own
    mainIsolate, ///< on the main isolate, if there is one, as `compute` does on the web: to see what isolates spare it
};

namespace detail {

template <class R>
struct Unwrapped {
    using type = R;
};
template <class R>
struct Unwrapped<Task<R>> {
    using type = R;
};
template <class F, class... Args>
using RunResult = typename Unwrapped<std::invoke_result_t<F, std::remove_cvref_t<Args>...>>::type;

template <class R, class F, class Tuple>
Task<void> completeFrom(Completer<R> completer, F function, Tuple args)
{
    try {
        if constexpr (std::is_void_v<R>) {
            co_await std::apply(function, std::move(args));
            completer.complete();
        } else {
            completer.complete(co_await std::apply(function, std::move(args)));
        }
    } catch (const Unwind &) {
        throw;
    } catch (...) {
        completer.state()->failThrown(std::current_exception());
    }
}

/// What runs `function` and completes `completer` with what it gives or throws.
template <class R, class F, class... Args>
UniqueFunction<void()> bindRun(Completer<R> completer, F function, Args... args)
{
    return [completer = std::move(completer), function, bound = std::make_tuple(std::move(args)...)]() mutable {
        if constexpr (isTask<std::invoke_result_t<F, Args...>>) {
            startRoot(completeFrom<R>(std::move(completer), function, std::move(bound)));
        } else {
            try {
                if constexpr (std::is_void_v<R>) {
                    std::apply(function, std::move(bound));
                    completer.complete();
                } else {
                    completer.complete(std::apply(function, std::move(bound)));
                }
            } catch (const Unwind &) {
                throw;
            } catch (...) {
                completer.state()->failThrown(std::current_exception());
            }
        }
    };
}

/// Posts to the main isolate if the mode says so and there is one; false: nothing was done. @thread any
bool postToMainInMainMode(Runtime *runtime, UniqueFunction<void()> &work);

} // namespace detail

/// Runs `f(args...)`, a function or a coroutine, in an isolate of its own and gives its value, moved. The future fails
/// with what `f` threw, as the same type, which is then no error of the isolate, or with `EndedWithoutResult`: it was
/// killed, or could not be started. Does not block. Cost: what a spawn costs. @thread any
template <class F, class... Args>
Future<detail::RunResult<F, Args...>> runWith(SpawnOptions options, F f, Args &&...args)
{
    using R = detail::RunResult<F, Args...>;
    detail::checkEntry<F, Args...>();
    detail::requireSendable<R>(); // what the function returns is sent back
    Completer<R> completer;
    auto future = completer.future();
    auto work
        = detail::bindRun<R, F, std::remove_cvref_t<Args>...>(std::move(completer), f, std::forward<Args>(args)...);
    // A spawn that failed drops the work, and with it the completer: the future then fails.
    static_cast<void>(detail::spawnCell(options, std::move(work)).ok());
    return future;
}

/// `runWith` an isolate of the pool, called "run". @thread any
template <class F, class... Args>
auto run(F f, Args &&...args)
{
    return runWith(SpawnOptions{.name = "run"}, f, std::forward<Args>(args)...);
}

/// `runWith`, except that with the execution mode set to the main isolate the same function runs there, if there is
/// one, in an event of its own; of `options` its runtime alone counts then. @thread any
template <class F, class... Args>
Future<detail::RunResult<F, Args...>> computeWith(SpawnOptions options, F f, Args &&...args)
{
    using R = detail::RunResult<F, Args...>;
    detail::checkEntry<F, Args...>();
    detail::requireSendable<R>(); // what the function returns is sent back
    Completer<R> completer;
    auto future = completer.future();
    auto work
        = detail::bindRun<R, F, std::remove_cvref_t<Args>...>(std::move(completer), f, std::forward<Args>(args)...);
    if (!detail::postToMainInMainMode(options.runtime, work))
        static_cast<void>(detail::spawnCell(options, std::move(work)).ok());
    return future;
}

/// `computeWith` an isolate of the pool, called "compute". @thread any
template <class F, class... Args>
auto compute(F f, Args &&...args)
{
    return computeWith(SpawnOptions{.name = "compute"}, f, std::forward<Args>(args)...);
}

} // namespace isolate
