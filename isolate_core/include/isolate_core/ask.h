#pragma once

#include "isolate_core/future.h"
#include "isolate_core/send_port.h"

#include <chrono>

namespace isolate {

/// What an `ask` fails with when nobody can answer any more: the port was closed, its isolate ended, or the request was
/// dropped with no answer.
class ReceiverGone : public std::runtime_error {
public:
    ReceiverGone() : std::runtime_error("the receiver ended, or dropped the request with no answer") {}
};

namespace detail {
/// Fails with `TimedOut` what was not settled by then; destroying it takes the deadline back. @thread any
class Deadline {
public:
    Deadline() noexcept = default;
    Deadline(std::chrono::nanoseconds within, UniqueFunction<void()> passed);
    Deadline(Deadline &&other) noexcept;
    Deadline &operator=(Deadline &&other) noexcept;
    ~Deadline();

private:
    struct Job;
    void drop() noexcept;
    Ref<RefCounted> m_job;
};
} // namespace detail

/// The right to answer one request, once. Sendable: who gets the request may pass it on. Destroying it unanswered fails
/// the question with `ReceiverGone`. @thread any
template <class R>
class Reply {
public:
    explicit Reply(Completer<R> completer, detail::Deadline deadline = {})
        : m_deadline(std::move(deadline)), m_completer(std::move(completer))
    {
    }
    Reply(Reply &&) noexcept = default;
    Reply &operator=(Reply &&other) noexcept
    {
        abandon();
        m_completer = std::move(other.m_completer);
        m_deadline = std::move(other.m_deadline);
        return *this;
    }
    ~Reply() { abandon(); }

    /// False when the asker has given up: the deadline passed.
    bool answer(R value) { return m_completer.complete(std::move(value)); }
    bool fail(std::exception_ptr error) { return m_completer.completeError(std::move(error)); }

private:
    void abandon()
    {
        if (m_completer.state()) // not moved from
            m_completer.completeError(ReceiverGone());
    }
    detail::Deadline m_deadline;
    Completer<R> m_completer;
};

template <class R>
struct IsSendableClass<Reply<R>> : std::true_type {
};

/// A question of type `Q` and the right to answer it with an `R`: the message type of a port that is asked.
template <class Q, class R>
struct Request {
    Q message;
    Reply<R> reply;
};

/// Sends `message` and gives the one answer to it. The future fails with `TimedOut` after `within`, with `ReceiverGone`
/// when nobody can answer any more, or with what the receiver failed it with. @thread any
template <class Q, class R>
Future<R> ask(const SendPort<Request<Q, R>> &port, Q message, std::chrono::nanoseconds within)
{
    Completer<R> completer;
    auto future = completer.future();
    detail::Deadline deadline(within,
                              [state = completer.state()] { state->fail(std::make_exception_ptr(TimedOut())); });
    port.send(Request<Q, R>{std::move(message), Reply<R>(std::move(completer), std::move(deadline))});
    return future;
}

} // namespace isolate
