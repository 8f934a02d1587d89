#pragma once

#include "isolate_core/name_server.h"

#include <condition_variable>
#include <set>
#include <unordered_map>

namespace isolate::detail {

/// Ports by name, and who watches a name. Watchers are told under the lock, so that they hear in the order in which it
/// happened; telling posts a message and takes no other lock of the library but an executor's. @thread any
class NameTable {
public:
    bool add(const std::string &name, NamedPort port);
    std::optional<NamedPort> find(const std::string &name, const std::type_info &type) const;
    bool remove(const std::string &name);
    NamedPort findOrMake(const std::string &name, const std::type_info &type, UniqueFunction<NamedPort()> make);
    void forgetPortsOf(const Cell &cell);
    void watch(const std::string &name, const SendPort<NameEvent> &watcher);
    bool unwatch(const std::string &name, const SendPort<NameEvent> &watcher);

private:
    void tellLocked(const std::string &name, bool registered);

    mutable std::mutex m_mutex;
    std::condition_variable m_made;
    std::set<std::string> m_making; ///< names that a caller of `findOrMake` is about to fill
    std::unordered_map<std::string, NamedPort> m_ports;
    std::unordered_map<std::string, std::vector<SendPort<NameEvent>>> m_watchers;
};

} // namespace isolate::detail
