#include "jank_monitor/frame_statistics.h"
#include "jank_monitor/labels.h"
#include "jank_monitor/phase.h"

#include <QtTest/qtest.h>

#include <numeric>
#include <vector>

using jank::Cause;
using jank::FrameSample;
using jank::FrameStatistics;
using jank::Interval;
using jank::LoopBlock;

namespace {

constexpr std::int64_t Ten = 10'000'000; // an interval of 10 ms makes the sums easy

/// A frame wanted at `wanted` ms and shown at `shown` ms.
FrameSample frame(double wanted, double shown, int missed = 0, Cause cause = Cause::None, double ui = 1,
                  double render = 1)
{
    FrameSample sample;
    sample.interval = Ten;
    sample.wanted = static_cast<std::int64_t>(wanted * 1e6);
    sample.deadline = sample.wanted + Ten;
    sample.swapEnd = static_cast<std::int64_t>(shown * 1e6);
    sample.missed = missed;
    sample.cause = cause;
    sample.uiBusy = static_cast<std::int64_t>(ui * 1e6);
    sample.renderEnd = static_cast<std::int64_t>(render * 1e6);
    return sample;
}

LoopBlock block(double start, double end)
{
    LoopBlock result;
    result.start = static_cast<std::int64_t>(start * 1e6);
    result.end = static_cast<std::int64_t>(end * 1e6);
    result.length = result.end - result.start;
    return result;
}

Interval span(double start, double end)
{
    return {static_cast<std::int64_t>(start * 1e6), static_cast<std::int64_t>(end * 1e6)};
}

FrameStatistics statisticsOf(const std::vector<FrameSample> &samples, const std::vector<LoopBlock> &blocks, Interval of)
{
    return jank::computeStatistics(samples, blocks, of, Ten);
}

} // namespace

class StatisticsTest : public QObject {
    Q_OBJECT

private slots:
    void nothing();
    void smoothSecond();
    void missedFramesAndHitches();
    void neighbouringSpansAddUp();
    void slowAndFrozenFrames();
    void percentilesByNearestRank();
    void lows();
    void stalls();
    void ownFramesAreLeftOut();
    void theFrameThatIsOwed();
    void phaseSummary();
    void labels();
};

void StatisticsTest::nothing()
{
    const FrameStatistics s = statisticsOf({}, {}, span(0, 100));
    QCOMPARE(s.duration, 100.0);
    QCOMPARE(s.framesDrawn, 0);
    QCOMPARE(s.fps, 0.0);
    QCOMPARE(s.p99, 0.0);
    QCOMPARE(s.hitchRatio, 0.0);
}

void StatisticsTest::smoothSecond()
{
    std::vector<FrameSample> samples;
    for (int i = 0; i < 50; ++i)
        samples.push_back(frame(10 * i, 10 * (i + 1)));
    // Half a second drawn, half a second idle.
    const FrameStatistics s = statisticsOf(samples, {}, span(0, 1000));
    QCOMPARE(s.framesDrawn, 50);
    QCOMPARE(s.framesMissed, 0);
    QCOMPARE(s.activeTime, 500.0);
    QCOMPARE(s.fps, 100.0);
    QCOMPARE(s.p50, 10.0);
    QCOMPARE(s.p99, 10.0);
    QCOMPARE(s.slowFrames, 0);
}

void StatisticsTest::missedFramesAndHitches()
{
    // 10 | 10 | 40 (three missed, UI) | 10 | 20 (one missed, render) | 10 = 100 ms
    const std::vector<FrameSample> samples{
        frame(0, 10),  frame(10, 20), frame(20, 60, 3, Cause::Ui), frame(60, 70), frame(70, 90, 1, Cause::Render),
        frame(90, 100)};
    const FrameStatistics s = statisticsOf(samples, {}, span(0, 101));
    QCOMPARE(s.framesDrawn, 6);
    QCOMPARE(s.framesMissed, 4);
    QCOMPARE(s.missedByUi, 3);
    QCOMPARE(s.missedByRender, 1);
    QCOMPARE(s.hitchTime, 40.0);
    QCOMPARE(s.activeTime, 100.0);
    QCOMPARE(s.hitchRatio, 400.0);
    QCOMPARE(s.fps, 60.0);
}

