#include "composition/comparison_bridge.h"

#include <QtTest>

#include <cmath>

using namespace steadyframe::composition;

namespace {

constexpr std::int64_t Ten = 10'000'000; // vsyncs every 10 ms

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

ComparisonRun run(int missed, double duration = 1000, double megabytes = 50)
{
    ComparisonRun result;
    result.phase.interval = Ten;
    result.phase.span = {0, ms(duration)};
    result.phase.statistics.framesMissed = missed;
    result.phase.statistics.duration = duration;
    result.megabytes = megabytes;
    return result;
}

ComparisonRound round(int idle, int isolates, int mainIsolate, int predicted)
{
    ComparisonRound result{run(idle), run(isolates), run(mainIsolate), {}};
    result.predicted.framesMissed = predicted;
    return result;
}

/// Frames that come `gap` milliseconds after one another, take `cost` of the UI thread, and `swap` to be shown.
std::vector<jank::FrameSample> frames(double gap, double cost, int count, double swap = 4)
{
    std::vector<jank::FrameSample> result(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        result[static_cast<std::size_t>(i)].swapEnd = ms(gap * (i + 1));
        result[static_cast<std::size_t>(i)].renderEnd = ms(gap * (i + 1)) - ms(swap);
        result[static_cast<std::size_t>(i)].uiBusy = ms(cost);
    }
    return result;
}

jank::WorkInterval job(double start, double end, double cpu)
{
    jank::WorkInterval work;
    work.start = ms(start);
    work.end = ms(end);
    work.cpu = ms(cpu);
    return work;
}

} // namespace

class ComparisonResultTest : public QObject {
    Q_OBJECT

private slots:
    void mediansAndSpreads()
    {
        QCOMPARE(spreadOf({}), Spread());
        QCOMPARE(spreadOf({7}), (Spread{7, 7, 7}));
        QCOMPARE(spreadOf({9, 1, 4}), (Spread{4, 1, 9}));
        QCOMPARE(spreadOf({9, 1, 4, 6}), (Spread{5, 1, 9}));
    }

    void whatIsolatesMissedCountsAgainstThem()
    {
        // By rounds: predicted 40 - 1, 44 - 6, 42 - 0; measured 41 - 1, 45 - 6, 40 - 0.
        const ComparisonResult result{WorkKind::mix, {round(0, 1, 41, 40), round(2, 6, 45, 44), round(0, 0, 40, 42)}};
        QCOMPARE(result.predictedMissed(), (Spread{42, 40, 44}));
        QCOMPARE(result.measuredMissed(), (Spread{41, 40, 45}));
        QCOMPARE(result.predictedAvoided(), (Spread{39, 38, 42}));
        QCOMPARE(result.measuredAvoided(), (Spread{40, 39, 40}));
        QVERIFY(std::abs(result.predictionError() - 1.0 / 41) < 1e-9);
    }

    void contentionMakesItNegative()
    {
        const ComparisonResult result{WorkKind::mix, {round(0, 5, 2, 1)}};
        QCOMPARE(result.measuredAvoided().median, -3.0);
        QCOMPARE(result.predictedAvoided().median, -4.0);
        QCOMPARE(result.predictionError(), -0.5);
    }

    void nothingMissedIsNoError()
    {
        QCOMPARE((ComparisonResult{WorkKind::mix, {round(0, 0, 0, 0)}}).predictionError(), 0.0);
        QCOMPARE((ComparisonResult{WorkKind::mix, {round(0, 0, 0, 3)}}).predictionError(), 1.0);
    }

    void theMiddleRunIsShown()
    {
        const ComparisonRun a = run(9), b = run(1), c = run(5), d = run(6);
        QCOMPARE(medianRun(std::vector{&a, &b, &c}), std::size_t(2));
        QCOMPARE(medianRun(std::vector{&a}), std::size_t(0));
        const std::size_t ofFour = medianRun(std::vector{&a, &b, &c, &d}); // 5.5: either of the middle two
        QVERIFY(ofFour == 2 || ofFour == 3);
    }

    void thePredictionTakesProcessorTimeAndTheCostOfFrames()
    {
        // Two jobs of 30 ms that took 60 and 90 on a crowded machine, and frames of 3 ms. On one thread: 0 to 33 with
        // the frame of 0 in it, shown at 40: 10, 20 and 30 are missed. Then 33 to 63; the frame of 40 is still owed, 23
        // after that vsync: (23 - 10 - 5) / 10, one.
        ComparisonRound made = round(0, 0, 0, 0);
        made.isolates.phase.samples = frames(10, 3, 20);
        made.idle.phase.samples = frames(10, 1, 20);
        made.isolates.work = {job(0, 60, 30), job(0, 90, 30)};
        jank::JankPrediction predicted = predictOf(made);
        QCOMPARE(predicted.framesMissed, 4);
        QCOMPARE(predicted.end, ms(63));
        QCOMPARE(predicted.longestStall, ms(33)); // with the frame that came with it
    }

