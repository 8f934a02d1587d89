#pragma once

#include "isolate_core/runtime.h"

#include <optional>
#include <string>
#include <typeinfo>

namespace isolate {

/// What happened to a name.
struct NameEvent {
    std::string name; ///< the one that is watched
    bool registered = false; ///< else it was freed
};

namespace detail {
struct NamedPort {
    Ref<PortCore> port;
    const std::type_info *type = nullptr;
};
bool registerName(Runtime &runtime, const std::string &name, NamedPort port);
std::optional<NamedPort> lookUpName(Runtime &runtime, const std::string &name, const std::type_info &type);
bool removeName(Runtime &runtime, const std::string &name);
void watchName(Runtime &runtime, const std::string &name, const SendPort<NameEvent> &watcher);
bool unwatchName(Runtime &runtime, const std::string &name, const SendPort<NameEvent> &watcher);
/// Runs `make` if the name is free, and registers what it gives; others who ask for that name wait meanwhile.
NamedPort lookUpOrMake(Runtime &runtime, const std::string &name, const std::type_info &type,
                       UniqueFunction<NamedPort()> make);
} // namespace detail

/// Ports by name, for isolates that never met. The names are the runtime's, and this a view of them, which must not
/// outlive the runtime. A name is freed when the port's isolate ends, not when its port is closed. Each call takes the
/// one lock of the runtime's names; a look-up is O(1). @thread any
class IsolateNameServer {
public:
    /// The names of `runtime`, by default that of the isolate that runs, else the process's.
    explicit IsolateNameServer(Runtime &runtime = Runtime::current()) : m_runtime(runtime) {}

    /// False when the name is taken, and then the old mapping stays, or when the port is null or closed. One port may
    /// have many names.
    template <class T>
    bool registerPortWithName(const SendPort<T> &port, const std::string &name)
    {
        return detail::registerName(m_runtime, name, {detail::PortAccess::state(port), &typeid(T)});
    }
    /// The port of that name, if there is one and its messages are of type `T`. It may have closed since.
    template <class T>
    [[nodiscard]] std::optional<SendPort<T>> lookupPortByName(const std::string &name) const
    {
        auto found = detail::lookUpName(m_runtime, name, typeid(T));
        if (!found)
            return std::nullopt;
        return port<T>(*found);
    }
    /// Frees the name; the port stays open. False when there was no such mapping. Anyone may remove one.
    bool removePortNameMapping(const std::string &name) { return detail::removeName(m_runtime, name); }

    /// The port of that name; where there is none, the one that `spawner` gives, which is registered. Of many callers
    /// at once one spawns and all get the same port; the others block until it has. `spawner` must not ask for the same
    /// name; what it throws, its caller alone gets. A null port when the name is taken by a port of another type, or
    /// when `spawner` gave one.
    template <class T, class F>
    [[nodiscard]] SendPort<T> lookupOrSpawn(const std::string &name, F spawner)
    {
        return port<T>(detail::lookUpOrMake(m_runtime, name, typeid(T), [&]() -> detail::NamedPort {
            return {detail::PortAccess::state(static_cast<SendPort<T>>(spawner())), &typeid(T)};
        }));
    }

    /// `watcher` hears whenever the name is registered or freed, in that order, and of its state now. It is forgotten
    /// once a send to it fails: its port was closed, or full. It must not be bounded with `Overflow::wait`. The same
    /// port twice hears once of what happens, and of the state now at each call.
    void watch(const std::string &name, const SendPort<NameEvent> &watcher)
    {
        detail::watchName(m_runtime, name, watcher);
    }
    /// Ends that; what is on its way still comes. False when it did not watch.
    bool unwatch(const std::string &name, const SendPort<NameEvent> &watcher)
    {
        return detail::unwatchName(m_runtime, name, watcher);
    }

private:
    template <class T>
    static SendPort<T> port(const detail::NamedPort &named)
    {
        return detail::PortAccess::sendPort(
            detail::Ref<detail::PortState<T>>(static_cast<detail::PortState<T> *>(named.port.get())));
    }
    Runtime &m_runtime;
};

} // namespace isolate
