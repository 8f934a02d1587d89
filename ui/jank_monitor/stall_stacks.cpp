#include "jank_monitor/stall_stacks.h"

#include "jank_monitor/symbols.h"

#include <algorithm>
#include <functional>
#include <thread>

#if defined(__linux__)
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace jank {

namespace {

/// Runs jobs one after another on a thread that exists only while there are any.
class Background {
public:
    ~Background()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_jobs.clear();
        }
        if (m_thread.joinable())
            m_thread.join();
    }
    static Background &instance()
    {
        static Background background;
        return background;
    }
    void run(std::function<void()> job)
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
        if (m_running)
            return;
        if (m_thread.joinable())
            m_thread.join(); // it has nothing left to do
        m_running = true;
        m_thread = std::thread([this] { work(); });
    }

private:
    void work()
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
                    return;
                }
                job = std::move(m_jobs.front());
                m_jobs.pop_front();
            }
            job();
        }
    }

    std::mutex m_mutex;
    std::deque<std::function<void()>> m_jobs;
    bool m_running = false;
    std::thread m_thread;
};

/// Frames that two stacks share, from the outermost inwards.
std::size_t inCommon(const std::vector<std::uintptr_t> &a, const std::vector<std::uintptr_t> &b) noexcept
{
    const std::size_t most = std::min(a.size(), b.size());
    std::size_t count = 0;
    while (count < most && a[a.size() - 1 - count] == b[b.size() - 1 - count])
        ++count;
    return count;
}

} // namespace

void StallSamples::add(CallStack stack)
{
    if (m_stacks.size() == Capacity) {
        for (std::size_t i = 1; i < Capacity / 2; ++i)
            m_stacks[i] = std::move(m_stacks[2 * i]);
        m_stacks.resize(Capacity / 2);
        m_stride *= 2;
    }
    m_stacks.push_back(std::move(stack));
}

const CallStack *StallSamples::typical() const
{
    const CallStack *best = nullptr;
    std::size_t bestScore = 0;
    // The functions instead of the addresses: a loop is at another instruction each time.
    std::vector<std::vector<std::uintptr_t>> functions;
    for (const CallStack &stack : m_stacks) {
        auto &starts = functions.emplace_back();
        for (std::size_t i = 0; i < stack.addresses.size(); ++i) {
            const std::uintptr_t start = functionAt(stack.lookup(i));
            starts.push_back(start != 0 ? start : stack.addresses[i]);
        }
    }
    for (std::size_t i = 0; i < m_stacks.size(); ++i) {
        std::size_t score = 1;
        for (std::size_t j = 0; j < m_stacks.size(); ++j)
            score += i == j ? 0 : inCommon(functions[i], functions[j]);
        if (score > bestScore) {
            bestScore = score;
            best = &m_stacks[i];
        }
    }
    return best;
}

void StallStacks::add(std::int64_t blockStart, const StallSamples &samples)
{
    if (samples.stacks().empty())
        return;
    Background::instance().run([self = shared_from_this(), blockStart, samples] {
        if (const CallStack *stack = samples.typical())
            self->keep(blockStart, describe(*stack));
    });
}

std::vector<std::string> StallStacks::of(std::int64_t blockStart) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_named.rbegin(), m_named.rend(),
                                    [blockStart](const Named &named) { return named.blockStart == blockStart; });
    return found != m_named.rend() ? found->lines : std::vector<std::string>();
}

void StallStacks::keep(std::int64_t blockStart, std::vector<std::string> lines)
{
    const std::lock_guard lock(m_mutex);
    m_named.push_back({blockStart, std::move(lines)});
    if (m_named.size() > Capacity)
        m_named.pop_front();
}

} // namespace jank
