#pragma once

#include "isolate_core/stream.h"

#include <coroutine>
#include <optional>

namespace isolate {

/// Asks a stream for its values one by one: `while (auto value = co_await queue.next())`. Listens from the moment it is
/// made and keeps what was not asked for yet. Destroying it stops the listening. @thread isolate
template <class T>
class StreamQueue {
    struct Buffer {
        std::deque<std::variant<T, std::exception_ptr>> items;
        bool done = false;
        std::coroutine_handle<> waiter;

        void wake()
        {
            if (auto resumed = std::exchange(waiter, nullptr))
                resumed.resume();
        }
    };
    struct Awaiter {
        explicit Awaiter(std::shared_ptr<Buffer> b) : buffer(std::move(b)) {}
        Awaiter(const Awaiter &) = delete;
        ~Awaiter()
        {
            if (suspended && buffer->waiter == suspended)
                buffer->waiter = nullptr;
        }
        [[nodiscard]] bool await_ready() const noexcept { return !buffer->items.empty() || buffer->done; }
        void await_suspend(std::coroutine_handle<> handle)
        {
            if (buffer->waiter)
                throw std::logic_error("a stream queue is asked for one value at a time");
            buffer->waiter = suspended = handle;
        }
        std::shared_ptr<Buffer> buffer;
        std::coroutine_handle<> suspended;
    };

public:
    /// Listens to `stream`; one that has its listener already is a `std::logic_error`.
    explicit StreamQueue(const Stream<T> &stream) : m_buffer(std::make_shared<Buffer>())
    {
        m_subscription = stream.listen(
            [buffer = m_buffer](T value) {
                buffer->items.emplace_back(std::in_place_index<0>, std::move(value));
                buffer->wake();
            },
            [buffer = m_buffer] {
                buffer->done = true;
                buffer->wake();
            },
            [buffer = m_buffer](std::exception_ptr error) {
                buffer->items.emplace_back(std::in_place_index<1>, std::move(error));
                buffer->wake();
            });
    }
    StreamQueue(StreamQueue &&) noexcept = default;
    StreamQueue &operator=(StreamQueue &&) noexcept = default; ///< Stops what it listened to.

    /// Awaitable: the next value as a `std::optional`, nothing after the last. Throws an error of the stream, after
    /// which one may go on asking. To await it, or `hasNext`, twice at once is a `std::logic_error`.
    auto next()
    {
        struct Next : Awaiter {
            using Awaiter::Awaiter;
            std::optional<T> await_resume()
            {
                auto &items = this->buffer->items;
                if (items.empty())
                    return std::nullopt;
                auto item = std::move(items.front());
                items.pop_front();
                if (auto *error = std::get_if<1>(&item))
                    std::rethrow_exception(*error);
                return std::optional<T>(std::move(std::get<0>(item)));
            }
        };
        return Next(m_buffer);
    }
    /// Awaitable: whether there is another value or error; waits until that is known, and takes nothing.
    auto hasNext()
    {
        struct HasNext : Awaiter {
            using Awaiter::Awaiter;
            bool await_resume() { return !this->buffer->items.empty(); }
        };
        return HasNext(m_buffer);
    }
    /// Values and errors that came and were not asked for.
    [[nodiscard]] std::size_t buffered() const noexcept { return m_buffer->items.size(); }
    /// Stops the listening; what was buffered can still be asked for, then comes the end. Resumes who awaits before it
    /// returns.
    void cancel()
    {
        m_subscription.cancel();
        m_buffer->done = true;
        m_buffer->wake();
    }

private:
    std::shared_ptr<Buffer> m_buffer;
    StreamSubscription m_subscription;
};

} // namespace isolate