    void jobsTakeWhatTheyTakeAlone()
    {
        ComparisonRun made = run(0);
        made.work = {job(0, 90, 60), job(0, 90, 40), job(0, 20, 20), job(0, 7, 7)};
        made.work[0].label = made.work[1].label = "a"; // 50 in the mean
        made.work[2].label = "b";
        made.work[3].label = "not timed";
        made.alone = {job(0, 45, 45), job(45, 80, 30), job(80, 110, 15)};
        made.alone[0].label = made.alone[1].label = "a"; // 40 by the clock
        made.alone[2].label = "b"; // it waits for its disk
        const std::vector<jank::WorkInterval> alone = workAlone(made);
        QCOMPARE(alone.size(), std::size_t(4));
        QCOMPARE(alone[0].cpu, ms(48));
        QCOMPARE(alone[1].cpu, ms(32));
        QCOMPARE(alone[2].cpu, ms(30));
        QCOMPARE(alone[3].cpu, ms(7));
        QCOMPARE(alone[0].start, made.work[0].start);

        made.alone.clear();
        QCOMPARE(workAlone(made)[0].cpu, ms(60));
    }

    void thePredictionIsOfJobsAlone()
    {
        // The two jobs of the case above, which took 20 ms each when they were alone: 0 to 23, shown at 30; 23 to 43.
        ComparisonRound made = round(0, 0, 0, 0);
        made.isolates.phase.samples = frames(10, 3, 20);
        made.idle.phase.samples = frames(10, 1, 20);
        made.isolates.work = {job(0, 60, 30), job(0, 90, 30)};
        made.isolates.alone = {job(0, 20, 20), job(20, 40, 20)};
        QCOMPARE(predictOf(made).end, ms(43));
    }

    void drawingOnTheUiThreadIsPartOfTheCost()
    {
        // A job of 6 ms that waits with the frame of 0: 7 with a frame of 1 ms, and 12 with 5 ms of drawing in it.
        ComparisonRound made = round(0, 0, 0, 0);
        made.isolates.phase.samples = frames(10, 1, 20);
        for (jank::FrameSample &sample : made.isolates.phase.samples) {
            sample.syncStart = sample.swapEnd - ms(9); // 4 of them wait for the vsync
            sample.renderEnd = sample.swapEnd - ms(4);
        }
        made.idle.phase.samples = made.isolates.phase.samples;
        made.isolates.work = {job(0, 6, 6), job(50, 51, 1)};
        QCOMPARE(predictOf(made).longestStall, 0);
        made.isolates.drawnOnUiThread = true;
        QCOMPARE(predictOf(made).longestStall, ms(12));
    }

    void aDisplayThatHoldsNoFrameIsKnownByItsSwaps()
    {
        // Drawn every 5 ms. On one thread: 0 to 31 with the first frame, shown at once: (31 - 15) / 10 are two missed,
        // and it goes on from the vsync of 30, moved by an eighth of the ms that it was late. 31 to 61: the frame of 35
        // was not due at its beginning. 61 to 91, and nothing was shown yet: (91 - 30.125 - 15) / 10, five.
        ComparisonRound made = round(0, 0, 0, 0);
        made.isolates.phase.samples = frames(5, 1, 20, 0.1);
        made.idle.phase.samples = frames(5, 1, 20, 0.1);
        made.isolates.work = {job(0, 30, 30), job(0, 30, 30), job(0, 30, 30)};
        QCOMPARE(predictOf(made).framesMissed, 2 + 5);
    }

    void thePageGetsItAll()
    {
        ComparisonResult result{WorkKind::mix, {round(1, 2, 30, 33), round(0, 0, 33, 31), round(0, 1, 31, 32)}};
        for (ComparisonRound &one : result.rounds) {
            one.isolates.photos = 6;
            one.isolates.feeds = 4;
            one.mainIsolate.waitedMs = 100;
        }
        const steadyframe::ui::ComparisonFigures shown = figuresOf(result);
        QCOMPARE(shown.rounds, 3);
        QCOMPARE(shown.photos, 6);
        QCOMPARE(shown.feeds, 4);
        QCOMPARE(shown.intervalMs, 10.0);
        QCOMPARE(shown.isolates.missed.median, 1.0);
        QCOMPARE(shown.mainIsolate.missed.most, 33.0);
        QCOMPARE(shown.mainIsolate.framesMissed, 31); // the round in the middle
        QCOMPARE(shown.isolates.throughput.median, 50.0); // 50 MB in a second
        QCOMPARE(shown.predictedMissed.median, 32.0);
        QCOMPARE(shown.measuredAvoided.median, 30.0);
        QCOMPARE(shown.waitedShare, 0.1);
        QCOMPARE(figuresOf({}).rounds, 0);
    }
};

QTEST_GUILESS_MAIN(ComparisonResultTest)
#include "comparison_result_test.moc"
