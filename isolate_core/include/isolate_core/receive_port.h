#pragma once

#include "isolate_core/send_port.h"
#include "isolate_core/stream.h"

#include <coroutine>
#include <deque>
#include <optional>
#include <stdexcept>

namespace isolate {

/// The receiving end of a port, with a handler and no buffer: a message that arrives while there is no handler is
/// dropped. It belongs to the isolate that made it: made, used and destroyed there, and never sent. Destroying it
/// closes it. @thread isolate
template <class T>
class RawReceivePort {
public:
    /// Opens a port of the isolate that runs. Cost: a few allocations.
    explicit RawReceivePort(detail::UniqueFunction<void(T)> handler = {}, const PortOptions &options = {})
        : m_state(detail::makeRef<detail::PortState<T>>(detail::Cell::expectCurrent("a receive port"), options))
    {
        m_state->open();
        setHandler(std::move(handler));
    }
    /// Takes over a port that was opened for this isolate before it started. Of the implementation.
    explicit RawReceivePort(detail::Ref<detail::PortState<T>> opened) : m_state(std::move(opened)) {}
    RawReceivePort(RawReceivePort &&) noexcept = default;
    /// Closes the port that it had.
    RawReceivePort &operator=(RawReceivePort &&other) noexcept
    {
        close();
        m_state = std::move(other.m_state);
        return *this;
    }
    ~RawReceivePort() { close(); }

    /// Replaces the handler, also from within it; an empty one drops what arrives. It is called with each message in an
    /// event of its own. An error that it throws is an error of the isolate.
    void setHandler(detail::UniqueFunction<void(T)> handler) { m_state->setHandler(std::move(handler)); }
    /// Ends the port; what is queued is not delivered, senders that wait for room get false, monitors are told.
    /// The end of the isolate closes it too. Idempotent.
    void close() noexcept
    {
        if (m_state)
            m_state->close();
    }
    /// Whether its isolate waits for messages as long as the port is open.
    void setKeepIsolateAlive(bool keep) noexcept { m_state->setKeepIsolateAlive(keep); }
    /// The other end, to be sent to anyone: an equal one at each call, also once the port is closed.
    [[nodiscard]] SendPort<T> sendPort() const { return SendPort<T>(m_state); }

private:
    template <class U>
    friend class ReceivePort;
    detail::Ref<detail::PortState<T>> m_state;
};

/// The receiving end of a port, as a stream of messages: buffers until somebody asks with `co_await next()` or
/// `listen`, and ends when it is closed. One listener. Belongs to its isolate as a `RawReceivePort` does; destroying it
/// closes it. @thread isolate
template <class T>
class ReceivePort {
    struct Buffer {
        std::deque<T> messages;
        bool ended = false;
        bool listened = false;
        std::coroutine_handle<> waiter;
        detail::UniqueFunction<void(T)> listener;
        detail::UniqueFunction<void()> onDone;
    };

public:
    /// Opens a port of the isolate that runs.
    explicit ReceivePort(const PortOptions &options = {}) : ReceivePort(RawReceivePort<T>({}, options)) {}
    /// Takes over a raw port and its handler's place.
    explicit ReceivePort(RawReceivePort<T> raw) : m_raw(std::move(raw)), m_buffer(std::make_shared<Buffer>())
    {
        m_raw.m_state->setHandler([buffer = m_buffer](T message) {
            if (buffer->listener)
                return buffer->listener(std::move(message));
            buffer->messages.push_back(std::move(message));
            if (auto waiter = std::exchange(buffer->waiter, nullptr))
                waiter.resume();
        });
        if (m_raw.m_state->isBounded())
            m_raw.m_state->setWants([buffer = m_buffer] { return buffer->waiter || buffer->listener; });
        m_raw.m_state->setOnClosed([buffer = m_buffer, cell = &m_raw.m_state->cell()] {
            buffer->ended = true;
            // In an event of its own: whoever closes the port may stand inside the coroutine or the listener.
            if (buffer->waiter || buffer->onDone) {
                cell->post(new detail::CallEvent([buffer] {
                    if (auto onDone = std::move(buffer->onDone))
                        onDone();
                    if (auto waiter = std::exchange(buffer->waiter, nullptr))
                        waiter.resume();
                }));
            }
        });
    }
    ReceivePort(ReceivePort &&) noexcept = default;
    ReceivePort &operator=(ReceivePort &&) noexcept = default; ///< Closes the port that it had.

