#include "allocation_count.h"
#include "scripted_window.h"

#include <QtTest/qtest.h>

using jank::Cause;
using jank::FrameSample;

namespace {

constexpr std::int64_t ms(double value)
{
    return ScriptedWindow::ms(value);
}

} // namespace

class FramesTest : public QObject {
    Q_OBJECT

private slots:
    void aSteadyWindowMissesNothing_data();
    void aSteadyWindowMissesNothing();
    void stallsOnTheUiThread_data();
    void stallsOnTheUiThread();
    void stallsOnTheRenderThread_data();
    void stallsOnTheRenderThread();
    void stallsAtOtherRates_data();
    void stallsAtOtherRates();
    void stallsOnAnUnthrottledDisplay_data();
    void stallsOnAnUnthrottledDisplay();
    void aFrameOf17MillisecondsMissesNothingByItself();
    void theMissedVsyncsHaveTheirTimes();
    void partsOfAFrame();
    void anIdleWindowMissesNothing();
    void aBlockThatNoFrameWaitsForMissesNothing();
    void aSlowAnswerInAnIdleWindowMisses();
    void shortIdleSpellsExcuse();
    void aRefreshRateALittleLowerThanSaid();
    void aSynchronisationWithoutSwap();
    void aHiddenWindowStartsAnew();
    void owedFrame();
    void ownFrames();
    void framesThatNobodyTookAreCounted();
    void theFramePathDoesNotAllocate();
    void implausibleRefreshRates();
};

void FramesTest::aSteadyWindowMissesNothing_data()
{
    QTest::addColumn<double>("hertz");
    QTest::addColumn<int>("loop");
    QTest::addColumn<int>("display");
    for (const double hertz : {60.0, 90.0, 120.0, 144.0}) {
        for (const int loop : {0, 1}) {
            for (const int display : {0, 1})
                QTest::addRow("%g Hz, loop %d, display %d", hertz, loop, display) << hertz << loop << display;
        }
    }
}

void FramesTest::aSteadyWindowMissesNothing()
{
    QFETCH(double, hertz);
    QFETCH(int, loop);
    QFETCH(int, display);
    ScriptedWindow window(hertz, ScriptedWindow::Loop(loop), ScriptedWindow::Display(display));
    unsigned noise = 1;
    for (int i = 0; i < 2000; ++i) {
        noise = noise * 1664525 + 1013904223;
        const FrameSample sample = window.draw({.ui = ms(0.5) + (noise >> 12) % ms(1.5), .render = ms(1)});
        QCOMPARE(sample.missed, 0);
        QVERIFY(sample.cause == Cause::None);
    }
}

void FramesTest::stallsOnTheUiThread_data()
{
    QTest::addColumn<double>("stall");
    QTest::addColumn<int>("missed");
    // 4.2 ms of work come on top; the frame is shown at the first multiple of 16.67 ms after it.
    QTest::newRow("5 ms") << 5.0 << 0;
    QTest::newRow("17 ms") << 17.0 << 1;
    QTest::newRow("34 ms") << 34.0 << 2;
    QTest::newRow("50 ms") << 50.0 << 3;
    QTest::newRow("100 ms") << 100.0 << 6;
    QTest::newRow("700 ms") << 700.0 << 42;
}

void FramesTest::stallsOnTheUiThread()
{
    QFETCH(double, stall);
    QFETCH(int, missed);
    for (const auto loop : {ScriptedWindow::Loop::Threaded, ScriptedWindow::Loop::OnUiThread}) {
        ScriptedWindow window(60, loop);
        window.draw({});
        window.blocks.clear();
        const FrameSample sample = window.draw({.stall = ms(stall)});
        QCOMPARE(sample.missed, missed);
        QVERIFY(sample.cause == (missed > 0 ? Cause::Ui : Cause::None));
        QCOMPARE(sample.uiBusy, ms(stall) + ms(2));
        QCOMPARE(window.blocks.size(), std::size_t(1));
        const std::int64_t rendering = loop == ScriptedWindow::Loop::OnUiThread ? ms(2) : 0;
        QCOMPARE(window.blocks[0].length, ms(stall) + ms(2) + ScriptedWindow::SyncTime + rendering);
        QCOMPARE(window.draw({}).missed, 0);
    }
}