void StatisticsTest::neighbouringSpansAddUp()
{
    // Wanted at 0, shown at 50: the vsyncs of 10, 20, 30 and 40 are missed.
    const std::vector<FrameSample> samples{frame(0, 50, 4, Cause::Ui)};
    const FrameStatistics early = statisticsOf(samples, {}, span(0, 25));
    const FrameStatistics late = statisticsOf(samples, {}, span(25, 100));
    QCOMPARE(early.framesMissed, 2);
    QCOMPARE(late.framesMissed, 2);
    QCOMPARE(early.framesDrawn, 0);
    QCOMPARE(late.framesDrawn, 1);
    QCOMPARE(early.activeTime, 25.0);
    QCOMPARE(late.activeTime, 25.0);
}

void StatisticsTest::slowAndFrozenFrames()
{
    const std::vector<FrameSample> samples{frame(0, 10, 0, Cause::None, 5, 5), frame(10, 20, 0, Cause::None, 6, 5),
                                           frame(20, 740, 71, Cause::Ui, 701, 1)};
    const FrameStatistics s = statisticsOf(samples, {}, span(0, 1000));
    QCOMPARE(s.slowFrames, 2);
    QCOMPARE(s.frozenFrames, 1);
}

void StatisticsTest::percentilesByNearestRank()
{
    std::vector<std::int64_t> hundred(100);
    std::iota(hundred.begin(), hundred.end(), 1);
    QCOMPARE(jank::percentile(hundred, 50), std::int64_t(50));
    QCOMPARE(jank::percentile(hundred, 95), std::int64_t(95));
    QCOMPARE(jank::percentile(hundred, 99), std::int64_t(99));
    QCOMPARE(jank::percentile(hundred, 100), std::int64_t(100));
    const std::vector<std::int64_t> three{10, 20, 30};
    QCOMPARE(jank::percentile(three, 50), std::int64_t(20));
    QCOMPARE(jank::percentile(three, 99), std::int64_t(30));
    QCOMPARE(jank::percentile({}, 50), std::int64_t(0));
}

void StatisticsTest::lows()
{
    // 198 frames of 10 ms, one of 30, one of 50: the slowest 1 % are two with 80 ms, the slowest 0.1 % one with 50.
    std::vector<FrameSample> samples;
    for (int i = 0; i < 198; ++i)
        samples.push_back(frame(10 * i, 10 * (i + 1)));
    samples.push_back(frame(1980, 2010, 2, Cause::Ui));
    samples.push_back(frame(2010, 2060, 4, Cause::Ui));
    const FrameStatistics s = statisticsOf(samples, {}, span(0, 3000));
    QCOMPARE(s.fpsLow1, 25.0);
    QCOMPARE(s.fpsLow01, 20.0);
    QCOMPARE(s.p99, 10.0);

    // Each takes an interval at least, as for the frames a second: no low is above them.
    const FrameStatistics quick = statisticsOf({frame(0, 4), frame(500, 504)}, {}, span(0, 1000));
    QCOMPARE(quick.fpsLow1, quick.fps);
    QCOMPARE(quick.fpsLow01, quick.fps);
}

void StatisticsTest::stalls()
{
    // 9 ms is within the interval; 12 and 80 ms are stalls; 30 ms of the last lie before the span.
    const std::vector<LoopBlock> blocks{block(70, 130), block(200, 209), block(300, 312), block(400, 480)};
    const FrameStatistics s = statisticsOf({}, blocks, span(100, 1000));
    QCOMPARE(s.longestStall, 80.0);
    QCOMPARE(s.stallTime, 30.0 + 12.0 + 80.0);
    QCOMPARE(s.blockingTime, 30.0);
}

