#pragma once

#include <algorithm>
#include <cstdint>

namespace jank {

/// Which part of the pipeline made a frame miss its vsync.
enum class Cause : std::uint8_t {
    None, ///< nothing was missed
    Ui, ///< the UI thread: events, animations, polish
    Render, ///< the render thread, or the GPU behind it
};

inline constexpr std::int64_t NanosecondsPerSecond = 1'000'000'000;

/// Milliseconds of a duration in nanoseconds.
[[nodiscard]] constexpr double toMilliseconds(std::int64_t nanoseconds) noexcept
{
    return nanoseconds / 1e6;
}

/// One frame that was shown. Times are nanoseconds of the recorder's clock; DEFINITIONS.md says what each means.
struct FrameSample {
    std::int64_t wanted = 0; ///< the vsync (or the wake-up) from which the frame was owed
    std::int64_t deadline = 0; ///< the vsync that it should have made: wanted + interval
    std::int64_t interval = 0; ///< the display's interval at that time
    std::int64_t uiStart = 0; ///< first work of the UI thread for this frame
    std::int64_t uiEnd = 0; ///< polished, ready for synchronisation
    std::int64_t uiBusy = 0; ///< how long the UI thread worked between the two (its waits taken out)
    std::int64_t syncStart = 0; ///< UI thread held, items being copied to the scene graph
    std::int64_t syncEnd = 0;
    std::int64_t renderStart = 0;
    std::int64_t renderEnd = 0; ///< draw calls submitted
    std::int64_t swapEnd = 0; ///< the buffers were swapped: the frame counts as shown
    std::int32_t missed = 0; ///< vsyncs that passed with the old picture although this frame was owed
    Cause cause = Cause::None; ///< None exactly when missed is 0
    bool own = false; ///< drawn only to refresh the monitor's own overlay: not counted

    /// How long the previous picture stood while this one was owed.
    [[nodiscard]] constexpr std::int64_t frameTime() const noexcept
    {
        return std::max<std::int64_t>(0, swapEnd - wanted);
    }
    /// Time of the render thread: synchronisation and draw calls, without the wait for the vsync.
    [[nodiscard]] constexpr std::int64_t renderTime() const noexcept { return renderEnd - syncStart; }
    /// Time that both threads worked for the frame.
    [[nodiscard]] constexpr std::int64_t workTime() const noexcept { return uiBusy + renderTime(); }
    /// When the missed vsync number `index` (from 0) was.
    [[nodiscard]] constexpr std::int64_t missedAt(std::int32_t index) const noexcept
    {
        return deadline + index * interval;
    }
};

/// A span of time, [start, end).
struct Interval {
    std::int64_t start = 0;
    std::int64_t end = 0;

    [[nodiscard]] constexpr std::int64_t length() const noexcept { return end - start; }
    [[nodiscard]] constexpr bool contains(std::int64_t time) const noexcept { return time >= start && time < end; }
    /// Whether the two have a time in common.
    [[nodiscard]] constexpr bool meets(const Interval &other) const noexcept
    {
        return start < other.end && end > other.start;
    }
};

/// A time in which the event loop did not come back to its dispatcher.
struct LoopBlock {
    static constexpr std::size_t NameSize = 40;

    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t length = 0; ///< end - start, less an ordinary wait for the vsync
    int eventType = 0; ///< QEvent::Type of the event that took longest in it, 0 if unknown
    char receiver[NameSize] = {}; ///< class of that event's receiver, cut to fit, always ended by 0
    char name[NameSize] = {}; ///< its objectName in UTF-8, likewise; empty when it has none

    [[nodiscard]] constexpr Interval span() const noexcept { return {start, end}; }
};

/// The display's interval for a refresh rate in hertz; a rate that no display has (0, negative, NaN, over 1000) counts
/// as 60.
[[nodiscard]] constexpr std::int64_t intervalForRefreshRate(double hertz) noexcept
{
    const bool plausible = hertz >= 10.0 && hertz <= 1000.0;
    return static_cast<std::int64_t>(1e9 / (plausible ? hertz : 60.0) + 0.5);
}

} // namespace jank