void FramesTest::stallsOnTheRenderThread_data()
{
    stallsOnTheUiThread_data();
}

void FramesTest::stallsOnTheRenderThread()
{
    QFETCH(double, stall);
    QFETCH(int, missed);
    for (const auto loop : {ScriptedWindow::Loop::Threaded, ScriptedWindow::Loop::OnUiThread}) {
        ScriptedWindow window(60, loop);
        window.draw({});
        const FrameSample sample = window.draw({.render = ms(2) + ms(stall)});
        QCOMPARE(sample.missed, missed);
        QVERIFY(sample.cause == (missed > 0 ? Cause::Render : Cause::None));
        QCOMPARE(sample.uiBusy, ms(2));
        QCOMPARE(sample.renderTime(), ms(stall) + ms(2) + ScriptedWindow::SyncTime);
        QCOMPARE(window.draw({}).missed, 0);
    }
}

void FramesTest::stallsAtOtherRates_data()
{
    QTest::addColumn<double>("hertz");
    QTest::addColumn<double>("stall");
    QTest::addColumn<int>("missed");
    // The stall and 4.2 ms, in whole intervals of 11.11, 8.33 and 6.94 ms.
    QTest::newRow("90 Hz, 5 ms") << 90.0 << 5.0 << 0;
    QTest::newRow("90 Hz, 17 ms") << 90.0 << 17.0 << 1;
    QTest::newRow("90 Hz, 50 ms") << 90.0 << 50.0 << 4;
    QTest::newRow("120 Hz, 5 ms") << 120.0 << 5.0 << 1;
    QTest::newRow("120 Hz, 34 ms") << 120.0 << 34.0 << 4;
    QTest::newRow("120 Hz, 100 ms") << 120.0 << 100.0 << 12;
    QTest::newRow("144 Hz, 5 ms") << 144.0 << 5.0 << 1;
    QTest::newRow("144 Hz, 17 ms") << 144.0 << 17.0 << 3;
    QTest::newRow("144 Hz, 700 ms") << 144.0 << 700.0 << 101;
}

void FramesTest::stallsAtOtherRates()
{
    QFETCH(double, hertz);
    QFETCH(double, stall);
    QFETCH(int, missed);
    ScriptedWindow window(hertz);
    window.draw({});
    QCOMPARE(window.draw({.stall = ms(stall)}).missed, missed);
    QCOMPARE(window.draw({}).missed, 0);
}

void FramesTest::stallsOnAnUnthrottledDisplay_data()
{
    QTest::addColumn<double>("stall");
    QTest::addColumn<int>("missed");
    // The tick is an interval after the last; then the stall. Up to half an interval is forgiven.
    QTest::newRow("5 ms") << 5.0 << 0;
    QTest::newRow("8 ms") << 8.0 << 0;
    QTest::newRow("9 ms") << 9.0 << 1;
    QTest::newRow("17 ms") << 17.0 << 1;
    QTest::newRow("34 ms") << 34.0 << 2;
    QTest::newRow("50 ms") << 50.0 << 3;
    QTest::newRow("100 ms") << 100.0 << 6;
    QTest::newRow("700 ms") << 700.0 << 42;
}

void FramesTest::stallsOnAnUnthrottledDisplay()
{
    QFETCH(double, stall);
    QFETCH(int, missed);
    ScriptedWindow window(60, ScriptedWindow::Loop::Threaded, ScriptedWindow::Display::Unthrottled);
    window.draw({});
    QCOMPARE(window.draw({.stall = ms(stall)}).missed, missed);
}

void FramesTest::aFrameOf17MillisecondsMissesNothingByItself()
{
    ScriptedWindow window(60, ScriptedWindow::Loop::Threaded, ScriptedWindow::Display::Unthrottled);
    const std::int64_t before = window.draw({}).swapEnd;
    const FrameSample sample = window.draw({.stall = ms(0.34)});
    QVERIFY(sample.swapEnd - before > ms(17));
    QCOMPARE(sample.missed, 0);
    QCOMPARE(window.draw({}).missed, 0);
}

