#include "jank_monitor/phase.h"

#include <algorithm>

namespace jank {

namespace {

int missedWithin(const FrameSample &sample, Interval span)
{
    int count = 0;
    for (std::int32_t i = 0; i < sample.missed; ++i)
        count += span.contains(sample.missedAt(i)) ? 1 : 0;
    return count;
}

} // namespace

QList<qreal> PhaseSummary::times() const
{
    QList<qreal> result;
    for (const FrameSample &sample : samples)
        result.append(toMilliseconds(std::min(sample.swapEnd, span.end) - span.start));
    return result;
}

QList<qreal> PhaseSummary::frameTimes() const
{
    QList<qreal> result;
    for (const FrameSample &sample : samples)
        result.append(toMilliseconds(sample.frameTime()));
    return result;
}

QList<int> PhaseSummary::missedCounts() const
{
    QList<int> result;
    for (const FrameSample &sample : samples)
        result.append(missedWithin(sample, span));
    return result;
}

PhaseSummary summarise(const QString &name, Interval span, std::int64_t interval, std::vector<FrameSample> samples,
                       std::vector<LoopBlock> blocks, const FrameSample *owed)
{
    PhaseSummary summary;
    summary.name = name;
    summary.span = span;
    summary.interval = interval;
    summary.statistics = computeStatistics(samples, blocks, span, interval, owed);
    std::erase_if(samples, [span](const FrameSample &sample) { return sample.own || !span.contains(sample.swapEnd); });
    if (owed != nullptr && owed->missed > 0)
        samples.push_back(*owed);
    summary.samples = std::move(samples);
    summary.blocks = std::move(blocks);
    return summary;
}

} // namespace jank
