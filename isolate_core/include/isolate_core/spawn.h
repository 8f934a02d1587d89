#pragma once

#include "isolate_core/isolate.h"
#include "isolate_core/task.h"

#include <tuple>

namespace isolate {

namespace detail {

/// Creates the cell and posts its first event. @thread any
Result<Isolate, SpawnError> spawnCell(const SpawnOptions &options, UniqueFunction<void()> firstEvent);
/// The same in two steps, so that ports can be opened for it before it starts.
Result<Ref<Cell>, SpawnError> makeCell(const SpawnOptions &options);
void startCell(Cell &cell, UniqueFunction<void()> firstEvent);

/// A coroutine may take its arguments by reference: they live here as long as it does.
template <class F, class Tuple>
Task<void> entryWith(F entry, Tuple arguments)
{
    co_await std::apply(entry, std::move(arguments));
}

template <class F, class... Args>
UniqueFunction<void()> bindEntry(F entry, Args... args)
{
    return [entry, bound = std::make_tuple(std::move(args)...)]() mutable {
        using R = decltype(std::apply(entry, std::move(bound)));
        if constexpr (isTask<R>)
            startRoot(entryWith(entry, std::move(bound)));
        else
            std::apply(entry, std::move(bound));
    };
}

template <class F, class... Args>
constexpr void checkEntry()
{
    static_assert(SendableEntry<F>,
                  "isolate: an entry is a function, or a lambda that captures nothing. Pass what it "
                  "works on as arguments.");
    (requireSendable<std::remove_cvref_t<Args>>(), ...);
    static_assert(std::invocable<F, std::remove_cvref_t<Args>...>, "isolate: the entry does not take these arguments");
}

} // namespace detail

/// Starts an isolate that runs `entry(args...)`, a function or a coroutine `Task<void>(...)`. It ends when the entry
/// has returned and nothing is left to wait for: no open port, timer or future. The arguments are copied or moved
/// there. What `entry` throws is an error of the isolate. An error when the runtime is shutting down, no thread could
/// be had, or there is no main isolate to place it on. Does not wait for it to start. Cost: about a microsecond for a
/// pooled one, a thread for a dedicated one. @thread any
template <class F, class... Args>
[[nodiscard]] Result<Isolate, SpawnError> spawnWith(const SpawnOptions &options, F entry, Args &&...args)
{
    detail::checkEntry<F, Args...>();
    return detail::spawnCell(options,
                             detail::bindEntry<F, std::remove_cvref_t<Args>...>(entry, std::forward<Args>(args)...));
}

/// `spawnWith` the default options: on the pool, with no name. @thread any
template <class F, class... Args>
[[nodiscard]] Result<Isolate, SpawnError> spawn(F entry, Args &&...args)
{
    return spawnWith(SpawnOptions{}, entry, std::forward<Args>(args)...);
}

} // namespace isolate
