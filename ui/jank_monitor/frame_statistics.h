#pragma once

#include "jank_monitor/frame_sample.h"

#include <QtCore/qobjectdefs.h>
#include <QtQml/qqmlregistration.h>

#include <span>

namespace jank {

/// The figures of a span of time. DEFINITIONS.md says what each one is and where it comes from. Milliseconds unless
/// named.
struct FrameStatistics {
    Q_GADGET
    QML_VALUE_TYPE(frameStatistics)
    Q_PROPERTY(double duration MEMBER duration FINAL)
    Q_PROPERTY(double activeTime MEMBER activeTime FINAL)
    Q_PROPERTY(int framesDrawn MEMBER framesDrawn FINAL)
    Q_PROPERTY(int framesMissed MEMBER framesMissed FINAL)
    Q_PROPERTY(int missedByUi MEMBER missedByUi FINAL)
    Q_PROPERTY(int missedByRender MEMBER missedByRender FINAL)
    Q_PROPERTY(int slowFrames MEMBER slowFrames FINAL)
    Q_PROPERTY(int frozenFrames MEMBER frozenFrames FINAL)
    Q_PROPERTY(double fps MEMBER fps FINAL)
    Q_PROPERTY(double fpsLow1 MEMBER fpsLow1 FINAL)
    Q_PROPERTY(double fpsLow01 MEMBER fpsLow01 FINAL)
    Q_PROPERTY(double p50 MEMBER p50 FINAL)
    Q_PROPERTY(double p95 MEMBER p95 FINAL)
    Q_PROPERTY(double p99 MEMBER p99 FINAL)
    Q_PROPERTY(double hitchTime MEMBER hitchTime FINAL)
    Q_PROPERTY(double hitchRatio MEMBER hitchRatio FINAL)
    Q_PROPERTY(double longestStall MEMBER longestStall FINAL)
    Q_PROPERTY(double stallTime MEMBER stallTime FINAL)
    Q_PROPERTY(double blockingTime MEMBER blockingTime FINAL)
public:
    double duration = 0; ///< length of the span
    double activeTime = 0; ///< how much of it frames were owed
    int framesDrawn = 0;
    int framesMissed = 0; ///< vsyncs that passed without a frame that was owed
    int missedByUi = 0;
    int missedByRender = 0;
    int slowFrames = 0; ///< both threads together worked longer than one interval for it
    int frozenFrames = 0; ///< ... longer than 700 ms
    double fps = 0; ///< frames a second of active time
    double fpsLow1 = 0; ///< of the slowest 1 % of frames (at least one)
    double fpsLow01 = 0; ///< of the slowest 0.1 % (at least one)
    double p50 = 0; ///< frame time, nearest rank
    double p95 = 0;
    double p99 = 0;
    double hitchTime = 0; ///< missed vsyncs, as time
    double hitchRatio = 0; ///< milliseconds of it in a second of active time
    double longestStall = 0; ///< longest time the event loop did not come back, however short
    double stallTime = 0; ///< sum of the blocks that were longer than an interval
    double blockingTime = 0; ///< sum of what blocks took beyond 50 ms each

    friend bool operator==(const FrameStatistics &, const FrameStatistics &) = default;
};

/// Work longer than this is a frozen frame.
inline constexpr std::int64_t FrozenFrame = 700'000'000;
/// A block blocks input noticeably beyond this.
inline constexpr std::int64_t NoticeableBlock = 50'000'000;

/// The figures of `span`. A frame counts where it was shown, a missed vsync where it was missed, a block where it
/// ended, so neighbouring spans add up. `owed`: the frame that was due but not shown yet when the span ended, or
/// nullptr. Samples and blocks in the order of time; those outside the span, and the overlay's own frames, are left
/// out. Allocates. @thread any
[[nodiscard]] FrameStatistics computeStatistics(std::span<const FrameSample> samples, std::span<const LoopBlock> blocks,
                                                Interval span, std::int64_t interval,
                                                const FrameSample *owed = nullptr);

/// The value that `percent` of the sorted values do not exceed, by nearest rank; 0 for none. `percent` in (0, 100].
[[nodiscard]] std::int64_t percentile(std::span<const std::int64_t> sorted, double percent) noexcept;

} // namespace jank
