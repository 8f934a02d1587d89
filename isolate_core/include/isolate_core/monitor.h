#pragma once

#include "isolate_core/capability.h"
#include "isolate_core/send_port.h"

namespace isolate {

namespace detail {
Capability monitorPort(PortCore &port, UniqueFunction<void()> down);
void demonitorPort(PortCore &port, Capability monitor);
} // namespace detail

/// Sends `response` to `to`, once, when `port` is closed or its isolate ends; at once, if that was before or `port` is
/// null. The capability takes it back; it is none for a null port. Each call is a monitor of its own. It does not keep
/// the port open or its isolate alive. Cost: an allocation, and a lock that many ports share. @thread any
template <class T, class R>
Capability monitor(const SendPort<T> &port, SendPort<R> to, R response)
{
    const auto &state = detail::PortAccess::state(port);
    if (!state) {
        to.send(std::move(response));
        return {};
    }
    return detail::monitorPort(
        *state, [to = std::move(to), response = std::move(response)]() mutable { to.send(std::move(response)); });
}

/// Takes a monitor of this port back: nothing is sent after, unless it is on its way. Does nothing if there is none of
/// that capability. Cost: O(monitors of the port), under a lock. @thread any
template <class T>
void demonitor(const SendPort<T> &port, Capability monitor)
{
    if (const auto &state = detail::PortAccess::state(port))
        detail::demonitorPort(*state, monitor);
}

} // namespace isolate
