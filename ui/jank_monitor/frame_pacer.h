#pragma once

#include <atomic>
#include <cstdint>

namespace jank {

/// When a frame was owed and how many vsyncs went by without it.
struct PaceVerdict {
    std::int64_t wanted = 0;
    std::int64_t deadline = 0;
    std::int32_t missed = 0;
};

/// What the UI thread did towards one frame, between the previous synchronisation and this one.
struct UiPart {
    std::int64_t start = 0; ///< first work, 0 if none was seen
    std::int64_t end = 0;
    std::int64_t busy = 0;
    std::int64_t idle = 0; ///< waited in the dispatcher, short waits added up
    std::int64_t idleEnd = 0; ///< end of the last wait longer than an interval, 0 if there was none
};

/// Counts missed vsyncs: sets each shown frame against the vsync at which it was owed.
///
/// It follows the display's vsyncs by its interval and the times at which frames were shown; with a display that
/// does not throttle (a virtual one), it keeps a virtual vsync. Pure arithmetic: it reads no clock.
/// judge() belongs to the thread that swaps; the rest may be asked from any.
class FramePacer {
public:
    /// A swap may return late by an interval divided by this, and has still made its vsync.
    static constexpr std::int64_t ToleranceDivisor = 2;

    /// Judges the frame that was shown at `swapEnd`.
    /// @thread the one that swaps
    [[nodiscard]] PaceVerdict judge(std::int64_t swapEnd, const UiPart &ui, std::int64_t interval) noexcept;

    /// What judge() would say if the owed frame were shown at `now`; changes nothing.
    /// With no frame before it, or after a wait longer than an interval, no frame is known to be owed: missed is 0.
    /// @thread any
    [[nodiscard]] PaceVerdict owedAt(std::int64_t now, const UiPart &ui, std::int64_t interval) const noexcept;

    /// The rule behind both: the frame that was shown at `swapEnd`, after one whose vsync was `shownBefore`. @thread
    /// any
    [[nodiscard]] static PaceVerdict verdict(std::int64_t shownBefore, std::int64_t swapEnd, const UiPart &ui,
                                             std::int64_t interval) noexcept;
    /// The vsync from which the next one is owed. @thread any
    [[nodiscard]] static std::int64_t vsyncOf(const PaceVerdict &verdict, std::int64_t swapEnd,
                                              std::int64_t interval) noexcept;

    /// Forgets the last frame: the next one is not judged. For a window that was hidden. @thread any
    void reset() noexcept { m_shown.store(0); }

private:
    std::atomic<std::int64_t> m_shown{0}; // the vsync of the last frame, 0 before the first
};

} // namespace jank
