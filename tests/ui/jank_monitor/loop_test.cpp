#include "jank_monitor/names.h"
#include "jank_monitor/ui_part_tracker.h"

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
        tracker.addPart(&part);
        tracker.addBlockSink(
            [](void *self, const LoopBlock &block) { static_cast<Fixture *>(self)->blocks.push_back(block); }, this);
    }
    LoopTracker tracker;
    jank::UiPartTracker part{tracker};
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
    void classNamesAreThoseOfTheSource_data();
    void classNamesAreThoseOfTheSource();
    void objectNamesAreCutAtAWholeCharacter_data();
    void objectNamesAreCutAtAWholeCharacter();
    void theNestedEventThatTookTheTimeIsTheCulprit();
    void theOuterEventThatTookTheTimeIsTheCulprit();
    void noticesAreNobodysWork();
    void aLookAtTheStackTellsWhoRuns();
    void aLookThatCameTooLateTellsNothing();
    void manyNestedEvents();
    void theHandlerOfADialogIsNamedWhenItGoesOn();
    void aSinkMayGoWhileItIsCalled();
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
        f.part.setInterval(ms(16));
        f.tracker.waiting(ms(1));
        f.tracker.event(ms(100), QEvent::UpdateRequest, "Window");
        f.part.uiDone(ms(103));
        const jank::UiPart part = f.part.takeUiPart(ms(103 + wait));
        f.part.resumeUi(ms(104 + wait), 0);
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

void LoopTest::classNamesAreThoseOfTheSource_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("C++") << QByteArray("QQuickTapHandler") << QByteArray("QQuickTapHandler");
    QTest::newRow("a QML type") << QByteArray("Main_QMLTYPE_12") << QByteArray("Main");
    QTest::newRow("a QML object") << QByteArray("QQuickWindowQmlImpl_QML_3") << QByteArray("QQuickWindowQmlImpl");
    QTest::newRow("an object of a QML type") << QByteArray("Main_QMLTYPE_3_QML_14") << QByteArray("Main");
    QTest::newRow("a name like one") << QByteArray("My_QMLTYPE_Thing") << QByteArray("My_QMLTYPE_Thing");
    QTest::newRow("no number") << QByteArray("Main_QML_") << QByteArray("Main_QML_");
    QTest::newRow("nothing else") << QByteArray("_QML_1") << QByteArray("_QML_1");
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
    QTest::newRow("a number beyond what fits")
        << QByteArray(36, 'x') + QByteArray("_QMLTYPE_1234567") << QByteArray(36, 'x');
}

void LoopTest::classNamesAreThoseOfTheSource()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, shown);
    char name[LoopBlock::NameSize];
    std::fill(std::begin(name), std::end(name), '?');
    jank::copyClassName(name, given.constData());
    QCOMPARE(QByteArray(name), shown);
}

void LoopTest::objectNamesAreCutAtAWholeCharacter_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("copied");
    const auto repeated = [](const QString &text, int count) { return text.repeated(count); };
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("ASCII") << QStringLiteral("save") << QStringLiteral("save");
    QTest::newRow("39 of one byte") << repeated("a", 50) << repeated("a", 39);
    QTest::newRow("19 of two") << repeated(u"\u00e4"_qs, 50) << repeated(u"\u00e4"_qs, 19);
    QTest::newRow("13 of three") << repeated(u"\u5199"_qs, 50) << repeated(u"\u5199"_qs, 13);
    QTest::newRow("9 of four") << repeated(u"\U0001f4f7"_qs, 50) << repeated(u"\U0001f4f7"_qs, 9);
    QTest::newRow("two in the last place") << repeated("a", 38) + u"\u00e4"_qs << repeated("a", 38);
    QTest::newRow("half a character") << QString(QChar(0xd83d)) + u"x"_qs << QString(QChar(0xfffd)) + u"x"_qs;
    QTest::newRow("the other half") << QString(QChar(0xdcf7)) << QString(QChar(0xfffd));
}

void LoopTest::objectNamesAreCutAtAWholeCharacter()
{
    QFETCH(QString, given);
    QFETCH(QString, copied);
    char name[LoopBlock::NameSize];
    std::fill(std::begin(name), std::end(name), '?');
    const std::u16string text = given.toStdU16String();
    jank::copyUtf8(name, text);
    QCOMPARE(QString::fromUtf8(name), copied);
}

// Stack addresses go down with the depth of a call.
constexpr std::uintptr_t Depth0 = 0x9000;
constexpr std::uintptr_t Depth1 = 0x8000;
constexpr std::uintptr_t Depth2 = 0x7000;

void LoopTest::theNestedEventThatTookTheTimeIsTheCulprit()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::UpdateRequest, "Window", {}, Depth0);
    f.tracker.event(ms(12), QEvent::HoverMove, "Quick", {}, Depth1);
    f.tracker.event(ms(13), QEvent::HoverEnter, "Slow", u"photo", Depth1);
    f.tracker.event(ms(53), QEvent::HoverLeave, "Quick", {}, Depth1);
    f.tracker.event(ms(54), QEvent::Timer, "Other", {}, Depth0);
    f.tracker.waiting(ms(56));
    QCOMPARE(f.blocks.size(), std::size_t(1));
    QCOMPARE(QByteArray(f.blocks[0].receiver), QByteArray("Slow"));
    QCOMPARE(QByteArray(f.blocks[0].name), QByteArray("photo"));
    QCOMPARE(f.blocks[0].eventType, int(QEvent::HoverEnter));
}

