#include "jank_monitor/background.h"

#include <atomic>
#include <limits>

#if defined(__linux__)
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace jank {

namespace {

std::atomic<bool> freeingEnded{false};

class Freeing : public Background {
public:
    Freeing() : Background(std::numeric_limits<std::size_t>::max()) {}
    ~Freeing() { freeingEnded = true; }
};

} // namespace

Background::~Background()
{
    std::deque<std::function<void()>> dropped;
    {
        const std::lock_guard lock(m_mutex);
        dropped.swap(m_jobs);
    }
    dropped.clear();
    if (m_thread.joinable())
        m_thread.join();
}

void Background::run(std::function<void()> job)
{
    std::function<void()> dropped; // destroyed after the lock is released
    const std::lock_guard lock(m_mutex);
    if (m_jobs.size() >= m_capacity) {
        dropped = std::move(m_jobs.front());
        m_jobs.pop_front();
    }
    m_jobs.push_back(std::move(job));
    if (m_running)
        return;
    if (m_thread.joinable())
        m_thread.join(); // it has nothing left to do
    m_running = true;
    m_thread = std::thread([this] { work(); });
}

void Background::wait()
{
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [this] { return !m_running; });
}

void Background::work()
{
#if defined(__linux__)
    // What held frames up is no reason to hold up the next ones. Priorities are a thread's own on Linux.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 15);
#endif
    for (;;) {
        std::function<void()> job;
        {
            const std::lock_guard lock(m_mutex);
            if (m_jobs.empty()) {
                m_running = false;
                m_idle.notify_all();
                return;
            }
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job();
    }
}

void freeOnBackground(std::shared_ptr<const void> value)
{
    if (freeingEnded) // by something static that outlives it: freed here
        return;
    static Freeing freeing;
    freeing.run([value = std::move(value)] {});
}

} // namespace jank
