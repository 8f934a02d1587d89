#pragma once

#include "jank_monitor/frames_kept.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/labels.h"
#include "jank_monitor/probes.h"
#include "jank_monitor/recording_store.h"
#include "jank_monitor/stall_log.h"

#include <QtCore/qabstractanimation.h>
#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>

#include <functional>
#include <optional>

namespace jank {

/// Calls back once, with the next tick of the animations: what changes then is drawn with the frame that they ask for,
/// while a change at another time would ask for a frame of its own.
class NextTick final : public QAbstractAnimation {
public:
    explicit NextTick(std::function<void()> callback) : m_callback(std::move(callback)) {}
    int duration() const override { return -1; }

protected:
    void updateCurrentTime(int time) override;

private:
    std::function<void()> m_callback;
};

/// Internals of JankMonitor: what exists only while it is enabled, and the remembered frames.
class JankMonitor::Private {
public:
    Private(JankMonitor *owner, const FrameClock &frameClock);
    ~Private();

    void setEnabled(bool on);
    void watchWindow();
    void applyInterval();
    /// Takes over the frames that were finished. Allocates nothing but once in a thousand frames.
    void drain();
    /// Puts what came since the last time into the store.
    void flush();
    /// The same with the work that was reported.
    void takeWork();
    void setRecording(bool on);
    /// All that is remembered, now.
    [[nodiscard]] Trace snapshot();
    /// Brings the figures up to date and tells it.
    void refresh();
    void clear();
    /// The monitor's own, of the UI thread or of the other; in nanoseconds a frame.
    [[nodiscard]] double costOf(bool uiThread) const;

    struct OpenPhase {
        QString name;
        std::int64_t start = 0;
        int label = 0;
        std::vector<FrameSample> samples;
        std::vector<LoopBlock> blocks;
    };

    JankMonitor *const q;
    const FrameClock &clock;
    std::shared_ptr<Recording> recording;
    std::shared_ptr<WorkLog> workLog = std::make_shared<WorkLog>();
    QPointer<QQuickWindow> window;
    bool enabled = false;
    double screenRate = 60;
    double chosenRate = 0;

    LoopWatch::Member member;
    std::unique_ptr<WindowProbe> windowProbe;
    NextTick nextTick{[this] { refresh(); }}; // a refresh while something is drawn
    QTimer trailing; // a last refresh after drawing has ended

    RecordingStore store;
    std::int64_t recordingSince = 0; // 0: no recording is on
    std::shared_ptr<const Trace> lastRecording;
    QTimer collecting; // what is reported while nothing is drawn, during a recording
    std::optional<OpenPhase> phase;
    Labels labels;
    StallLog stalls;
    FramesKept kept;
    std::int64_t keptBefore = 0; // with displays of another rate
    std::uint64_t workSeen = 0;

    FrameStatistics statistics;
    int framesDrawn = 0;
    int framesMissed = 0;
    std::int64_t longestStall = 0;
    std::int64_t stallTime = 0;
    std::int64_t longestBlock = 0; // since the last refresh
    double heartbeatDelay = 0;
    LoopBlock lastStall;

private:
    void aboutToDraw();
    void polished();
    void drawingEnded();
    void collectShared();
    void noteBlock(const LoopBlock &block);
    /// A refresh when nothing has been drawn for a moment, if none comes before.
    void refreshSoon();
    void updateStatistics(std::int64_t now);

    bool m_drawing = false; // frames other than our own since the last refresh
    bool m_ownFrame = false; // the frame being drawn was asked for by our refresh
    std::int64_t m_lastRefresh = 0;
    std::int64_t m_lastPolished = 0;
    bool m_stallFades = false; // the refresh that comes is the one that no longer has the last stall
    std::int64_t m_stallShown = -NanosecondsPerSecond; // the end of the last stall, but for our own frames'
    std::int64_t m_askedForFrame = 0; // when our trailing refresh asked for a frame
    std::int64_t m_countedUntil = 0; // frames shown by then are in `kept`
    std::vector<FrameSample> m_freshFrames; // not in the store yet
    std::vector<LoopBlock> m_freshBlocks;
    std::vector<FrameSample> m_recentSamples; // scratch of updateStatistics()
    std::vector<LoopBlock> m_recentBlocks;
};

} // namespace jank
