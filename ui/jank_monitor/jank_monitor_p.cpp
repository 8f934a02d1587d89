#include "jank_monitor/jank_monitor_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtGui/qscreen.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace jank {

namespace {

constexpr std::size_t FreshCapacity = 1'024; // frames, and blocks, between two refreshes without an allocation
constexpr std::int64_t StacksComeWithin = 20 * NanosecondsPerSecond;
constexpr int CollectEveryMs = 2'000;
constexpr std::int64_t ShortestBlock = 1'000'000;
constexpr std::int64_t RefreshEvery = 250'000'000;
constexpr std::chrono::milliseconds TrailingDelay{RefreshEvery / 1'000'000 + 50};
constexpr std::size_t LanesInFront = 6; // as many as the overlay shows
constexpr std::int64_t LanesLength = 4 * NanosecondsPerSecond;
constexpr std::int64_t StatisticsWindow = 5 * NanosecondsPerSecond;
constexpr std::int64_t OwnFrameWithin = 50'000'000; // a frame that comes later was asked for by somebody else

QString programName()
{
    const QString name = QCoreApplication::applicationName();
    const QString version = QCoreApplication::applicationVersion();
    return version.isEmpty() ? name : name + QLatin1Char(' ') + version;
}

/// Nanoseconds since 1970 at time 0 of the monitor's clock, which shows `now`.
std::int64_t wallClockAtZero(std::int64_t now)
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count() - now;
}

} // namespace

void NextTick::updateCurrentTime(int time)
{
    if (time == 0)
        return; // being started
    stop();
    m_callback();
}

JankMonitor::Private::Private(JankMonitor *owner, const FrameClock &frameClock)
    : q(owner), clock(frameClock), recording(std::make_shared<Recording>(frameClock))
{
    collecting.setTimerType(Qt::CoarseTimer);
    collecting.setInterval(CollectEveryMs);
    QObject::connect(&collecting, &QTimer::timeout, q, [this] {
        emit q->traceWanted();
        flush();
        takeWork();
    });
    member.uiPart = &recording->uiPart;
    member.interval = recording->recorder.interval();
    member.context = this;
    member.sink = [](void *self, const LoopBlock &block) { static_cast<Private *>(self)->noteBlock(block); };
    // Also while nothing is drawn, before it is too much to be remembered.
    workLog->setHalfFull([this] {
        const auto take = [this] {
            if (enabled)
                takeWork();
        };
        if (QThread::currentThread() == q->thread())
            take();
        else
            QMetaObject::invokeMethod(q, take, Qt::QueuedConnection);
    });
    trailing.setSingleShot(true);
    trailing.setTimerType(Qt::CoarseTimer);
    QObject::connect(&trailing, &QTimer::timeout, q, [this] { drawingEnded(); });
}

JankMonitor::Private::~Private()
{
    workLog->setHalfFull({});
    setEnabled(false);
}

void JankMonitor::Private::setEnabled(bool on)
{
    if (enabled == on)
        return;
    if (!on)
        setRecording(false);
    enabled = on;
    if (!on) {
        trailing.stop();
        nextTick.stop();
        windowProbe.reset();
        recording->loop->leave(&member);
        return;
    }
    m_freshFrames.reserve(FreshCapacity);
    m_freshBlocks.reserve(FreshCapacity);
    clear();
    recording->loop->join(&member);
    watchWindow();
}

void JankMonitor::Private::watchWindow()
{
    windowProbe.reset();
    if (!enabled || window == nullptr) {
        applyInterval();
        return;
    }
    windowProbe = std::make_unique<WindowProbe>(window, recording);
    WindowProbe *probe = windowProbe.get();
    QObject::connect(probe, &WindowProbe::aboutToDraw, q, [this] { aboutToDraw(); });
    QObject::connect(probe, &WindowProbe::polished, q, [this] { polished(); });
    QObject::connect(probe, &WindowProbe::refreshRateChanged, q, [this](double hertz) {
        screenRate = hertz;
        applyInterval();
    });
    probe->watchScreen();
}

void JankMonitor::Private::applyInterval()
{
    const std::int64_t interval = intervalForRefreshRate(chosenRate > 0 ? chosenRate : screenRate);
    member.interval = interval;
    recording->loop->update();
    if (recording->recorder.interval() == interval)
        return;
    recording->recorder.setInterval(interval);
    keptBefore += kept.kept();
    kept.reset({.interval = interval});
    emit q->intervalChanged();
}

