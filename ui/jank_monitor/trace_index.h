#pragma once

#include "jank_monitor/span_tree.h"
#include "jank_monitor/trace.h"

#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

namespace jank {

/// The spans of one lane of the timeline, in parts as they were recorded.
struct SpanTrack {
    /// One chunk of the recording.
    struct Part {
        std::shared_ptr<const SpanTree> tree; ///< never null, never empty
        std::size_t base = 0; ///< number of the chunk's first value in the recording
    };
    /// A span, and the number of the value that it stands for. Empty when there is none.
    struct Hit {
        Span span;
        std::size_t index = 0;
        bool found = false;
    };

    std::vector<Part> parts; ///< in the order of time
    int rows = 1; ///< how many spans lie side by side at most

    /// SpanTree::visit over all parts; `onSpan(span, index)` gets the number of the value, `onSummary(summary, column,
    /// index)` that of the worst.
    template <Grouping Group = Grouping::WithinAColumn, class OnSpan, class OnSummary>
    std::size_t visit(Interval range, const ColumnScale &scale, OnSpan &&onSpan, OnSummary &&onSummary) const
    {
        std::size_t visited = 0;
        for (const Part &part : parts) {
            visited += part.tree->template visit<Group>(
                range, scale, [&](const Span &span) { onSpan(span, part.base + span.index); },
                [&](const SpanSummary &summary, std::int64_t column) {
                    onSummary(summary, column, part.base + part.tree->spans()[summary.worst].index);
                });
        }
        return visited;
    }
    /// The span in `row` (any row when negative) that holds `range`'s middle; failing that, of those that overlap
    /// `range` the one that missed most, then the longest.
    [[nodiscard]] Hit at(Interval range, int row) const;
    [[nodiscard]] Hit firstMissedAfter(std::int64_t time) const;
    [[nodiscard]] Hit lastMissedBefore(std::int64_t time) const;
};

/// What the timeline needs to draw a recording at any zoom: summaries of it, chunk by chunk. Takes about 45 bytes for a
/// frame and 35 for a piece of work. Never changed once it is made. @thread any
class TraceIndex {
public:
    /// Of `trace`. Chunks that `previous` (may be null) has in common with it are taken over, so that to follow a
    /// recording costs a thousand values at most a kind, and to open one costs each value once. @thread any
    [[nodiscard]] static std::shared_ptr<const TraceIndex> of(const Trace &trace, const TraceIndex *previous = nullptr);

    SpanTrack frames; ///< from wanted to shown
    SpanTrack blocks;
    SpanTrack stalls; ///< numbers are those of Trace::stalls
    SpanTrack labels; ///< numbers are those of Trace::labels
    std::vector<SpanTrack> lanes; ///< of the work, in the order of Trace::lanes; work of unknown lanes is left out
    std::vector<std::size_t> laneOrder; ///< lanes as they are shown: by name, "upload 2" before "upload 10"
    std::int64_t missed = 0; ///< vsyncs, in all
    std::int64_t counted = 0; ///< frames but for the monitor's own

private:
    static constexpr int MostRows = 4;
    using RowEnds = std::unordered_map<std::uint64_t, std::array<std::int64_t, MostRows>>;

    struct WorkPart {
        std::vector<std::pair<std::uint64_t, std::shared_ptr<const SpanTree>>> lanes;
        RowEnds rowEnds; // after it
        std::unordered_map<std::uint64_t, int> rows; // used by then
    };
    template <class Value, class Part>
    struct Known {
        typename ChunkedView<Value>::Chunk chunk; // held, so that no other comes to lie at its address
        std::shared_ptr<const Part> part;
    };
    template <class Value, class Part>
    using Cache = std::unordered_map<const void *, Known<Value, Part>>;

    template <class Value, class Part, class Make>
    static std::shared_ptr<const Part> partOf(const typename ChunkedView<Value>::Chunk &chunk,
                                              const Cache<Value, Part> *before, Cache<Value, Part> &now, Make make);
    static std::shared_ptr<const WorkPart> workPart(const std::vector<WorkInterval> &work, const WorkPart *before);
    void addWork(const Trace &trace, const TraceIndex *previous);

    Cache<FrameSample, SpanTree> m_frameParts;
    Cache<LoopBlock, SpanTree> m_blockParts;
    Cache<WorkInterval, WorkPart> m_workParts;
};

} // namespace jank
