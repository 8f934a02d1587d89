#include "jank_monitor/frame_recorder.h"
#include "jank_monitor/heartbeat.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/loop_watch.h"

#include <QtCore/qcoreevent.h>
#include <QtQuick/qquickwindow.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <thread>

using jank::FrameSample;
using jank::JankMonitor;
using jank::LoopWatch;
using jank::ManualFrameClock;

namespace {

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

/// Two windows on one loop and one clock, each with a render thread of its own; nothing takes time but what is said.
struct TwoWindows {
    struct Window {
        explicit Window(TwoWindows &all, double hertz)
            : uiPart(all.tracker), recorder(all.clock, uiPart), interval(jank::intervalForRefreshRate(hertz))
        {
            recorder.setInterval(interval);
            uiPart.setInterval(interval);
            all.tracker.addPart(&uiPart);
        }
        jank::UiPartTracker uiPart;
        jank::FrameRecorder recorder;
        std::int64_t interval;
    };

    TwoWindows(double hertzA, double hertzB) : a(*this, hertzA), b(*this, hertzB)
    {
        tracker.waiting(clock.now());
        tracker.addBlockSink(
            [](void *self, const jank::LoopBlock &block) {
                static_cast<TwoWindows *>(self)->longestBlock
                    = std::max(static_cast<TwoWindows *>(self)->longestBlock, block.length);
            },
            this);
        draw(a, ms(1));
        draw(b, ms(1));
    }
    /// The UI thread works and waits for the render thread so long; the frame is shown at once. Then the dispatcher is
    /// asked for more, which waits if there is nothing.
    FrameSample draw(Window &window, std::int64_t ui, std::int64_t waitForRenderThread = 0)
    {
        tracker.event(clock.now(), QEvent::UpdateRequest, "Window");
        clock.advance(ui);
        window.recorder.uiDone();
        clock.advance(waitForRenderThread);
        window.recorder.syncBegin();
        window.recorder.syncDone();
        tracker.waiting(clock.now());
        window.recorder.renderBegin();
        window.recorder.renderDone();
        window.recorder.swapped();
        FrameSample sample;
        while (window.recorder.take(sample)) {}
        return sample;
    }
    void waitUntil(std::int64_t time) { clock.setNow(std::max(clock.now(), time)); }

    ManualFrameClock clock{ms(1'000'000)};
    jank::LoopTracker tracker;
    Window a;
    Window b;
    std::int64_t longestBlock = 0;
};

void drawFrames(QQuickWindow &window, int count)
{
    QSignalSpy swapped(&window, &QQuickWindow::frameSwapped);
    for (int i = 0; i < count; ++i) {
        window.update();
        QVERIFY(swapped.size() > i || swapped.wait());
    }
}

std::int64_t missedIn(const JankMonitor &monitor)
{
    std::int64_t missed = 0;
    for (const FrameSample &sample : monitor.samples())
        missed += sample.missed;
    return missed;
}

} // namespace

/// Several monitors, one a window, on one event loop.
class SharingTest : public QObject {
    Q_OBJECT

private slots:
    void anIdleWindowMissesNothingWhileAnotherDraws_data();
    void anIdleWindowMissesNothingWhileAnotherDraws();
    void theWaitForAnothersRenderThreadIsNoWork();
    void bothMissWhatBothWanted();
    void eachIsJudgedByItsOwnRate();
    void oneProbeAndOneWatchdogForAll();
    void theWatchdogIsAsPatientAsTheFastest();
    void eachThreadAndEachClockHasItsOwn();
    void everyMonitorHearsOfAStall();
    void aWindowOutOfSightMissesNothingWhileAnotherDraws_data();
    void aWindowOutOfSightMissesNothingWhileAnotherDraws();
    void aMonitorMayGoInAStall();
    void theRateMayChangeWhileRunning();
};

