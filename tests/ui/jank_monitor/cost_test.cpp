#include "allocation_count.h"
#include "scripted_window.h"

#include "jank_monitor/heartbeat.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/loop_probe.h"
#include "jank_monitor/probes.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtQuick/qquickwindow.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <filesystem>

using jank::JankMonitor;

namespace {

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

} // namespace

namespace {

/// Shows how many receivers a signal has.
class CountingWindow : public QQuickWindow {
public:
    [[nodiscard]] int listeners() const
    {
        int count = 0;
        for (const char *signal :
             {SIGNAL(beforeSynchronizing()), SIGNAL(afterSynchronizing()), SIGNAL(beforeRendering()),
              SIGNAL(afterRendering()), SIGNAL(frameSwapped()), SIGNAL(afterAnimating()),
              SIGNAL(visibilityChanged(QWindow::Visibility)), SIGNAL(screenChanged(QScreen *))})
            count += receivers(signal);
        return count;
    }
};

std::size_t threads()
{
#if defined(__linux__)
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
#else
    return 0;
#endif
}

/// Passes everything on: what it costs to have a filter at all.
class Receiver : public QObject {
public:
    int seen = 0;

protected:
    bool event(QEvent *event) override
    {
        seen += event->type() == QEvent::User ? 1 : 0;
        return QObject::event(event);
    }
};

} // namespace

/// What the monitor itself costs: no allocation in the path of frames and events, and nothing at all when it is off.
class CostTest : public QObject {
    Q_OBJECT

private slots:
    void stationsDoNotAllocate_data();
    void stationsDoNotAllocate();
    void theEventFilterDoesNotAllocate();
    void framesOfAWindowDoNotAllocate();
    void nothingIsInstalledWhenOff();
    void itsOwnBeatsAreNoEvents();
    void theCostIsShown();
};

void CostTest::stationsDoNotAllocate_data()
{
    QTest::addColumn<int>("loop");
    QTest::newRow("threaded") << int(ScriptedWindow::Loop::Threaded);
    QTest::newRow("on the UI thread") << int(ScriptedWindow::Loop::OnUiThread);
}

void CostTest::stationsDoNotAllocate()
{
    QFETCH(int, loop);
    ScriptedWindow window(60, ScriptedWindow::Loop(loop));
    window.blocks.reserve(5000);
    const std::size_t before = allocations;
    for (int i = 0; i < 1000; ++i)
        window.draw({.handler = i % 7 == 0 ? ms(40) : 0, .nested = i % 5 == 0 ? ms(20) : 0});
    QCOMPARE(allocations, before);
}

void CostTest::theEventFilterDoesNotAllocate()
{
    jank::LoopTracker tracker;
    jank::UiPartTracker uiPart(tracker);
    tracker.addPart(&uiPart);
    jank::LoopProbe probe(jank::SteadyFrameClock::instance(), tracker);
    Receiver receiver;
    receiver.setObjectName(QString(100, QChar(0xe4)));
    auto *dispatcher = QAbstractEventDispatcher::instance();
    QEvent event(QEvent::User);
    const std::size_t before = allocations;
    for (int i = 0; i < 1000; ++i) {
        emit dispatcher->awake();
        QCoreApplication::sendEvent(&receiver, &event);
        emit dispatcher->aboutToBlock();
    }
    QCOMPARE(allocations, before);
    QCOMPARE(receiver.seen, 1000);
    QVERIFY(tracker.step() >= 3000); // they were told
    QVERIFY(probe.takeCost() > 0);
    QCOMPARE(probe.takeCost(), 0);
    tracker.removePart(&uiPart);
}

void CostTest::framesOfAWindowDoNotAllocate()
{
    // The stations of a real window, passed by hand: the scene graph itself allocates as it likes.
    const auto drawBy = [](CountingWindow &window, int count) {
        for (int i = 0; i < count; ++i) {
            emit window.afterAnimating();
            emit window.beforeSynchronizing();
            emit window.afterSynchronizing();
            emit window.beforeRendering();
            emit window.afterRendering();
            emit window.frameSwapped();
        }
    };
    jank::ManualFrameClock clock(ms(1000)); // it stands still, so that no refresh of the figures is due
    CountingWindow window;
    JankMonitor monitor(clock, nullptr);
    monitor.attach(&window);
    monitor.setEnabled(true);
    drawBy(window, 10);
    const std::size_t before = allocations;
    drawBy(window, 200);
    QCOMPARE(allocations, before);
    QCOMPARE(monitor.samples().size(), std::size_t(210));
}

void CostTest::nothingIsInstalledWhenOff()
{
    CountingWindow window;
    window.create();
    const std::size_t threadsBefore = threads();
    const int listenersBefore = window.listeners();
    JankMonitor monitor;
    monitor.attach(&window);
    const auto watch = jank::LoopWatch::ofThisThread(monitor.clock());
    QCOMPARE(threads(), threadsBefore);
    QCOMPARE(window.listeners(), listenersBefore);

    const auto stepsOfAnEvent = [&] {
        const std::uint32_t before = watch->tracker().step();
        QEvent event(QEvent::User);
        QCoreApplication::sendEvent(this, &event);
        return watch->tracker().step() - before;
    };
    const auto stepsOfARound = [&] {
        const std::uint32_t before = watch->tracker().step();
        emit QAbstractEventDispatcher::instance()->awake();
        return watch->tracker().step() - before;
    };
    QCOMPARE(stepsOfAnEvent(), 0u);
    QCOMPARE(stepsOfARound(), 0u);
    for (int i = 0; i < 3; ++i) {
        monitor.setEnabled(true);
        QVERIFY(window.listeners() > listenersBefore);
        QVERIFY(stepsOfAnEvent() > 0);
        QVERIFY(stepsOfARound() > 0);
#if defined(__linux__)
        QCOMPARE(threads(), threadsBefore + 1);
#endif
        monitor.setEnabled(false);
        QCOMPARE(window.listeners(), listenersBefore);
        QCOMPARE(stepsOfAnEvent(), 0u);
        QCOMPARE(stepsOfARound(), 0u);
        QTRY_COMPARE(threads(), threadsBefore); // a joined thread's entry may stay for a moment
        QVERIFY(watch->heartbeat() == nullptr);
    }
}

void CostTest::itsOwnBeatsAreNoEvents()
{
    jank::LoopTracker tracker;
    jank::LoopProbe probe(jank::SteadyFrameClock::instance(), tracker);
    Receiver beats;
    probe.setIgnored(&beats);
    QEvent event(QEvent::User);
    const std::uint32_t before = tracker.step();
    QCoreApplication::sendEvent(&beats, &event);
    QCOMPARE(tracker.step(), before);
    QCOMPARE(beats.seen, 1); // it gets them all the same
    probe.setIgnored(nullptr);
    QCoreApplication::sendEvent(&beats, &event);
    QVERIFY(tracker.step() != before);
}

void CostTest::theCostIsShown()
{
    QQuickWindow window;
    window.resize(60, 60);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    JankMonitor monitor;
    monitor.attach(&window);
    monitor.setEnabled(true);
    QSignalSpy updated(&monitor, &JankMonitor::statisticsUpdated);
    window.update();
    QVERIFY(updated.wait());
    QVERIFY(monitor.uiCost() > 0);
    QVERIFY(monitor.renderCost() > 0);
}

QTEST_MAIN(CostTest)
#include "cost_test.moc"
