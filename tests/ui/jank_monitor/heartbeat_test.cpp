#include "jank_monitor/heartbeat.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/loop_probe.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <thread>

using jank::Heartbeat;
using jank::JankMonitor;
using jank::SteadyFrameClock;

namespace {

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

void spinFor(std::int64_t length)
{
    const std::int64_t end = SteadyFrameClock::instance().now() + length;
    while (SteadyFrameClock::instance().now() < end) {}
}

} // namespace

class HeartbeatTest : public QObject {
    Q_OBJECT

private slots:
    void theWatchdogSeesAStuckLoop();
    void aBeatIsAnswered();
    void startsAndStops();
    void aBlockIsReportedAtLeastAsLongAsItWas();
    void theCulpritIsNamed();
    void anIdleNestedLoopIsNoStall();
    void nothingIsMeasuredWhenOff();
};

void HeartbeatTest::theWatchdogSeesAStuckLoop()
{
    jank::LoopTracker tracker;
    jank::LoopProbe probe(SteadyFrameClock::instance(), tracker);
    Heartbeat heartbeat(SteadyFrameClock::instance(), tracker);
    probe.setIgnored(&heartbeat);
    std::atomic<qint64> stuckSince{0};
    connect(
        &heartbeat, &Heartbeat::stuck, this, [&](qint64 since) { stuckSince = since; }, Qt::DirectConnection);
    heartbeat.start();

    std::int64_t blockedSince = 0;
    QTimer::singleShot(0, this, [&] {
        blockedSince = SteadyFrameClock::instance().now();
        while (heartbeat.stallsSeen() == 0) // the loop stays away until the other thread has noticed
            std::this_thread::yield();
    });
    QTRY_COMPARE(heartbeat.stallsSeen(), 1);
    QTRY_VERIFY(stuckSince != 0);
    QVERIFY(stuckSince <= blockedSince);
}

void HeartbeatTest::aBeatIsAnswered()
{
    jank::LoopTracker tracker;
    jank::LoopProbe probe(SteadyFrameClock::instance(), tracker);
    Heartbeat heartbeat(SteadyFrameClock::instance(), tracker);
    probe.setIgnored(&heartbeat);
    heartbeat.start();
    QTimer::singleShot(0, this, [&] {
        while (heartbeat.stallsSeen() == 0)
            std::this_thread::yield();
        spinFor(ms(5));
    });
    QTRY_VERIFY(heartbeat.answered() > 0);
    QVERIFY(heartbeat.takeWorstDelay() >= ms(5)); // it was posted before the loop was found stuck
    QCOMPARE(heartbeat.takeWorstDelay(), 0);
}

void HeartbeatTest::startsAndStops()
{
    jank::LoopTracker tracker;
    jank::LoopProbe probe(SteadyFrameClock::instance(), tracker);
    Heartbeat heartbeat(SteadyFrameClock::instance(), tracker);
    probe.setIgnored(&heartbeat);
    for (int i = 0; i < 20; ++i) {
        heartbeat.start();
        QVERIFY(heartbeat.isRunning());
        QCoreApplication::processEvents();
        heartbeat.stop();
        QVERIFY(!heartbeat.isRunning());
    }
}

void HeartbeatTest::aBlockIsReportedAtLeastAsLongAsItWas()
{
    JankMonitor monitor;
    monitor.setEnabled(true);
    QSignalSpy stalled(&monitor, &JankMonitor::stalled);
    QTimer::singleShot(0, this, [] { spinFor(ms(60)); });
    QTRY_VERIFY(!stalled.isEmpty());
    QVERIFY(stalled.first().first().toDouble() >= 60.0);
    QVERIFY(monitor.longestStall() >= 60.0);
    QVERIFY(monitor.stallTime() >= 60.0);
}

void HeartbeatTest::theCulpritIsNamed()
{
    JankMonitor monitor;
    monitor.setEnabled(true);
    QSignalSpy stalled(&monitor, &JankMonitor::stalled);
    class Slow : public QObject {
    public:
        bool event(QEvent *event) override
        {
            if (event->type() == QEvent::User)
                spinFor(ms(60));
            return QObject::event(event);
        }
    } slow;
    QCoreApplication::postEvent(&slow, new QEvent(QEvent::User));
    const auto named = [&] {
        return std::any_of(stalled.begin(), stalled.end(),
                           [](const auto &call) { return call.at(1).toString() == u"User \u2192 QObject"_qs; });
    };
    QTRY_VERIFY(named());
}

void HeartbeatTest::anIdleNestedLoopIsNoStall()
{
    jank::LoopTracker tracker;
    std::vector<jank::LoopBlock> blocks;
    tracker.addBlockSink(
        [](void *to, const jank::LoopBlock &block) {
            static_cast<std::vector<jank::LoopBlock> *>(to)->push_back(block);
        },
        &blocks);
    const jank::LoopProbe probe(SteadyFrameClock::instance(), tracker);
    std::int64_t opened = 0;
    std::int64_t closed = 0;
    QTimer::singleShot(0, this, [&] {
        opened = SteadyFrameClock::instance().now();
        QEventLoop dialog;
        QTimer::singleShot(200, &dialog, &QEventLoop::quit);
        dialog.exec();
        closed = SteadyFrameClock::instance().now();
    });
    QTRY_VERIFY(closed != 0);
    QCoreApplication::processEvents();
    for (const jank::LoopBlock &block : blocks)
        QVERIFY(!(block.start <= opened && block.end >= closed)); // no block spans the dialog
}

void HeartbeatTest::nothingIsMeasuredWhenOff()
{
    JankMonitor monitor;
    QSignalSpy stalled(&monitor, &JankMonitor::stalled);
    bool done = false;
    QTimer::singleShot(0, this, [&] {
        spinFor(ms(60));
        done = true;
    });
    QTRY_VERIFY(done);
    QCoreApplication::processEvents();
    QVERIFY(stalled.isEmpty());
    QCOMPARE(monitor.longestStall(), 0.0);
    monitor.endLabel(monitor.beginLabel(QStringLiteral("off")));
    QVERIFY(monitor.labelSpans().empty());
}

QTEST_GUILESS_MAIN(HeartbeatTest)
#include "heartbeat_test.moc"
