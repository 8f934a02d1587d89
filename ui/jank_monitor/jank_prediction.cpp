#include "jank_monitor/jank_prediction.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace jank {

namespace {
constexpr std::int64_t Never = std::numeric_limits<std::int64_t>::max();
}

struct SingleThreadReplay::Tick {
    std::int64_t time = Never;
    std::int64_t wantedUntil = Never;
};

std::size_t SingleThreadReplay::run(std::span<const WorkInterval> jobs, std::span<const Interval> wanted,
                                    std::int64_t until) noexcept
{
    std::size_t taken = 0;
    for (;;) {
        const bool workLeft = taken < jobs.size();
        const Tick tick = dueTick(wanted, workLeft);
        const std::int64_t jobStart = workLeft ? jobs[taken].start : Never;
        const std::int64_t next = std::max(m_free, std::min(tick.time, jobStart));
        if (next >= until || (tick.time == Never && !workLeft))
            return taken;
        if (tick.time <= next)
            drawFrame(tick);
        else
            runJob(jobs[taken++]);
    }
}

SingleThreadReplay::Tick SingleThreadReplay::dueTick(std::span<const Interval> wanted, bool workLeft) const noexcept
{
    for (const Interval &span : wanted) {
        const std::int64_t time = std::max(m_tick, span.start);
        if (time < span.end)
            return {time, m_options.wantedUntilDone && &span == &wanted.back() ? Never : span.end};
    }
    if (m_options.wantedUntilDone && !wanted.empty()) {
        const std::int64_t time = std::max(m_tick, wanted.back().start);
        if (workLeft || m_free > time)
            return {time, Never};
    }
    return {};
}

void SingleThreadReplay::drawFrame(const Tick &tick) noexcept
{
    const std::int64_t interval = m_options.interval;
    const std::int64_t drawn = std::max(m_free, tick.time) + m_options.frameCost;
    const std::int64_t intervals = std::max<std::int64_t>(1, (drawn - tick.time + interval - 1) / interval);
    // The vsyncs between its own and the one that it made, as far as anybody wanted them.
    const std::int64_t wantedVsyncs = (tick.wantedUntil - tick.time - 1) / interval;
    m_result.framesMissed += std::min(intervals - 1, wantedVsyncs);
    m_free = drawn;
    m_tick = tick.time + intervals * interval;
    m_result.end = std::max(m_result.end, drawn);
}

void SingleThreadReplay::runJob(const WorkInterval &job) noexcept
{
    const std::int64_t length = job.cpu > 0 ? job.cpu : job.end - job.start;
    m_free = std::max(m_free, job.start) + length;
    m_result.end = std::max(m_result.end, m_free);
    if (length <= m_options.interval)
        return;
    m_result.stallTime += length;
    m_result.longestStall = std::max(m_result.longestStall, length);
}

JankPrediction predictJankAvoided(std::span<const WorkInterval> work, std::span<const Interval> wanted,
                                  PredictionOptions options)
{
    std::vector<WorkInterval> jobs(work.begin(), work.end());
    std::stable_sort(jobs.begin(), jobs.end(), [](const auto &a, const auto &b) { return a.start < b.start; });
    SingleThreadReplay replay(options);
    replay.run(jobs, wanted, Never);
    return replay.result();
}

} // namespace jank
