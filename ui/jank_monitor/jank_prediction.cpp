#include "jank_monitor/jank_prediction.h"

#include "jank_monitor/frame_pacer.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace jank {

namespace {
constexpr std::int64_t Never = std::numeric_limits<std::int64_t>::max();
} // namespace

std::size_t SingleThreadReplay::run(std::span<const ModelJob> jobs, std::span<const Interval> wanted,
                                    std::int64_t until) noexcept
{
    std::size_t taken = 0;
    for (;;) {
        const bool workLeft = taken < jobs.size();
        const Due due = m_isAsked ? m_askedFor : dueFrame(wanted, workLeft);
        const std::int64_t jobStart = workLeft ? jobs[taken].start : Never;
        const std::int64_t start = std::max(m_free, std::min(due.time, jobStart));
        if (start >= until || (due.time == Never && !workLeft))
            break;
        turn(start, jobs, taken, due);
        if (m_options.wantedUntilDone && taken == jobs.size())
            break;
    }
    return taken;
}

SingleThreadReplay::Due SingleThreadReplay::dueFrame(std::span<const Interval> wanted, bool workLeft) const noexcept
{
    const std::span<const Interval> ending = wanted.first(wanted.size() - (m_options.wantedUntilDone ? 1 : 0));
    const auto span = std::upper_bound(ending.begin(), ending.end(), m_due,
                                       [](std::int64_t time, const Interval &one) { return time < one.end; });
    if (span != ending.end())
        return {std::max(m_due, span->start), span->start, span->end};
    if (ending.size() < wanted.size() && workLeft)
        return {std::max(m_due, wanted.back().start), wanted.back().start, Never};
    return {Never, 0, Never};
}

void SingleThreadReplay::turn(std::int64_t start, std::span<const ModelJob> jobs, std::size_t &taken,
                              const Due &due) noexcept
{
    m_free = start;
    const std::size_t takenBefore = taken;
    while (taken < jobs.size() && jobs[taken].start <= start
           && (taken == takenBefore || m_free - start < m_options.turnBudget))
        m_free += jobs[taken++].length;
    if (m_options.wantedUntilDone && taken == jobs.size())
        endUnshown(due);
    else
        drawOrAsk(due, start);
    m_result.end = std::max(m_result.end, m_free);
    if (taken == takenBefore || m_free - start <= m_options.interval)
        return;
    m_result.stallTime += m_free - start;
    m_result.longestStall = std::max(m_result.longestStall, m_free - start);
}

void SingleThreadReplay::drawOrAsk(const Due &due, std::int64_t turnStart) noexcept
{
    const bool asksFirst = m_options.askedFirst && m_options.freePace > 0;
    if (due.time > turnStart)
        return;
    if (asksFirst && !m_isAsked) {
        m_isAsked = true;
        m_asked = m_free;
        m_askedFor = due;
        return;
    }
    m_isAsked = false;
    drawFrame(due);
    if (asksFirst) // its timer goes on while the frame waits to be drawn
        m_due = m_asked + m_options.frameCost + m_options.freePace;
}

void SingleThreadReplay::drawFrame(const Due &due) noexcept
{
    const std::int64_t interval = m_options.interval;
    m_free += m_options.frameCost;
    if (m_options.freePace > 0) {
        m_shown = std::max(m_shown, due.wantedSince);
        const PaceVerdict verdict = FramePacer::verdict(m_shown, m_free, {}, interval);
        countMissed(due, verdict.missed);
        m_shown = FramePacer::vsyncOf(verdict, m_free, interval);
        m_due = m_free + m_options.freePace;
        return;
    }
    const std::int64_t intervals = std::max<std::int64_t>(1, (m_free - due.time + interval - 1) / interval);
    countMissed(due, intervals - 1);
    m_due = due.time + intervals * interval;
}

void SingleThreadReplay::endUnshown(const Due &due) noexcept
{
    const std::int64_t shown = m_options.freePace > 0 ? std::max(m_shown, due.wantedSince) : due.time;
    if (shown < m_free)
        countMissed(due, FramePacer::verdict(shown, m_free, {}, m_options.interval).missed);
}

void SingleThreadReplay::countMissed(const Due &due, std::int64_t missed) noexcept
{
    // As far as anybody wanted them.
    const std::int64_t wantedVsyncs = (due.wantedUntil - due.time - 1) / m_options.interval;
    m_result.framesMissed += std::min(missed, wantedVsyncs);
}

JankPrediction predictJankAvoided(std::span<const WorkInterval> work, std::span<const Interval> wanted,
                                  PredictionOptions options)
{
    std::vector<ModelJob> jobs(work.begin(), work.end());
    std::stable_sort(jobs.begin(), jobs.end(), [](const auto &a, const auto &b) { return a.start < b.start; });
    SingleThreadReplay replay(options);
    replay.run(jobs, wanted, Never);
    return replay.result();
}

} // namespace jank
