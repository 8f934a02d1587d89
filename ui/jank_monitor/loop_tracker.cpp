#include "jank_monitor/loop_tracker.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace jank {

void LoopTracker::setBlockSink(BlockSink sink, void *context) noexcept
{
    m_sink = sink;
    m_sinkContext = context;
}

void LoopTracker::setBusySink(BusySink sink, void *context) noexcept
{
    m_busySink = sink;
    m_busySinkContext = context;
}

void LoopTracker::waiting(std::int64_t now) noexcept
{
    if (m_busySince != 0)
        close(now);
    if (m_waitSince == 0)
        m_waitSince = now;
}

void LoopTracker::awake(std::int64_t now) noexcept
{
    if (m_busySince != 0)
        close(now);
    else if (m_waitSince != 0)
        endWait(now);
    open(now);
}

void LoopTracker::event(std::int64_t now, int type, const char *receiver) noexcept
{
    if (m_busySince == 0) {
        if (m_waitSince != 0)
            endWait(now);
        open(now);
    }
    noteEventEnd(now);
    m_current.eventType = type;
    std::strncpy(m_current.receiver, receiver, LoopBlock::NameSize - 1);
}

void LoopTracker::reset() noexcept
{
    m_waitSince = m_busySince = m_partSince = m_excused = m_uiDone = 0;
    m_part = {};
    m_publishedBusySince.store(0);
}

void LoopTracker::uiDone(std::int64_t now) noexcept
{
    if (m_busySince == 0)
        open(now); // drawn from outside an event that was seen
    if (m_part.start == 0)
        m_part.start = m_partSince;
    m_part.busy += now - m_partSince;
    m_part.end = now;
    m_partSince = now;
    m_uiDone = now;
}

UiPart LoopTracker::takeUiPart(std::int64_t syncStart) noexcept
{
    if (m_uiDone == 0)
        uiDone(syncStart);
    m_excused += std::clamp<std::int64_t>(syncStart - m_uiDone, 0, m_interval);
    m_uiDone = 0;
    m_partSince = syncStart;
    return std::exchange(m_part, {});
}

void LoopTracker::resumeUi(std::int64_t now, std::int64_t waited) noexcept
{
    m_partSince = now;
    m_excused += std::clamp<std::int64_t>(waited, 0, m_interval);
}

UiPart LoopTracker::uiPartAt(std::int64_t now) const noexcept
{
    UiPart part = m_part;
    part.end = now;
    if (m_busySince != 0) {
        part.busy += now - m_partSince;
    } else if (m_waitSince != 0) {
        const std::int64_t waited = now - std::max(m_waitSince, m_lastShown.load(std::memory_order_relaxed));
        if (waited > m_interval)
            part.idleEnd = now;
        else
            part.idle += std::max<std::int64_t>(0, waited);
    }
    return part;
}

LoopBlock LoopTracker::openBlockAt(std::int64_t now) const noexcept
{
    if (m_busySince == 0)
        return {};
    LoopBlock block = now - m_eventSince > m_longestEvent ? m_current : m_culprit;
    block.start = m_busySince;
    block.end = now;
    block.length = std::max<std::int64_t>(0, now - m_busySince - m_excused);
    return block;
}

void LoopTracker::open(std::int64_t now) noexcept
{
    m_busySince = m_partSince = m_eventSince = now;
    m_waitSince = 0;
    m_excused = m_longestEvent = 0;
    m_current = m_culprit = {};
    m_publishedBusySince.store(now);
    if (m_busySink != nullptr)
        m_busySink(m_busySinkContext);
}

void LoopTracker::close(std::int64_t now) noexcept
{
    noteEventEnd(now);
    if (m_part.start == 0 && now > m_partSince)
        m_part.start = m_partSince;
    m_part.busy += now - m_partSince;

    LoopBlock block = openBlockAt(now);
    m_busySince = 0;
    m_publishedBusySince.store(0);
    if (m_sink != nullptr)
        m_sink(m_sinkContext, block);
}

void LoopTracker::endWait(std::int64_t now) noexcept
{
    // While the last frame was still on its way to the screen, the loop was not late for the next.
    const std::int64_t waited = now - std::max(m_waitSince, m_lastShown.load(std::memory_order_relaxed));
    m_waitSince = 0;
    if (waited > m_interval) {
        m_part = {};
        m_part.idleEnd = now;
    } else {
        m_part.idle += std::max<std::int64_t>(0, waited);
    }
}

void LoopTracker::noteEventEnd(std::int64_t now) noexcept
{
    const std::int64_t took = now - m_eventSince;
    if (took > m_longestEvent) {
        m_longestEvent = took;
        m_culprit = m_current;
    }
    m_eventSince = now;
}

} // namespace jank
