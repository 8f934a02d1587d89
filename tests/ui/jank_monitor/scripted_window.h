#pragma once

#include "jank_monitor/frame_recorder.h"

#include <QtCore/qcoreevent.h>

/// A window whose frames take exactly as long as the script says, on a clock that only the script moves.
class ScriptedWindow {
public:
    enum class Loop { Threaded, OnUiThread };
    enum class Display {
        Throttled, ///< a swap returns at the next vsync
        Unthrottled ///< a swap returns at once, the animation's timer ticks every interval
    };

    struct Frame {
        std::int64_t stall = 0; ///< held up in an event handler before the frame's own work
        std::int64_t ui = ms(2);
        std::int64_t render = ms(2);
    };

    static constexpr std::int64_t SyncTime = 200'000;
    static constexpr std::int64_t Start = 1'000'000'000'000;

    static constexpr std::int64_t ms(double value) { return static_cast<std::int64_t>(value * 1e6); }

    explicit ScriptedWindow(double hertz = 60, Loop loop = Loop::Threaded, Display display = Display::Throttled)
        : interval(jank::intervalForRefreshRate(hertz)), m_loop(loop), m_display(display)
    {
        recorder.setInterval(interval);
        tracker.addPart(&uiPart);
        tracker.addBlockSink(
            [](void *self, const jank::LoopBlock &block) {
                static_cast<ScriptedWindow *>(self)->blocks.push_back(block);
            },
            this);
        tracker.waiting(clock.now());
        draw({});
    }

    /// Draws one frame at the next tick (now, when that is past) and returns it.
    jank::FrameSample draw(const Frame &frame)
    {
        if (clock.now() < m_nextTick)
            clock.setNow(m_nextTick);
        tracker.event(clock.now(), QEvent::UpdateRequest, "Window");
        clock.advance(frame.stall + frame.ui);
        recorder.uiDone();
        recorder.syncBegin();
        clock.advance(SyncTime);
        recorder.syncDone();
        if (m_loop == Loop::Threaded)
            tracker.waiting(clock.now());
        recorder.renderBegin();
        clock.advance(frame.render);
        recorder.renderDone();
        if (m_display == Display::Throttled)
            clock.setNow(nextVsync(clock.now()));
        recorder.swapped();
        if (m_loop == Loop::OnUiThread)
            tracker.waiting(clock.now());
        m_nextTick = m_display == Display::Throttled ? clock.now() : std::max(m_nextTick + interval, clock.now());
        jank::FrameSample sample;
        while (recorder.take(sample)) {}
        return sample;
    }

    /// An event of its own, which asks for no frame.
    void handleEvent(std::int64_t length, int type = QEvent::Timer, const char *receiver = "Worker")
    {
        tracker.event(clock.now(), type, receiver);
        clock.advance(length);
        tracker.waiting(clock.now());
    }

    /// Nothing happens.
    void idle(std::int64_t length) { clock.advance(length); }

    /// From now on the animation has a timer that ticks so often.
    void setTick(std::int64_t time) { m_nextTick = time; }

    const std::int64_t interval;
    jank::ManualFrameClock clock{Start};
    jank::LoopTracker tracker;
    jank::UiPartTracker uiPart{tracker};
    jank::FrameRecorder recorder{clock, uiPart};
    std::vector<jank::LoopBlock> blocks;

private:
    [[nodiscard]] std::int64_t nextVsync(std::int64_t time) const
    {
        return Start + ((time - Start + interval - 1) / interval) * interval;
    }

    const Loop m_loop;
    const Display m_display;
    std::int64_t m_nextTick = Start;
};