void StatisticsTest::ownFramesAreLeftOut()
{
    std::vector<FrameSample> samples{frame(0, 10), frame(10, 20), frame(300, 310)};
    samples[2].own = true;
    const FrameStatistics s = statisticsOf(samples, {}, span(0, 1000));
    QCOMPARE(s.framesDrawn, 2);
    QCOMPARE(s.activeTime, 20.0);
}

void StatisticsTest::theFrameThatIsOwed()
{
    const FrameSample owed = frame(10, 45, 2, Cause::Ui);
    const FrameStatistics s
        = jank::computeStatistics(std::vector<FrameSample>{frame(0, 10)}, {}, span(0, 45), Ten, &owed);
    QCOMPARE(s.framesDrawn, 1);
    QCOMPARE(s.framesMissed, 2);
    QCOMPARE(s.activeTime, 45.0);
}

void StatisticsTest::phaseSummary()
{
    std::vector<FrameSample> samples{frame(80, 90), frame(90, 130, 3, Cause::Ui), frame(130, 140)};
    samples.push_back(frame(500, 510));
    samples.back().own = true;
    const auto summary = jank::summarise(QStringLiteral("scroll"), span(105, 600), Ten, samples, {}, nullptr);
    QCOMPARE(summary.name, QStringLiteral("scroll"));
    QCOMPARE(summary.statistics.framesDrawn, 2);
    QCOMPARE(summary.statistics.framesMissed, 2); // those of 110 and 120 ms
    QCOMPARE(summary.times(), (QList<qreal>{25, 35}));
    QCOMPARE(summary.frameTimes(), (QList<qreal>{40, 10}));
    QCOMPARE(summary.missedCounts(), (QList<int>{2, 0}));
    QCOMPARE(summary.intervalMs(), 10.0);
}

void StatisticsTest::labels()
{
    jank::Labels labels;
    const int scrolling = labels.begin(QStringLiteral("scrolling"), 100);
    const int parsing = labels.begin(QStringLiteral("parsing"), 200);
    labels.end(scrolling, 300);
    QCOMPARE(labels.during({0, 100}), QStringList());
    QCOMPARE(labels.during({150, 250}), (QStringList{QStringLiteral("scrolling"), QStringLiteral("parsing")}));
    QCOMPARE(labels.during({300, 400}), QStringList{QStringLiteral("parsing")});
    labels.end(parsing, 500);
    labels.end(parsing, 900); // already ended
    labels.end(12345, 900); // never begun
    QCOMPARE(labels.during({500, 1000}), QStringList());
    for (int i = 0; i < 2000; ++i)
        labels.begin(QString::number(i), 1000 + i);
    QCOMPARE(labels.during({0, 100'000}).size(), 1024);

    // What still holds is not forgotten for what has ended.
    jank::Labels crowded;
    const int loading = crowded.begin(QStringLiteral("loading"), 0);
    for (int i = 1; i <= 3000; ++i)
        crowded.end(crowded.begin(QString::number(i), i), i + 1);
    const QStringList kept = crowded.during({0, 100'000});
    QCOMPARE(kept.size(), 1024);
    QCOMPARE(kept.first(), QStringLiteral("loading"));
    QCOMPARE(kept.at(1), QStringLiteral("1978"));
    crowded.setCapacity(2);
    QCOMPARE(crowded.during({0, 100'000}), (QStringList{QStringLiteral("loading"), QStringLiteral("3000")}));
    crowded.begin(QStringLiteral("sorting"), 4000);
    crowded.begin(QStringLiteral("showing"), 4000); // all hold: the oldest has to go
    QCOMPARE(crowded.during({0, 100'000}), (QStringList{QStringLiteral("sorting"), QStringLiteral("showing")}));
    crowded.end(loading, 5000); // already forgotten
    QCOMPARE(crowded.during({0, 100'000}).size(), 2);
}

QTEST_APPLESS_MAIN(StatisticsTest)
#include "statistics_test.moc"
