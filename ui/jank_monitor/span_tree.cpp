#include "jank_monitor/span_tree.h"

#include <utility>

namespace jank {

void SpanSummary::add(const Span &span, std::uint32_t position) noexcept
{
    start = std::min(start, span.start);
    end = std::max(end, span.end);
    if (span.own)
        return;
    const std::int64_t length = span.length();
    if (count == 0 || std::pair(std::int32_t(span.missed), length) > std::pair(worstMissed, worstLength)) {
        worst = position;
        worstMissed = span.missed;
        worstLength = length;
    }
    ++count;
    total += length;
    extra += span.extra;
    longest = std::max(longest, length);
    missed += span.missed;
    late = late || span.late;
    renderMissed = renderMissed || (span.missed > 0 && span.renderCaused);
}

void SpanSummary::add(const SpanSummary &other) noexcept
{
    start = std::min(start, other.start);
    end = std::max(end, other.end);
    if (other.count == 0)
        return;
    if (count == 0 || std::pair(other.worstMissed, other.worstLength) > std::pair(worstMissed, worstLength)) {
        worst = other.worst;
        worstMissed = other.worstMissed;
        worstLength = other.worstLength;
    }
    count += other.count;
    total += other.total;
    extra += other.extra;
    longest = std::max(longest, other.longest);
    missed += other.missed;
    late = late || other.late;
    renderMissed = renderMissed || other.renderMissed;
}

SpanTree::SpanTree(std::vector<Span> spans) : m_spans(std::move(spans))
{
    if (m_spans.empty())
        return;
    std::vector<SpanSummary> level((m_spans.size() + FanOut - 1) / FanOut);
    for (std::size_t i = 0; i < m_spans.size(); ++i)
        level[i / FanOut].add(m_spans[i], static_cast<std::uint32_t>(i));
    m_levels.push_back(std::move(level));
    while (m_levels.back().size() > FanOut) {
        const std::vector<SpanSummary> &below = m_levels.back();
        std::vector<SpanSummary> above((below.size() + FanOut - 1) / FanOut);
        for (std::size_t i = 0; i < below.size(); ++i)
            above[i / FanOut].add(below[i]);
        m_levels.push_back(std::move(above));
    }
    for (const SpanSummary &group : m_levels.back())
        m_all.add(group);
}

const Span *SpanTree::firstMissedAfter(std::int64_t time) const
{
    const std::vector<SpanSummary> *groups = m_levels.empty() ? nullptr : &m_levels.front();
    for (std::size_t i = 0; groups != nullptr && i < groups->size(); ++i) {
        if ((*groups)[i].missed == 0 || (*groups)[i].end <= time)
            continue;
        for (std::size_t k = i * FanOut; k < std::min((i + 1) * FanOut, m_spans.size()); ++k) {
            if (m_spans[k].missed > 0 && m_spans[k].end > time)
                return &m_spans[k];
        }
    }
    return nullptr;
}

const Span *SpanTree::lastMissedBefore(std::int64_t time) const
{
    for (std::size_t i = m_levels.empty() ? 0 : m_levels.front().size(); i-- > 0;) {
        const SpanSummary &group = m_levels.front()[i];
        if (group.missed == 0 || group.start >= time)
            continue;
        for (std::size_t k = std::min((i + 1) * FanOut, m_spans.size()); k-- > i * FanOut;) {
            if (m_spans[k].missed > 0 && m_spans[k].end < time)
                return &m_spans[k];
        }
    }
    return nullptr;
}

} // namespace jank
