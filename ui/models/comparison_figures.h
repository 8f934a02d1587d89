#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// One figure of several rounds: the median, and the least and the most.
struct Spread {
    Q_GADGET
    QML_VALUE_TYPE(spread)
    Q_PROPERTY(double median MEMBER median FINAL)
    Q_PROPERTY(double least MEMBER least FINAL)
    Q_PROPERTY(double most MEMBER most FINAL)
public:
    double median = 0;
    double least = 0;
    double most = 0;

    friend bool operator==(const Spread &, const Spread &) = default;
};

/// One way of the comparison over all its rounds, and the frames of the round in the middle. Times in milliseconds.
struct ComparisonRun {
    Q_GADGET
    QML_VALUE_TYPE(comparisonRun)
    Q_PROPERTY(steadyframe::ui::Spread missed MEMBER missed FINAL)
    Q_PROPERTY(steadyframe::ui::Spread hitchRatio MEMBER hitchRatio FINAL)
    Q_PROPERTY(steadyframe::ui::Spread longestStall MEMBER longestStall FINAL)
    Q_PROPERTY(steadyframe::ui::Spread stallTime MEMBER stallTime FINAL)
    Q_PROPERTY(steadyframe::ui::Spread p99 MEMBER p99 FINAL)
    Q_PROPERTY(steadyframe::ui::Spread throughput MEMBER throughput FINAL)
    Q_PROPERTY(int framesDrawn MEMBER framesDrawn FINAL)
    Q_PROPERTY(int framesMissed MEMBER framesMissed FINAL)
    Q_PROPERTY(double duration MEMBER durationMs FINAL)
    Q_PROPERTY(QList<qreal> times MEMBER times FINAL)
    Q_PROPERTY(QList<qreal> frameTimes MEMBER frameTimes FINAL)
    Q_PROPERTY(QList<int> missedCounts MEMBER missedCounts FINAL)
public:
    Spread missed; ///< frames
    Spread hitchRatio; ///< milliseconds a second
    Spread longestStall;
    Spread stallTime;
    Spread p99; ///< of the frame time
    Spread throughput; ///< megabytes a second; 0 when idle
    // Of the round whose missed frames are the median:
    int framesDrawn = 0;
    int framesMissed = 0;
    double durationMs = 0;
    QList<qreal> times; ///< when each frame was shown, from the beginning
    QList<qreal> frameTimes;
    QList<int> missedCounts;
};

/// All that came of a comparison.
struct ComparisonFigures {
    int rounds = 0;
    int photos = 0; ///< compressed each way in a round
    int feeds = 0; ///< parsed
    double megabytes = 0; ///< worked through
    double intervalMs = 1000.0 / 60; ///< the display's
    ComparisonRun idle;
    ComparisonRun isolates;
    ComparisonRun mainIsolate;
    Spread predictedMissed; ///< on one thread, by the model, from what ran in isolates
    Spread predictedStallTime;
    Spread predictedLongestStall;
    Spread predictedAvoided; ///< the same less what was missed in isolates; may be negative
    Spread measuredAvoided; ///< missed on the main isolate less missed in isolates; may be negative
    double waitedShare = 0; ///< of the time on the main isolate that other programs had its processor, 0 to 1
};

} // namespace steadyframe::ui
