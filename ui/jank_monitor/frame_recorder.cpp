#include "jank_monitor/frame_recorder.h"

#include <algorithm>

namespace jank {

namespace {

/// The UI part of a synchronisation that came to nothing, continued by the next one's.
UiPart joined(const UiPart &before, UiPart after) noexcept
{
    if (after.idleEnd != 0)
        return after;
    after.start = before.start;
    after.busy += before.busy;
    after.idle += before.idle;
    after.idleEnd = before.idleEnd;
    return after;
}

Cause causeOf(const FrameSample &sample) noexcept
{
    if (sample.missed == 0)
        return Cause::None;
    // A swap waits for its vsync for up to an interval; what it takes beyond is the GPU's.
    const std::int64_t beyondVsync = std::max<std::int64_t>(0, sample.swapEnd - sample.renderEnd - sample.interval);
    return sample.uiBusy >= sample.renderTime() + beyondVsync ? Cause::Ui : Cause::Render;
}

} // namespace

FrameRecorder::FrameRecorder(const FrameClock &clock, UiPartTracker &tracker) : m_clock(clock), m_tracker(tracker) {}

void FrameRecorder::setInterval(std::int64_t interval) noexcept
{
    m_interval.store(interval, std::memory_order_relaxed);
    m_tracker.setInterval(interval);
}

void FrameRecorder::uiDone() noexcept
{
    m_tracker.uiDone(m_clock.now());
}

void FrameRecorder::syncBegin() noexcept
{
    const std::int64_t now = m_clock.now();
    const UiPart part = m_tracker.takeUiPart(now);
    m_inFlightUi = m_synchronised ? joined(m_inFlightUi, part) : part;
    m_inFlight = {};
    m_inFlight.uiStart = m_inFlightUi.start;
    m_inFlight.uiEnd = m_inFlightUi.end;
    m_inFlight.uiBusy = m_inFlightUi.busy;
    m_inFlight.syncStart = now;
    m_inFlight.own = m_ownNext;
    m_ownNext = false;
    m_synchronised = true;
}

void FrameRecorder::syncDone() noexcept
{
    m_inFlight.syncEnd = m_clock.now();
    m_tracker.resumeUi(m_inFlight.syncEnd, 0);
    renderCost.nanoseconds.fetch_add(m_clock.now() - m_inFlight.syncEnd, std::memory_order_relaxed);
}

void FrameRecorder::renderBegin() noexcept
{
    m_inFlight.renderStart = m_clock.now();
}

void FrameRecorder::renderDone() noexcept
{
    m_inFlight.renderEnd = m_clock.now();
}

void FrameRecorder::swapped() noexcept
{
    if (!m_synchronised)
        return;
    const std::int64_t now = m_clock.now();
    FrameSample &sample = m_inFlight;
    sample.swapEnd = now;
    sample.interval = interval();
    const PaceVerdict verdict = m_pacer.judge(now, m_inFlightUi, sample.interval);
    sample.wanted = verdict.wanted;
    sample.deadline = verdict.deadline;
    sample.missed = verdict.missed;
    sample.cause = causeOf(sample);
    sample.own = sample.own && sample.missed == 0; // a vsync missed is missed, whoever asked for the frame
    m_synchronised = false;

    m_tracker.setLastShown(now);
    const bool onUiThread = std::this_thread::get_id() == m_uiThread;
    m_drawsOnUiThread.store(onUiThread, std::memory_order_relaxed);
    if (onUiThread)
        m_tracker.resumeUi(now, now - sample.renderEnd);
    if (!m_finished.push(sample) && !sample.own) {
        m_droppedDrawn.fetch_add(1, std::memory_order_relaxed);
        m_droppedMissed.fetch_add(sample.missed, std::memory_order_relaxed);
    }
    if (!sample.own)
        m_recent->push(sample);
    renderCost.frames.fetch_add(1, std::memory_order_relaxed);
    renderCost.nanoseconds.fetch_add(m_clock.now() - now, std::memory_order_relaxed);
}

DroppedFrames FrameRecorder::takeDropped() noexcept
{
    return {m_droppedDrawn.exchange(0, std::memory_order_relaxed),
            m_droppedMissed.exchange(0, std::memory_order_relaxed)};
}

PaceVerdict FrameRecorder::owedAt(std::int64_t now) const noexcept
{
    return m_pacer.owedAt(now, m_tracker.uiPartAt(now), interval());
}

} // namespace jank
