#include "jank_monitor/work_log.h"

#include "jank_monitor/jank_monitor.h"

#include <QtTest/qtest.h>

#include <thread>
#include <vector>

using jank::WorkInterval;
using jank::WorkLog;

class WorkLogTest : public QObject {
    Q_OBJECT

private slots:
    void keepsWhatWasReported();
    void ignoresTimesThatRunBackwards();
    void forgetsTheOldestFirst();
    void tellsOnlyWhatIsNew();
    void whatIsTakenInTimeIsNotLost();
    void theMonitorTakesWorkAlsoWhileNothingIsDrawn();
    void aNewLaneTakesThePlaceOfTheMostSilentOne();
    void theBusiestLanesComeForwardAndStayInPlace();
    void visitsTheNewestFirst();
    void manyThreadsReport();
};

void WorkLogTest::keepsWhatWasReported()
{
    WorkLog log;
    log.addWork(7, "compress 1", "IMG_1.jpg", 100, 200, 80);
    log.addWork(9, "upload", "IMG_0.jpg", 150, 300);
    const auto work = log.workSince(0);
    QCOMPARE(work.size(), std::size_t(2));
    QCOMPARE(work[0].lane, std::uint64_t(7));
    QCOMPARE(work[0].label, std::string("IMG_1.jpg"));
    QCOMPARE(work[0].cpu, std::int64_t(80));
    QCOMPARE(work[1].end, std::int64_t(300));
    QCOMPARE(log.workSince(200).size(), std::size_t(1));
    QCOMPARE(log.lanes().size(), std::size_t(2));
    QCOMPARE(log.lanes()[1].name, std::string("upload"));
    log.clear();
    QVERIFY(log.workSince(0).empty());
    QVERIFY(log.lanes().empty());
}

void WorkLogTest::ignoresTimesThatRunBackwards()
{
    WorkLog log;
    log.addWork(1, "a", "b", 200, 100);
    QVERIFY(log.workSince(0).empty());
    QVERIFY(log.lanes().empty());
}

void WorkLogTest::forgetsTheOldestFirst()
{
    WorkLog log(3);
    for (int i = 0; i < 5; ++i)
        log.addWork(1, "a", std::to_string(i), i, i + 1);
    const auto work = log.workSince(-1);
    QCOMPARE(work.size(), std::size_t(3));
    QCOMPARE(work.front().label, std::string("2"));
}

void WorkLogTest::tellsOnlyWhatIsNew()
{
    WorkLog log(3);
    std::uint64_t seen = 0;
    log.addWork(1, "a", "0", 0, 1);
    QCOMPARE(log.takeAfter(seen).size(), std::size_t(1));
    QVERIFY(log.takeAfter(seen).empty());
    for (int i = 1; i < 6; ++i)
        log.addWork(1, "a", std::to_string(i), i, i + 1);
    const auto fresh = log.takeAfter(seen); // two of five are gone already
    QCOMPARE(fresh.size(), std::size_t(3));
    QCOMPARE(fresh.front().label, std::string("3"));
    log.clear();
    log.addWork(1, "a", "6", 6, 7);
    QCOMPARE(log.takeAfter(seen).size(), std::size_t(1));
}

void WorkLogTest::whatIsTakenInTimeIsNotLost()
{
    WorkLog log(8);
    std::uint64_t seen = 0;
    std::size_t taken = 0;
    int told = 0;
    log.setHalfFull([&] {
        ++told;
        taken += log.takeAfter(seen).size();
    });
    for (int i = 0; i < 20; ++i)
        log.addWork(1, "a", "", i, i + 1);
    QCOMPARE(told, 5);
    QCOMPARE(taken, std::size_t(20));
    QCOMPARE(log.lost(), std::uint64_t(0));

    // Nobody takes it: told once, and what goes is counted.
    log.setHalfFull([&] { ++told; });
    for (int i = 0; i < 20; ++i)
        log.addWork(1, "a", "", i, i + 1);
    QCOMPARE(told, 6);
    QCOMPARE(log.takeAfter(seen).size(), std::size_t(8));
    QCOMPARE(log.lost(), std::uint64_t(12));
    log.setHalfFull({});
    for (int i = 0; i < 4; ++i)
        log.addWork(1, "a", "", i, i + 1);
    QCOMPARE(told, 6);
}