    /// Awaitable: the next message as a `std::optional`, nothing when the port was closed and the buffer is empty. One
    /// at a time: to await it twice at once, or beside `listen`, is a `std::logic_error`.
    auto next()
    {
        struct Awaiter {
            Awaiter(std::shared_ptr<Buffer> b, detail::Ref<detail::PortState<T>> s)
                : buffer(std::move(b)), state(std::move(s))
            {
            }
            Awaiter(const Awaiter &) = delete;
            ~Awaiter()
            {
                if (suspended && buffer->waiter == suspended)
                    buffer->waiter = nullptr;
            }
            bool await_ready() const noexcept
            {
                return !buffer->messages.empty() || buffer->ended || state->hasDeferred();
            }
            void await_suspend(std::coroutine_handle<> handle)
            {
                if (buffer->waiter || buffer->listened)
                    throw std::logic_error("a receive port has one listener");
                buffer->waiter = suspended = handle;
            }
            std::optional<T> await_resume() { return takeNext(*buffer, *state); }
            std::shared_ptr<Buffer> buffer;
            detail::Ref<detail::PortState<T>> state;
            std::coroutine_handle<> suspended;
        };
        return Awaiter(m_buffer, m_raw.m_state);
    }
    /// Calls `onMessage` for what was buffered, before this returns, and for each message that comes, and `onDone` in
    /// an event after the port was closed, also when that was before; not when the isolate ends. What they throw is an
    /// error of the isolate. A second listener is a `std::logic_error`.
    void listen(detail::UniqueFunction<void(T)> onMessage, detail::UniqueFunction<void()> onDone = {})
    {
        if (m_buffer->listened || m_buffer->waiter)
            throw std::logic_error("a receive port has one listener; asBroadcastStream() takes many");
        m_buffer->listened = true;
        if (m_buffer->ended && onDone)
            m_raw.m_state->cell().post(new detail::CallEvent(std::move(onDone)));
        else
            m_buffer->onDone = std::move(onDone);
        m_buffer->listener = std::move(onMessage);
        // The listener may close or destroy this port: then it gets no more, as of one that is open.
        const auto buffer = m_buffer;
        const auto state = m_raw.m_state;
        const bool ended = buffer->ended;
        while (buffer->ended == ended) {
            auto message = takeNext(*buffer, *state);
            if (!message)
                break;
            buffer->listener(std::move(*message));
        }
    }
    /// The messages, for any number of listeners: each gets those that come while it listens. Takes the place of the
    /// one listener; when that is taken it is a `std::logic_error`. What was buffered is dropped, as nobody listens
    /// yet. The stream ends when the port is closed, and does not keep it open.
    [[nodiscard]] Stream<T> asBroadcastStream()
    {
        auto state = std::make_shared<detail::StreamState<T>>(true);
        listen([state](T message) { state->value(std::move(message)); }, [state] { state->done(); });
        return Stream<T>(std::move(state));
    }
    /// Ends the port: what is buffered can still be asked for, what is queued is not delivered. Idempotent.
    void close() noexcept { m_raw.close(); }
    /// Whether its isolate waits for messages as long as the port is open.
    void setKeepIsolateAlive(bool keep) noexcept { m_raw.setKeepIsolateAlive(keep); }
    /// The other end, to be sent to anyone: an equal one at each call, also once the port is closed.
    [[nodiscard]] SendPort<T> sendPort() const { return m_raw.sendPort(); }

private:
    /// The oldest message that nobody has had: what was buffered is older than what a bounded port holds back.
    static std::optional<T> takeNext(Buffer &buffer, detail::PortState<T> &state)
    {
        if (buffer.messages.empty())
            return state.takeDeferred();
        std::optional<T> message(std::move(buffer.messages.front()));
        buffer.messages.pop_front();
        return message;
    }

    RawReceivePort<T> m_raw;
    std::shared_ptr<Buffer> m_buffer;
};

} // namespace isolate
