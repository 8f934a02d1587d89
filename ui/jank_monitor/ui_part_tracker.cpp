#include "jank_monitor/ui_part_tracker.h"

#include <algorithm>
#include <utility>

namespace jank {

void UiPartTracker::uiDone(std::int64_t now) noexcept
{
    m_loop.ensureOpen(now); // drawn from outside an event that was seen
    if (m_part.start == 0)
        m_part.start = m_partSince;
    m_part.busy += now - m_partSince;
    m_part.end = now;
    m_partSince = now;
    m_uiDone = now;
}

UiPart UiPartTracker::takeUiPart(std::int64_t syncStart) noexcept
{
    if (m_uiDone == 0)
        uiDone(syncStart);
    m_loop.excuse(std::clamp<std::int64_t>(syncStart - m_uiDone, 0, m_interval), this);
    m_loop.drew(this);
    m_uiDone = 0;
    m_partSince = syncStart;
    m_otherDrew = false;
    m_waitCount = 0;
    return std::exchange(m_part, {});
}

void UiPartTracker::resumeUi(std::int64_t now, std::int64_t waited) noexcept
{
    m_partSince = now;
    m_loop.excuse(std::clamp<std::int64_t>(waited, 0, m_interval), this);
}

UiPart UiPartTracker::uiPartAt(std::int64_t now) const noexcept
{
    UiPart part = m_part;
    part.end = now;
    if (m_busy) {
        part.busy += now - m_partSince;
    } else if (m_waitSince != 0) {
        const std::int64_t waited = waitedSince(m_waitSince, now);
        if (waited > m_interval)
            part.idleEnd = now;
        else
            part.idle += waited;
    }
    return part;
}

void UiPartTracker::start(std::int64_t busySince, std::int64_t waitSince) noexcept
{
    stop();
    m_busy = busySince != 0;
    m_partSince = busySince;
    m_waitSince = waitSince;
}

void UiPartTracker::stop() noexcept
{
    m_busy = m_otherDrew = false;
    m_waitSince = m_partSince = m_uiDone = 0;
    m_waitCount = 0;
    m_part = {};
}

void UiPartTracker::blockOpened(std::int64_t now) noexcept
{
    m_busy = true;
    m_partSince = now;
}

void UiPartTracker::blockClosed(std::int64_t now) noexcept
{
    if (m_part.start == 0 && now > m_partSince)
        m_part.start = m_partSince;
    m_part.busy += now - m_partSince;
    m_busy = false;
}

void UiPartTracker::waitBegan(std::int64_t now) noexcept
{
    m_waitSince = now;
    if (!std::exchange(m_otherDrew, false))
        return;
    // Another window was drawn, nothing is left to do, and this one was not drawn with it: had a frame of it been
    // wanted for an interval, it would have come by now.
    const std::int64_t from = now - m_interval;
    if (from > std::max(m_part.idleEnd, m_lastShown.load(std::memory_order_relaxed)))
        beginAnew(from);
}

void UiPartTracker::waitEnded(std::int64_t since, std::int64_t now) noexcept
{
    m_waitSince = 0;
    const std::int64_t waited = waitedSince(since, now);
    if (waited > m_interval)
        beginAnew(now);
    else if (waited > 0)
        add({now, waited, m_part.busy});
}

void UiPartTracker::otherWaited(std::int64_t length) noexcept
{
    if (m_busy)
        m_partSince += length;
}

void UiPartTracker::add(const Wait &wait) noexcept
{
    if (m_waitCount == WaitsKept) {
        m_waits[1].length += m_waits[0].length;
        std::move(m_waits.begin() + 1, m_waits.end(), m_waits.begin());
        --m_waitCount;
    }
    m_waits[m_waitCount++] = wait;
    m_part.idle += wait.length;
    if (m_part.idle <= m_interval)
        return;
    // Short waits, but in all longer than an interval: what was wanted before the earliest of the last ones that make
    // up an interval would have come in them.
    std::size_t first = 0;
    while (m_part.idle - m_waits[first].length > m_interval)
        m_part.idle -= m_waits[first++].length;
    const Wait last = m_waits[first++];
    m_part.idle -= last.length;
    m_part.idleEnd = last.end;
    m_part.start = last.end;
    m_part.busy -= last.busyBefore;
    std::move(m_waits.begin() + static_cast<std::ptrdiff_t>(first),
              m_waits.begin() + static_cast<std::ptrdiff_t>(m_waitCount), m_waits.begin());
    m_waitCount -= first;
    for (std::size_t i = 0; i < m_waitCount; ++i)
        m_waits[i].busyBefore -= last.busyBefore;
}

void UiPartTracker::beginAnew(std::int64_t from) noexcept
{
    m_part = {};
    m_part.idleEnd = from;
    m_waitCount = 0;
}

std::int64_t UiPartTracker::waitedSince(std::int64_t since, std::int64_t now) const noexcept
{
    // While the last frame was still on its way to the screen, the loop was not late for the next.
    return std::max<std::int64_t>(0, now - std::max(since, m_lastShown.load(std::memory_order_relaxed)));
}

} // namespace jank
