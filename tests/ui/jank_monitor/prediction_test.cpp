#include "jank_monitor/frames_kept.h"
#include "jank_monitor/jank_prediction.h"

#include <QtTest/qtest.h>

#include <vector>

using jank::Interval;
using jank::JankPrediction;
using jank::PredictionOptions;
using jank::WorkInterval;

namespace {

constexpr std::int64_t Ten = 10'000'000; // vsyncs at 0, 10, 20 ... ms

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

WorkInterval job(double start, double end, double cpu = 0)
{
    WorkInterval work;
    work.lane = 1;
    work.start = ms(start);
    work.end = ms(end);
    work.cpu = ms(cpu);
    return work;
}

JankPrediction predict(const std::vector<WorkInterval> &work, const std::vector<Interval> &wanted,
                       PredictionOptions options = {.interval = Ten})
{
    return jank::predictJankAvoided(work, wanted, options);
}

const std::vector<Interval> Second{{0, 1'000'000'000}};

jank::FrameSample frame(double wanted, double shown, int missed = 0)
{
    jank::FrameSample sample;
    sample.interval = Ten;
    sample.wanted = ms(wanted);
    sample.deadline = ms(wanted) + Ten;
    sample.swapEnd = ms(shown);
    sample.missed = missed;
    sample.cause = missed > 0 ? jank::Cause::Render : jank::Cause::None;
    return sample;
}

} // namespace

class PredictionTest : public QObject {
    Q_OBJECT

private slots:
    void noWorkAvoidsNothing();
    void aJobThatFitsBetweenFramesAvoidsNothing();
    void aJobThatDoesNotFitBesideTheFrame();
    void aLongJob();
    void twoJobsAtOnceRunOneAfterTheOther();
    void aTurnBeginsWithAJob();
    void shortJobsShareATurn();
    void aTurnCountsWithItsFrame();
    void aDisplayThatHoldsNoFrame();
    void aFrameThatIsAskedForFirst();
    void jobsThatNobodyWatches();
    void onlyWantedVsyncsCount();
    void aBacklogReachesALaterAnimation();
    void wantedUntilDone();
    void processorTimeIsTakenWhereItIsKnown();
    void theOrderOfReportsDoesNotMatter();
    void continuedReplayEqualsOneInOneGo();
    void keptCountsThePredictedMisses();
    void keptIsChargedWithMissesDuringTheWork();
    void keptTakesWhatFramesCost();
    void nothingIsKeptWhileIdle();
    void nothingIsKeptOfAJobThatFits();
    void nothingIsKeptWhereFramesAreSlowByThemselves();
    void keptOverALongTime();
};

void PredictionTest::noWorkAvoidsNothing()
{
    const JankPrediction p = predict({}, Second);
    QCOMPARE(p.framesMissed, 0);
    QCOMPARE(p.stallTime, 0);
    QCOMPARE(p.longestStall, 0);
}

void PredictionTest::aJobThatFitsBetweenFramesAvoidsNothing()
{
    // From 1 to 9 ms, and from 15 to 24: the frame of 20 ms is drawn at 24, in time for the vsync of 30.
    const JankPrediction p = predict({job(1, 9), job(15, 24)}, Second);
    QCOMPARE(p.framesMissed, 0);
    QCOMPARE(p.stallTime, 0);
}

void PredictionTest::aJobThatDoesNotFitBesideTheFrame()
{
    // A frame takes 3 ms. The job ends at 28; the frame of 20 ms is ready at 31 and misses the vsync of 30.
    const PredictionOptions options{.interval = Ten, .frameCost = ms(3)};
    QCOMPARE(predict({job(19, 28)}, Second, options).framesMissed, 1);
    // It ends at 27: ready at 30, just in time.
    QCOMPARE(predict({job(19, 27)}, Second, options).framesMissed, 0);
}

void PredictionTest::aLongJob()
{
    // From 5 to 105 ms. The frame of 10 ms is drawn at 105 and shown at 110: those of 20 to 100 ms are missed.
    const JankPrediction p = predict({job(5, 105)}, Second);
    QCOMPARE(p.framesMissed, 9);
    QCOMPARE(p.stallTime, ms(100));
    QCOMPARE(p.longestStall, ms(100));
}

void PredictionTest::twoJobsAtOnceRunOneAfterTheOther()
{
    // Two threads worked from 5 to 35 ms. On one: 5 to 35, in a turn that began before the frame of 10 ms was due. The
    // next turn is the other job, 35 to 65, and then that frame, for the vsync of 70: 20 to 60 are missed.
    const JankPrediction p = predict({job(5, 35), job(5, 35)}, Second);
    QCOMPARE(p.framesMissed, 5);
    QCOMPARE(p.stallTime, ms(60));
    QCOMPARE(p.longestStall, ms(30));
    QVERIFY(p.end >= ms(65));
}

void PredictionTest::aTurnBeginsWithAJob()
{
    // Ten jobs of 8 ms, all waiting at 1 ms, done at 9, 17, 25 ... 81. The frame of 10 ms is not due yet at 9: the next
    // turn begins at 17, does a job and draws at 25, shown at 30: 20 is missed. That of 30 ms is due at 33, drawn at
    // 41: 40 is missed. That of 50: due at 57, drawn at 65: 60. That of 70: due at 73, drawn at 81: 80.
    const std::vector<WorkInterval> jobs(10, job(1, 9));
    const JankPrediction p = predict(jobs, Second);
    QCOMPARE(p.framesMissed, 4);
    QCOMPARE(p.stallTime, 0); // no turn is longer than 8 ms
    // A frame that takes 3 ms makes each turn that it comes in 11 ms long.
    QCOMPARE(predict(jobs, Second, {.interval = Ten, .frameCost = ms(3)}).longestStall, ms(11));
}

void PredictionTest::shortJobsShareATurn()
{
    // Twenty jobs of 0.6 ms, all waiting at 1 ms: four to a turn, as the fourth begins before 2 ms are over; five turns
    // of 2.4 ms. The frame of 10 ms comes after the fourth turn (8.2 to 10.6 begins before it is due) and the fifth.
    const std::vector<WorkInterval> jobs(20, job(1, 1.6));
    JankPrediction p = predict(jobs, Second);
    QCOMPARE(p.framesMissed, 0);
    QCOMPARE(p.stallTime, 0);
    // All in one turn of 12 ms, which is a stall, and still misses nothing.
    p = predict(jobs, Second, {.interval = Ten, .turnBudget = ms(100)});
    QCOMPARE(p.framesMissed, 0);
    QCOMPARE(p.stallTime, ms(12));
    // A short one, and a long one that it leaves time to begin: 1 + 9.5 ms.
    p = predict({job(1, 2), job(1, 10.5)}, Second);
    QCOMPARE(p.longestStall, ms(10.5));
}

void PredictionTest::aTurnCountsWithItsFrame()
{
    // A frame takes 3 ms. The one of 10 ms is due when the second job begins: 8 + 3 ms are one block of the loop.
    const JankPrediction p = predict({job(4, 12), job(5, 13)}, Second, {.interval = Ten, .frameCost = ms(3)});
    QCOMPARE(p.longestStall, ms(11));
    QCOMPARE(p.stallTime, ms(11));
}

void PredictionTest::aDisplayThatHoldsNoFrame()
{
    // Frames come 5 ms after one another and are shown at once: 0, 5, 10 ... A job from 12 to 47 ms; the frame that was
    // due at 15 is shown at 47, 37 after that of 10: as the monitor counts, (37 - 10 - 5) / 10, three are missed.
    const PredictionOptions options{.interval = Ten, .freePace = ms(5)};
    QCOMPARE(predict({job(12, 47)}, Second, options).framesMissed, 3);
    // From 12 to 25: 15 after that of 10, which a display might have forgiven.
    QCOMPARE(predict({job(12, 25)}, Second, options).framesMissed, 0);
    QCOMPARE(predict({job(12, 26)}, Second, options).framesMissed, 1);
    // Three jobs of 30 ms that wait from 12 on. 42: no frame was due when the turn began. 72: the frame of 15, 62 after
    // that of 10: (62 - 15) / 10, five. 102: none was due at 72. The monitor sees that of 72 come 2 ms after its vsync
    // (70), of which it takes over a quarter, 70.25. The end at 102 is 31.75 later: two more.
    PredictionOptions untilDone = options;
    untilDone.wantedUntilDone = true;
    QCOMPARE(predict(std::vector(3, job(12, 42)), {{0, ms(20)}}, untilDone).framesMissed, 5 + 2);
}

void PredictionTest::aFrameThatIsAskedForFirst()
{
    // Frames come every 10 ms, the last one at 8; four jobs of 30 ms wait from 10 on. The timer that asks for the next
    // runs out at 18. It is seen in the turn that begins at 40, after the second job; the frame is drawn after the
    // third, at 101: 91 after the beginning, (91 - 10 - 5) / 10, eight. The timer, due at 80, asks after the fourth,
    // and there all ends, at 131. Of the lateness of 101 to its vsync, 100, an eighth is followed: 131 is 30.875 after
    // that, two more.
    PredictionOptions options{.interval = Ten, .frameCost = ms(1), .freePace = ms(9), .askedFirst = true};
    options.lastShown = ms(8);
    options.wantedUntilDone = true;
    const std::vector<WorkInterval> jobs(4, job(10, 40));
    QCOMPARE(predict(jobs, {{ms(10), ms(20)}}, options).framesMissed, 8 + 2);
    // Three jobs: the frame that was asked for is still to be drawn when all ends, at 100: (90 - 10 - 5) / 10, eight.
    QCOMPARE(predict(std::vector(3, job(10, 40)), {{ms(10), ms(20)}}, options).framesMissed, 8);
    // With nothing to hold them up they come as often as they did.
    options.wantedUntilDone = false;
    QCOMPARE(predict({}, {{ms(10), ms(500)}}, options).framesMissed, 0);
}

void PredictionTest::jobsThatNobodyWatches()
{
    const JankPrediction p = predict({job(5, 505)}, {});
    QCOMPARE(p.framesMissed, 0);
    QCOMPARE(p.longestStall, ms(500)); // input would still have waited
}

void PredictionTest::onlyWantedVsyncsCount()
{
    // Frames are wanted until 50 ms; the job holds them up from 5 to 105. Of the vsyncs missed, 20, 30 and 40 were
    // wanted.
    QCOMPARE(predict({job(5, 105)}, {{0, ms(50)}}).framesMissed, 3);
}

void PredictionTest::aBacklogReachesALaterAnimation()
{
    // Four threads worked 50 ms from 5 ms on, which makes 200 ms on one: to 55, 105, 155, 205. From 100 ms on frames
    // are wanted. That of 100 is due when the turn of 105 begins, drawn at 155, shown at 160: 110 to 150 are missed.
    // That of 160 is due at 205 and drawn then: 170 to 200.
    const std::vector<WorkInterval> jobs(4, job(5, 55));
    QCOMPARE(predict(jobs, {{ms(100), ms(1000)}}).framesMissed, 5 + 4);
}

void PredictionTest::wantedUntilDone()
{
    // The same with frames wanted from 0 to 50 ms: the frame of 10 is drawn at 105; 20, 30 and 40 were wanted.
    const std::vector<WorkInterval> jobs(4, job(5, 55));
    QCOMPARE(predict(jobs, {{0, ms(50)}}).framesMissed, 3);
    // Wanted until the work is done: that frame misses 20 to 100, and is shown at 110. The next is still owed at 205,
    // 95 after that: (95 - 10 - 5) / 10, eight.
    QCOMPARE(predict(jobs, {{0, ms(50)}}, {.interval = Ten, .wantedUntilDone = true}).framesMissed, 9 + 8);
}

void PredictionTest::processorTimeIsTakenWhereItIsKnown()
{
    // 100 ms on a crowded machine, 20 ms of them work: the frame of 10 ms is drawn at 25, and 20 is missed.
    const JankPrediction p = predict({job(5, 105, 20)}, Second);
    QCOMPARE(p.framesMissed, 1);
    QCOMPARE(p.stallTime, ms(20));
}

void PredictionTest::theOrderOfReportsDoesNotMatter()
{
    const JankPrediction a = predict({job(5, 35), job(40, 90), job(200, 300)}, Second);
    const JankPrediction b = predict({job(200, 300), job(5, 35), job(40, 90)}, Second);
    QCOMPARE(a.framesMissed, b.framesMissed);
    QCOMPARE(a.stallTime, b.stallTime);
}

void PredictionTest::continuedReplayEqualsOneInOneGo()
{
    std::vector<WorkInterval> jobs;
    for (int i = 0; i < 30; ++i)
        jobs.push_back(job(i * 31, i * 31 + (i * 7) % 43));
    const JankPrediction whole = predict(jobs, Second);

    jank::SingleThreadReplay replay({.interval = Ten});
    const std::vector<jank::ModelJob> modelled(jobs.begin(), jobs.end());
    std::span<const jank::ModelJob> left = modelled;
    for (int until = 50; until <= 2000; until += 50) {
        std::size_t started = 0;
        while (started < left.size() && left[started].start < ms(until))
            ++started;
        left = left.subspan(replay.run(left.first(started), Second, ms(until)));
    }
    QVERIFY(left.empty());
    QCOMPARE(replay.result().framesMissed, whole.framesMissed);
    QCOMPARE(replay.result().stallTime, whole.stallTime);
    QVERIFY(whole.framesMissed > 0);
}

void PredictionTest::keptCountsThePredictedMisses()
{
    jank::FramesKept kept({.interval = Ten});
    for (int i = 0; i < 50; ++i)
        kept.addFrame(frame(10 * i, 10 * (i + 1)));
    QCOMPARE(kept.update(ms(500)), 0);
    kept.addWork({job(5, 105)});
    QCOMPARE(kept.update(ms(500)), 9);
    QCOMPARE(kept.update(ms(600)), 9);
}

void PredictionTest::keptIsChargedWithMissesDuringTheWork()
{
    // The work made the real window miss two vsyncs, and one was missed without it.
    jank::FramesKept kept({.interval = Ten});
    kept.addFrame(frame(0, 10));
    kept.addFrame(frame(10, 40, 2));
    for (int i = 4; i < 20; ++i)
        kept.addFrame(frame(10 * i, 10 * (i + 1)));
    kept.addFrame(frame(200, 220, 1));
    kept.addWork({job(5, 105)});
    QCOMPARE(kept.update(ms(500)), 9 - 2);

    // Work that would have fitted, and made the window miss one all the same.
    jank::FramesKept lost({.interval = Ten});
    lost.addFrame(frame(0, 20, 1));
    lost.addWork({job(8, 12)});
    QCOMPARE(lost.update(ms(500)), -1);
}

void PredictionTest::keptTakesWhatFramesCost()
{
    // Frames that take 3 ms of the thread. A job from 19 to 28: the frame of 20 ms is ready at 31, and misses 30.
    jank::FramesKept kept({.interval = Ten});
    for (int i = 0; i < 50; ++i) {
        jank::FrameSample sample = frame(10 * i, 10 * (i + 1));
        sample.uiBusy = ms(i == 7 ? 40 : 3); // one that was held up by something else
        kept.addFrame(sample);
    }
    kept.addWork({job(19, 28)});
    QCOMPARE(kept.update(ms(500)), 1);
}

void PredictionTest::nothingIsKeptWhileIdle()
{
    // A window that draws up to 100 ms and again from 500 on, and a second of work in two lanes in between.
    jank::FramesKept kept({.interval = Ten});
    for (int i = 0; i < 10; ++i)
        kept.addFrame(frame(10 * i, 10 * (i + 1)));
    kept.addWork({job(120, 300), job(120, 300)});
    for (int i = 50; i < 60; ++i)
        kept.addFrame(frame(10 * i, 10 * (i + 1)));
    QCOMPARE(kept.update(ms(700)), 0);
    QCOMPARE(kept.predicted().longestStall, ms(180)); // input would have waited
}

void PredictionTest::nothingIsKeptOfAJobThatFits()
{
    // One of 6 ms in each interval of 10, between frames that take 3.
    jank::FramesKept kept({.interval = Ten});
    std::vector<WorkInterval> jobs;
    for (int i = 0; i < 50; ++i) {
        jank::FrameSample sample = frame(10 * i, 10 * (i + 1));
        sample.uiBusy = ms(3);
        kept.addFrame(sample);
        jobs.push_back(job(10 * i + 3.5, 10 * i + 9.5));
    }
    kept.addWork(std::move(jobs));
    QCOMPARE(kept.update(ms(500)), 0);
    QCOMPARE(kept.predicted().stallTime, 0);
}

void PredictionTest::nothingIsKeptWhereFramesAreSlowByThemselves()
{
    // Each takes 25 ms of the thread: two vsyncs missed, whatever else runs or does not.
    jank::FramesKept kept({.interval = Ten});
    for (int i = 0; i < 400; ++i) {
        jank::FrameSample sample = frame(30 * i, 30 * (i + 1), 2);
        sample.uiBusy = ms(25);
        kept.addFrame(sample);
        if (i % 10 == 0)
            QCOMPARE(kept.update(ms(30 * (i + 1))), 0);
    }
    // What runs beside them is charged with what is missed in its time: none of 2 ms that hold no vsync.
    kept.addWork({job(9'005, 9'007)});
    QCOMPARE(kept.update(ms(12'000)), 0);
}

void PredictionTest::keptOverALongTime()
{
    // A minute of frames, and a job of 35 ms from 5 ms on in each second: each misses the vsyncs of 20, 30 and 40 ms
    // less none, since the frame of 10 ms is drawn at 40, in time for that of 40. Told in steps of a quarter of a
    // second.
    jank::FramesKept kept({.interval = Ten});
    for (int step = 0; step < 240; ++step) {
        for (int i = 0; i < 25; ++i)
            kept.addFrame(frame(250 * step + 10 * i, 250 * step + 10 * (i + 1)));
        if (step % 4 == 0)
            kept.addWork({job(250 * step + 5, 250 * step + 40)});
        kept.update(ms(250 * (step + 1)));
    }
    QCOMPARE(kept.kept(), 60 * 2);
    QCOMPARE(kept.predicted().stallTime, 60 * ms(35));
}

QTEST_APPLESS_MAIN(PredictionTest)
#include "prediction_test.moc"
