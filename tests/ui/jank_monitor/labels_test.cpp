#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/labels.h"
#include "jank_monitor/scoped_label.h"

#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <tuple>

using jank::JankMonitor;
using jank::Labels;

namespace {

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

} // namespace

/// What the program says that it is doing.
class LabelsTest : public QObject {
    Q_OBJECT

private slots:
    void duringASpan();
    void shortOnesOfOneTextAreOne();
    void whatHoldsWhenItIsSwitchedOnIsKnown();
    void aStallIsToldAlsoWhileNothingIsDrawn();
    void theOldestIsForgotten();
    void labelsFromCppAndQml();
    void aStallCarriesTheLabelsOfItsTime();
};

void LabelsTest::duringASpan()
{
    Labels labels;
    const int first = labels.begin(QStringLiteral("first"), 10);
    const int second = labels.begin(QStringLiteral("second"), 20);
    labels.end(first, 30);
    labels.end(first, 40); // it has ended before
    labels.end(77, 40); // there is none
    const auto in = [&](std::int64_t start, std::int64_t end) { return labels.during({start, end}).join(u'+'); };
    QCOMPARE(in(0, 10), QString());
    QCOMPARE(in(0, 11), QStringLiteral("first"));
    QCOMPARE(in(15, 25), QStringLiteral("first+second"));
    QCOMPARE(in(29, 30), QStringLiteral("first+second"));
    QCOMPARE(in(30, 40), QStringLiteral("second"));
    QCOMPARE(in(1000, 1001), QStringLiteral("second")); // it still holds
    labels.end(second, 50);
    QCOMPARE(in(50, 60), QString());
    labels.clear();
    QCOMPARE(in(0, 100), QString());
    QVERIFY(labels.spans({0, 100}).empty());
    const int third = labels.begin(QStringLiteral("third"), 60);
    QVERIFY(third > second); // keys are not given twice
    labels.clear(); // what holds goes on
    QCOMPARE(in(0, 100), QStringLiteral("third"));
    labels.forget(third);
    QCOMPARE(in(0, 100), QString());
}

