#include "jank_monitor/frame_statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace jank {

namespace {

/// Mean rate of the slowest `share` of the frames, at least of one; each took `interval` at least, as for the fps.
double lowRate(std::span<const std::int64_t> sorted, double share, std::int64_t interval)
{
    if (sorted.empty())
        return 0;
    const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(sorted.size() * share)));
    const auto slowest = sorted.last(count);
    const auto total = std::accumulate(
        slowest.begin(), slowest.end(), std::int64_t{0},
        [interval](std::int64_t sum, std::int64_t frameTime) { return sum + std::max(frameTime, interval); });
    return total == 0 ? 0 : 1e9 * count / total;
}

void countMisses(FrameStatistics &statistics, const FrameSample &sample, Interval span)
{
    for (std::int32_t i = 0; i < sample.missed; ++i) {
        if (!span.contains(sample.missedAt(i)))
            continue;
        ++statistics.framesMissed;
        ++(sample.cause == Cause::Render ? statistics.missedByRender : statistics.missedByUi);
        statistics.hitchTime += toMilliseconds(sample.interval);
    }
}

std::int64_t overlap(Interval a, Interval b)
{
    return std::max<std::int64_t>(0, std::min(a.end, b.end) - std::max(a.start, b.start));
}

void addBlocks(FrameStatistics &statistics, std::span<const LoopBlock> blocks, Interval span, std::int64_t interval)
{
    for (const LoopBlock &block : blocks) {
        if (block.end <= span.start || block.end > span.end)
            continue;
        // Of a block that began before the span only what lies in it.
        const std::int64_t length = std::min(block.length, block.end - std::max(block.start, span.start));
        statistics.longestStall = std::max(statistics.longestStall, toMilliseconds(length));
        if (length > interval)
            statistics.stallTime += toMilliseconds(length);
        statistics.blockingTime += toMilliseconds(std::max<std::int64_t>(0, length - NoticeableBlock));
    }
}

} // namespace

std::int64_t percentile(std::span<const std::int64_t> sorted, double percent) noexcept
{
    if (sorted.empty())
        return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(sorted.size() * percent / 100.0));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

FrameStatistics computeStatistics(std::span<const FrameSample> samples, std::span<const LoopBlock> blocks,
                                  Interval span, std::int64_t interval, const FrameSample *owed)
{
    FrameStatistics statistics;
    statistics.duration = toMilliseconds(span.length());

    std::vector<std::int64_t> frameTimes;
    frameTimes.reserve(samples.size());
    std::int64_t active = 0;
    std::int64_t shownFor = 0;
    for (const FrameSample &sample : samples) {
        if (sample.own)
            continue;
        countMisses(statistics, sample, span);
        active += overlap({sample.wanted, sample.swapEnd}, span);
        if (!span.contains(sample.swapEnd))
            continue;
        ++statistics.framesDrawn;
        statistics.slowFrames += sample.workTime() > sample.interval ? 1 : 0;
        statistics.frozenFrames += sample.workTime() > FrozenFrame ? 1 : 0;
        frameTimes.push_back(sample.frameTime());
        // A display shows no more than one picture a vsync, however fast they are drawn.
        shownFor += std::max(sample.frameTime(), sample.interval);
    }
    if (owed != nullptr) {
        countMisses(statistics, *owed, span);
        active += overlap({owed->wanted, owed->swapEnd}, span);
    }
    addBlocks(statistics, blocks, span, interval);

    std::sort(frameTimes.begin(), frameTimes.end());
    statistics.activeTime = toMilliseconds(active);
    statistics.fps = shownFor == 0 ? 0 : 1e9 * frameTimes.size() / shownFor;
    statistics.fpsLow1 = lowRate(frameTimes, 0.01, interval);
    statistics.fpsLow01 = lowRate(frameTimes, 0.001, interval);
    statistics.p50 = toMilliseconds(percentile(frameTimes, 50));
    statistics.p95 = toMilliseconds(percentile(frameTimes, 95));
    statistics.p99 = toMilliseconds(percentile(frameTimes, 99));
    statistics.hitchRatio = active == 0 ? 0 : statistics.hitchTime * 1e9 / active;
    return statistics;
}

} // namespace jank
