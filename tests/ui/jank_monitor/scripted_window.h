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
        std::int64_t stall = 0; ///< held up before the frame's own work, in the event that asks for it
        std::int64_t handler = 0; ///< held up in an event of its own before that: "MouseButtonPress, Button, save"
        std::int64_t nested = 0; ///< held up in an event that the frame's own delivers: "HoverEnter, Photo"
        std::int64_t ui = ms(2);
        std::int64_t render = ms(2);
    };

    static constexpr std::int64_t SyncTime = 200'000;
    static constexpr std::uintptr_t Depth = 0x8000; // on the stack
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
        show(frame);
        jank::FrameSample sample;
        while (recorder.take(sample)) {}
        return sample;
    }

    /// The same, and leaves it with the recorder.
    void show(const Frame &frame)
    {
        if (clock.now() < m_nextTick)
            clock.setNow(m_nextTick);
        if (frame.handler > 0) {
            tracker.event(clock.now(), QEvent::MouseButtonPress, "Button", u"save", Depth);
            clock.advance(frame.handler);
        }
        tracker.event(clock.now(), QEvent::UpdateRequest, "Window", {}, Depth);
        clock.advance(frame.stall + frame.ui / 2);
        if (frame.nested > 0) {
            tracker.event(clock.now(), QEvent::HoverEnter, "Photo", {}, Depth - 1000);
            clock.advance(frame.nested);
            tracker.event(clock.now(), QEvent::HoverLeave, "Photo", {}, Depth - 1000);
        }
        clock.advance(frame.ui - frame.ui / 2);
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
