#include "jank_monitor/labels.h"

#include <algorithm>
#include <limits>

namespace jank {

namespace {

constexpr std::int64_t Open = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t MergedAmong = 8;

} // namespace

bool Labels::isEnded(const State &state) noexcept
{
    return state.span.end != Open;
}

int Labels::begin(const QString &text, std::int64_t now)
{
    m_states.push_back({++m_lastKey, text, {now, Open}});
    if (m_states.size() > m_capacity) {
        const auto ended = std::find_if(m_states.begin(), m_states.end(), isEnded);
        m_states.erase(ended != m_states.end() ? ended : m_states.begin());
    }
    return m_lastKey;
}

std::deque<Labels::State>::iterator Labels::find(int key)
{
    const auto found = std::lower_bound(m_states.begin(), m_states.end(), key,
                                        [](const State &state, int wanted) { return state.key < wanted; });
    return found != m_states.end() && found->key == key ? found : m_states.end();
}

void Labels::end(int key, std::int64_t now)
{
    if (const auto found = find(key); found != m_states.end())
        found->span.end = std::min(found->span.end, now);
}

void Labels::forget(int key)
{
    if (const auto found = find(key); found != m_states.end())
        m_states.erase(found);
}

void Labels::add(const QString &text, Interval span, std::int64_t gap)
{
    const std::size_t looked = std::min(m_states.size(), MergedAmong);
    for (auto state = m_states.rbegin(); state != m_states.rbegin() + static_cast<std::ptrdiff_t>(looked); ++state) {
        if (!isEnded(*state) || state->text != text || span.start < state->span.start
            || span.start > state->span.end + gap)
            continue;
        state->span.end = std::max(state->span.end, span.end);
        return;
    }
    end(begin(text, span.start), span.end);
}

std::vector<const Labels::State *> Labels::meeting(Interval span) const
{
    std::vector<const State *> states;
    for (const State &state : m_states) {
        if (state.span.meets(span))
            states.push_back(&state);
    }
    // Some are told after they have been.
    std::stable_sort(states.begin(), states.end(),
                     [](const State *a, const State *b) { return a->span.start < b->span.start; });
    return states;
}

QStringList Labels::during(Interval span) const
{
    QStringList texts;
    for (const State *state : meeting(span))
        texts.append(state->text);
    return texts;
}

std::vector<LabelSpan> Labels::spans(Interval span) const
{
    std::vector<LabelSpan> result;
    for (const State *state : meeting(span))
        result.push_back({state->text.toStdString(), {state->span.start, std::min(state->span.end, span.end)}});
    return result;
}

void Labels::clear()
{
    std::erase_if(m_states, isEnded);
}

void Labels::setCapacity(std::size_t capacity)
{
    m_capacity = capacity;
    std::size_t excess = m_states.size() - std::min(m_states.size(), capacity);
    std::erase_if(m_states, [&excess](const State &state) {
        if (excess == 0 || !isEnded(state))
            return false;
        --excess;
        return true;
    });
    m_states.erase(m_states.begin(), m_states.begin() + static_cast<std::ptrdiff_t>(excess));
}

} // namespace jank
