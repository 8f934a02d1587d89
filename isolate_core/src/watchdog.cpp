#include "isolate_core/watchdog.h"

#include "runtime_parts.h"

#include <algorithm>
#include <thread>

namespace isolate {

namespace detail {

namespace {

struct SlotList {
    std::mutex mutex;
    std::vector<std::shared_ptr<const RunSlot>> slots;
};

SlotList &slotList()
{
    static auto *list = new SlotList; // threads may end after statics were destroyed
    return *list;
}

struct OwnSlot {
    OwnSlot()
    {
        std::lock_guard lock(slotList().mutex);
        slotList().slots.push_back(slot);
    }
    ~OwnSlot()
    {
        std::lock_guard lock(slotList().mutex);
        std::erase(slotList().slots, slot);
    }
    std::shared_ptr<RunSlot> slot = std::make_shared<RunSlot>();
};

} // namespace

RunSlot &runSlot()
{
    thread_local OwnSlot own;
    return *own.slot;
}

std::vector<std::shared_ptr<const RunSlot>> runSlots()
{
    std::lock_guard lock(slotList().mutex);
    return slotList().slots;
}

void WatchdogBell::wake() noexcept
{
    std::lock_guard lock(m_mutex);
    if (m_asleep.exchange(false, std::memory_order_relaxed) && m_onWake)
        m_onWake();
}

void WatchdogBell::setOnWake(std::function<void()> onWake)
{
    std::lock_guard lock(m_mutex);
    m_onWake = std::move(onWake);
}

} // namespace detail

using namespace detail;

struct Watchdog::Impl {
    Impl(Runtime &r, std::chrono::nanoseconds l, std::function<void(const StallNotice &)> f)
        : runtime(r), limit(l), report(std::move(f))
    {
        runtime.parts().bell.setOnWake([this] {
            std::lock_guard lock(mutex);
            roused = true;
            changed.notify_one();
        });
        thread = std::thread([this] { loop(); });
    }
    ~Impl()
    {
        runtime.parts().bell.sleeps(false);
        runtime.parts().bell.setOnWake({});
        {
            std::lock_guard lock(mutex);
            stopping = true;
        }
        changed.notify_one();
        thread.join();
    }

    void loop()
    {
        prepareThread("isolate dog", 0);
        WatchdogBell &bell = runtime.parts().bell;
        bool mayWake = false; // the bell is set; one more look, a tick later, shows what began meanwhile
        for (;;) {
            const bool running = look();
            std::unique_lock lock(mutex);
            if (running || roused) {
                mayWake = roused = false;
                bell.sleeps(false);
            }
            if (stopping)
                return;
            if (running || !mayWake) {
                if (!running) {
                    bell.sleeps(true);
                    mayWake = true;
                }
                changed.wait_for(lock, limit / 2, [this] { return stopping || roused; });
            } else {
                changed.wait(lock, [this] { return stopping || roused; });
            }
            if (stopping)
                return;
        }
    }

    /// Whether anything of the runtime runs.
    bool look()
    {
        looks.fetch_add(1, std::memory_order_relaxed);
        const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch());
        bool running = false;
        std::vector<std::pair<IsolateId, std::int64_t>> stalled;
        for (const auto &slot : runSlots()) {
            const IsolateId id = slot->isolate.load(std::memory_order_relaxed);
            if (id == 0 || slot->runtime.load(std::memory_order_relaxed) != &runtime)
                continue;
            running = true;
            const auto since = slot->checkpoint.load(std::memory_order_relaxed);
            if (now.count() - since >= limit.count())
                stalled.emplace_back(id, since);
        }
        for (const auto &stall : stalled) {
            if (std::find(reported.begin(), reported.end(), stall) == reported.end())
                tell(stall.first, now - std::chrono::nanoseconds(stall.second));
        }
        reported = std::move(stalled);
        return running;
    }

    void tell(IsolateId id, std::chrono::nanoseconds since)
    {
        for (const IsolateInfo &info : runtime.snapshot()) {
            if (info.id == id)
                report(StallNotice{id, info.name, info.activity, since});
        }
    }

    Runtime &runtime;
    const std::chrono::nanoseconds limit;
    const std::function<void(const StallNotice &)> report;
    std::vector<std::pair<IsolateId, std::int64_t>> reported;
    std::atomic<std::uint64_t> looks{0};
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    bool roused = false;
    std::thread thread;
};

Watchdog::Watchdog(Runtime &runtime, std::chrono::nanoseconds limit, std::function<void(const StallNotice &)> report)
    : m_impl(std::make_unique<Impl>(runtime, limit, std::move(report)))
{
}
Watchdog::~Watchdog() = default;

std::uint64_t Watchdog::looks() const noexcept
{
    return m_impl->looks.load(std::memory_order_relaxed);
}

} // namespace isolate
