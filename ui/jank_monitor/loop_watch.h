#pragma once

#include "jank_monitor/frame_clock.h"
#include "jank_monitor/loop_tracker.h"

#include <memory>
#include <string>
#include <vector>

namespace jank {

class Heartbeat;
class LoopProbe;
class UiPartTracker;

/// What the monitors of one thread share: one event filter, one watchdog, one tracker of the loop, however many windows
/// there are. Nothing is installed and no thread runs while there is no member. Belongs to the UI thread, except where
/// marked.
class LoopWatch {
public:
    /// A monitor that is switched on.
    struct Member {
        UiPartTracker *uiPart = nullptr;
        LoopTracker::BlockSink sink = nullptr; ///< called with `context` for each block
        void *context = nullptr;
        std::int64_t interval = 0; ///< nanoseconds; the watchdog's patience is that of the least
        bool stacks = true; ///< stacks are taken if any member wants them
        std::int64_t worstDelay = 0; ///< that a beat has waited; the member sets it back
        std::int64_t cost = 0; ///< its share of what the probe took; the member sets it back
    };

    /// The one of this thread and this clock, which must outlive it.
    [[nodiscard]] static std::shared_ptr<LoopWatch> ofThisThread(const FrameClock &clock);
    explicit LoopWatch(const FrameClock &clock);
    ~LoopWatch();
    LoopWatch(const LoopWatch &) = delete;
    LoopWatch &operator=(const LoopWatch &) = delete;

    /// `member` must stay where it is until leave().
    void join(Member *member);
    void leave(Member *member);
    /// A member's interval or wish has changed.
    void update();
    /// Brings the members' `worstDelay` and `cost` up to date.
    void collect();

    [[nodiscard]] LoopTracker &tracker() noexcept { return m_tracker; }
    /// Where the thread was in the block that began at `blockStart`, innermost first; empty when that is not known, or
    /// not yet. @thread any
    [[nodiscard]] std::vector<std::string> stackOf(std::int64_t blockStart) const;

    /// Null while there is no member.
    [[nodiscard]] const Heartbeat *heartbeat() const noexcept { return m_heartbeat.get(); }
    [[nodiscard]] std::size_t memberCount() const noexcept { return m_members.size(); }

private:
    const FrameClock &m_clock;
    LoopTracker m_tracker;
    std::vector<Member *> m_members;
    std::shared_ptr<class StallStacks> m_stacks;
    std::unique_ptr<LoopProbe> m_probe;
    std::unique_ptr<Heartbeat> m_heartbeat;
};

} // namespace jank