void SharingTest::anIdleWindowMissesNothingWhileAnotherDraws_data()
{
    QTest::addColumn<double>("work");
    QTest::newRow("little work") << 1.0;
    QTest::newRow("half") << 8.0;
    QTest::newRow("hardly any rest") << 16.0;
}

void SharingTest::anIdleWindowMissesNothingWhileAnotherDraws()
{
    QFETCH(double, work);
    TwoWindows windows(60, 60);
    const std::int64_t start = windows.clock.now();
    for (int i = 1; i <= 120; ++i) {
        windows.waitUntil(start + i * windows.a.interval);
        const FrameSample drawn = windows.draw(windows.a, ms(work));
        QVERIFY(drawn.missed == 0 || i == 1);
    }
    // For two seconds nothing of it was wanted. Now something is, and comes with the next turn.
    windows.waitUntil(start + 121 * windows.a.interval);
    windows.draw(windows.a, ms(work));
    const FrameSample sample = windows.draw(windows.b, ms(0.5));
    QCOMPARE(sample.missed, 0);
    QVERIFY(sample.cause == jank::Cause::None);
    QVERIFY2(sample.uiBusy <= ms(work) * 2 + ms(1), qPrintable(QString::number(sample.uiBusy)));
}

void SharingTest::theWaitForAnothersRenderThreadIsNoWork()
{
    TwoWindows windows(60, 60);
    windows.longestBlock = 0;
    const std::int64_t start = windows.clock.now();
    for (int i = 1; i <= 10; ++i) {
        windows.waitUntil(start + i * windows.a.interval);
        windows.draw(windows.a, ms(1), ms(10));
        const FrameSample sample = windows.draw(windows.b, ms(1));
        if (i == 1)
            continue; // the first that takes so long
        QCOMPARE(sample.missed, 0);
        QCOMPARE(sample.uiBusy, ms(2)); // its own, and the other's
    }
    QCOMPARE(windows.longestBlock, ms(1));
}

void SharingTest::bothMissWhatBothWanted()
{
    TwoWindows windows(60, 60);
    const std::int64_t start = windows.clock.now();
    for (int i = 1; i <= 3; ++i) {
        windows.waitUntil(start + i * windows.a.interval);
        windows.draw(windows.a, ms(1));
        windows.draw(windows.b, ms(1));
    }
    windows.waitUntil(start + 4 * windows.a.interval);
    windows.tracker.event(windows.clock.now(), QEvent::MouseButtonPress, "Button");
    windows.clock.advance(ms(100));
    // Shown 101 and 102 ms after the vsync that both were owed at; 5.5 intervals were forgiven half of one.
    QCOMPARE(windows.draw(windows.a, ms(1)).missed, 6);
    QCOMPARE(windows.draw(windows.b, ms(1)).missed, 6);
}

void SharingTest::eachIsJudgedByItsOwnRate()
{
    TwoWindows windows(60, 144);
    const std::int64_t start = windows.clock.now();
    windows.waitUntil(start + windows.b.interval);
    windows.draw(windows.b, 0);
    windows.waitUntil(start + 2 * windows.b.interval);
    windows.tracker.event(windows.clock.now(), QEvent::Timer, "Slow");
    windows.clock.advance(ms(40));
    QCOMPARE(windows.draw(windows.b, 0).missed, 6); // 40 ms after the vsync at which it was due: 5.76 intervals
    // Nothing of it was wanted when the other was drawn: it is owed from its vsync at 16.67 ms, due at 33.33, shown at
    // 53.89.
    QCOMPARE(windows.draw(windows.a, 0).missed, 1);
}