void FramesTest::theMissedVsyncsHaveTheirTimes()
{
    ScriptedWindow window;
    const std::int64_t shown = window.draw({}).swapEnd;
    const FrameSample sample = window.draw({.stall = ms(34)});
    QCOMPARE(sample.wanted, shown);
    QCOMPARE(sample.deadline, shown + window.interval);
    QCOMPARE(sample.missedAt(0), shown + window.interval);
    QCOMPARE(sample.missedAt(1), shown + 2 * window.interval);
    QCOMPARE(sample.swapEnd, shown + 3 * window.interval);
    QCOMPARE(sample.frameTime(), 3 * window.interval);
}

void FramesTest::partsOfAFrame()
{
    ScriptedWindow window;
    const std::int64_t tick = window.draw({}).swapEnd;
    const FrameSample sample = window.draw({.stall = ms(1), .ui = ms(3), .render = ms(5)});
    QCOMPARE(sample.uiStart, tick);
    QCOMPARE(sample.uiEnd, tick + ms(4));
    QCOMPARE(sample.uiBusy, ms(4));
    QCOMPARE(sample.syncStart, tick + ms(4));
    QCOMPARE(sample.syncEnd, sample.syncStart + ScriptedWindow::SyncTime);
    QCOMPARE(sample.renderStart, sample.syncEnd);
    QCOMPARE(sample.renderEnd, sample.renderStart + ms(5));
    QCOMPARE(sample.workTime(), ms(9) + ScriptedWindow::SyncTime);
    QCOMPARE(sample.interval, window.interval);
}

void FramesTest::anIdleWindowMissesNothing()
{
    ScriptedWindow window;
    window.draw({});
    for (const double pause : {17.0, 40.0, 3000.0}) {
        window.idle(ms(pause));
        QCOMPARE(window.draw({}).missed, 0);
    }
}

void FramesTest::aBlockThatNoFrameWaitsForMissesNothing()
{
    ScriptedWindow window;
    window.draw({});
    window.idle(ms(500));
    window.blocks.clear();
    window.handleEvent(ms(100), QEvent::Timer, "Parser");
    window.idle(ms(500));
    QCOMPARE(window.draw({}).missed, 0);
    QCOMPARE(window.blocks[0].length, ms(100));
}

void FramesTest::aSlowAnswerInAnIdleWindowMisses()
{
    ScriptedWindow window;
    window.draw({});
    window.idle(6 * window.interval); // on a vsync
    window.handleEvent(ms(100), QEvent::MouseButtonPress, "Button");
    window.idle(ms(5));
    // Asked for at 0 ms, drawn at 109.2 ms, shown at the vsync of 116.7 ms: those of 16.7 to 100 ms are missed.
    const FrameSample sample = window.draw({});
    QCOMPARE(sample.missed, 6);
    QVERIFY(sample.cause == Cause::Ui);
}

void FramesTest::shortIdleSpellsExcuse()
{
    // The loop wakes every 12 ms for something that wants no frame, and one comes after 36 ms: nothing was late.
    ScriptedWindow window;
    window.draw({});
    for (int i = 0; i < 3; ++i) {
        window.idle(ms(12));
        window.handleEvent(ms(0.1));
    }
    QCOMPARE(window.draw({}).missed, 0);
}

void FramesTest::aRefreshRateALittleLowerThanSaid()
{
    // The screen says 60 and shows 59.94.
    jank::FramePacer pacer;
    const std::int64_t said = jank::intervalForRefreshRate(60);
    const std::int64_t real = jank::intervalForRefreshRate(59.94);
    for (int i = 1; i < 5000; ++i)
        QCOMPARE(pacer.judge(ScriptedWindow::Start + i * real, {}, said).missed, 0);
}

void FramesTest::aSynchronisationWithoutSwap()
{
    ScriptedWindow window;
    const std::int64_t shown = window.draw({}).swapEnd;
    // Nothing had changed: no rendering. Its work counts to the next frame.
    window.tracker.event(window.clock.now(), QEvent::UpdateRequest, "Window");
    window.clock.advance(ms(3));
    window.recorder.uiDone();
    window.recorder.syncBegin();
    window.recorder.syncDone();
    window.tracker.waiting(window.clock.now());
    const FrameSample sample = window.draw({});
    QCOMPARE(sample.uiBusy, ms(5));
    QCOMPARE(sample.uiStart, shown);
    QCOMPARE(sample.missed, 0);
    window.recorder.swapped(); // of a frame that was never synchronised
    FrameSample none;
    QVERIFY(!window.recorder.take(none));
}

