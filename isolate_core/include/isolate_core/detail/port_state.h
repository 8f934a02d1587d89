#pragma once

#include "isolate_core/detail/port_core.h"
#include "isolate_core/port_options.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <optional>

namespace isolate::detail {

template <class T>
class PortState;

template <class T>
struct MessageEvent final : Event {
    MessageEvent(PortState<T> &p, T &&m) : port(p), message(std::move(m)) {}
    void deliver(Cell &) override { port.dispatch(std::move(message)); }
    PortState<T> &port;
    T message;
};

/// Tells a bounded port that a message waits in its own queue.
template <class T>
struct BoundedEvent final : Event {
    explicit BoundedEvent(PortState<T> &p) : port(p) {}
    void deliver(Cell &) override { port.dispatchBounded(); }
    PortState<T> &port;
};

/// The bounded queue of a port that has one.
template <class T>
struct BoundedQueue {
    std::mutex mutex;
    std::condition_variable_any room;
    std::deque<T> waiting;
    bool closed = false;
};

template <class T>
class PortState final : public PortCore {
public:
    PortState(Cell &owner, const PortOptions &options)
        : PortCore(owner, options.capacity != 0), m_options(options),
          m_bounded(isBounded() ? std::make_unique<BoundedQueue<T>>() : nullptr)
    {
        setKeepIsolateAlive(options.keepIsolateAlive);
    }

    /// @thread any
    bool send(T &&message)
    {
        if (!isOpen())
            return false;
        cell().prefetchMailbox();
        if (Cell *sender = Cell::current())
            sender->countSent();
        noteSentTo();
        if (isBounded())
            return sendBounded(std::move(message));
        return cell().post(new MessageEvent<T>(*this, std::move(message)));
    }

    /// @thread isolate
    void setHandler(UniqueFunction<void(T)> handler)
    {
        m_handler = handler ? Handler(new SharedHandler{std::move(handler)}) : Handler();
    }
    /// Whether a message of a bounded port is wanted now; what is not waits in the queue, within its bound.
    void setWants(UniqueFunction<bool()> wants) { m_wants = std::move(wants); }
    [[nodiscard]] bool hasDeferred() const noexcept { return m_deferred > 0; }
    /// The oldest message that was not wanted when it came.
    std::optional<T> takeDeferred()
    {
        if (m_deferred == 0)
            return std::nullopt;
        --m_deferred;
        return takeFront();
    }
    void setOnClosed(UniqueFunction<void()> onClosed) { m_onClosed = std::move(onClosed); }

    void dispatch(T &&message)
    {
        if (!isOpen() || !m_handler)
            return;
        const Handler handler = m_handler; // which may replace itself, or close the port, while it runs
        handler->function(std::move(message));
    }
    void dispatchBounded()
    {
        if (m_wants && !m_wants())
            ++m_deferred;
        else if (auto message = takeFront())
            dispatch(std::move(*message));
    }

private:
    /// Counted without atomics: the port's isolate alone touches it.
    struct SharedHandler {
        UniqueFunction<void(T)> function;
        std::uint32_t references = 0;
        void retain() noexcept { ++references; }
        void release() noexcept
        {
            if (--references == 0)
                delete this;
        }
    };
    using Handler = Ref<SharedHandler>;

    bool sendBounded(T &&message);
    std::optional<T> takeFront()
    {
        std::optional<T> message;
        {
            std::lock_guard lock(m_bounded->mutex);
            if (m_bounded->waiting.empty())
                return message;
            message.emplace(std::move(m_bounded->waiting.front()));
            m_bounded->waiting.pop_front();
        }
        m_bounded->room.notify_one();
        return message;
    }

    void closed() noexcept override
    {
        // What came can still be asked for.
        while (auto message = takeDeferred()) {
            if (m_handler)
                m_handler->function(std::move(*message));
        }
        m_handler.reset();
        m_wants = nullptr;
        if (m_bounded) {
            std::deque<T> dropped;
            {
                std::lock_guard lock(m_bounded->mutex);
                m_bounded->closed = true;
                dropped.swap(m_bounded->waiting);
            }
            m_bounded->room.notify_all();
        }
        if (auto onClosed = std::move(m_onClosed))
            onClosed();
    }

    const PortOptions m_options;
    Handler m_handler;
    UniqueFunction<void()> m_onClosed;
    UniqueFunction<bool()> m_wants;
    std::size_t m_deferred = 0; ///< of those in the queue, the oldest, whose events have run
    std::unique_ptr<BoundedQueue<T>> m_bounded;
};

/// Whether the caller may block for room at a port of `receiver`: not the main isolate, not the receiver itself, and
/// nobody under a deterministic scheduler. @thread any
bool mayWait(const Cell &receiver) noexcept;
/// Stops when the isolate that runs here is killed. @thread any
std::stop_token stopTokenOfSender() noexcept;

template <class T>
bool PortState<T>::sendBounded(T &&message)
{
    std::optional<T> dropped; // destroyed with no lock held
    {
        std::unique_lock lock(m_bounded->mutex);
        if (m_bounded->closed)
            return false;
        auto &waiting = m_bounded->waiting;
        if (waiting.size() >= m_options.capacity) {
            switch (m_options.overflow) {
            case Overflow::fail:
                return false;
            case Overflow::dropNewest:
                return true;
            case Overflow::dropOldest:
                // The event that was posted for the oldest now stands for the one that takes its place.
                dropped.emplace(std::move(waiting.front()));
                waiting.pop_front();
                waiting.push_back(std::move(message));
                return true;
            case Overflow::wait:
                if (!mayWait(cell()))
                    return false;
                if (!m_bounded->room.wait(lock, stopTokenOfSender(),
                                          [&] { return m_bounded->closed || waiting.size() < m_options.capacity; }))
                    return false;
                if (m_bounded->closed)
                    return false;
                break;
            }
        }
        waiting.push_back(std::move(message));
    }
    return cell().post(new BoundedEvent<T>(*this));
}

} // namespace isolate::detail