void LoopTest::theOuterEventThatTookTheTimeIsTheCulprit()
{
    // In all 30 ms of its own before and between the nested ones, none of which took as long.
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::MetaCall, "Outer", {}, Depth0);
    f.tracker.event(ms(40), QEvent::User, "Nested", {}, Depth1);
    f.tracker.event(ms(55), QEvent::User, "Deeper", {}, Depth2);
    f.tracker.event(ms(75), QEvent::User, "Nested", {}, Depth1);
    f.tracker.waiting(ms(95));
    QCOMPARE(QByteArray(f.blocks[0].receiver), QByteArray("Outer"));
    QCOMPARE(f.blocks[0].length, ms(85));
}

void LoopTest::noticesAreNobodysWork()
{
    // A handler that makes an object and goes on working: what its parent was told took nothing.
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::MetaCall, "Handler", {}, Depth0);
    f.tracker.event(ms(11), QEvent::ChildAdded, "Parent", {}, Depth1);
    QCOMPARE(QByteArray(f.tracker.openBlockAt(ms(90)).receiver), QByteArray("Handler"));
    f.tracker.event(ms(90), QEvent::Timer, "Next", {}, Depth0);
    f.tracker.waiting(ms(95));
    QCOMPARE(QByteArray(f.blocks[0].receiver), QByteArray("Handler"));
}

void LoopTest::aLookAtTheStackTellsWhoRuns()
{
    // The nested event is over after a moment, and its sender works on: nothing but the stack can tell.
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::MetaCall, "Sender", {}, Depth0);
    f.tracker.event(ms(11), QEvent::User, "Nested", {}, Depth1);
    QCOMPARE(QByteArray(f.tracker.openBlockAt(ms(100)).receiver), QByteArray("Nested"));
    f.tracker.sampled(f.tracker.step(), ms(43), 1);
    f.tracker.waiting(ms(100));
    QCOMPARE(QByteArray(f.blocks[0].receiver), QByteArray("Sender"));

    // It has run for most of the time, and has ended by the second look.
    f.tracker.event(ms(200), QEvent::MetaCall, "Sender", {}, Depth0);
    f.tracker.event(ms(201), QEvent::User, "Nested", {}, Depth1);
    f.tracker.sampled(f.tracker.step(), ms(290), 2);
    f.tracker.sampled(f.tracker.step(), ms(330), 1);
    f.tracker.waiting(ms(340));
    QCOMPARE(QByteArray(f.blocks[1].receiver), QByteArray("Nested"));

    // The loop itself: none of the events.
    f.tracker.event(ms(400), QEvent::User, "Quick", {}, Depth0);
    f.tracker.sampled(f.tracker.step(), ms(402), 0);
    f.tracker.event(ms(450), QEvent::User, "Slow", {}, Depth0);
    f.tracker.waiting(ms(460));
    QCOMPARE(QByteArray(f.blocks[2].receiver), QByteArray("Slow"));
}

void LoopTest::aLookThatCameTooLateTellsNothing()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    f.tracker.event(ms(10), QEvent::MetaCall, "Sender", {}, Depth0);
    const std::uint32_t before = f.tracker.step();
    f.tracker.event(ms(11), QEvent::User, "Nested", {}, Depth1);
    f.tracker.sampled(before, ms(43), 1); // of the time before the nested one
    f.tracker.sampled(f.tracker.step(), ms(43), 7); // of events that were never seen
    f.tracker.waiting(ms(100));
    QCOMPARE(QByteArray(f.blocks[0].receiver), QByteArray("Nested"));
}

void LoopTest::manyNestedEvents()
{
    Fixture f;
    f.tracker.waiting(ms(1));
    for (std::uintptr_t i = 0; i < 100; ++i)
        f.tracker.event(ms(10) + static_cast<std::int64_t>(i), QEvent::User, "Deep", {}, Depth0 - 16 * i);
    f.tracker.event(ms(20), QEvent::User, "Next", {}, Depth0);
    f.tracker.waiting(ms(80));
    QCOMPARE(QByteArray(f.blocks[0].receiver), QByteArray("Next"));
}

void LoopTest::theHandlerOfADialogIsNamedWhenItGoesOn()
{
    Fixture f;
    f.tracker.waiting(ms(1), Depth0);
    f.tracker.event(ms(10), QEvent::MouseButtonRelease, "Button", u"open", Depth0 - 64);
    f.tracker.waiting(ms(14), Depth1); // the dialog's loop, on the button's stack
    f.tracker.event(ms(5000), QEvent::KeyPress, "Dialog", {}, Depth1 - 64);
    f.tracker.awake(ms(5001), Depth1); // it ends, and the handler goes on
    f.tracker.waiting(ms(5081), Depth0);
    QCOMPARE(f.blocks.back().length, ms(80));
    QCOMPARE(QByteArray(f.blocks.back().receiver), QByteArray("Button"));
    f.tracker.awake(ms(5100), Depth0);
    f.tracker.waiting(ms(5200), Depth0); // the outermost loop came round: the handler is over
    QCOMPARE(f.blocks.back().eventType, 0);
}

void LoopTest::aSinkMayGoWhileItIsCalled()
{
    struct Leaver {
        LoopTracker &tracker;
        int calls = 0;
    };
    LoopTracker tracker;
    Leaver first{tracker}, second{tracker};
    const auto leave = [](void *self, const LoopBlock &) {
        auto *leaver = static_cast<Leaver *>(self);
        ++leaver->calls;
        leaver->tracker.removeBlockSink(leaver);
    };
    tracker.addBlockSink(leave, &first);
    tracker.addBlockSink(leave, &second);
    for (int round = 1; round < 4; ++round) {
        tracker.awake(ms(10 * round));
        tracker.waiting(ms(10 * round + 1));
    }
    QCOMPARE(first.calls, 1);
    QCOMPARE(second.calls, 1);
}

QTEST_APPLESS_MAIN(LoopTest)
#include "loop_test.moc"
