// Which part of a recording is shown, as it is zoomed and panned.
#include "jank_monitor/timeline_range.h"

#include <QtTest/qtest.h>

#include <cmath>
#include <random>

using namespace jank;

class TimelineRangeTest : public QObject {
    Q_OBJECT

private slots:
    void zoomingKeepsWhatIsUnderTheCursor_data()
    {
        QTest::addColumn<qint64>("anchor");
        QTest::addColumn<double>("factor");
        for (const double factor : {0.1, 0.5, 0.83, 1.0, 1.2, 1.9})
            for (const qint64 anchor : {40'000'000'000, 45'123'456'789, 50'000'000'000})
                QTest::addRow("%.2f at %lld", factor, anchor) << anchor << factor;
    }
    void zoomingKeepsWhatIsUnderTheCursor()
    {
        QFETCH(qint64, anchor);
        QFETCH(double, factor);
        // Months of uptime must not cost nanoseconds.
        constexpr std::int64_t Up = 7'000'000'000'000'000;
        const Interval bounds{Up, Up + 100'000'000'000};
        const Interval range{Up + 40'000'000'000, Up + 50'000'000'000};
        const Interval zoomed = zoomedAt(range, bounds, Up + anchor, factor);
        QCOMPARE(zoomed.length(), static_cast<std::int64_t>(std::llround(range.length() * factor)));
        const double before = double(Up + anchor - range.start) / range.length();
        const double after = double(Up + anchor - zoomed.start) / zoomed.length();
        QVERIFY(std::abs(before - after) * zoomed.length() <= 1.0);
    }

    void zoomingAndPanningStayWithinTheRecording()
    {
        std::mt19937 random(5);
        const Interval bounds{1'000'000'000, 61'000'000'000};
        Interval range = bounds;
        for (int i = 0; i < 5'000; ++i) {
            const std::int64_t at = std::uniform_int_distribution<std::int64_t>(0, 70'000'000'000)(random);
            const double factor = std::exp(std::uniform_real_distribution<>(-3, 3)(random));
            range = i % 2 == 0 ? zoomedAt(range, bounds, at, factor) : pannedBy(range, bounds, at - 35'000'000'000);
            QVERIFY(range.start >= bounds.start && range.end <= bounds.end);
            QVERIFY(range.length() >= ShortestRange);
        }
        QCOMPARE(zoomedAt(bounds, bounds, bounds.start, 1e9).length(), bounds.length());
        QCOMPARE(zoomedAt(range, bounds, range.start, 1e-12).length(), ShortestRange);
    }

    void aRecordingShorterThanTheShortestRangeIsShownFromItsBegin()
    {
        const Interval bounds{500, 600};
        const Interval shown = clampedTo({0, 1'000'000'000}, bounds);
        QCOMPARE(shown.start, bounds.start);
        QCOMPARE(shown.length(), ShortestRange);
        QCOMPARE(zoomedAt(shown, bounds, 550, 0.5).length(), ShortestRange);
        QCOMPARE(pannedBy(shown, bounds, 1'000).start, bounds.start);
        const Interval empty = clampedTo({3, 3}, {0, 0});
        QCOMPARE(empty.start, 0);
    }

    void revealingMovesOnlyAsFarAsIsNeeded()
    {
        const Interval bounds{0, 1'000'000'000};
        const Interval range{100'000'000, 200'000'000};
        QCOMPARE(revealing(range, bounds, {120'000'000, 130'000'000}).start, range.start);
        const Interval right = revealing(range, bounds, {300'000'000, 310'000'000});
        QCOMPARE(right.end, 320'000'000);
        QCOMPARE(right.length(), range.length());
        const Interval left = revealing(range, bounds, {50'000'000, 60'000'000});
        QCOMPARE(left.start, 40'000'000);
    }
};

QTEST_GUILESS_MAIN(TimelineRangeTest)
#include "timeline_range_test.moc"
