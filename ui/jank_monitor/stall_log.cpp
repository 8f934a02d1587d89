#include "jank_monitor/stall_log.h"

namespace jank {

std::optional<Stall> stallOf(const LoopBlock &block, std::int64_t interval, const Labels &labels)
{
    if (block.length <= StallIntervals * interval)
        return std::nullopt;
    Stall stall;
    stall.block = block;
    const QStringList texts = labels.during(block.span());
    for (const QString &text : texts)
        stall.labels.push_back(text.toStdString());
    return stall;
}

void StallLog::add(const LoopBlock &block, std::int64_t interval, const Labels &labels)
{
    std::optional<Stall> stall = stallOf(block, interval, labels);
    if (!stall)
        return;
    m_stalls.push_back(*std::move(stall));
    if (m_stalls.size() > Capacity)
        m_stalls.pop_front();
}

std::vector<Stall> StallLog::stalls(const LoopWatch &watch) const
{
    std::vector<Stall> result(m_stalls.begin(), m_stalls.end());
    for (Stall &stall : result)
        stall.stack = watch.stackOf(stall.block.start);
    return result;
}

} // namespace jank
