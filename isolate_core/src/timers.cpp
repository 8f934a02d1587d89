#include "timers.h"

#include "executor.h"

#include <optional>

namespace isolate::detail {

Timers::Timers(bool manual) : m_manual(manual) {}

Timers::~Timers()
{
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

Clock::time_point Timers::now() const
{
    if (!m_manual)
        return Clock::now();
    std::lock_guard lock(m_mutex);
    return m_manualNow;
}

Clock::time_point Timers::after(std::chrono::nanoseconds duration) const
{
    return laterBy(now(), duration);
}

Timers::Key Timers::add(Clock::time_point when, Ref<TimerJob> job)
{
    Key key;
    bool first = false;
    {
        std::lock_guard lock(m_mutex);
        key = {when, ++m_lastKey};
        m_jobs.emplace(key, std::move(job));
        first = m_jobs.begin()->first == key;
        if (!m_manual && !m_thread.joinable())
            m_thread = std::thread([this] { loop(); });
    }
    if (first)
        m_changed.notify_one();
    return key;
}

void Timers::cancel(const Key &key)
{
    Ref<TimerJob> dropped;
    std::lock_guard lock(m_mutex);
    if (auto found = m_jobs.find(key); found != m_jobs.end()) {
        dropped = std::move(found->second);
        m_jobs.erase(found);
    }
}

std::optional<Clock::time_point> Timers::earliest() const
{
    std::lock_guard lock(m_mutex);
    if (m_jobs.empty())
        return std::nullopt;
    return m_jobs.begin()->first.first;
}

void Timers::advanceTo(Clock::time_point time)
{
    for (;;) {
        Ref<TimerJob> job;
        {
            std::lock_guard lock(m_mutex);
            if (m_jobs.empty() || m_jobs.begin()->first.first > time) {
                m_manualNow = std::max(m_manualNow, time);
                return;
            }
            m_manualNow = std::max(m_manualNow, m_jobs.begin()->first.first);
            job = std::move(m_jobs.begin()->second);
            m_jobs.erase(m_jobs.begin());
        }
        job->fire();
    }
}

void Timers::loop()
{
    prepareThread("isolate timers", 0);
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        if (m_jobs.empty()) {
            m_changed.wait(lock);
            continue;
        }
        const auto when = m_jobs.begin()->first.first;
        if (when > Clock::now()) {
            m_changed.wait_until(lock, when);
            continue;
        }
        Ref<TimerJob> job = std::move(m_jobs.begin()->second);
        m_jobs.erase(m_jobs.begin());
        lock.unlock();
        job->fire();
        job.reset();
        lock.lock();
    }
}

} // namespace isolate::detail
