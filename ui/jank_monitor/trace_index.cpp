#include "jank_monitor/trace_index.h"

#include <array>
#include <numeric>
#include <tuple>
#include <utility>

namespace jank {

namespace {

constexpr std::int64_t LongestExtra = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t LongestMissed = std::numeric_limits<std::int16_t>::max();

Span spanOf(std::int64_t start, std::int64_t end, std::size_t index)
{
    Span span;
    span.start = start;
    span.end = std::max(end, start + 1);
    span.index = static_cast<std::uint32_t>(index);
    return span;
}

Span spanOf(const FrameSample &frame, std::size_t index)
{
    Span span = spanOf(frame.wanted, frame.swapEnd, index);
    span.extra = static_cast<std::uint32_t>(std::clamp<std::int64_t>(frame.renderTime(), 0, LongestExtra));
    span.missed = static_cast<std::int16_t>(std::clamp<std::int64_t>(frame.missed, 0, LongestMissed));
    span.late = frame.workTime() > frame.interval;
    span.own = frame.own;
    span.renderCaused = frame.cause == Cause::Render;
    return span;
}

/// The first row that is free at `start`; the last one when none is. Notes that it is taken until `end`.
template <std::size_t Rows>
std::uint8_t takeRow(std::array<std::int64_t, Rows> &ends, std::int64_t start, std::int64_t end)
{
    std::size_t row = 0;
    while (row + 1 < Rows && ends[row] > start)
        ++row;
    ends[row] = std::max(ends[row], end);
    return static_cast<std::uint8_t>(row);
}

/// Numbers within names count as numbers.
bool namedBefore(const std::string &a, const std::string &b)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < a.size() && k < b.size()) {
        if (!isDigit(a[i]) || !isDigit(b[k])) {
            if (a[i] != b[k])
                return a[i] < b[k];
            ++i;
            ++k;
            continue;
        }
        const auto number = [&](const std::string &text, std::size_t &at) {
            while (at < text.size() && text[at] == '0')
                ++at;
            const std::size_t from = at;
            while (at < text.size() && isDigit(text[at]))
                ++at;
            return text.substr(from, at - from);
        };
        const std::string left = number(a, i);
        const std::string right = number(b, k);
        if (left.size() != right.size())
            return left.size() < right.size();
        if (left != right)
            return left < right;
    }
    return a.size() - i < b.size() - k;
}

std::vector<std::size_t> orderByName(const std::vector<WorkLog::Lane> &lanes)
{
    std::vector<std::size_t> order(lanes.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return namedBefore(lanes[a].name, lanes[b].name); });
    return order;
}

/// Spans that are few: one tree.
template <class Values, class SpanAt>
SpanTrack trackOf(const Values &values, SpanAt spanAt)
{
    SpanTrack track;
    std::vector<Span> spans;
    spans.reserve(values.size());
    std::array<std::int64_t, 3> ends;
    ends.fill(std::numeric_limits<std::int64_t>::min());
    for (std::size_t i = 0; i < values.size(); ++i) {
        Span span = spanAt(values[i], i);
        span.row = takeRow(ends, span.start, span.end);
        track.rows = std::max(track.rows, span.row + 1);
        spans.push_back(span);
    }
    if (!spans.empty())
        track.parts.push_back({std::make_shared<const SpanTree>(std::move(spans)), 0});
    return track;
}

} // namespace

SpanTrack::Hit SpanTrack::at(Interval range, int row) const
{
    Hit best;
    const std::int64_t middle = range.start + range.length() / 2;
    const auto rank = [middle](const Span &span) {
        const bool holds = span.start <= middle && span.end > middle;
        return std::tuple(span.missed > 0, holds, span.missed, span.length());
    };
    const auto consider = [&](const Span &span, std::size_t index) {
        if ((row < 0 || span.row == row) && (!best.found || rank(span) > rank(best.span)))
            best = {span, index, true};
    };
    // As if all were one column: groups answer with their worst, unless a row is asked for.
    const ColumnScale scale{range.start,
                            row < 0 ? static_cast<double>(std::max<std::int64_t>(1, range.length())) : 1.0};
    for (const Part &part : parts) {
        part.tree->visit(
            range, scale, [&](const Span &span) { consider(span, part.base + span.index); },
            [&](const SpanSummary &summary, std::int64_t) {
                const Span &span = part.tree->spans()[summary.worst];
                consider(span, part.base + span.index);
            });
    }
    return best;
}

SpanTrack::Hit SpanTrack::firstMissedAfter(std::int64_t time) const
{
    for (const Part &part : parts) {
        if (part.tree->summary().missed == 0 || part.tree->summary().end <= time)
            continue;
        if (const Span *span = part.tree->firstMissedAfter(time))
            return {*span, part.base + span->index, true};
    }
    return {};
}

SpanTrack::Hit SpanTrack::lastMissedBefore(std::int64_t time) const
{
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        if (part->tree->summary().missed == 0 || part->tree->summary().start >= time)
            continue;
        if (const Span *span = part->tree->lastMissedBefore(time))
            return {*span, part->base + span->index, true};
    }
    return {};
}

