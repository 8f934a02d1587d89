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
    /// The states that held at some time within `span`, in the order in which they began.
    [[nodiscard]] QStringList during(Interval span) const;
    /// The same with their times, one that still holds up to the end of `span`.
    [[nodiscard]] std::vector<LabelSpan> spans(Interval span) const;
    /// Keeps at most `capacity`, over 0.
    void setCapacity(std::size_t capacity);
    void clear() { m_states.clear(); }

    static constexpr std::size_t RingCapacity = 1'024;
    static constexpr std::size_t RecordingCapacity = 16'384;

private:
    struct State {
        int key = 0;
        QString text;
        Interval span;
    };

    [[nodiscard]] static bool isEnded(const State &state) noexcept;

    std::deque<State> m_states; // their keys ascend
    std::size_t m_capacity = RingCapacity;
    int m_lastKey = 0;
};

} // namespace jank
