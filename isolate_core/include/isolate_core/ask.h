#pragma once

#include "isolate_core/future.h"
#include "isolate_core/send_port.h"

#include <chrono>

namespace isolate {

/// What an `ask` fails with when nobody can answer any more: the port was closed or full, its isolate ended, or the
/// request was dropped with no answer.
class ReceiverGone : public std::runtime_error {
public:
    /// With a text that says so.
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

/// The right to answer one request, once, with an `R` that is not void. Sendable: who gets the request may pass it on.
/// Destroying it unanswered fails the question with `ReceiverGone`. @thread any, one at a time
template <class R>
class Reply {
public:
    /// Answers by `completer`, and takes `deadline` back when it is destroyed. Of the implementation.
    explicit Reply(Completer<R> completer, detail::Deadline deadline = {})
        : m_deadline(std::move(deadline)), m_completer(std::move(completer))
    {
    }
    Reply(Reply &&) noexcept = default;
    /// Fails the question that it had with `ReceiverGone`, if that was not answered.
    Reply &operator=(Reply &&other) noexcept
    {
        abandon();
        m_completer = std::move(other.m_completer);
        m_deadline = std::move(other.m_deadline);
        return *this;
    }
    ~Reply() { abandon(); }

    /// False when the deadline has passed, or it was answered before; true does not say that the asker still lives.
    bool answer(R value) { return m_completer.complete(std::move(value)); }
    /// Fails the question with `error`, which must not be null; gives what `answer` gives.
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
struct IsSendableClass<Reply<R>> : std::bool_constant<Sendable<R>> {
};

/// A question of type `Q` and the right to answer it with an `R`: the message type of a port that is asked.
template <class Q, class R>
struct Request {
    Q message; ///< the question
    Reply<R> reply; ///< answer it, or move it to where it will be answered
};

/// Sends `message` and gives the one answer to it. The future fails with `TimedOut` after `within`, with `ReceiverGone`
/// when nobody can answer any more, or with what the receiver failed it with. `within` may be `nanoseconds::max()`: for
/// ever. Does not block, but for a full port with `Overflow::wait`. Cost: a message there, a timer, which takes a lock,
/// and an event back. @thread any
template <class Q, class R>
Future<R> ask(const SendPort<Request<Q, R>> &port, Q message, std::chrono::nanoseconds within)
{
    detail::requireSendable<R>(); // the answer comes from another isolate
    Completer<R> completer;
    auto future = completer.future();
    detail::Deadline deadline(within,
                              [state = completer.state()] { state->fail(std::make_exception_ptr(TimedOut())); });
    port.send(Request<Q, R>{std::move(message), Reply<R>(std::move(completer), std::move(deadline))});
    return future;
}

} // namespace isolate
