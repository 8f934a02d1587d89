#pragma once

#include "isolate_core/detail/cell.h"

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace isolate::detail {

/// What one thread runs at this moment, for a watchdog to read. Each field by itself.
struct RunSlot {
    std::atomic<const Runtime *> runtime{nullptr};
    std::atomic<IsolateId> isolate{0};
    std::atomic<std::int64_t> checkpoint{0}; ///< of `Clock`, nanoseconds
};

/// The slot of this thread. @thread any
RunSlot &runSlot();
/// The slots of all threads that live. @thread any
std::vector<std::shared_ptr<const RunSlot>> runSlots();

/// What a slice rouses when it begins while the watchdog sleeps.
class WatchdogBell {
public:
    /// @thread any; one relaxed load when nobody sleeps
    void ring() noexcept
    {
        if (m_asleep.load(std::memory_order_relaxed))
            wake();
    }
    void wake() noexcept;
    void sleeps(bool asleep) noexcept { m_asleep.store(asleep, std::memory_order_relaxed); }
    void setOnWake(std::function<void()> onWake);

private:
    std::atomic<bool> m_asleep{false};
    std::mutex m_mutex;
    std::function<void()> m_onWake;
};

} // namespace isolate::detail
