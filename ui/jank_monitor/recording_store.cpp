#include "jank_monitor/recording_store.h"

#include "jank_monitor/background.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace jank {

namespace {

constexpr std::size_t FreedAtOnce = 4'096; // under a millisecond

template <class T>
std::size_t heldAlone(const ChunkedView<T> &view)
{
    std::size_t count = 0;
    for (const auto &chunk : view.chunks())
        count += chunk.use_count() == 1 ? chunk->size() : 0;
    return count;
}

/// How many values go with `trace`, about: a look that the monitor shares costs next to nothing to let go of.
std::size_t valuesHeldAlone(const Trace &trace)
{
    return heldAlone(trace.frames) + heldAlone(trace.blocks) + heldAlone(trace.work);
}

template <class T, class SpanOf>
ChunkedView<T> cutView(const ChunkedView<T> &view, Interval span, SpanOf spanOf)
{
    std::vector<T> kept;
    view.forEach([&](const T &value) {
        if (spanOf(value).meets(span))
            kept.push_back(value);
    });
    return ChunkedView<T>::of(kept);
}

} // namespace

RecordingStore::RecordingStore(const RecordingLimits &limits)
    : m_limits(limits), m_frames(limits.frames), m_blocks(limits.blocks), m_work(limits.work)
{
}

void RecordingStore::setLimits(const RecordingLimits &limits)
{
    m_limits = limits;
    m_frames.setCapacity(limits.frames);
    m_blocks.setCapacity(limits.blocks);
    m_work.setCapacity(limits.work);
    if (m_stalls.size() > limits.stalls)
        m_stalls.dropFirst(m_stalls.size() - limits.stalls);
}

void RecordingStore::clear(std::int64_t now)
{
    m_began = now;
    freeContents();
    m_frames.clear();
    m_blocks.clear();
    m_work.clear();
    m_stalls.clear();
    m_lanes.clear();
}

RecordingStore::~RecordingStore()
{
    freeContents();
}

/// Leaves the logs empty when there was much in them, else as they are.
void RecordingStore::freeContents()
{
    if (m_frames.size() + m_blocks.size() + m_work.size() + m_stalls.size() <= FreedAtOnce)
        return;
    freeLater(std::make_tuple(std::exchange(m_frames, ChunkedLog<FrameSample>(m_limits.frames)),
                              std::exchange(m_blocks, ChunkedLog<LoopBlock>(m_limits.blocks)),
                              std::exchange(m_work, ChunkedLog<WorkInterval>(m_limits.work)),
                              std::exchange(m_stalls, {})));
}

void RecordingStore::addStall(Stall stall)
{
    if (m_limits.stalls == 0)
        return;
    if (m_stalls.size() >= m_limits.stalls)
        m_stalls.dropFirst(1);
    m_stalls.push_back(std::move(stall));
}

void RecordingStore::addWork(std::vector<WorkInterval> work, const std::vector<WorkLog::Lane> &lanes)
{
    for (WorkInterval &piece : work) {
        const auto sameLane = [&](const WorkLog::Lane &lane) { return lane.id == piece.lane; };
        const auto known = std::find_if(m_lanes.begin(), m_lanes.end(), sameLane);
        if (known == m_lanes.end() && m_lanes.size() < m_limits.lanes) {
            const auto named = std::find_if(lanes.begin(), lanes.end(), sameLane);
            m_lanes.push_back({piece.lane, named != lanes.end() ? named->name : std::to_string(piece.lane)});
        }
        m_work.push(std::move(piece));
    }
    for (const WorkLog::Lane &lane : lanes) {
        const auto known = std::find_if(m_lanes.begin(), m_lanes.end(),
                                        [&](const WorkLog::Lane &mine) { return mine.id == lane.id; });
        if (known != m_lanes.end() && known->name != lane.name)
            known->name = lane.name;
    }
}

std::vector<FrameSample> RecordingStore::worstFrames(std::size_t count) const
{
    struct Place {
        const FrameSample *frame = nullptr;
        std::size_t index = 0;
    };
    const auto worse = [](const Place &a, const Place &b) {
        return a.frame->missed != b.frame->missed ? a.frame->missed > b.frame->missed : a.index < b.index;
    };
    std::vector<Place> heap; // the least bad of those chosen so far on top
    std::size_t index = 0;
    m_frames.forEach([&](const FrameSample &frame) {
        const Place place{&frame, index++};
        if (frame.missed == 0 || count == 0)
            return;
        if (heap.size() == count) {
            if (!worse(place, heap.front()))
                return;
            std::pop_heap(heap.begin(), heap.end(), worse);
            heap.pop_back();
        }
        heap.push_back(place);
        std::push_heap(heap.begin(), heap.end(), worse);
    });
    std::sort_heap(heap.begin(), heap.end(), worse);
    std::vector<FrameSample> frames;
    frames.reserve(heap.size());
    for (const Place &place : heap)
        frames.push_back(*place.frame);
    return frames;
}

std::int64_t RecordingStore::begin(std::int64_t now) const
{
    std::int64_t begin = m_began;
    if (m_frames.size() >= m_limits.frames)
        begin = std::max(begin, m_frames[0].wanted);
    if (m_blocks.size() >= m_limits.blocks)
        begin = std::max(begin, m_blocks[0].start);
    if (m_work.size() >= m_limits.work)
        begin = std::max(begin, m_work[0].start);
    return std::min(begin, now);
}

Trace RecordingStore::snapshot(std::int64_t now) const
{
    Trace trace;
    trace.span = {begin(now), now};
    trace.frames = m_frames.view();
    trace.blocks = m_blocks.view();
    trace.work = m_work.view();
    trace.stalls = m_stalls;
    trace.lanes = m_lanes;
    return trace;
}

std::shared_ptr<const Trace> shareTrace(Trace trace)
{
    return {new Trace(std::move(trace)), [](Trace *last) {
                const std::unique_ptr<Trace> owner(last);
                if (valuesHeldAlone(*last) > FreedAtOnce)
                    freeLater(std::move(*last));
            }};
}

Trace cut(const Trace &trace, Interval span)
{
    Trace part;
    part.program = trace.program;
    part.wallClock = trace.wallClock;
    part.interval = trace.interval;
    part.span = {std::max(span.start, trace.span.start), std::min(span.end, trace.span.end)};
    part.span.end = std::max(part.span.start, part.span.end);
    part.lanes = trace.lanes;
    part.frames = cutView(trace.frames, span, [](const FrameSample &frame) {
        return Interval{frame.wanted, frame.swapEnd};
    });
    part.blocks = cutView(trace.blocks, span, [](const LoopBlock &block) { return block.span(); });
    part.work = cutView(trace.work, span, [](const WorkInterval &work) { return Interval{work.start, work.end}; });
    std::copy_if(trace.stalls.begin(), trace.stalls.end(), std::back_inserter(part.stalls),
                 [span](const Stall &stall) { return stall.block.span().meets(span); });
    std::copy_if(trace.labels.begin(), trace.labels.end(), std::back_inserter(part.labels),
                 [span](const LabelSpan &label) { return label.span.meets(span); });
    return part;
}

} // namespace jank
