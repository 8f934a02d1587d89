#pragma once

#include "jank_monitor/frame_clock.h"
#include "jank_monitor/frame_statistics.h"
#include "jank_monitor/phase.h"
#include "jank_monitor/trace.h"
#include "jank_monitor/work_log.h"

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qvariant.h>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquickwindow.h>

#include <memory>
#include <vector>

namespace jank {

class RecentFrames;

/// Watches the frames of one window and the event loop under it. While it is not enabled it costs nothing.
///
/// Belongs to the UI thread, except where marked. Figures are brought up to date at most four times a second, with a
/// frame that is drawn anyway where there is one; DEFINITIONS.md says what they mean.
class JankMonitor : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QQuickWindow *window READ window WRITE attach NOTIFY windowChanged FINAL)
    Q_PROPERTY(bool enabled READ isEnabled WRITE setEnabled NOTIFY enabledChanged FINAL)
    Q_PROPERTY(double interval READ interval NOTIFY intervalChanged FINAL)
    Q_PROPERTY(double refreshRate READ refreshRate WRITE setRefreshRate NOTIFY intervalChanged FINAL)
    Q_PROPERTY(jank::FrameStatistics statistics READ statistics NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(int framesDrawn READ framesDrawn NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(int framesMissed READ framesMissed NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(int framesKept READ framesKept NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(double longestStall READ longestStall NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(double stallTime READ stallTime NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(double heartbeatDelay READ heartbeatDelay NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(QString lastCulprit READ lastCulprit NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(QStringList workLanes READ workLanes NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(double uiCost READ uiCost NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(double renderCost READ renderCost NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(bool recording READ isRecording WRITE setRecording NOTIFY recordingChanged FINAL)
    Q_PROPERTY(double recordedSeconds READ recordedSeconds NOTIFY statisticsUpdated FINAL)
    Q_PROPERTY(bool stacks READ takesStacks WRITE setTakesStacks NOTIFY stacksChanged FINAL)
    Q_PROPERTY(QString phase READ phaseName NOTIFY phaseChanged FINAL)

public:
    explicit JankMonitor(QObject *parent = nullptr);
    /// With another clock, which must outlive the monitor: for tests and replays.
    JankMonitor(const FrameClock &clock, QObject *parent);
    ~JankMonitor() override;

    [[nodiscard]] QQuickWindow *window() const;
    /// Watches this window from now on; null for none (the event loop is still watched).
    void attach(QQuickWindow *window);
    [[nodiscard]] bool isEnabled() const;
    void setEnabled(bool enabled);

    /// The display's interval in milliseconds, from the window's screen.
    [[nodiscard]] double interval() const;
    [[nodiscard]] double refreshRate() const;
    /// Sets the rate that frames are judged by, in hertz, in place of the screen's; 0 goes back to the screen's.
    void setRefreshRate(double hertz);

    /// Of the last five seconds.
    [[nodiscard]] FrameStatistics statistics() const;
    /// The next five are since the monitor was enabled or reset. Stalls in milliseconds.
    [[nodiscard]] int framesDrawn() const;
    [[nodiscard]] int framesMissed() const;
    /// Predicted: frames that would have been missed had the reported work run here, less those missed during it.
    [[nodiscard]] int framesKept() const;
    [[nodiscard]] double longestStall() const;
    [[nodiscard]] double stallTime() const;
    /// How long input would have waited for the event loop at worst in the last second, in milliseconds.
    [[nodiscard]] double heartbeatDelay() const;
    /// What held the loop when it was last away for longer than an interval: "MouseButtonPress → PhotoDelegate
    /// “third”", the event's type, its receiver's class, and its objectName where it has one; empty before the first.
    [[nodiscard]] QString lastCulprit() const;
    /// Names of the lanes of the work log; the six that worked most in the last seconds come first.
    [[nodiscard]] QStringList workLanes() const;
    /// Mean time that the monitor itself takes of the UI and of the render thread, nanoseconds a frame.
    [[nodiscard]] double uiCost() const;
    [[nodiscard]] double renderCost() const;

    /// Whether the UI thread's stack is taken while it is stuck, where the platform allows (Linux on x86-64 and ARM64):
    /// a signal interrupts it for some microseconds. True at first. The monitors of one thread share their stacks.
    [[nodiscard]] bool takesStacks() const;
    void setTakesStacks(bool on);

    /// Marks the beginning of a phase, which is a label too; an open one is dropped. Recording it allocates as it
    /// grows.
    Q_INVOKABLE void beginPhase(const QString &name);
    /// Ends the phase and returns its figures, also from within a handler that has just blocked: the frame that is owed
    /// counts with the vsyncs it has missed so far. A summary without a name when no phase was open.
    Q_INVOKABLE jank::PhaseSummary endPhase();
    [[nodiscard]] QString phaseName() const;

    /// Says what the program is doing from now on; returns the key for endLabel(), 0 while not enabled.
    Q_INVOKABLE int beginLabel(const QString &text);
    Q_INVOKABLE void endLabel(int key);
    /// Says what the program was doing from `startNs` to `endNs` of the steady clock; ignored while not enabled.
    void addLabel(const QString &text, std::int64_t startNs, std::int64_t endNs);
    /// What is remembered of the labels, in the order in which they began; those that still hold end now.
    [[nodiscard]] std::vector<LabelSpan> labelSpans() const;
    /// The frames that missed most among those remembered, worst first, at most `count`: a map each with `time` (ms
    /// ago), `frameTime`, `missed`, `cause` ("ui" or "render"), `labels`.
    Q_INVOKABLE QVariantList worstFrames(int count) const;

    /// What is remembered of the last `seconds`, or of all that is (some minutes; up to hours while a recording is on).
    /// Without `seconds` it shares what it holds with the monitor, and costs little; with them that part is copied.
    [[nodiscard]] Trace trace(double seconds = 0);
    /// While it is on, everything is kept for up to four hours at 60 Hz (an hour takes 26 MB and 140 bytes for each
    /// piece of work, at most 300 MB in all), and then the oldest is forgotten first. Only while enabled. Off at first.
    [[nodiscard]] bool isRecording() const;
    void setRecording(bool recording);
    /// How long the recording has been on; 0 when none is.
    [[nodiscard]] double recordedSeconds() const;
    /// The recording that was ended last; null when there was none, or another has begun. It shares what it holds:
    /// values from before its span may be in it, cut() takes them out.
    [[nodiscard]] std::shared_ptr<const Trace> lastRecording() const;
    /// Lets go of it.
    void forgetRecording();

    /// The last stalls (256): blocks longer than two intervals, in the order of their ends. The stack comes a moment
    /// after the stall's end, and never for one that ended before the watchdog had looked.
    [[nodiscard]] std::vector<Stall> stalls() const;
    /// The last `count` of them, the latest first: a map each with `time` (ms since its end), `length` (ms), `event`,
    /// `receiver`, `name`, `stack` and `labels` (lists of strings).
    Q_INVOKABLE QVariantList recentStalls(int count) const;

    /// Forgets all frames, stalls, figures and work; an open phase goes on, and a recording begins anew.
    Q_INVOKABLE void reset();

    /// Where to report work that ran elsewhere. Never null; may outlive the monitor. @thread any for what it points to
    [[nodiscard]] std::shared_ptr<WorkLog> workLog() const;
    /// The last frames, for a strip. Never null.
    [[nodiscard]] std::shared_ptr<const RecentFrames> recentFrames() const;
    [[nodiscard]] const FrameClock &clock() const;
    /// Frames that are remembered (some minutes), oldest first.
    [[nodiscard]] std::vector<FrameSample> samples() const;
    /// Blocks of the event loop of a millisecond and more that are remembered, oldest first.
    [[nodiscard]] std::vector<LoopBlock> blocks() const;

signals:
    void windowChanged();
    void enabledChanged();
    void intervalChanged();
    /// The figures are new.
    void statisticsUpdated();
    /// The event loop was away for longer than an interval, in milliseconds; `culprit` as in lastCulprit.
    void stalled(double length, const QString &culprit);
    void phaseChanged();
    void recordingChanged();
    /// What ran elsewhere is about to be looked at: whoever reports it late should do so now, directly.
    void traceWanted();
    void stacksChanged();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace jank
