#pragma once

#include "isolate_core/detail/explain.h"
#include "isolate_core/detail/port_state.h"

#include <functional>

namespace isolate {

template <class T>
class RawReceivePort;
template <class T>
class ReceivePort;
namespace detail {
struct PortAccess;
}

/// The sending end of a port. Cheap to copy; equal to every copy of itself, wherever it was sent and whether or not the
/// port is still open; a key of ordered and of hashed maps. @thread any
template <class T>
class SendPort {
public:
    using Message = T; ///< What is sent.

    /// A port that nobody receives: `send` answers false.
    SendPort() noexcept = default;

    /// Queues a message for the receiver and returns; never waits for it, unless the port is bounded with
    /// `Overflow::wait`. Messages of one sender arrive in the order in which they were sent. False when the port is
    /// closed, its isolate has ended, or it is full: then the message is dropped and nothing else happens. True does
    /// not promise that it is received: the port may close before. Cost: an allocation and one compare-and-swap, and a
    /// wake-up when the receiver slept; a lock if it is bounded.
    bool send(T message) const
    {
        detail::requireSendable<T>();
        return m_port && m_port->send(std::move(message));
    }

    /// Whether the receiver still listens; it may close at any moment after.
    [[nodiscard]] bool isOpen() const noexcept { return m_port && m_port->isOpen(); }
    /// Not a null port; says nothing about whether it is open.
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(m_port); }

    /// Whether both send to the same port; null ports are equal.
    friend bool operator==(const SendPort &a, const SendPort &b) noexcept { return a.m_port == b.m_port; }
    /// Some order, for keys of maps; another one in each run of the program.
    friend bool operator<(const SendPort &a, const SendPort &b) noexcept
    {
        return std::less<>{}(a.m_port.get(), b.m_port.get());
    }

private:
    friend struct std::hash<SendPort<T>>;
    friend struct detail::PortAccess;
    template <class U>
    friend class RawReceivePort;
    explicit SendPort(detail::Ref<detail::PortState<T>> port) : m_port(std::move(port)) {}

    detail::Ref<detail::PortState<T>> m_port;
};

template <class T>
struct IsSendableClass<SendPort<T>> : std::true_type {
};

namespace detail {
struct PortAccess {
    template <class T>
    static const Ref<PortState<T>> &state(const SendPort<T> &port) noexcept
    {
        return port.m_port;
    }
    template <class T>
    static SendPort<T> sendPort(Ref<PortState<T>> state)
    {
        return SendPort<T>(std::move(state));
    }
};
} // namespace detail

} // namespace isolate

/// For keys of hashed maps.
template <class T>
struct std::hash<isolate::SendPort<T>> {
    /// Equal for equal ports.
    std::size_t operator()(const isolate::SendPort<T> &port) const noexcept
    {
        return std::hash<const void *>{}(port.m_port.get());
    }
};
