#pragma once

#include "isolate_core/detail/future_state.h"
#include "isolate_core/sendable.h"

#include <coroutine>

namespace isolate {

/// A value that some isolate owes. `co_await` it, or pass functions to `then`; both continue on the isolate that asks,
/// in an event of its own. It fails with what the computation threw, as the same type, or with `EndedWithoutResult`.
/// The value is moved out, so one of `get`, `then` and `co_await` is called, once. An isolate that waits by `then` or
/// `co_await` is kept alive until the outcome is there. Dropping a future drops the value, and stops nothing; an error
/// that the computation of `run`, `compute` or a pool threw then goes to the runtime's error sink.
template <class T>
class [[nodiscard]] Future {
public:
    using State = detail::FutureState<T>; ///< What it shares with its completer. Of the implementation.
    /// Of the implementation; see `Completer::future`.
    explicit Future(detail::Ref<State> state) : m_state(std::move(state)) {}
    Future(Future &&) noexcept = default;
    Future &operator=(Future &&other) noexcept
    {
        drop();
        m_state = std::move(other.m_state);
        return *this;
    }
    ~Future() { drop(); }

    /// Whether a value or an error is there. Takes a lock of this future's own. @thread any
    [[nodiscard]] bool ready() const { return m_state->settled(); }

    /// Blocks until it is there, and gives it or throws. Only for a thread that is no isolate, or a dedicated one:
    /// others would hold up a thread of the pool or the main loop. @thread any, with this restriction
    T get()
    {
        m_state->wait();
        if constexpr (std::is_void_v<T>)
            static_cast<void>(m_state->take());
        else
            return m_state->take();
    }

    /// Calls `onValue(value)`, or `onValue()` for void, or `onError(exception_ptr)`, on this isolate: never before this
    /// returns. What they throw is an error of the isolate. Neither is called once the isolate has ended. Cost: two
    /// allocations or more, and an event. @thread isolate
    template <class V, class E>
    void then(V onValue, E onError) &&
    {
        detail::Ref<detail::Cell> cell(&detail::Cell::expectCurrent("Future::then"));
        cell->holdAlive();
        const auto settling = std::move(m_state);
        settling->whenSettled(
            [state = settling, cell, onValue = std::move(onValue), onError = std::move(onError)]() mutable {
                cell->post(new detail::CallEvent(
                    [state, cell, onValue = std::move(onValue), onError = std::move(onError)]() mutable {
                        cell->letGo();
                        std::exception_ptr error;
                        std::optional<typename State::Stored> value;
                        try {
                            value.emplace(state->take());
                        } catch (...) {
                            error = std::current_exception();
                        }
                        if (error)
                            onError(error);
                        else if constexpr (std::is_void_v<T>)
                            onValue();
                        else
                            onValue(std::move(*value));
                    }));
            });
    }

    /// Gives the value or throws, in an event of this isolate; a coroutine that is destroyed meanwhile is not resumed.
    /// Also when the value is there already: so what was sent to this isolate before the value was given is handled
    /// before it, and values that one isolate gives come in its order. @thread isolate
    auto operator co_await() &&
    {
        // Outlives the coroutine's frame, so that an outcome that comes after the frame is gone finds nobody.
        struct Waiter final : detail::RefCounted {
            std::coroutine_handle<> coroutine;
        };
        struct Awaiter {
            Awaiter(detail::Ref<State> s) : state(std::move(s)) {}
            Awaiter(const Awaiter &) = delete;
            ~Awaiter()
            {
                if (waiter)
                    waiter->coroutine = nullptr;
                state->dropped();
            }
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> handle)
            {
                waiter = detail::makeRef<Waiter>();
                waiter->coroutine = handle;
                detail::Ref<detail::Cell> cell(&detail::Cell::expectCurrent("co_await of a future"));
                cell->holdAlive();
                state->whenSettled([cell, resumed = waiter] {
                    cell->post(new detail::CallEvent([cell, resumed] {
                        cell->letGo();
                        if (auto coroutine = std::exchange(resumed->coroutine, nullptr))
                            coroutine.resume();
                    }));
                });
            }
            T await_resume()
            {
                if constexpr (std::is_void_v<T>)
                    static_cast<void>(state->take());
                else
                    return state->take();
            }
            detail::Ref<State> state;
            detail::Ref<Waiter> waiter;
        };
        return Awaiter(std::move(m_state));
    }

private:
    void drop() noexcept
    {
        if (m_state)
            m_state->dropped();
    }
    detail::Ref<State> m_state;
};

/// The other end of a future: completed once, from any thread, and sendable, so that it serves as a port for one reply.
/// Destroying it with nothing said fails the future with `EndedWithoutResult`: nobody waits for ever. Completing takes
/// a lock of its own, and posts an event to the isolate that waits. @thread any
template <class T>
class Completer {
public:
    /// One that was not completed. Cost: an allocation.
    Completer() : m_state(detail::makeRef<detail::FutureState<T>>()) {}
    Completer(Completer &&) noexcept = default;
    /// Fails the future that it had with `EndedWithoutResult`, if that has no outcome.
    Completer &operator=(Completer &&other) noexcept
    {
        abandon();
        m_state = std::move(other.m_state);
        return *this;
    }
    ~Completer() { abandon(); }

    /// The future of this completer. Ask once.
    [[nodiscard]] Future<T> future() const { return Future<T>(m_state); }

    /// Gives the future its value. False when it was completed before: then `value` is dropped.
    template <class U = T>
    requires(!std::is_void_v<T>) bool complete(U &&value) { return m_state->complete(std::forward<U>(value)); }
    /// The same, for a future of void.
    bool complete() requires std::is_void_v<T> { return m_state->complete({}); }
    /// Fails the future with `error`, which must not be null. False when it was completed before.
    bool completeError(std::exception_ptr error) { return m_state->fail(std::move(error)); }
    /// The same, with a copy of `error`, which the future throws as an `E`.
    template <class E>
    bool completeError(E error)
    {
        return completeError(std::make_exception_ptr(std::move(error)));
    }
    /// Whether its future has an outcome; false can be out of date at once.
    [[nodiscard]] bool completed() const { return m_state->settled(); }
    /// What it shares with its future. Of the implementation.
    [[nodiscard]] const detail::Ref<detail::FutureState<T>> &state() const noexcept { return m_state; }

private:
    void abandon() noexcept
    {
        if (m_state)
            m_state->fail(std::make_exception_ptr(EndedWithoutResult()));
    }
    detail::Ref<detail::FutureState<T>> m_state;
};

template <class T>
struct IsSendableClass<Completer<T>> : std::bool_constant<std::is_void_v<T> || Sendable<T>> {
};

} // namespace isolate
