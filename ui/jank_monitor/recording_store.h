#pragma once

#include "jank_monitor/chunked_log.h"
#include "jank_monitor/trace.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace jank {

/// How many of each a RecordingStore keeps at least.
struct RecordingLimits {
    std::size_t frames = 36'000;
    std::size_t blocks = 16'384;
    std::size_t stalls = 256;
    std::size_t work = 65'536;
    std::size_t lanes = 256;

    /// What is always there: ten minutes at 60 Hz, at most 16 MB.
    [[nodiscard]] static RecordingLimits ring() { return {}; }
    /// While a recording is on: four hours at 60 Hz. An hour takes 26 MB of frames, and about 140 bytes for each piece
    /// of work; at most 300 MB. The stacks of stalls come on top: about 5 kB each, 20 MB when all places are taken, and
    /// 100 MB if every one were as deep as is looked at.
    [[nodiscard]] static RecordingLimits hours()
    {
        return {.frames = 864'000, .blocks = 500'000, .stalls = 4'096, .work = 1'000'000, .lanes = 1'024};
    }
};

/// What a monitor remembers of frames, blocks, stalls and of the work elsewhere, the oldest forgotten first; and a look
/// at it that costs no more than copying a pointer for each stall and for each thousand of the others. Belongs to one
/// thread; what snapshot() returns to any.
class RecordingStore {
public:
    explicit RecordingStore(const RecordingLimits &limits = RecordingLimits::ring());

    /// Lower limits forget what is beyond them at once.
    void setLimits(const RecordingLimits &limits);
    ~RecordingStore();
    RecordingStore(const RecordingStore &) = delete;
    RecordingStore &operator=(const RecordingStore &) = delete;

    /// Forgets everything; what is long is freed by a background thread. What comes from now on began at `now`.
    void clear(std::int64_t now);

    /// In the order in which they were shown.
    void addFrame(const FrameSample &frame) { m_frames.push(frame); }
    /// In the order of their ends.
    void addBlock(const LoopBlock &block) { m_blocks.push(block); }
    /// In the order of their ends.
    void addStall(Stall stall);
    /// Asks `stackOf(block start)` for the stacks that stalls ended since `since` do not have yet.
    template <class StackOf>
    void completeStalls(std::int64_t since, StackOf &&stackOf)
    {
        for (std::size_t i = m_stalls.size(); i-- > 0 && m_stalls[i].block.end >= since;) {
            if (!m_stalls[i].stack.empty())
                continue;
            if (std::vector<std::string> stack = stackOf(m_stalls[i].block.start); !stack.empty())
                m_stalls.change(i, [&stack](Stall &stall) { stall.stack = std::move(stack); });
        }
    }
    /// In the order in which it was reported. `lanes` gives the names.
    void addWork(std::vector<WorkInterval> work, const std::vector<WorkLog::Lane> &lanes);

    /// The frames that missed most, worst first, the older first of those that missed the same; at most `count`. Looks
    /// at every frame, and copies those that it returns alone.
    [[nodiscard]] std::vector<FrameSample> worstFrames(std::size_t count) const;

    [[nodiscard]] const ChunkedLog<FrameSample> &frames() const noexcept { return m_frames; }
    [[nodiscard]] const ChunkedLog<LoopBlock> &blocks() const noexcept { return m_blocks; }
    [[nodiscard]] const ChunkedLog<WorkInterval> &work() const noexcept { return m_work; }
    [[nodiscard]] const SharedList<Stall> &stalls() const noexcept { return m_stalls; }
    /// Lanes in the order of their first work. They keep their places.
    [[nodiscard]] const std::vector<WorkLog::Lane> &lanes() const noexcept { return m_lanes; }

    /// When the oldest that is remembered whole began, at most `now`.
    [[nodiscard]] std::int64_t begin(std::int64_t now) const;
    /// All that is remembered up to `now`; without labels, interval, program and wall clock. Chunks are shared.
    [[nodiscard]] Trace snapshot(std::int64_t now) const;

private:
    void freeContents();

    RecordingLimits m_limits;
    std::int64_t m_began = 0;
    ChunkedLog<FrameSample> m_frames;
    ChunkedLog<LoopBlock> m_blocks;
    ChunkedLog<WorkInterval> m_work;
    SharedList<Stall> m_stalls;
    std::vector<WorkLog::Lane> m_lanes;
};

/// Shares `trace`. When the last holder lets go of it, on whatever thread, a long one is freed by a background thread.
[[nodiscard]] std::shared_ptr<const Trace> shareTrace(Trace trace);

/// What of `trace` lies, at least in part, within `span`; a copy of that part.
[[nodiscard]] Trace cut(const Trace &trace, Interval span);

} // namespace jank
