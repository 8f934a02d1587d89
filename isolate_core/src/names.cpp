#include "names.h"

#include <algorithm>

namespace isolate::detail {

bool NameTable::add(const std::string &name, NamedPort port)
{
    if (!port.port)
        return false;
    port.port->cell().noteNamed();
    NamedPort closed; // released with no lock held
    std::lock_guard lock(m_mutex);
    if (!port.port->isOpen()) // asked after the note: an isolate that ends now either sees the note, or is seen here
        return false;
    NamedPort &place = m_ports[name];
    if (place.port && place.port->isOpen())
        return false;
    closed = std::exchange(place, std::move(port)); // one that nobody receives holds no name
    tellLocked(name, true);
    return true;
}

std::optional<NamedPort> NameTable::find(const std::string &name, const std::type_info &type) const
{
    std::lock_guard lock(m_mutex);
    const auto found = m_ports.find(name);
    if (found == m_ports.end() || *found->second.type != type)
        return std::nullopt;
    return found->second;
}

bool NameTable::remove(const std::string &name)
{
    NamedPort dropped; // released with no lock held
    std::lock_guard lock(m_mutex);
    const auto found = m_ports.find(name);
    if (found == m_ports.end())
        return false;
    dropped = std::move(found->second);
    m_ports.erase(found);
    tellLocked(name, false);
    return true;
}

NamedPort NameTable::findOrMake(const std::string &name, const std::type_info &type, UniqueFunction<NamedPort()> make)
{
    {
        std::unique_lock lock(m_mutex);
        m_made.wait(lock, [&] { return !m_making.contains(name); });
        const auto found = m_ports.find(name);
        if (found != m_ports.end() && found->second.port->isOpen())
            return *found->second.type == type ? found->second : NamedPort{};
        m_making.insert(name);
    }
    struct Done {
        NameTable &table;
        const std::string &name;
        ~Done()
        {
            {
                std::lock_guard lock(table.m_mutex);
                table.m_making.erase(name);
            }
            table.m_made.notify_all();
        }
    } done{*this, name};
    NamedPort made = make();
    if (!add(name, made)) {
        // The spawner's isolate has ended, or somebody registered the name by hand meanwhile: then that one counts.
        const auto found = find(name, type);
        return found ? *found : made;
    }
    return made;
}

void NameTable::forgetPortsOf(const Cell &cell)
{
    std::vector<NamedPort> dropped;
    std::lock_guard lock(m_mutex);
    for (auto entry = m_ports.begin(); entry != m_ports.end();) {
        if (&entry->second.port->cell() != &cell) {
            ++entry;
            continue;
        }
        dropped.push_back(std::move(entry->second));
        const std::string name = entry->first;
        entry = m_ports.erase(entry);
        tellLocked(name, false);
    }
}

void NameTable::watch(const std::string &name, const SendPort<NameEvent> &watcher)
{
    std::lock_guard lock(m_mutex);
    auto &watchers = m_watchers[name];
    if (std::find(watchers.begin(), watchers.end(), watcher) == watchers.end())
        watchers.push_back(watcher);
    watcher.send(NameEvent{name, m_ports.contains(name)});
}

bool NameTable::unwatch(const std::string &name, const SendPort<NameEvent> &watcher)
{
    std::lock_guard lock(m_mutex);
    const auto found = m_watchers.find(name);
    if (found == m_watchers.end())
        return false;
    const bool watched = std::erase(found->second, watcher) > 0;
    if (found->second.empty())
        m_watchers.erase(found);
    return watched;
}

void NameTable::tellLocked(const std::string &name, bool registered)
{
    const auto found = m_watchers.find(name);
    if (found == m_watchers.end())
        return;
    std::erase_if(found->second, [&](auto &watcher) {
        watcher.send(NameEvent{name, registered});
        return !watcher.isOpen();
    });
    if (found->second.empty())
        m_watchers.erase(found);
}

} // namespace isolate::detail
