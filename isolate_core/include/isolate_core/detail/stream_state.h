#pragma once

#include "isolate_core/detail/unique_function.h"

#include <deque>
#include <exception>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <variant>
#include <vector>

namespace isolate::detail {

struct StreamListenerBase {
    bool active = true;
};

template <class T>
struct StreamListener : StreamListenerBase {
    UniqueFunction<void(T)> onValue;
    UniqueFunction<void()> onDone;
    UniqueFunction<void(std::exception_ptr)> onError;
};

/// What a stream, its listeners and its controller share. Values are delivered while `value` runs; listeners may be
/// added and cancelled meanwhile. @thread isolate
template <class T>
class StreamState : public std::enable_shared_from_this<StreamState<T>> {
    using Listener = std::shared_ptr<StreamListener<T>>;

public:
    explicit StreamState(bool toAll) : broadcast(toAll) {}

    void add(Listener listener)
    {
        if (!broadcast && m_listenedTo)
            throw std::logic_error("a single-subscription stream has one listener; use asBroadcastStream()");
        const bool first = !std::exchange(m_listenedTo, true);
        const auto self = this->shared_from_this();
        m_listeners.push_back(listener);
        if (first && onFirstListener)
            std::exchange(onFirstListener, {})();
        while (!m_buffer.empty() && listener->active) {
            auto next = std::move(m_buffer.front());
            m_buffer.pop_front();
            give(*listener, std::move(next));
        }
        if (m_done && listener->active) {
            listener->active = false;
            if (listener->onDone)
                listener->onDone();
        }
    }
    void value(T v) { deliver(Item(std::in_place_index<0>, std::move(v))); }
    void error(std::exception_ptr e) { deliver(Item(std::in_place_index<1>, std::move(e))); }
    void done()
    {
        if (std::exchange(m_done, true))
            return;
        const auto self = this->shared_from_this();
        for (const Listener &listener : std::exchange(m_listeners, {})) {
            if (std::exchange(listener->active, false) && listener->onDone)
                listener->onDone();
        }
    }
    [[nodiscard]] bool hasListener() const noexcept
    {
        for (const Listener &listener : m_listeners) {
            if (listener->active)
                return true;
        }
        return false;
    }

    bool broadcast;
    UniqueFunction<void()> onFirstListener;
    std::shared_ptr<void> keep; ///< what must live for as long as values may come
    std::shared_ptr<void> source; ///< a subscription that this stream feeds on

private:
    using Item = std::variant<T, std::exception_ptr>;

    static void give(StreamListener<T> &listener, Item item)
    {
        if (auto *error = std::get_if<1>(&item)) {
            if (!listener.onError)
                std::rethrow_exception(*error);
            listener.onError(*error);
        } else if (listener.onValue) {
            listener.onValue(std::move(std::get<0>(item)));
        }
    }
    void deliver(Item item)
    {
        if (m_done)
            return;
        const auto self = this->shared_from_this();
        std::erase_if(m_listeners, [](const Listener &l) { return !l->active; });
        if (!broadcast) {
            if (!m_listenedTo)
                m_buffer.push_back(std::move(item));
            else if (!m_listeners.empty())
                give(*Listener(m_listeners.front()), std::move(item));
            return;
        }
        if constexpr (std::is_copy_constructible_v<T>) {
            // Those who listen now; who is added meanwhile gets the next.
            const auto listeners = m_listeners;
            std::exception_ptr first; // what one throws does not keep it from the others
            for (const Listener &listener : listeners) {
                try {
                    if (listener->active)
                        give(*listener, item);
                } catch (const std::exception &) {
                    first = first ? first : std::current_exception();
                }
            }
            if (first)
                std::rethrow_exception(first);
        } else if (m_listeners.size() == 1) {
            give(*Listener(m_listeners.front()), std::move(item));
        } else if (!m_listeners.empty()) {
            throw std::logic_error("a value that can't be copied has one listener, also on a broadcast stream");
        }
    }

    bool m_listenedTo = false;
    bool m_done = false;
    std::vector<Listener> m_listeners;
    std::deque<Item> m_buffer;
};

} // namespace isolate::detail
