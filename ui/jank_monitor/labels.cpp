#include "jank_monitor/labels.h"

#include <algorithm>
#include <limits>

namespace jank {

int Labels::begin(const QString &text, std::int64_t now)
{
    m_states.push_back({++m_lastKey, text, {now, std::numeric_limits<std::int64_t>::max()}});
    if (m_states.size() > Capacity)
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

std::vector<LabelSpan> Labels::spans(std::int64_t now) const
{
    std::vector<LabelSpan> result;
    result.reserve(m_states.size());
    for (const State &state : m_states)
        result.push_back({state.text.toStdString(), {state.span.start, std::min(state.span.end, now)}});
    return result;
}

} // namespace jank
