#pragma once

#include "isolate_core/detail/cell.h"

#include <coroutine>
#include <optional>
#include <variant>

namespace isolate {

template <class T>
class Task;

namespace detail {

template <class T>
struct TaskPromiseBase {
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept
    {
        struct Final {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return next; }
            void await_resume() noexcept {}
            std::coroutine_handle<> next;
        };
        return Final{continuation ? continuation : std::noop_coroutine()};
    }
    void unhandled_exception() noexcept { error = std::current_exception(); }

    std::coroutine_handle<> continuation;
    std::exception_ptr error;
};

template <class T>
struct TaskPromise : TaskPromiseBase<T> {
    Task<T> get_return_object() noexcept;
    template <class U>
    void return_value(U &&v)
    {
        value.emplace(std::forward<U>(v));
    }
    std::optional<T> value;
};

template <>
struct TaskPromise<void> : TaskPromiseBase<void> {
    Task<void> get_return_object() noexcept;
    void return_void() noexcept {}
};

} // namespace detail

/// A coroutine of an isolate. It starts when it is awaited, or when it is the entry of an isolate or given to `start`;
/// it runs on its isolate alone, and destroying it where it is suspended runs its destructors. Its arguments live in
/// its frame; what they refer to must outlive it. Cost: the allocation of the frame. @thread isolate
template <class T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::TaskPromise<T>; ///< Of the implementation.
    using Handle = std::coroutine_handle<promise_type>; ///< Of the implementation.

    /// Takes over the coroutine. Of the implementation.
    explicit Task(Handle handle) noexcept : m_handle(handle) {}
    /// Leaves `other` with no coroutine: it can only be destroyed or assigned to.
    Task(Task &&other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}
    /// Exchanges the coroutines.
    Task &operator=(Task &&other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Task()
    {
        if (m_handle)
            m_handle.destroy();
    }

    /// Starts it, and gives what it returns or throws what it throws. Once. An awaiting coroutine goes on in the event
    /// in which this ends; nothing is posted.
    auto operator co_await() &&noexcept
    {
        struct Awaiter {
            Handle handle;
            bool await_ready() const noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<> continuation) noexcept
            {
                handle.promise().continuation = continuation;
                return handle;
            }
            T await_resume()
            {
                auto &promise = handle.promise();
                if (promise.error)
                    std::rethrow_exception(promise.error);
                if constexpr (!std::is_void_v<T>)
                    return std::move(*promise.value);
            }
        };
        return Awaiter{m_handle};
    }

private:
    Handle m_handle;
};

namespace detail {

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept
{
    return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept
{
    return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

template <class T>
inline constexpr bool isTask = false;
template <class T>
inline constexpr bool isTask<Task<T>> = true;

/// The outermost coroutine of an isolate; the cell destroys it. An error leaves through the event that resumed it.
struct Root {
    struct promise_type {
        Root get_return_object() noexcept { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() { throw; }
    };
    std::coroutine_handle<promise_type> handle;
};

/// Runs a task as a root of the isolate that runs. @thread isolate
void startRoot(Task<void> task);

} // namespace detail

/// Runs a coroutine beside the others of this isolate, until it first suspends before this returns. Its error is an
/// error of the isolate; one before it first suspends is thrown here. The end of the isolate destroys it.
/// @thread isolate
inline void start(Task<void> task)
{
    detail::startRoot(std::move(task));
}

} // namespace isolate