void WorkLogTest::theMonitorTakesWorkAlsoWhileNothingIsDrawn()
{
    jank::JankMonitor monitor;
    monitor.setEnabled(true);
    constexpr std::int64_t Pieces = 20'000;
    const std::int64_t now = monitor.clock().now();
    for (std::int64_t i = 0; i < Pieces; ++i)
        monitor.workLog()->addWork(1, "compress 1", "photo", now + i, now + i + 1);
    QCOMPARE(monitor.workLog()->lost(), std::uint64_t(0));
    QCOMPARE(monitor.trace().work.size(), std::size_t(Pieces));

    // The same from another thread.
    std::thread worker([&monitor, now] {
        for (std::int64_t i = 0; i < 5'000; ++i)
            monitor.workLog()->addWork(2, "compress 2", "photo", now + i, now + i + 1);
    });
    worker.join();
    QTRY_COMPARE(monitor.trace().work.size(), std::size_t(Pieces + 5'000));
}

void WorkLogTest::aNewLaneTakesThePlaceOfTheMostSilentOne()
{
    WorkLog log(100, 2);
    log.addWork(1, "one", "", 0, 10);
    log.addWork(2, "two", "", 0, 20);
    log.addWork(1, "one", "", 20, 30);
    log.addWork(3, "three", "", 30, 40);
    QCOMPARE(log.lanes().size(), std::size_t(2));
    QCOMPARE(log.lanes()[0].name, std::string("one"));
    QCOMPARE(log.lanes()[1].name, std::string("three"));
}

void WorkLogTest::theBusiestLanesComeForwardAndStayInPlace()
{
    WorkLog log;
    const auto names = [&log] {
        std::string all;
        for (const auto &lane : log.lanes())
            all += lane.name;
        return all;
    };
    log.addWork(1, "a", "", 0, 900); // long ago
    log.addWork(2, "b", "", 1000, 1010);
    log.addWork(3, "c", "", 1000, 1100);
    log.addWork(4, "d", "", 1000, 1001);
    log.bringBusiestForward(4, 1000);
    QCOMPARE(names(), std::string("abcd"));
    log.bringBusiestForward(2, 1000);
    QCOMPARE(names(), std::string("cbad")); // b keeps its place, though c worked more
    log.addWork(4, "d", "", 1100, 1150);
    log.bringBusiestForward(2, 1000);
    QCOMPARE(names(), std::string("cdab"));
    log.bringBusiestForward(2, 2000); // nobody works: who worked last
    QCOMPARE(names(), std::string("cdab"));
    std::vector<std::size_t> lanes;
    log.forEachSince(1000, [&lanes](std::size_t lane, const WorkInterval &) { lanes.push_back(lane); });
    QCOMPARE(lanes, (std::vector<std::size_t>{1, 1, 0, 3}));
    log.bringBusiestForward(0, 0);
    log.bringBusiestForward(9, 0);
    QCOMPARE(log.lanes().size(), std::size_t(4));
}

void WorkLogTest::visitsTheNewestFirst()
{
    WorkLog log(100, 1);
    log.addWork(1, "one", "first", 0, 10);
    log.addWork(2, "two", "second", 10, 20);
    std::vector<std::pair<std::size_t, std::string>> seen;
    log.forEachSince(0, [&](std::size_t lane, const WorkInterval &work) { seen.emplace_back(lane, work.label); });
    QCOMPARE(seen.size(), std::size_t(2));
    QCOMPARE(seen[0], std::make_pair(std::size_t(0), std::string("second")));
    QCOMPARE(seen[1], std::make_pair(std::size_t(1), std::string("first"))); // its lane is not kept any more
}

void WorkLogTest::manyThreadsReport()
{
    WorkLog log(100'000);
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t lane = 1; lane <= 4; ++lane) {
            threads.emplace_back([&log, lane] {
                for (int i = 0; i < 1000; ++i)
                    log.addWork(lane, "lane", "work", i, i + 1);
            });
        }
    }
    std::uint64_t seen = 0;
    QCOMPARE(log.takeAfter(seen).size(), std::size_t(4000));
    QCOMPARE(log.lanes().size(), std::size_t(4));
}

QTEST_GUILESS_MAIN(WorkLogTest)
#include "work_log_test.moc"
