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
    return {1, ms(start), ms(end), ms(cpu), "job"};
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
    void aFrameComesBetweenTwoJobs();
    void jobsThatNobodyWatches();
    void onlyWantedVsyncsCount();
    void aBacklogReachesALaterAnimation();
    void wantedUntilDone();
    void processorTimeIsTakenWhereItIsKnown();
    void theOrderOfReportsDoesNotMatter();
    void continuedReplayEqualsOneInOneGo();
    void keptCountsThePredictedMisses();
    void keptIsChargedWithMissesDuringTheWork();
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
    // Two threads worked from 5 to 35 ms. On one: 5 to 35, then the frame of 10 ms (for the vsync of 40; 20 and 30 are
    // missed), then 35 to 65, then the frame of 40 ms (for 70; 50 and 60 are missed).
    const JankPrediction p = predict({job(5, 35), job(5, 35)}, Second);
    QCOMPARE(p.framesMissed, 4);
    QCOMPARE(p.stallTime, ms(60));
    QCOMPARE(p.longestStall, ms(30));
    QVERIFY(p.end >= ms(65));
}

void PredictionTest::aFrameComesBetweenTwoJobs()
{
    // Ten jobs of 8 ms, all waiting at 1 ms. One is done at 9, the next at 17 (the frame of 10 ms follows, shown at
    // 20), ... No frame is ever a whole interval late.
    const std::vector<WorkInterval> jobs(10, job(1, 9));
    QCOMPARE(predict(jobs, Second).framesMissed, 0);
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
    // Four threads worked 50 ms from 5 ms on, which makes 200 ms on one. From 100 ms on frames are wanted: that of 100
    // is drawn at 105, that of 110 at 155 (120 to 150 missed), that of 160 at 205 (170 to 200 missed).
    const std::vector<WorkInterval> jobs(4, job(5, 55));
    QCOMPARE(predict(jobs, {{ms(100), ms(1000)}}).framesMissed, 4 + 4);
}

void PredictionTest::wantedUntilDone()
{
    // The same with frames wanted from 0 to 50 ms: 20, 30 and 40 are missed. And with frames wanted until the work is
    // done: one after each job of 50 ms, which misses four.
    const std::vector<WorkInterval> jobs(4, job(5, 55));
    QCOMPARE(predict(jobs, {{0, ms(50)}}).framesMissed, 3);
    QCOMPARE(predict(jobs, {{0, ms(50)}}, {.interval = Ten, .wantedUntilDone = true}).framesMissed, 16);
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
    std::span<const WorkInterval> left = jobs;
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