void FramesTest::aHiddenWindowStartsAnew()
{
    ScriptedWindow window;
    window.draw({});
    window.recorder.forget();
    window.handleEvent(ms(300));
    QCOMPARE(window.draw({}).missed, 0);
    QCOMPARE(window.draw({.stall = ms(34)}).missed, 2);
}

void FramesTest::owedFrame()
{
    ScriptedWindow window;
    window.draw({});
    // In the middle of a handler that has blocked for 100 ms: 16.7 to 83.3 passed, 100 is within the tolerance.
    window.tracker.event(window.clock.now(), QEvent::MetaCall, "Parser");
    window.clock.advance(ms(100));
    QCOMPARE(window.recorder.owedAt(window.clock.now()).missed, 5);
    window.clock.advance(ms(10));
    QCOMPARE(window.recorder.owedAt(window.clock.now()).missed, 6);
    // The same in a window in which nothing moved.
    window.tracker.waiting(window.clock.now());
    window.idle(ms(200));
    window.tracker.event(window.clock.now(), QEvent::MetaCall, "Parser");
    window.clock.advance(ms(100));
    QCOMPARE(window.recorder.owedAt(window.clock.now()).missed, 0);
}

void FramesTest::ownFrames()
{
    ScriptedWindow window;
    window.draw({});
    const std::uint64_t shown = window.recorder.recent()->revision();
    window.recorder.expectOwnFrame(true);
    QVERIFY(window.draw({}).own);
    QCOMPARE(window.recorder.recent()->revision(), shown);
    QVERIFY(!window.draw({}).own);
    // A vsync missed is missed, whoever asked for the frame.
    window.recorder.expectOwnFrame(true);
    QVERIFY(!window.draw({.stall = ms(50)}).own);
}

void FramesTest::framesThatNobodyTookAreCounted()
{
    ScriptedWindow window;
    std::int64_t drawn = 0;
    std::int64_t missed = 0;
    for (int i = 0; i < 1'000; ++i) {
        window.recorder.expectOwnFrame(i % 10 == 5);
        window.show({.stall = i % 7 == 0 ? ms(34) : 0});
    }
    FrameSample sample;
    int taken = 0;
    for (; window.recorder.take(sample); ++taken) {
        drawn += sample.own ? 0 : 1;
        missed += sample.missed;
    }
    QVERIFY(taken < 1'000);
    const jank::DroppedFrames dropped = window.recorder.takeDropped();
    QVERIFY(dropped.drawn > 0);
    QVERIFY(dropped.missed > 0);
    // Every seventh misses two vsyncs; of those that were drawn for the overlay alone, only such as missed some count.
    int owed = 0;
    for (int i = 0; i < 1'000; ++i)
        owed += i % 10 == 5 && i % 7 != 0 ? 0 : 1;
    QCOMPARE(drawn + dropped.drawn, std::int64_t(owed));
    QCOMPARE(missed + dropped.missed, std::int64_t(2 * 143));
    QCOMPARE(window.recorder.takeDropped().drawn, std::int64_t(0));
}

void FramesTest::theFramePathDoesNotAllocate()
{
    ScriptedWindow window;
    window.blocks.reserve(3000);
    const std::size_t before = allocations;
    for (int i = 0; i < 1000; ++i)
        window.draw({.stall = i % 10 == 0 ? ms(20) : 0});
    QCOMPARE(allocations, before);
}

void FramesTest::implausibleRefreshRates()
{
    for (const double hertz : {0.0, -1.0, 1e9, std::nan("")})
        QCOMPARE(jank::intervalForRefreshRate(hertz), std::int64_t(16'666'667));
    QCOMPARE(jank::intervalForRefreshRate(144), std::int64_t(6'944'444));
}

QTEST_APPLESS_MAIN(FramesTest)
#include "frames_test.moc"
