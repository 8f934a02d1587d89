#pragma once

#include "jank_monitor/frame_statistics.h"

#include <QtCore/qlist.h>
#include <QtCore/qstring.h>

#include <vector>

namespace jank {

/// A marked stretch of a run: its figures, and all its frames for a plot.
struct PhaseSummary {
    Q_GADGET
    QML_VALUE_TYPE(phaseSummary)
    Q_PROPERTY(QString name MEMBER name FINAL)
    Q_PROPERTY(jank::FrameStatistics statistics MEMBER statistics FINAL)
    Q_PROPERTY(double interval READ intervalMs FINAL)
    Q_PROPERTY(QList<qreal> times READ times FINAL)
    Q_PROPERTY(QList<qreal> frameTimes READ frameTimes FINAL)
    Q_PROPERTY(QList<int> missed READ missedCounts FINAL)
public:
    QString name;
    Interval span;
    std::int64_t interval = intervalForRefreshRate(60); ///< the display's, nanoseconds
    FrameStatistics statistics;
    std::vector<FrameSample> samples; ///< shown in the span; the last may be one that was still owed at its end
    std::vector<LoopBlock> blocks; ///< of a millisecond and more

    /// The display's interval in milliseconds.
    [[nodiscard]] double intervalMs() const noexcept { return toMilliseconds(interval); }
    /// When each frame was shown, in milliseconds from the beginning. Of the same length as the next two.
    [[nodiscard]] QList<qreal> times() const;
    /// How long each was owed, in milliseconds.
    [[nodiscard]] QList<qreal> frameTimes() const;
    /// How many vsyncs each missed within the span.
    [[nodiscard]] QList<int> missedCounts() const;
};

/// The figures of a phase from what was recorded. `owed` as in computeStatistics().
[[nodiscard]] PhaseSummary summarise(const QString &name, Interval span, std::int64_t interval,
                                     std::vector<FrameSample> samples, std::vector<LoopBlock> blocks,
                                     const FrameSample *owed);

} // namespace jank
