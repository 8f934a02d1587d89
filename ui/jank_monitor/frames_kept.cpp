#include "jank_monitor/frames_kept.h"

#include "jank_monitor/frame_pace.h"

#include <algorithm>

namespace jank {

namespace {

constexpr std::int64_t SettleEvery = NanosecondsPerSecond;
constexpr std::int64_t SettleBehind = 5 * NanosecondsPerSecond; // jobs are reported at their end: leave them time
constexpr std::size_t MostJobs = 20'000;

/// The times at which at least one job ran; `jobs` sorted by start.
std::vector<Interval> unionOf(const std::vector<ModelJob> &jobs)
{
    std::vector<Interval> spans;
    for (const ModelJob &job : jobs) {
        if (!spans.empty() && job.start <= spans.back().end)
            spans.back().end = std::max(spans.back().end, job.end);
        else
            spans.push_back({job.start, job.end});
    }
    return spans;
}

} // namespace

void FramesKept::addWork(const std::vector<WorkInterval> &work)
{
    const auto earlier = [](const ModelJob &a, const ModelJob &b) { return a.start < b.start; };
    const auto known = static_cast<std::ptrdiff_t>(m_jobs.size());
    for (const WorkInterval &piece : work)
        m_jobs.emplace_back(piece);
    const auto added = m_jobs.begin() + known;
    std::stable_sort(added, m_jobs.end(), earlier);
    // They came about in order: most of what is known stays where it is.
    const auto from = added == m_jobs.end() ? added : std::upper_bound(m_jobs.begin(), added, *added, earlier);
    std::inplace_merge(from, added, m_jobs.end(), earlier);
}

void FramesKept::addFrame(const FrameSample &sample)
{
    if (sample.own)
        return;
    if (!m_wanted.empty() && sample.wanted <= m_wanted.back().end + m_options.interval / 2)
        m_wanted.back().end = std::max(m_wanted.back().end, sample.swapEnd);
    else
        m_wanted.push_back({sample.wanted, sample.swapEnd});
    for (std::int32_t i = 0; i < sample.missed; ++i)
        m_misses.push_back(sample.missedAt(i));
    m_lastFrames.push(sample);
}

std::int64_t FramesKept::update(std::int64_t now)
{
    learnPace();
    if (m_settledUntil == 0)
        m_settledUntil = now;
    if (now - m_settledUntil > SettleEvery + SettleBehind || m_jobs.size() > MostJobs)
        settle(m_jobs.size() > MostJobs ? now : now - SettleBehind);
    SingleThreadReplay replay = m_settled;
    replay.run(m_jobs, m_wanted, now);
    m_predicted = replay.result();
    SingleThreadReplay idle = m_settledIdle;
    idle.run({}, m_wanted, now);
    m_predicted.framesMissed -= idle.result().framesMissed;
    m_charged = m_settledCharges + missesDuringWork(now);
    return kept();
}

void FramesKept::reset(PredictionOptions options)
{
    *this = FramesKept(options);
}

void FramesKept::learnPace()
{
    std::vector<FrameSample> frames;
    frames.reserve(m_lastFrames.size());
    for (std::size_t i = 0; i < m_lastFrames.size(); ++i)
        frames.push_back(m_lastFrames[i]);
    if (frames.empty())
        return;
    const FramePace pace = paceOf(frames, m_options.interval, m_drawnOnUiThread);
    m_settled.setPace(pace);
    m_settledIdle.setPace(pace);
}

std::int64_t FramesKept::missesDuringWork(std::int64_t before) const
{
    if (m_misses.empty())
        return 0;
    const std::vector<Interval> spans = unionOf(m_jobs);
    return std::count_if(m_misses.begin(), m_misses.end(), [&](std::int64_t miss) {
        const auto after = std::upper_bound(spans.begin(), spans.end(), miss,
                                            [](std::int64_t time, const Interval &span) { return time < span.start; });
        return miss < before && after != spans.begin() && miss <= std::prev(after)->end;
    });
}

void FramesKept::settle(std::int64_t horizon)
{
    m_settledCharges += missesDuringWork(horizon);
    std::erase_if(m_misses, [horizon](std::int64_t miss) { return miss < horizon; });
    const std::size_t taken = m_settled.run(m_jobs, m_wanted, horizon);
    m_settledIdle.run({}, m_wanted, horizon);
    m_jobs.erase(m_jobs.begin(), m_jobs.begin() + static_cast<std::ptrdiff_t>(taken));
    std::erase_if(m_wanted, [this, horizon](const Interval &span) {
        return span.end < horizon && span.end <= std::min(m_settled.nextTick(), m_settledIdle.nextTick());
    });
    m_settledUntil = horizon;
}

} // namespace jank
