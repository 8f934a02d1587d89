#include "jank_monitor/labels.h"

#include <algorithm>
#include <limits>

namespace jank {

int Labels::begin(const QString &text, std::int64_t now)
{
    m_states.push_back({++m_lastKey, text, {now, std::numeric_limits<std::int64_t>::max()}});
    if (m_states.size() > m_capacity)
        m_states.pop_front();
    return m_lastKey;
}

void Labels::end(int key, std::int64_t now)
{
    const auto found = std::lower_bound(m_states.begin(), m_states.end(), key,
                                        [](const State &state, int wanted) { return state.key < wanted; });
    if (found != m_states.end() && found->key == key)
        found->span.end = std::min(found->span.end, now);
}

QStringList Labels::during(Interval span) const
{
    QStringList texts;
    for (const State &state : m_states) {
        if (state.span.start < span.end && state.span.end > span.start)
            texts.append(state.text);
    }
    return texts;
}

std::vector<LabelSpan> Labels::spans(Interval span) const
{
    std::vector<LabelSpan> result;
    for (const State &state : m_states) {
        if (state.span.start < span.end && state.span.end > span.start)
            result.push_back({state.text.toStdString(), {state.span.start, std::min(state.span.end, span.end)}});
    }
    return result;
}

void Labels::setCapacity(std::size_t capacity)
{
    m_capacity = capacity;
    while (m_states.size() > capacity)
        m_states.pop_front();
}

} // namespace jank