void JankMonitor::Private::drain()
{
    FrameSample sample;
    while (recording->recorder.take(sample)) {
        m_freshFrames.push_back(sample);
        if (m_freshFrames.size() == FreshCapacity)
            flush();
        if (phase)
            phase->samples.push_back(sample);
        if (sample.own)
            continue;
        ++framesDrawn;
        framesMissed += sample.missed;
    }
    const DroppedFrames dropped = recording->recorder.takeDropped();
    framesDrawn += static_cast<int>(dropped.drawn);
    framesMissed += static_cast<int>(dropped.missed);
}

void JankMonitor::Private::flush()
{
    for (const FrameSample &sample : m_freshFrames)
        store.addFrame(sample);
    m_freshFrames.clear();
    for (const LoopBlock &block : m_freshBlocks) {
        store.addBlock(block);
        if (auto stall = stallOf(block, recording->recorder.interval(), labels))
            store.addStall(*std::move(stall));
    }
    m_freshBlocks.clear();
    // Symbols are found on another thread, a moment after the stall's end.
    store.completeStalls(clock.now() - StacksComeWithin,
                         [this](std::int64_t start) { return recording->loop->stackOf(start); });
}

void JankMonitor::Private::takeWork()
{
    std::vector<WorkInterval> work = workLog->takeAfter(workSeen);
    if (work.empty())
        return;
    kept.addWork(work);
    store.addWork(std::move(work), workLog->lanes());
}

void JankMonitor::Private::setRecording(bool on)
{
    if (on == (recordingSince != 0) || !enabled)
        return;
    if (on) {
        lastRecording.reset();
        store.setLimits(RecordingLimits::hours());
        labels.setCapacity(Labels::RecordingCapacity);
        recordingSince = clock.now();
        collecting.start();
    } else {
        collecting.stop();
        Trace trace = snapshot();
        trace.span.start = std::max(trace.span.start, std::exchange(recordingSince, 0));
        lastRecording = shareTrace(std::move(trace));
        store.setLimits(RecordingLimits::ring());
        labels.setCapacity(Labels::RingCapacity);
    }
    emit q->recordingChanged();
}

Trace JankMonitor::Private::snapshot()
{
    emit q->traceWanted();
    drain();
    flush();
    takeWork();
    const std::int64_t now = clock.now();
    Trace trace = store.snapshot(now);
    trace.program = programName().toStdString();
    trace.wallClock = wallClockAtZero(now);
    trace.interval = recording->recorder.interval();
    trace.drawnOnUiThread = recording->recorder.drawsOnUiThread();
    trace.labels = labels.spans(trace.span);
    return trace;
}

double JankMonitor::Private::costOf(bool uiThread) const
{
    const FrameRecorder &recorder = recording->recorder;
    // The strips are built on the thread that renders.
    const std::int64_t strips = recorder.drawsOnUiThread() == uiThread ? recorder.recent()->drawing() : 0;
    return (uiThread ? recorder.uiCost : recorder.renderCost).perFrame(strips);
}

void JankMonitor::Private::aboutToDraw()
{
    const std::int64_t now = clock.now();
    drain();
    m_ownFrame = m_askedForFrame != 0 && now - m_askedForFrame < OwnFrameWithin;
    m_askedForFrame = 0;
    recording->recorder.expectOwnFrame(m_ownFrame);
    if (!m_ownFrame && now - m_lastRefresh >= RefreshEvery)
        nextTick.start();
    recording->recorder.uiCost.nanoseconds.fetch_add(clock.now() - now, std::memory_order_relaxed);
}

void JankMonitor::Private::polished()
{
    recording->recorder.uiCost.frames.fetch_add(1, std::memory_order_relaxed);
    m_lastPolished = clock.now();
    if (m_ownFrame)
        return;
    refreshSoon();
}

void JankMonitor::Private::refreshSoon()
{
    m_drawing = true;
    if (std::exchange(m_stallFades, false) || !trailing.isActive())
        trailing.start(TrailingDelay);
}