void SharingTest::oneProbeAndOneWatchdogForAll()
{
    const auto watch = LoopWatch::ofThisThread(jank::SteadyFrameClock::instance());
    QVERIFY(watch->heartbeat() == nullptr);
    std::vector<std::unique_ptr<JankMonitor>> monitors;
    for (int i = 0; i < 3; ++i)
        monitors.push_back(std::make_unique<JankMonitor>());
    QVERIFY(watch->heartbeat() == nullptr);
    monitors[0]->setEnabled(true);
    const jank::Heartbeat *heartbeat = watch->heartbeat();
    QVERIFY(heartbeat != nullptr && heartbeat->isRunning());
    monitors[1]->setEnabled(true);
    monitors[2]->setEnabled(true);
    QCOMPARE(watch->heartbeat(), heartbeat);
    QCOMPARE(watch->memberCount(), std::size_t(3));
    // An event passes one filter, and the tracker takes one step for it, however many monitors there are.
    QCoreApplication::processEvents();
    const std::uint32_t before = watch->tracker().step();
    QEvent event(QEvent::User);
    QCoreApplication::sendEvent(this, &event);
    QCOMPARE(watch->tracker().step() - before, 1u);

    monitors.erase(monitors.begin());
    monitors[0]->setEnabled(false);
    QCOMPARE(watch->heartbeat(), heartbeat);
    monitors.clear();
    QVERIFY(watch->heartbeat() == nullptr);
}

void SharingTest::theWatchdogIsAsPatientAsTheFastest()
{
    const auto watch = LoopWatch::ofThisThread(jank::SteadyFrameClock::instance());
    JankMonitor slow, fast;
    slow.setRefreshRate(10);
    fast.setRefreshRate(144);
    slow.setEnabled(true);
    fast.setEnabled(true);
    const std::int64_t seen = watch->heartbeat()->stallsSeen();
    std::int64_t length = 0;
    QMetaObject::invokeMethod(
        this,
        [&] {
            const std::int64_t since = watch->tracker().busySince();
            while (watch->heartbeat()->stallsSeen() == seen)
                std::this_thread::yield();
            length = jank::SteadyFrameClock::instance().now() - since;
        },
        Qt::QueuedConnection);
    QTRY_VERIFY(length != 0);
    QVERIFY(length > 2 * jank::intervalForRefreshRate(144));
    QTRY_VERIFY(!fast.stalls().empty());
}

void SharingTest::eachThreadAndEachClockHasItsOwn()
{
    const ManualFrameClock clock;
    const auto &steady = jank::SteadyFrameClock::instance();
    const auto here = LoopWatch::ofThisThread(steady);
    QCOMPARE(LoopWatch::ofThisThread(steady), here);
    QVERIFY(LoopWatch::ofThisThread(clock) != here);
    std::shared_ptr<LoopWatch> there;
    std::thread([&] { there = LoopWatch::ofThisThread(steady); }).join();
    QVERIFY(there != here);
}

void SharingTest::everyMonitorHearsOfAStall()
{
    ManualFrameClock clock(ms(1000));
    JankMonitor first(clock, nullptr), second(clock, nullptr);
    first.setRefreshRate(144);
    second.setRefreshRate(20);
    first.setEnabled(true);
    second.setEnabled(true);
    QSignalSpy firstStalled(&first, &JankMonitor::stalled);
    QSignalSpy secondStalled(&second, &JankMonitor::stalled);
    QMetaObject::invokeMethod(
        this, [&] { clock.advance(ms(80)); }, Qt::QueuedConnection);
    QTRY_COMPARE(firstStalled.size(), 1);
    QCOMPARE(secondStalled.size(), 1);
    QCOMPARE(firstStalled.first().first().toDouble(), 80.0);
    // Over two intervals of the one, not of the other.
    QCOMPARE(first.stalls().size(), std::size_t(1));
    QCOMPARE(second.stalls().size(), std::size_t(0));
}

void SharingTest::aWindowOutOfSightMissesNothingWhileAnotherDraws_data()
{
    QTest::addColumn<int>("visibility");
    QTest::newRow("hidden") << int(QWindow::Hidden);
    QTest::newRow("minimised") << int(QWindow::Minimized);
}

