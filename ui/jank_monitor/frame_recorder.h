#pragma once

#include "jank_monitor/frame_clock.h"
#include "jank_monitor/frame_pacer.h"
#include "jank_monitor/frame_sample.h"
#include "jank_monitor/recent_frames.h"
#include "jank_monitor/ring.h"
#include "jank_monitor/ui_part_tracker.h"

#include <atomic>
#include <memory>
#include <thread>

namespace jank {

/// What the monitor itself took of one thread.
struct MonitorCost {
    std::atomic<std::int64_t> nanoseconds{0};
    std::atomic<std::int64_t> frames{0};

    /// Mean nanoseconds a frame, with `more` in all; 0 before the first. @thread any
    [[nodiscard]] double perFrame(std::int64_t more) const noexcept
    {
        const auto count = frames.load(std::memory_order_relaxed);
        return count == 0 ? 0.0 : static_cast<double>(nanoseconds.load(std::memory_order_relaxed) + more) / count;
    }
};

/// Frames of which only the number is known.
struct DroppedFrames {
    std::int64_t drawn = 0; ///< without the monitor's own
    std::int64_t missed = 0; ///< vsyncs, by all of them
};

/// Puts the frames of one window together from the moments at which the scene graph passes its stations.
///
/// Knows no window: window_probe.h calls it from one, a test from a script. In the order of a frame: uiDone() on the UI
/// thread; syncBegin(), syncDone(), renderBegin(), renderDone(), swapped() on the render thread, which may be the UI
/// thread too. No station allocates or waits for another thread. A synchronisation that no swap follows (nothing had
/// changed, or the window was grabbed) makes no frame; its work counts towards the next.
class FrameRecorder {
public:
    /// Clock and tracker must outlive the recorder. @thread ui: the thread of the loop that `tracker` belongs to
    FrameRecorder(const FrameClock &clock, UiPartTracker &tracker);

    /// The display's interval in nanoseconds, over 0. @thread ui
    void setInterval(std::int64_t interval) noexcept;
    /// @thread any
    [[nodiscard]] std::int64_t interval() const noexcept { return m_interval.load(std::memory_order_relaxed); }

    /// The next frame is drawn for the monitor's own overlay alone, and is not to be counted. @thread ui
    void expectOwnFrame(bool own) noexcept { m_ownNext = own; }

    /// Polished and animated. @thread ui
    void uiDone() noexcept;
    /// @thread render, while the UI thread is held
    void syncBegin() noexcept;
    /// @thread render, while the UI thread is held
    void syncDone() noexcept;
    /// @thread render
    void renderBegin() noexcept;
    /// @thread render
    void renderDone() noexcept;
    /// The frame is complete. @thread render
    void swapped() noexcept;

    /// The window was hidden or is to be forgotten: no frame is owed any more. @thread any
    void forget() noexcept { m_pacer.reset(); }

    /// The last frame was drawn on the UI thread: the render loop has no thread of its own. @thread any
    [[nodiscard]] bool drawsOnUiThread() const noexcept { return m_drawsOnUiThread.load(std::memory_order_relaxed); }
    /// Takes the oldest finished frame; false when there is none. @thread ui
    bool take(FrameSample &sample) noexcept { return m_finished.pop(sample); }
    /// The frames that could not be kept for take(), since it was not asked for too long, since the last call.
    /// @thread any
    [[nodiscard]] DroppedFrames takeDropped() noexcept;
    /// How the frame that is owed stands at `now`, in the middle of the UI thread's work. @thread ui
    [[nodiscard]] PaceVerdict owedAt(std::int64_t now) const noexcept;

    /// The last frames, for a strip drawn on the render thread. @thread any
    [[nodiscard]] std::shared_ptr<const RecentFrames> recent() const noexcept { return m_recent; }
    /// @thread any
    void clearRecent() noexcept { m_recent->clear(); }

    MonitorCost uiCost; ///< on the UI thread; other parts of the monitor add theirs
    MonitorCost renderCost; ///< on the render thread

private:
    static constexpr std::size_t HandOffSize = 256;

    const FrameClock &m_clock;
    UiPartTracker &m_tracker;
    const std::thread::id m_uiThread = std::this_thread::get_id();
    std::atomic<std::int64_t> m_interval{intervalForRefreshRate(60)};
    std::atomic<bool> m_drawsOnUiThread{false};
    bool m_ownNext = false;

    FrameSample m_inFlight;
    UiPart m_inFlightUi;
    bool m_synchronised = false; // the frame in flight has begun, and was not swapped yet
    FramePacer m_pacer;
    HandOff<FrameSample, HandOffSize> m_finished;
    std::atomic<std::int64_t> m_droppedDrawn{0};
    std::atomic<std::int64_t> m_droppedMissed{0};
    std::shared_ptr<RecentFrames> m_recent = std::make_shared<RecentFrames>();
};

} // namespace jank
