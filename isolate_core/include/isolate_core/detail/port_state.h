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
    MessageEvent(Ref<PortState<T>> p, T &&m) : port(std::move(p)), message(std::move(m)) {}
    void deliver(Cell &) override { port->dispatch(std::move(message)); }
    Ref<PortState<T>> port;
    T message;
};

/// Tells a bounded port that a message waits in its own queue.
template <class T>
struct BoundedEvent final : Event {
    explicit BoundedEvent(Ref<PortState<T>> p) : port(std::move(p)) {}
    void deliver(Cell &) override { port->dispatchBounded(); }
    Ref<PortState<T>> port;
};

/// The bounded queue of a port that has one.
template <class T>
struct BoundedQueue {
    std::mutex mutex;
    std::condition_variable room;
    std::deque<T> waiting;
    bool closed = false;
};

template <class T>
class PortState final : public PortCore {
public:
    PortState(Cell &owner, const PortOptions &options)
        : PortCore(owner), m_options(options),
          m_bounded(options.capacity ? std::make_unique<BoundedQueue<T>>() : nullptr)
    {
        setKeepIsolateAlive(options.keepIsolateAlive);
    }

    /// @thread any
    bool send(T &&message)
    {
        if (!isOpen())
            return false;
        if (Cell *sender = Cell::current())
            sender->counters.sent.fetch_add(1, std::memory_order_relaxed);
        if (m_bounded)
            return sendBounded(std::move(message));
        return cell().post(new MessageEvent<T>(Ref<PortState>(this), std::move(message)));
    }

    /// @thread isolate
    void setHandler(UniqueFunction<void(T)> handler)
    {
        m_handler = std::make_shared<UniqueFunction<void(T)>>(std::move(handler));
    }
    void setOnClosed(UniqueFunction<void()> onClosed) { m_onClosed = std::move(onClosed); }
    [[nodiscard]] bool hasHandler() const noexcept { return m_handler && *m_handler; }

    void dispatch(T &&message)
    {
        if (!isOpen() || !hasHandler())
            return;
        auto handler = m_handler; // the handler may replace itself, or close the port, while it runs
        (*handler)(std::move(message));
    }
    void dispatchBounded()
    {
        std::optional<T> message;
        {
            std::lock_guard lock(m_bounded->mutex);
            if (m_bounded->waiting.empty())
                return;
            message.emplace(std::move(m_bounded->waiting.front()));
            m_bounded->waiting.pop_front();
        }
        m_bounded->room.notify_one();
        dispatch(std::move(*message));
    }

private:
    bool sendBounded(T &&message);

    void closed() noexcept override
    {
        m_handler.reset();
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
    std::shared_ptr<UniqueFunction<void(T)>> m_handler;
    UniqueFunction<void()> m_onClosed;
    std::unique_ptr<BoundedQueue<T>> m_bounded;
};

/// Whether the caller may block: false on the main isolate. @thread any
bool mayWait() noexcept;

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
                if (!mayWait())
                    return false;
                m_bounded->room.wait(lock, [&] { return m_bounded->closed || waiting.size() < m_options.capacity; });
                if (m_bounded->closed)
                    return false;
                break;
            }
        }
        waiting.push_back(std::move(message));
    }
    return cell().post(new BoundedEvent<T>(Ref<PortState>(this)));
}

} // namespace isolate::detail