template <class Value, class Part, class Make>
std::shared_ptr<const Part> TraceIndex::partOf(const typename ChunkedView<Value>::Chunk &chunk,
                                               const Cache<Value, Part> *before, Cache<Value, Part> &now, Make make)
{
    std::shared_ptr<const Part> part;
    if (before != nullptr) {
        if (const auto known = before->find(chunk.get()); known != before->end())
            part = known->second.part;
    }
    if (part == nullptr)
        part = make(*chunk);
    now.emplace(chunk.get(), Known<Value, Part>{chunk, part});
    return part;
}

std::shared_ptr<const TraceIndex> TraceIndex::of(const Trace &trace, const TraceIndex *previous)
{
    const auto index = std::make_shared<TraceIndex>();
    const auto addChunks = [](const auto &view, const auto *before, auto &now, SpanTrack &track, auto spanAt) {
        using Values = typename std::decay_t<decltype(view)>::Chunk::element_type;
        std::size_t base = 0;
        for (const auto &chunk : view.chunks()) {
            const auto make = [&](const Values &values) {
                std::vector<Span> spans;
                spans.reserve(values.size());
                for (std::size_t i = 0; i < values.size(); ++i)
                    spans.push_back(spanAt(values[i], i));
                return std::make_shared<const SpanTree>(std::move(spans));
            };
            track.parts.push_back({partOf(chunk, before, now, make), base});
            base += chunk->size();
        }
    };
    addChunks(trace.frames, previous != nullptr ? &previous->m_frameParts : nullptr, index->m_frameParts, index->frames,
              [](const FrameSample &frame, std::size_t i) { return spanOf(frame, i); });
    addChunks(trace.blocks, previous != nullptr ? &previous->m_blockParts : nullptr, index->m_blockParts, index->blocks,
              [](const LoopBlock &block, std::size_t i) { return spanOf(block.start, block.end, i); });
    index->addWork(trace, previous);
    index->laneOrder = orderByName(trace.lanes);
    index->stalls = trackOf(
        trace.stalls, [](const Stall &stall, std::size_t i) { return spanOf(stall.block.start, stall.block.end, i); });
    index->stalls.rows = 1;
    index->labels = trackOf(trace.labels, [](const LabelSpan &label, std::size_t i) {
        return spanOf(label.span.start, label.span.end, i);
    });
    for (const SpanTrack::Part &part : index->frames.parts) {
        index->missed += part.tree->summary().missed;
        index->counted += part.tree->summary().count;
    }
    return index;
}

std::shared_ptr<const TraceIndex::WorkPart> TraceIndex::workPart(const std::vector<WorkInterval> &work,
                                                                 const WorkPart *before)
{
    auto part = std::make_shared<WorkPart>();
    if (before != nullptr) {
        part->rowEnds = before->rowEnds;
        part->rows = before->rows;
    }
    std::unordered_map<std::uint64_t, std::vector<Span>> lanes;
    for (std::size_t i = 0; i < work.size(); ++i)
        lanes[work[i].lane].push_back(spanOf(work[i].start, work[i].end, i));
    for (auto &[lane, spans] : lanes) {
        std::stable_sort(spans.begin(), spans.end(), [](const Span &a, const Span &b) { return a.start < b.start; });
        const auto [ends, fresh] = part->rowEnds.try_emplace(lane);
        if (fresh)
            ends->second.fill(std::numeric_limits<std::int64_t>::min());
        int &rows = part->rows[lane];
        for (Span &span : spans) {
            span.row = takeRow(ends->second, span.start, span.end);
            rows = std::max(rows, span.row + 1);
        }
        part->lanes.emplace_back(lane, std::make_shared<const SpanTree>(std::move(spans)));
    }
    return part;
}

void TraceIndex::addWork(const Trace &trace, const TraceIndex *previous)
{
    std::unordered_map<std::uint64_t, std::size_t> places;
    for (std::size_t i = 0; i < trace.lanes.size(); ++i)
        places.emplace(trace.lanes[i].id, i);
    lanes.resize(trace.lanes.size());
    std::shared_ptr<const WorkPart> last;
    std::size_t base = 0;
    for (const auto &chunk : trace.work.chunks()) {
        last = partOf(chunk, previous != nullptr ? &previous->m_workParts : nullptr, m_workParts,
                      [&](const std::vector<WorkInterval> &work) { return workPart(work, last.get()); });
        for (const auto &[lane, tree] : last->lanes) {
            if (const auto place = places.find(lane); place != places.end())
                lanes[place->second].parts.push_back({tree, base});
        }
        base += chunk->size();
    }
    if (last == nullptr)
        return;
    for (const auto &[lane, rows] : last->rows) {
        if (const auto place = places.find(lane); place != places.end())
            lanes[place->second].rows = rows;
    }
}

} // namespace jank
