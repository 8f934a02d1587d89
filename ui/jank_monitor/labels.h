#pragma once

#include "jank_monitor/trace.h"

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <cstddef>
#include <deque>
#include <vector>

namespace jank {

/// What the program said that it was doing, and when. Bounded: of those that have ended the oldest is
/// forgotten first, and one that still holds only when all do. Belongs to one thread.
class Labels {
public:
    /// Begins a state; returns the key with which end() ends it, never 0.
    int begin(const QString &text, std::int64_t now);
    /// Ends a state; a key that is unknown or already ended is ignored.
    void end(int key, std::int64_t now);
    /// Forgets a state, as if it had never been.
    void forget(int key);
    /// A state that has been. One of the same text that ended less than `gap` before it goes on instead, when it is
    /// among the last few: so many short ones take one place.
    void add(const QString &text, Interval span, std::int64_t gap);
    /// The states that held at some time within `span`, in the order in which they began.
    [[nodiscard]] QStringList during(Interval span) const;
    /// The same with their times, one that still holds up to the end of `span`.
    [[nodiscard]] std::vector<LabelSpan> spans(Interval span) const;
    /// Keeps at most `capacity`, over 0.
    void setCapacity(std::size_t capacity);
    /// Forgets what has ended; what still holds goes on.
    void clear();

    static constexpr std::size_t RingCapacity = 1'024;
    static constexpr std::size_t RecordingCapacity = 16'384;

private:
    struct State {
        int key = 0;
        QString text;
        Interval span;
    };

    [[nodiscard]] static bool isEnded(const State &state) noexcept;
    [[nodiscard]] std::deque<State>::iterator find(int key);
    [[nodiscard]] std::vector<const State *> meeting(Interval span) const;

    std::deque<State> m_states; // their keys ascend
    std::size_t m_capacity = RingCapacity;
    int m_lastKey = 0;
};

} // namespace jank
