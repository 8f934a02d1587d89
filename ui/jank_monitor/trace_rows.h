#pragma once

#include "jank_monitor/trace.h"

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

namespace jank {

/// Puts spans into as few rows as it takes for no two in a row to overlap. Spans come in the order of their starts.
/// Belongs to one thread.
class RowAllocator {
public:
    /// The first row in which nothing is going on from `start` on, `gap` being left between two spans.
    [[nodiscard]] std::uint32_t place(std::int64_t start, std::int64_t end, std::int64_t gap = 0);
    [[nodiscard]] std::uint32_t rows() const noexcept { return m_rows; }

private:
    struct Busy {
        std::int64_t until;
        std::uint32_t row;
        friend bool operator>(const Busy &a, const Busy &b)
        {
            return a.until != b.until ? a.until > b.until : a.row > b.row;
        }
    };
    template <class T>
    using SmallestFirst = std::priority_queue<T, std::vector<T>, std::greater<>>;

    SmallestFirst<Busy> m_busy;
    SmallestFirst<std::uint32_t> m_free;
    std::uint32_t m_rows = 0;
};

/// A row of work: what one lane did on one thread, without overlap.
struct WorkRow {
    std::uint64_t lane = 0;
    std::uint64_t thread = 0;
    std::string name; ///< the lane's; with the thread or a number when the lane has several rows
};

/// Which row each piece of work is in. @thread any
struct WorkRows {
    std::vector<WorkRow> rows; ///< lane by lane, in the order of the trace's lanes
    std::vector<std::uint32_t> rowOf; ///< for each piece of work

    [[nodiscard]] static WorkRows of(const Trace &trace);
};

} // namespace jank
