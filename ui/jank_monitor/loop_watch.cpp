#include "jank_monitor/loop_watch.h"

#include "jank_monitor/heartbeat.h"
#include "jank_monitor/loop_probe.h"
#include "jank_monitor/stall_stacks.h"
#include "jank_monitor/ui_part_tracker.h"

#include <algorithm>

namespace jank {

std::shared_ptr<LoopWatch> LoopWatch::ofThisThread(const FrameClock &clock)
{
    struct Known {
        const FrameClock *clock;
        std::weak_ptr<LoopWatch> watch;
    };
    thread_local std::vector<Known> known;
    std::erase_if(known, [](const Known &one) { return one.watch.expired(); });
    for (const Known &one : known) {
        if (auto watch = one.watch.lock(); watch && one.clock == &clock)
            return watch;
    }
    auto watch = std::make_shared<LoopWatch>(clock);
    known.push_back({&clock, watch});
    return watch;
}

LoopWatch::LoopWatch(const FrameClock &clock) : m_clock(clock), m_stacks(std::make_shared<StallStacks>()) {}

LoopWatch::~LoopWatch() = default;

void LoopWatch::join(Member *member)
{
    m_members.push_back(member);
    m_tracker.addPart(member->uiPart);
    m_tracker.addBlockSink(member->sink, member->context);
    if (m_members.size() == 1) {
        m_tracker.reset();
        m_probe = std::make_unique<LoopProbe>(m_clock, m_tracker);
        m_heartbeat = std::make_unique<Heartbeat>(m_clock, m_tracker, m_stacks);
        m_probe->setIgnored(m_heartbeat.get());
        m_heartbeat->start();
    }
    update();
}

void LoopWatch::leave(Member *member)
{
    collect();
    if (std::erase(m_members, member) == 0)
        return;
    m_tracker.removeBlockSink(member->context);
    m_tracker.removePart(member->uiPart);
    if (m_members.empty()) {
        m_heartbeat.reset();
        m_probe.reset();
        m_tracker.reset();
        return;
    }
    update();
}

void LoopWatch::update()
{
    if (!m_heartbeat)
        return;
    const auto least = std::min_element(m_members.begin(), m_members.end(),
                                        [](const Member *a, const Member *b) { return a->interval < b->interval; });
    m_heartbeat->setInterval((*least)->interval);
    m_heartbeat->setStacks(
        std::any_of(m_members.begin(), m_members.end(), [](const Member *one) { return one->stacks; }));
}

void LoopWatch::collect()
{
    if (!m_heartbeat)
        return;
    const std::int64_t delay = m_heartbeat->takeWorstDelay();
    const std::int64_t cost = m_probe->takeCost() / static_cast<std::int64_t>(m_members.size());
    for (Member *member : m_members) {
        member->worstDelay = std::max(member->worstDelay, delay);
        member->cost += cost;
    }
}

std::vector<std::string> LoopWatch::stackOf(std::int64_t blockStart) const
{
    return m_stacks->of(blockStart);
}

} // namespace jank
