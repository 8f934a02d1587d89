#pragma once

#include "jank_monitor/frame_sample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace jank {

/// Columns of pixels over time: column 0 begins at `start`.
struct ColumnScale {
    std::int64_t start = 0;
    double perColumn = 1; ///< nanoseconds, over 0

    /// The column that a time lies in; below 0 before `start`.
    [[nodiscard]] std::int64_t columnOf(std::int64_t time) const noexcept
    {
        return static_cast<std::int64_t>(std::floor(static_cast<double>(time - start) / perColumn));
    }
};

/// Something that took a span of time, as the timeline draws it.
struct Span {
    std::int64_t start = 0;
    std::int64_t end = 0; ///< over start
    std::uint32_t index = 0; ///< of the value that it stands for, in its chunk
    std::uint32_t extra = 0; ///< of a frame: the render thread's time, nanoseconds
    std::int16_t missed = 0; ///< vsyncs
    std::uint8_t row = 0; ///< within its lane, so that what overlaps lies side by side
    bool late = false; ///< of a frame: it took more than an interval of work
    bool own = false; ///< of a frame: the monitor's own
    bool renderCaused = false; ///< of a frame that missed: by the render thread

    [[nodiscard]] std::int64_t length() const noexcept { return end - start; }
};

/// Many spans together. The monitor's own frames count in nothing but start and end.
struct SpanSummary {
    std::int64_t start = std::numeric_limits<std::int64_t>::max();
    std::int64_t end = std::numeric_limits<std::int64_t>::min();
    std::int64_t total = 0; ///< sum of the lengths
    std::int64_t extra = 0; ///< sum
    std::int64_t longest = 0;
    std::uint32_t worst = 0; ///< position of the span that missed most; among those, of the longest
    std::uint32_t count = 0;
    std::int32_t missed = 0; ///< sum
    std::int32_t worstMissed = 0;
    std::int64_t worstLength = 0;
    bool late = false; ///< any
    bool renderMissed = false; ///< any that the render thread caused

    void add(const Span &span, std::uint32_t position) noexcept;
    void add(const SpanSummary &other) noexcept;
};

/// What may be taken together.
enum class Grouping {
    WithinAColumn, ///< what lies within one column: no spike is moved
    AsLongAsAColumn ///< what is no longer than a column, where it may lie in two: enough to shade by how much was taken
};

/// Spans in about the order of their times, and above them summaries of four, of sixteen, ... so that what lies in one
/// column of pixels is known without looking at each. Never changed once it is made. @thread any
class SpanTree {
public:
    static constexpr std::size_t FanOut = 4;

    explicit SpanTree(std::vector<Span> spans);

    [[nodiscard]] const std::vector<Span> &spans() const noexcept { return m_spans; }
    /// Of all; an empty tree's ends before it starts.
    [[nodiscard]] const SpanSummary &summary() const noexcept { return m_all; }

    /// Calls onSummary(summary, column of its start) for groups as `Group` allows them, and onSpan(span) for each span
    /// besides that overlaps `range`: together they cover every span that does, once. Returns how many groups and spans
    /// it looked at, which hangs on the number of columns, not of spans.
    template <Grouping Group = Grouping::WithinAColumn, class OnSpan, class OnSummary>
    std::size_t visit(Interval range, const ColumnScale &scale, OnSpan &&onSpan, OnSummary &&onSummary) const
    {
        return m_spans.empty() ? 0 : visitNode<Group>(m_levels.size() + 1, 0, m_all, range, scale, onSpan, onSummary);
    }
    /// The first span that missed a vsync and ends after `time`; null when there is none.
    [[nodiscard]] const Span *firstMissedAfter(std::int64_t time) const;
    /// The last span that missed a vsync and ends before `time`; null when there is none.
    [[nodiscard]] const Span *lastMissedBefore(std::int64_t time) const;

private:
    // Level 1 stands for groups of spans, level n for groups of level n - 1.
    template <Grouping Group, class OnSpan, class OnSummary>
    std::size_t visitNode(std::size_t level, std::size_t index, const SpanSummary &node, Interval range,
                          const ColumnScale &scale, OnSpan &onSpan, OnSummary &onSummary) const
    {
        if (node.end <= range.start || node.start >= range.end)
            return 1;
        const std::int64_t column = scale.columnOf(node.start);
        const bool together = Group == Grouping::AsLongAsAColumn
            ? static_cast<double>(node.end - node.start) <= scale.perColumn
            : column == scale.columnOf(node.end - 1) && node.start >= range.start && node.end <= range.end;
        if (together) {
            onSummary(node, column);
            return 1;
        }
        std::size_t visited = 1;
        const std::size_t first = index * FanOut;
        if (level == 1) {
            for (std::size_t i = first; i < std::min(first + FanOut, m_spans.size()); ++i, ++visited) {
                if (m_spans[i].end > range.start && m_spans[i].start < range.end)
                    onSpan(m_spans[i]);
            }
            return visited;
        }
        const std::vector<SpanSummary> &children = m_levels[level - 2];
        for (std::size_t i = first; i < std::min(first + FanOut, children.size()); ++i)
            visited += visitNode<Group>(level - 1, i, children[i], range, scale, onSpan, onSummary);
        return visited;
    }

    std::vector<Span> m_spans;
    std::vector<std::vector<SpanSummary>> m_levels; // m_levels[0] groups spans; the last has FanOut values at most
    SpanSummary m_all;
};

} // namespace jank
