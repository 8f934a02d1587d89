#pragma once

#include "jank_monitor/frame_sample.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace jank {

/// A piece of work that ran off the UI thread.
struct WorkInterval {
    std::uint64_t lane = 0; ///< who did it, as the program numbers its workers
    std::int64_t start = 0; ///< nanoseconds of the steady clock
    std::int64_t end = 0;
    std::int64_t cpu = 0; ///< processor time it took, 0 if not known
    std::uint64_t thread = 0; ///< where: the thread, as the system numbers it; 0 if not known
    std::string label = {}; ///< what it was
    std::string requester = {}; ///< for whom: the name of who had asked for it; empty if not known
};

/// Where other code tells what it did meanwhile. Bounded: the oldest work is forgotten first.
class WorkLog {
public:
    struct Lane {
        std::uint64_t id = 0;
        std::string name;
    };

    /// At most `capacity` pieces of work and `laneCapacity` lanes are kept; both over 0.
    explicit WorkLog(std::size_t capacity = 8192, std::size_t laneCapacity = 64);

    /// Reports work that is done. Times are nanoseconds of std::chrono::steady_clock; `cpuNs` is the processor time
    /// that it took, where the reporter knows it. Ignored unless startNs <= endNs. When there are more lanes than kept,
    /// a new one takes the place of the lane that was silent longest. Never waits for a frame. @thread any
    void addWork(std::uint64_t laneId, std::string_view laneName, std::string_view label, std::int64_t startNs,
                 std::int64_t endNs, std::int64_t cpuNs = 0);
    /// The same with everything that is known of it; `work.lane` is the lane's id. @thread any
    void addWork(std::string_view laneName, WorkInterval work);

    /// Puts the `count` lanes that worked most since `sinceNs` before all others; among those without work, the ones
    /// that worked last. A lane that stays in front keeps its place. @thread any
    void bringBusiestForward(std::size_t count, std::int64_t sinceNs);
    /// Lanes in the order in which they first appeared, but for those that were brought forward. @thread any
    [[nodiscard]] std::vector<Lane> lanes() const;
    /// Work that ended after `sinceNs`, in the order in which it was reported. @thread any
    [[nodiscard]] std::vector<WorkInterval> workSince(std::int64_t sinceNs) const;
    /// Work that was reported after the first `serial` pieces; sets `serial` to how many there have been. For the one
    /// who puts it all away. @thread any
    [[nodiscard]] std::vector<WorkInterval> takeAfter(std::uint64_t &serial);
    /// Calls back, on the thread of who reported it, when half as much as there is room for was not taken yet; once
    /// until it is. An empty one ends that, and returns when none runs any more. @thread any
    void setHalfFull(std::function<void()> callback);
    /// How much was forgotten before it was taken. @thread any
    [[nodiscard]] std::uint64_t lost() const noexcept { return m_lost.load(std::memory_order_relaxed); }

    /// Calls `visit(laneIndex, interval)` for the work that ended after `sinceNs`, newest first, without copying.
    /// `visit` must be short and not come back here. @thread any
    template <class Visit>
    void forEachSince(std::int64_t sinceNs, Visit &&visit) const
    {
        const std::lock_guard lock(m_mutex);
        for (auto it = m_work.rbegin(); it != m_work.rend(); ++it) {
            if (it->end > sinceNs)
                visit(laneIndexLocked(it->lane), *it);
            else if (it->end < sinceNs - ReportingDelay)
                break;
        }
    }

    /// Grows with each report. @thread any
    [[nodiscard]] std::uint64_t revision() const noexcept { return m_revision.load(std::memory_order_acquire); }
    /// Forgets all work and all lanes. @thread any
    void clear();

private:
    // Reports come about in the order of their ends; one that comes later than this is not looked for.
    static constexpr std::int64_t ReportingDelay = NanosecondsPerSecond;

    [[nodiscard]] std::size_t laneIndexLocked(std::uint64_t id) const noexcept;
    void touchLaneLocked(std::uint64_t id, std::string_view name, std::int64_t when);

    const std::size_t m_capacity;
    const std::size_t m_laneCapacity;
    mutable std::mutex m_mutex;
    std::deque<WorkInterval> m_work;
    std::vector<Lane> m_lanes;
    std::vector<std::int64_t> m_laneUsed; // end of each lane's last work
    std::atomic<std::uint64_t> m_revision{0};
    std::uint64_t m_taken = 0; // the revision up to which work was taken
    std::atomic<std::uint64_t> m_lost{0};
    std::recursive_mutex m_callbackMutex; // held while the callback runs, which may report work itself
    std::function<void()> m_halfFull;
    bool m_told = false;
};

} // namespace jank
