#pragma once

#include "jank_monitor/frame_sample.h"
#include "jank_monitor/trace.h"

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <deque>
#include <vector>

namespace jank {

/// What the program said that it was doing, and when. Bounded; the oldest is forgotten first. Belongs to one thread.
class Labels {
public:
    /// Begins a state; returns the key with which end() ends it, never 0.
    int begin(const QString &text, std::int64_t now);
    /// Ends a state; a key that is unknown or already ended is ignored.
    void end(int key, std::int64_t now);
    /// The states that held at some time within `span`, in the order in which they began.
    [[nodiscard]] QStringList during(Interval span) const;
    /// All that are remembered, in the order in which they began; those that still hold end `now`.
    [[nodiscard]] std::vector<LabelSpan> spans(std::int64_t now) const;
    void clear() { m_states.clear(); }

private:
    static constexpr std::size_t Capacity = 1024;

    struct State {
        int key = 0;
        QString text;
        Interval span;
    };

    std::deque<State> m_states;
    int m_lastKey = 0;
};

} // namespace jank