void JankMonitor::Private::drawingEnded()
{
    m_stallFades = false;
    if (clock.now() - m_lastPolished < RefreshEvery) {
        trailing.start(TrailingDelay);
        return;
    }
    if (!m_drawing)
        return;
    m_askedForFrame = clock.now();
    refresh();
    // Once more when the stall is no longer one of the last second.
    const std::int64_t left = m_stallShown + NanosecondsPerSecond - clock.now();
    if (left > 0) {
        m_drawing = m_stallFades = true;
        trailing.start(TrailingDelay + std::chrono::milliseconds(left / 1'000'000));
    }
}

void JankMonitor::Private::refresh()
{
    const std::int64_t now = clock.now();
    m_lastRefresh = now;
    m_drawing = false;
    drain();
    collectShared();
    flush();
    updateStatistics(now);
    workLog->bringBusiestForward(LanesInFront, now - LanesLength);
    emit q->statisticsUpdated();
    recording->recorder.uiCost.nanoseconds.fetch_add(clock.now() - now, std::memory_order_relaxed);
}

void JankMonitor::Private::updateStatistics(std::int64_t now)
{
    const std::int64_t since = now - StatisticsWindow;
    m_recentSamples.clear();
    const ChunkedLog<FrameSample> &frames = store.frames();
    for (std::size_t i = frames.size(); i-- > 0 && frames[i].swapEnd >= since;)
        m_recentSamples.push_back(frames[i]);
    std::reverse(m_recentSamples.begin(), m_recentSamples.end());
    m_recentBlocks.clear();
    const ChunkedLog<LoopBlock> &blocks = store.blocks();
    for (std::size_t i = blocks.size(); i-- > 0 && blocks[i].end >= since;)
        m_recentBlocks.push_back(blocks[i]);

    std::int64_t worst = std::max(longestBlock, std::exchange(member.worstDelay, 0));
    longestBlock = 0;
    for (const LoopBlock &block : m_recentBlocks) {
        if (block.end >= now - NanosecondsPerSecond)
            worst = std::max(worst, block.length);
    }
    heartbeatDelay = toMilliseconds(worst);
    statistics = computeStatistics(m_recentSamples, m_recentBlocks, {since, now}, recording->recorder.interval());

    takeWork();
    for (const FrameSample &sample : m_recentSamples) {
        if (sample.swapEnd > m_countedUntil)
            kept.addFrame(sample);
    }
    if (!m_recentSamples.empty())
        m_countedUntil = std::max(m_countedUntil, m_recentSamples.back().swapEnd);
    kept.setDrawnOnUiThread(recording->recorder.drawsOnUiThread());
    kept.update(now);
}

/// Takes over what all monitors of the thread measure together.
void JankMonitor::Private::collectShared()
{
    recording->loop->collect();
    recording->recorder.uiCost.nanoseconds.fetch_add(std::exchange(member.cost, 0), std::memory_order_relaxed);
}

void JankMonitor::Private::noteBlock(const LoopBlock &block)
{
    longestBlock = std::max(longestBlock, block.length);
    longestStall = std::max(longestStall, block.length);
    if (block.length < ShortestBlock)
        return;
    m_freshBlocks.push_back(block);
    if (m_freshBlocks.size() == FreshCapacity)
        flush();
    if (phase)
        phase->blocks.push_back(block);
    if (block.length <= recording->recorder.interval())
        return;
    stalls.add(block, recording->recorder.interval(), labels);
    stallTime += block.length;
    lastStall = block;
    // A stall is shown also when nothing is drawn; but for the block in which that itself is drawn.
    const bool own = m_ownFrame && m_lastPolished >= block.start;
    if (block.length > 2 * recording->recorder.interval() && !own) {
        m_stallShown = block.end;
        refreshSoon();
    }
    emit q->stalled(toMilliseconds(block.length), q->lastCulprit());
}

void JankMonitor::Private::clear()
{
    drain();
    m_freshFrames.clear();
    m_freshBlocks.clear();
    store.clear(clock.now());
    if (recordingSince != 0)
        recordingSince = clock.now();
    stalls.clear();
    recording->recorder.clearRecent();
    workLog->clear();
    workSeen = workLog->revision();
    labels.clear();
    kept.reset({.interval = recording->recorder.interval()});
    keptBefore = 0;
    statistics = {};
    framesDrawn = framesMissed = 0;
    longestStall = stallTime = longestBlock = 0;
    heartbeatDelay = 0;
    lastStall = {};
    m_countedUntil = clock.now();
}

} // namespace jank