void LabelsTest::shortOnesOfOneTextAreOne()
{
    Labels labels;
    labels.begin(QStringLiteral("scrolling"), 0);
    for (std::int64_t i = 0; i < 5'000; ++i) {
        labels.add(QStringLiteral("compress"), {100 + 10 * i, 108 + 10 * i}, 2);
        labels.add(QStringLiteral("parse"), {101 + 10 * i, 107 + 10 * i}, 4);
    }
    labels.add(QStringLiteral("compress"), {60'000, 60'001}, 2);
    labels.add(QStringLiteral("early"), {50, 70}, 2); // told late
    const std::vector<jank::LabelSpan> spans = labels.spans({0, 100'000});
    QCOMPARE(spans.size(), std::size_t(5));
    QCOMPARE(spans[0].text, std::string("scrolling"));
    QCOMPARE(spans[1].text, std::string("early"));
    QCOMPARE(spans[2].text, std::string("compress"));
    QCOMPARE(spans[2].span.end, std::int64_t(50'098));
    QCOMPARE(spans[3].span.end, std::int64_t(50'097));
    QCOMPARE(spans[4].span.start, std::int64_t(60'000));
}

void LabelsTest::whatHoldsWhenItIsSwitchedOnIsKnown()
{
    jank::ManualFrameClock clock(ms(1000));
    JankMonitor monitor(clock, nullptr);
    const jank::ScopedLabel scrolling(monitor, QStringLiteral("scrolling"));
    {
        const jank::ScopedLabel over(monitor, QStringLiteral("over"));
    }
    clock.advance(ms(5));
    monitor.setEnabled(true);
    clock.advance(ms(5));
    monitor.reset();
    clock.advance(ms(5));
    const std::vector<jank::LabelSpan> spans = monitor.labelSpans();
    QCOMPARE(spans.size(), std::size_t(1));
    QCOMPARE(spans[0].text, std::string("scrolling"));
}

void LabelsTest::aStallIsToldAlsoWhileNothingIsDrawn()
{
    JankMonitor monitor;
    monitor.setEnabled(true);
    QSignalSpy updated(&monitor, &JankMonitor::statisticsUpdated);
    bool done = false;
    QMetaObject::invokeMethod(
        this,
        [&] {
            const auto until = monitor.clock().now() + ms(60);
            while (monitor.clock().now() < until) {}
            done = true;
        },
        Qt::QueuedConnection);
    QTRY_VERIFY(done);
    QTRY_VERIFY(updated.count() > 0);
    QVERIFY(monitor.heartbeatDelay() >= 60);
    // It is the delay of the last second.
    QTRY_VERIFY(monitor.heartbeatDelay() < 60);
}

void LabelsTest::theOldestIsForgotten()
{
    Labels labels;
    const int oldest = labels.begin(QStringLiteral("oldest"), 0);
    labels.end(oldest, 1);
    for (int i = 0; i < 2000; ++i)
        labels.end(labels.begin(QString::number(i), i), i + 1);
    labels.end(oldest, 5000); // it has been forgotten
    QVERIFY(labels.during({0, 1}).isEmpty());
    QCOMPARE(labels.during({1999, 2000}), QStringList{QStringLiteral("1999")});
    QCOMPARE(labels.spans({0, 3000}).size(), std::size_t(1024));
    QCOMPARE(labels.spans({0, 3000}).back().text, std::string("1999"));
}

void LabelsTest::labelsFromCppAndQml()
{
    jank::ManualFrameClock clock(ms(1000));
    auto monitor = std::make_unique<JankMonitor>(clock, nullptr);
    {
        const jank::ScopedLabel off(*monitor, QStringLiteral("off"));
    }
    QVERIFY(monitor->labelSpans().empty());
    monitor->setEnabled(true);
    {
        const jank::ScopedLabel outer(*monitor, QStringLiteral("scrolling"));
        clock.advance(ms(10));
        {
            const jank::ScopedLabel inner(*monitor, QStringLiteral("job 12"));
            clock.advance(ms(5));
        }
        clock.advance(ms(5));
    }
    // From QML: the key that begins one ends it.
    QQmlEngine engine;
    QQmlComponent component(&engine);
    component.setData("import QtQml; QtObject { required property QtObject monitor; property int key;"
                      " function begin() { key = monitor.beginLabel('from QML') }"
                      " function end() { monitor.endLabel(key) } }",
                      {});
    const std::unique_ptr<QObject> object(component.createWithInitialProperties(
        {{QStringLiteral("monitor"), QVariant::fromValue<QObject *>(monitor.get())}}));
    QVERIFY2(object, qPrintable(component.errorString()));
    QVERIFY(QMetaObject::invokeMethod(object.get(), "begin"));
    clock.advance(ms(7));
    QVERIFY(QMetaObject::invokeMethod(object.get(), "end"));
    const int open = monitor->beginLabel(QStringLiteral("open"));
    QVERIFY(open != 0);
    clock.advance(ms(3));

    const std::vector<jank::LabelSpan> spans = monitor->labelSpans();
    const std::vector<std::tuple<std::string, double, double>> expected{
        {"scrolling", 1000, 1020}, {"job 12", 1010, 1015}, {"from QML", 1020, 1027}, {"open", 1027, 1030}};
    QCOMPARE(spans.size(), expected.size());
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const auto &[text, start, end] = expected[i];
        QCOMPARE(spans[i].text, text);
        QCOMPARE(spans[i].span.start, ms(start));
        QCOMPARE(spans[i].span.end, ms(end));
    }
    // A label may outlive its monitor.
    const jank::ScopedLabel last(*monitor, QStringLiteral("last"));
    monitor.reset();
}

void LabelsTest::aStallCarriesTheLabelsOfItsTime()
{
    jank::ManualFrameClock clock(ms(1000));
    JankMonitor monitor(clock, nullptr);
    monitor.setEnabled(true);
    {
        const jank::ScopedLabel before(monitor, QStringLiteral("before"));
        clock.advance(ms(1));
    }
    clock.advance(ms(1));
    bool done = false;
    QMetaObject::invokeMethod(
        this,
        [&] {
            const jank::ScopedLabel label(monitor, QStringLiteral("job 12"));
            clock.advance(ms(50));
            done = true;
        },
        Qt::QueuedConnection);
    QTRY_VERIFY(done);
    QTRY_COMPARE(monitor.stalls().size(), std::size_t(1));
    QCOMPARE(monitor.stalls()[0].labels, std::vector<std::string>{"job 12"});
    QCOMPARE(monitor.stalls()[0].block.length, ms(50));
}

QTEST_GUILESS_MAIN(LabelsTest)
#include "labels_test.moc"
