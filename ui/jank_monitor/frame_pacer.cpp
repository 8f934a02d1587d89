#include "jank_monitor/frame_pacer.h"

#include <algorithm>

namespace jank {

PaceVerdict FramePacer::verdict(std::int64_t shownBefore, std::int64_t swapEnd, const UiPart &ui,
                                std::int64_t interval) noexcept
{
    // A thread that waits with nothing to do owes no frame: a wait longer than an interval starts the count anew at its
    // end, and shorter waits excuse what they exceed an interval by when added up. The count goes on at a vsync.
    const std::int64_t excused
        = std::max<std::int64_t>(0, ui.idleEnd - shownBefore) + std::max<std::int64_t>(0, ui.idle - interval);
    PaceVerdict result;
    result.wanted = shownBefore + (excused + interval - 1) / interval * interval;
    if (excused > 0)
        result.wanted = std::min(result.wanted, std::max(shownBefore, swapEnd - interval));
    result.wanted = std::min(result.wanted, swapEnd);
    result.deadline = result.wanted + interval;
    const std::int64_t late = swapEnd - result.deadline - interval / FramePacer::ToleranceDivisor;
    if (late > 0)
        result.missed = static_cast<std::int32_t>((late + interval - 1) / interval);
    return result;
}

std::int64_t FramePacer::vsyncOf(const PaceVerdict &verdict, std::int64_t swapEnd, std::int64_t interval) noexcept
{
    const std::int64_t vsync = verdict.deadline + verdict.missed * interval;
    // A display whose true rate is a little lower than it says drifts away slowly: follow by an eighth.
    return swapEnd <= vsync ? swapEnd : vsync + (swapEnd - vsync) / 8;
}

PaceVerdict FramePacer::judge(std::int64_t swapEnd, const UiPart &ui, std::int64_t interval) noexcept
{
    const std::int64_t shown = m_shown.load();
    if (shown == 0) {
        m_shown.store(swapEnd);
        return {swapEnd - interval, swapEnd, 0};
    }
    const PaceVerdict result = verdict(shown, swapEnd, ui, interval);
    m_shown.store(vsyncOf(result, swapEnd, interval));
    return result;
}

PaceVerdict FramePacer::owedAt(std::int64_t now, const UiPart &ui, std::int64_t interval) const noexcept
{
    const std::int64_t shown = m_shown.load();
    if (shown == 0 || ui.idleEnd != 0)
        return {now, now + interval, 0};
    return verdict(shown, now, ui, interval);
}

} // namespace jank
