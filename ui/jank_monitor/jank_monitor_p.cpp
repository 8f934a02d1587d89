#include "jank_monitor/jank_monitor_p.h"

#include <QtGui/qscreen.h>

#include <algorithm>
#include <utility>

namespace jank {

namespace {

constexpr std::size_t SamplesKept = 36'000; // ten minutes at 60 Hz
constexpr std::size_t BlocksKept = 8'192;
constexpr std::int64_t ShortestBlock = 1'000'000;
constexpr std::int64_t RefreshEvery = 250'000'000;
constexpr std::size_t LanesInFront = 6; // as many as the overlay shows
constexpr std::int64_t LanesLength = 4 * NanosecondsPerSecond;
constexpr std::int64_t StatisticsWindow = 5 * NanosecondsPerSecond;
constexpr std::int64_t OwnFrameWithin = 50'000'000; // a frame that comes later was asked for by somebody else

} // namespace

void NextTick::updateCurrentTime(int time)
{
    if (time == 0)
        return; // being started
    stop();
    m_callback();
}

JankMonitor::Private::Private(JankMonitor *owner, const FrameClock &frameClock)
    : q(owner), clock(frameClock), recording(std::make_shared<Recording>(frameClock)), samples(1), blocks(1)
{
    member.uiPart = &recording->uiPart;
    member.interval = recording->recorder.interval();
    member.context = this;
    member.sink = [](void *self, const LoopBlock &block) { static_cast<Private *>(self)->noteBlock(block); };
    trailing.setSingleShot(true);
    trailing.setTimerType(Qt::CoarseTimer);
    trailing.setInterval(static_cast<int>(RefreshEvery / 1'000'000) + 50);
    QObject::connect(&trailing, &QTimer::timeout, q, [this] { drawingEnded(); });
}

JankMonitor::Private::~Private()
{
    setEnabled(false);
}

void JankMonitor::Private::setEnabled(bool on)
{
    if (enabled == on)
        return;
    enabled = on;
    if (!on) {
        trailing.stop();
        nextTick.stop();
        windowProbe.reset();
        recording->loop->leave(&member);
        return;
    }
    samples = Ring<FrameSample>(SamplesKept);
    blocks = Ring<LoopBlock>(BlocksKept);
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
    kept.reset({.interval = interval});
    emit q->intervalChanged();
}

void JankMonitor::Private::drain()
{
    FrameSample sample;
    while (recording->recorder.take(sample)) {
        samples.push(sample);
        if (phase)
            phase->samples.push_back(sample);
        if (sample.own)
            continue;
        ++framesDrawn;
        framesMissed += sample.missed;
    }
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
    m_drawing = true;
    if (!trailing.isActive())
        trailing.start();
}

void JankMonitor::Private::drawingEnded()
{
    if (clock.now() - m_lastPolished < RefreshEvery) {
        trailing.start();
        return;
    }
    if (!m_drawing)
        return;
    m_askedForFrame = clock.now();
    refresh();
}

void JankMonitor::Private::refresh()
{
    const std::int64_t now = clock.now();
    m_lastRefresh = now;
    m_drawing = false;
    drain();
    collectShared();
    updateStatistics(now);
    workLog->bringBusiestForward(LanesInFront, now - LanesLength);
    emit q->statisticsUpdated();
    recording->recorder.uiCost.nanoseconds.fetch_add(clock.now() - now, std::memory_order_relaxed);
}

void JankMonitor::Private::updateStatistics(std::int64_t now)
{
    const std::int64_t since = now - StatisticsWindow;
    m_recentSamples.clear();
    for (std::size_t i = samples.size(); i-- > 0 && samples[i].swapEnd >= since;)
        m_recentSamples.push_back(samples[i]);
    std::reverse(m_recentSamples.begin(), m_recentSamples.end());
    m_recentBlocks.clear();
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

    kept.addWork(workLog->workAfter(workSeen));
    for (const FrameSample &sample : m_recentSamples) {
        if (sample.swapEnd > m_countedUntil)
            kept.addFrame(sample);
    }
    if (!m_recentSamples.empty())
        m_countedUntil = std::max(m_countedUntil, m_recentSamples.back().swapEnd);
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
    blocks.push(block);
    if (phase)
        phase->blocks.push_back(block);
    if (block.length <= recording->recorder.interval())
        return;
    stalls.add(block, recording->recorder.interval(), labels);
    stallTime += block.length;
    lastStall = block;
    emit q->stalled(toMilliseconds(block.length), q->lastCulprit());
}

void JankMonitor::Private::clear()
{
    drain();
    samples.clear();
    blocks.clear();
    stalls.clear();
    recording->recorder.clearRecent();
    workLog->clear();
    workSeen = workLog->revision();
    labels.clear();
    kept.reset({.interval = recording->recorder.interval()});
    statistics = {};
    framesDrawn = framesMissed = 0;
    longestStall = stallTime = longestBlock = 0;
    heartbeatDelay = 0;
    lastStall = {};
    m_countedUntil = clock.now();
}

} // namespace jank
