#include "jank_monitor/loop_tracker.h"

#include <QtCore/qcoreevent.h>
#include <QtTest/qtest.h>

#include <vector>

using jank::LoopBlock;
using jank::LoopTracker;

namespace {

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

struct Fixture {
    Fixture()
    {
        tracker.setBlockSink(
            [](void *self, const LoopBlock &block) { static_cast<Fixture *>(self)->blocks.push_back(block); }, this);
    }
    LoopTracker tracker;
    std::vector<LoopBlock> blocks;
};

} // namespace

class LoopTest : public QObject {
    Q_OBJECT

private slots:
    void aBlockLastsFromEventToDispatcher();
    void theCulpritIsTheEventThatTookLongest();
    void aNestedLoopThatWaitsIsNoBlock();
    void workAfterANestedLoopIsABlock();
    void aLoopThatNeverWaitsIsSeenAtEachRound();
    void waitingForTheRenderThreadIsExcusedUpToAnInterval();
    void busySince();
    void longNamesAreCut();
};

void LoopTest::aBlockLastsFromEventToDispatcher()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::Timer, "A");
    f.tracker.event(ms(12), QEvent::MetaCall, "B");
    f.tracker.waiting(ms(17));
    QCOMPARE(f.blocks.size(), std::size_t(1));
    QCOMPARE(f.blocks[0].start, ms(10));
    QCOMPARE(f.blocks[0].end, ms(17));
    QCOMPARE(f.blocks[0].length, ms(7));
}

void LoopTest::theCulpritIsTheEventThatTookLongest()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::Timer, "Quick");
    f.tracker.event(ms(12), QEvent::MetaCall, "Slow");
    f.tracker.event(ms(60), QEvent::MouseMove, "Quick");
    f.tracker.waiting(ms(61));
    QCOMPARE(QByteArray(f.blocks[0].receiver), QByteArray("Slow"));
    QCOMPARE(f.blocks[0].eventType, int(QEvent::MetaCall));
}

void LoopTest::aNestedLoopThatWaitsIsNoBlock()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::MouseButtonRelease, "Button"); // opens a dialog
    f.tracker.waiting(ms(14));
    f.tracker.event(ms(5000), QEvent::KeyPress, "Dialog");
    f.tracker.waiting(ms(5001));
    for (const LoopBlock &block : f.blocks)
        QVERIFY(block.length <= ms(4));
    QCOMPARE(f.blocks.size(), std::size_t(2));
}

void LoopTest::workAfterANestedLoopIsABlock()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::MouseButtonRelease, "Button");
    f.tracker.waiting(ms(14));
    f.tracker.awake(ms(5000)); // the nested loop ends, and the handler goes on without another event
    f.tracker.waiting(ms(5080));
    QCOMPARE(f.blocks.back().length, ms(80));
}

void LoopTest::aLoopThatNeverWaitsIsSeenAtEachRound()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    for (int round = 0; round < 10; ++round) {
        f.tracker.awake(ms(10 + 5 * round));
        f.tracker.event(ms(10 + 5 * round), QEvent::MetaCall, "Chatty");
    }
    f.tracker.waiting(ms(60));
    QCOMPARE(f.blocks.size(), std::size_t(10));
    for (const LoopBlock &block : f.blocks)
        QCOMPARE(block.length, ms(5));
}

void LoopTest::waitingForTheRenderThreadIsExcusedUpToAnInterval()
{
    for (const double wait : {10.0, 100.0}) {
        Fixture f;
        f.tracker.setInterval(ms(16));
        f.tracker.waiting(ms(1));
        f.tracker.event(ms(100), QEvent::UpdateRequest, "Window");
        f.tracker.uiDone(ms(103));
        const jank::UiPart part = f.tracker.takeUiPart(ms(103 + wait));
        f.tracker.resumeUi(ms(104 + wait), 0);
        f.tracker.waiting(ms(105 + wait));
        QCOMPARE(part.busy, ms(3));
        QCOMPARE(f.blocks[0].length, ms(5 + wait) - ms(std::min(wait, 16.0)));
    }
}

void LoopTest::busySince()
{
    Fixture f;
    int woken = 0;
    f.tracker.setBusySink([](void *count) { ++*static_cast<int *>(count); }, &woken);
    f.tracker.waiting(ms(1));
    QCOMPARE(f.tracker.busySince(), std::int64_t(0));
    f.tracker.event(ms(10), QEvent::Timer, "A");
    f.tracker.event(ms(11), QEvent::Timer, "A");
    QCOMPARE(f.tracker.busySince(), ms(10));
    QCOMPARE(f.tracker.openBlockAt(ms(30)).length, ms(20));
    f.tracker.waiting(ms(40));
    QCOMPARE(f.tracker.busySince(), std::int64_t(0));
    QCOMPARE(f.tracker.openBlockAt(ms(50)).length, std::int64_t(0));
    QCOMPARE(woken, 1);
}

void LoopTest::longNamesAreCut()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    const QByteArray name(200, 'x');
    f.tracker.event(ms(10), QEvent::Timer, name.constData());
    f.tracker.waiting(ms(11));
    QCOMPARE(QByteArray(f.blocks[0].receiver), name.left(LoopBlock::NameSize - 1));
    f.tracker.event(ms(20), QEvent::Timer, "short");
    f.tracker.waiting(ms(21));
    QCOMPARE(QByteArray(f.blocks[1].receiver), QByteArray("short"));
}

QTEST_APPLESS_MAIN(LoopTest)
#include "loop_test.moc"
