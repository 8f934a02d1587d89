#pragma once

#include "jank_monitor/frame_pacer.h"
#include "jank_monitor/frame_sample.h"

#include <atomic>
#include <cstdint>

namespace jank {

/// Follows what the UI thread's event loop does: waits, works, how long it stays away from its dispatcher.
///
/// Fed by the dispatcher's signals and by the start of each event; reads no clock itself. A nested loop (a dialog, a
/// drag) that waits has come back to the dispatcher, so it is no block. Never allocates.
/// All methods belong to the UI thread, or to the render thread while it holds the UI thread for synchronisation,
/// except where marked.
class LoopTracker {
public:
    /// Receives each block, of any length, when it ends.
    using BlockSink = void (*)(void *context, const LoopBlock &block);

    void setBlockSink(BlockSink sink, void *context) noexcept;
    /// Called when the loop begins to work; must be quick.
    using BusySink = void (*)(void *context);
    void setBusySink(BusySink sink, void *context) noexcept;
    /// The frame interval, in nanoseconds, over 0.
    void setInterval(std::int64_t interval) noexcept { m_interval = interval; }

    /// The dispatcher is about to wait.
    void waiting(std::int64_t now) noexcept;
    /// The dispatcher came round without waiting, or after it.
    void awake(std::int64_t now) noexcept;
    /// An event is about to be delivered. `receiver` is its class name, copied.
    void event(std::int64_t now, int type, const char *receiver) noexcept;
    /// Monitoring stops: the open block or wait is forgotten.
    void reset() noexcept;

    /// The frame's UI part is finished (polished).
    void uiDone(std::int64_t now) noexcept;
    /// Synchronisation begins: hands over the UI part, and takes the wait for the render thread out of the block.
    [[nodiscard]] UiPart takeUiPart(std::int64_t syncStart) noexcept;
    /// The UI thread goes on with the next frame's part. `waited` for the vsync within the handler is no block.
    void resumeUi(std::int64_t now, std::int64_t waited) noexcept;

    /// The part so far, up to `now`: for a question asked between frames.
    [[nodiscard]] UiPart uiPartAt(std::int64_t now) const noexcept;
    /// The open block if it ended `now`; length 0 while the loop waits.
    [[nodiscard]] LoopBlock openBlockAt(std::int64_t now) const noexcept;

    /// Since when the loop has been away from its dispatcher, 0 while it waits. @thread any
    [[nodiscard]] std::int64_t busySince() const noexcept { return m_publishedBusySince.load(); }
    /// When the last frame was shown. @thread any
    void setLastShown(std::int64_t time) noexcept { m_lastShown.store(time, std::memory_order_relaxed); }

private:
    void open(std::int64_t now) noexcept;
    void close(std::int64_t now) noexcept;
    void endWait(std::int64_t now) noexcept;
    void noteEventEnd(std::int64_t now) noexcept;

    std::int64_t m_interval = intervalForRefreshRate(60);
    std::int64_t m_waitSince = 0; // 0: not waiting
    std::int64_t m_busySince = 0; // 0: not busy
    std::int64_t m_partSince = 0; // since when the open block counts to the frame
    std::int64_t m_excused = 0; // waits for the vsync within the open block
    std::int64_t m_uiDone = 0;
    UiPart m_part;

    std::int64_t m_eventSince = 0;
    std::int64_t m_longestEvent = 0;
    LoopBlock m_current; // type and receiver of the event that runs
    LoopBlock m_culprit; // of the one that took longest in the open block

    BlockSink m_sink = nullptr;
    void *m_sinkContext = nullptr;
    BusySink m_busySink = nullptr;
    void *m_busySinkContext = nullptr;
    std::atomic<std::int64_t> m_publishedBusySince{0};
    std::atomic<std::int64_t> m_lastShown{0};
};

} // namespace jank
