#pragma once

#include "jank_monitor/frame_sample.h"
#include "jank_monitor/ring.h"

#include <atomic>
#include <mutex>

namespace jank {

/// The last frames, for drawing them: written where frames are swapped, read where they are drawn.
/// In a window that shows its own frames these are the same thread, so the lock is never contended.
class RecentFrames {
public:
    static constexpr std::size_t Capacity = 240;

    /// Never allocates. @thread any
    void push(const FrameSample &sample) noexcept
    {
        const std::lock_guard lock(m_mutex);
        m_frames.push(sample);
        m_revision.fetch_add(1, std::memory_order_release);
    }

    /// Calls `visit(sample)` for the last `count` frames, the oldest first. `visit` must not come back here. @thread
    /// any
    template <class Visit>
    void forLast(std::size_t count, Visit &&visit) const
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = m_frames.size() - std::min(count, m_frames.size()); i < m_frames.size(); ++i)
            visit(m_frames[i]);
    }

    /// Notes what it took to make a picture of them, in nanoseconds: a part of the monitor's own cost. @thread any
    void addDrawing(std::int64_t nanoseconds) const noexcept
    {
        m_drawing.fetch_add(nanoseconds, std::memory_order_relaxed);
    }
    /// All that was noted. @thread any
    [[nodiscard]] std::int64_t drawing() const noexcept { return m_drawing.load(std::memory_order_relaxed); }

    /// Forgets all frames. @thread any
    void clear() noexcept
    {
        const std::lock_guard lock(m_mutex);
        m_frames.clear();
        m_revision.fetch_add(1, std::memory_order_release);
    }

    /// Grows with each change. @thread any
    [[nodiscard]] std::uint64_t revision() const noexcept { return m_revision.load(std::memory_order_acquire); }

private:
    mutable std::mutex m_mutex;
    Ring<FrameSample> m_frames{Capacity};
    std::atomic<std::uint64_t> m_revision{0};
    mutable std::atomic<std::int64_t> m_drawing{0};
};

} // namespace jank
