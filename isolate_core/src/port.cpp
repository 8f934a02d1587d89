#include "isolate_core/ask.h"
#include "isolate_core/detail/port_core.h"
#include "isolate_core/monitor.h"
#include "runtime_parts.h"

#include <algorithm>
#include <array>

namespace isolate {

namespace detail {

namespace {

/// Monitors are rare, so that ports share a few mutexes instead of carrying one each.
std::mutex &monitorMutex(const PortCore *port)
{
    static std::array<std::mutex, 16> mutexes;
    return mutexes[(reinterpret_cast<std::uintptr_t>(port) >> 6) % mutexes.size()];
}

} // namespace

void PortCore::unreferenced() const noexcept
{
    auto *self = const_cast<PortCore *>(this);
    if (!m_sentTo.load(std::memory_order_relaxed)) {
        delete self;
        return;
    }
    const Ref<Cell> cell(m_cell); // the port may be gone before the post returns
    cell->post(self);
}

void PortCore::addMonitor(std::uint64_t key, UniqueFunction<void()> down)
{
    {
        std::lock_guard lock(monitorMutex(this));
        if (isOpen()) {
            if (!m_monitors)
                m_monitors = std::make_unique<std::vector<Monitor>>();
            m_monitors->push_back({key, std::move(down)});
            return;
        }
    }
    down();
}

void PortCore::forgetMonitor(std::uint64_t key)
{
    UniqueFunction<void()> dropped; // destroyed with no lock held
    std::lock_guard lock(monitorMutex(this));
    if (!m_monitors)
        return;
    const auto found = std::find_if(m_monitors->begin(), m_monitors->end(), [key](auto &m) { return m.key == key; });
    if (found == m_monitors->end())
        return;
    dropped = std::move(found->down);
    m_monitors->erase(found);
}

void PortCore::tellMonitors() noexcept
{
    std::unique_ptr<std::vector<Monitor>> monitors;
    {
        // Taken after the port was marked closed: who comes later sees that, and is told at once.
        std::lock_guard lock(monitorMutex(this));
        monitors = std::move(m_monitors);
    }
    if (!monitors)
        return;
    for (Monitor &monitor : *monitors)
        monitor.down();
}

Capability monitorPort(PortCore &port, UniqueFunction<void()> down)
{
    const Capability monitor = Capability::create();
    port.addMonitor(std::hash<Capability>{}(monitor), std::move(down));
    return monitor;
}

void demonitorPort(PortCore &port, Capability monitor)
{
    port.forgetMonitor(std::hash<Capability>{}(monitor));
}

struct Deadline::Job final : TimerJob {
    void fire() override { passed(); }
    UniqueFunction<void()> passed;
    Timers *timers = nullptr;
    Timers::Key key;
};

Deadline::Deadline(std::chrono::nanoseconds within, UniqueFunction<void()> passed)
{
    auto job = makeRef<Job>();
    job->passed = std::move(passed);
    job->timers = Runtime::current().parts().timers.get();
    m_job = job;
    job->key = job->timers->add(job->timers->after(within), job);
}
Deadline::Deadline(Deadline &&other) noexcept = default;
Deadline &Deadline::operator=(Deadline &&other) noexcept
{
    drop();
    m_job = std::move(other.m_job);
    return *this;
}
Deadline::~Deadline()
{
    drop();
}

void Deadline::drop() noexcept
{
    if (!m_job)
        return;
    auto &job = static_cast<Job &>(*m_job);
    job.timers->cancel(job.key);
    m_job.reset();
}

} // namespace detail

} // namespace isolate
