#pragma once

#include "jank_monitor/frame_pacer.h"
#include "jank_monitor/loop_tracker.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace jank {

/// Follows what a loop did towards the next frame of one window: how long it worked, how long it waited, and since when
/// the frame can be owed. Several windows share a loop and its LoopTracker, each with a part of its own. Never
/// allocates.
///
/// All methods belong to the loop's thread, or to the window's render thread while it holds the loop for
/// synchronisation, except where marked.
class UiPartTracker {
public:
    /// `loop` must outlive it, and tells it what happens between addPart() and removePart().
    explicit UiPartTracker(LoopTracker &loop) noexcept : m_loop(loop) {}

    /// The frame interval, in nanoseconds, over 0.
    void setInterval(std::int64_t interval) noexcept { m_interval = interval; }

    /// The frame's UI part is finished (polished).
    void uiDone(std::int64_t now) noexcept;
    /// Synchronisation begins: hands over the UI part, and takes the wait for the render thread out of the block.
    [[nodiscard]] UiPart takeUiPart(std::int64_t syncStart) noexcept;
    /// The UI thread goes on with the next frame's part. `waited` for the vsync within the handler is no block.
    void resumeUi(std::int64_t now, std::int64_t waited) noexcept;

    /// The part so far, up to `now`: for a question asked between frames.
    [[nodiscard]] UiPart uiPartAt(std::int64_t now) const noexcept;
    [[nodiscard]] LoopTracker &loop() const noexcept { return m_loop; }

    /// When the last frame was shown. @thread any
    void setLastShown(std::int64_t time) noexcept { m_lastShown.store(time, std::memory_order_relaxed); }

private:
    friend class LoopTracker;

    static constexpr std::size_t WaitsKept = 32;

    struct Wait {
        std::int64_t end = 0;
        std::int64_t length = 0;
        std::int64_t busyBefore = 0; // what the part had worked by its end
    };

    void start(std::int64_t busySince, std::int64_t waitSince) noexcept;
    void stop() noexcept;
    void blockOpened(std::int64_t now) noexcept;
    void blockClosed(std::int64_t now) noexcept;
    void waitBegan(std::int64_t now) noexcept;
    void waitEnded(std::int64_t since, std::int64_t now) noexcept;
    void otherWaited(std::int64_t length) noexcept;
    void otherDrew() noexcept { m_otherDrew = true; }
    void add(const Wait &wait) noexcept;
    void beginAnew(std::int64_t from) noexcept;
    [[nodiscard]] std::int64_t waitedSince(std::int64_t since, std::int64_t now) const noexcept;

    LoopTracker &m_loop;
    std::int64_t m_interval = intervalForRefreshRate(60);
    bool m_busy = false;
    std::int64_t m_waitSince = 0; // 0: not waiting
    std::int64_t m_partSince = 0; // since when the open block counts to the frame
    std::int64_t m_uiDone = 0;
    bool m_otherDrew = false; // another window, since the last wait
    UiPart m_part;
    std::array<Wait, WaitsKept> m_waits; // of the part, the oldest first; in all at most an interval
    std::size_t m_waitCount = 0;
    std::atomic<std::int64_t> m_lastShown{0};
};

} // namespace jank
