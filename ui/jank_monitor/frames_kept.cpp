#include "jank_monitor/frames_kept.h"

#include "jank_monitor/frame_pace.h"

#include <algorithm>
#include <utility>

namespace jank {

namespace {

constexpr std::int64_t SettleEvery = 10 * NanosecondsPerSecond;
constexpr std::int64_t SettleBehind = 5 * NanosecondsPerSecond; // jobs are reported at their end: leave them time
constexpr std::size_t MostJobs = 20'000;

/// The times at which at least one job ran; `jobs` sorted by start.
std::vector<Interval> unionOf(const std::vector<WorkInterval> &jobs)
{
    std::vector<Interval> spans;
    for (const WorkInterval &job : jobs) {
        if (!spans.empty() && job.start <= spans.back().end)
            spans.back().end = std::max(spans.back().end, job.end);
        else
            spans.push_back({job.start, job.end});
    }
    return spans;
}

} // namespace

void FramesKept::addWork(std::vector<WorkInterval> work)
{
    m_jobs.insert(m_jobs.end(), std::make_move_iterator(work.begin()), std::make_move_iterator(work.end()));
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
    std::stable_sort(m_jobs.begin(), m_jobs.end(), [](const auto &a, const auto &b) { return a.start < b.start; });
    if (m_settledUntil == 0)
        m_settledUntil = now;
    if (now - m_settledUntil > SettleEvery + SettleBehind || m_jobs.size() > MostJobs)
        settle(m_jobs.size() > MostJobs ? now : now - SettleBehind);
    SingleThreadReplay replay = m_settled;
    replay.run(m_jobs, m_wanted, now);
    m_predicted = replay.result();
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
    if (!frames.empty())
        m_settled.setPace(paceOf(frames, m_options.interval, m_drawnOnUiThread));
}

std::int64_t FramesKept::missesDuringWork(std::int64_t before) const
{
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
    m_jobs.erase(m_jobs.begin(), m_jobs.begin() + static_cast<std::ptrdiff_t>(taken));
    std::erase_if(m_wanted, [this, horizon](const Interval &span) {
        return span.end < horizon && span.end <= m_settled.nextTick();
    });
    m_settledUntil = horizon;
}

} // namespace jank