void SharingTest::aWindowOutOfSightMissesNothingWhileAnotherDraws()
{
    QFETCH(int, visibility);
    ManualFrameClock clock(ms(1000));
    QQuickWindow shown, hidden;
    JankMonitor ofShown(clock, nullptr), ofHidden(clock, nullptr);
    for (const auto &[window, monitor] : {std::pair(&shown, &ofShown), std::pair(&hidden, &ofHidden)}) {
        window->resize(50, 50);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window));
        monitor->attach(window);
        monitor->setEnabled(true);
        drawFrames(*window, 3);
    }
    const auto before = ofHidden.samples().size();
    // Each frame of the one takes a millisecond of the 16 and two thirds that it has.
    const auto work = connect(&shown, &QQuickWindow::beforeSynchronizing, this, [&] { clock.advance(ms(1)); });
    hidden.setVisibility(QWindow::Visibility(visibility));
    QCOMPARE(int(hidden.visibility()), visibility);
    for (int i = 0; i < 60; ++i) {
        clock.advance(ms(15));
        drawFrames(shown, 1);
    }
    if (visibility == QWindow::Hidden)
        QCOMPARE(ofHidden.samples().size(), before);
    QCOMPARE(missedIn(ofHidden), 0);
    hidden.setVisibility(QWindow::Windowed);
    QVERIFY(QTest::qWaitForWindowExposed(&hidden));
    drawFrames(hidden, 2);
    QVERIFY(ofHidden.samples().size() > before);
    QCOMPARE(missedIn(ofHidden), 0);
    QVERIFY(ofShown.samples().size() >= 60);
    disconnect(work);
}

void SharingTest::aMonitorMayGoInAStall()
{
    ManualFrameClock clock(ms(1000));
    auto first = std::make_unique<JankMonitor>(clock, nullptr);
    JankMonitor second(clock, nullptr);
    first->setEnabled(true);
    second.setEnabled(true);
    connect(first.get(), &JankMonitor::stalled, this, [&] { first->setEnabled(false); });
    QSignalSpy stalled(&second, &JankMonitor::stalled);
    QMetaObject::invokeMethod(
        this, [&] { clock.advance(ms(80)); }, Qt::QueuedConnection);
    QTRY_COMPARE(stalled.size(), 1);
    QVERIFY(!first->isEnabled());
    connect(&second, &JankMonitor::stalled, this, [&] { second.setEnabled(false); });
    QMetaObject::invokeMethod(
        this, [&] { clock.advance(ms(80)); }, Qt::QueuedConnection);
    QTRY_VERIFY(!second.isEnabled());
    QVERIFY(LoopWatch::ofThisThread(clock)->heartbeat() == nullptr);
}

void SharingTest::theRateMayChangeWhileRunning()
{
    TwoWindows windows(60, 60);
    const auto drawFor = [&](TwoWindows::Window &window, int count) {
        std::int64_t missed = 0;
        std::int64_t next = windows.clock.now();
        for (int i = 0; i < count; ++i) {
            next += window.interval;
            windows.waitUntil(next);
            missed += windows.draw(window, ms(1)).missed;
        }
        return missed;
    };
    QCOMPARE(drawFor(windows.a, 60), 0);
    for (const double hertz : {144.0, 90.0, 30.0, 120.0, 60.0}) {
        windows.a.interval = jank::intervalForRefreshRate(hertz);
        windows.a.recorder.setInterval(windows.a.interval);
        QCOMPARE(drawFor(windows.a, 60), 0);
    }
    // Drawn half as often as its screen shows, with a wait of over an interval between: nothing more was wanted.
    windows.a.recorder.setInterval(windows.a.interval / 2);
    QCOMPARE(drawFor(windows.a, 20), 0);
    QCOMPARE(drawFor(windows.b, 3), 0);
}

QTEST_MAIN(SharingTest)
#include "sharing_test.moc"
