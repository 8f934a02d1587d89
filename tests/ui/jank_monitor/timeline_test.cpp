// The timeline without a window: summaries against brute force, ranges, what is drawn and what is hit.
#include "jank_monitor/timeline_picture.h"
#include "jank_monitor/timeline_range.h"
#include "synthetic_recording.h"

#include <QtTest/qtest.h>

#include <map>
#include <set>

using namespace jank;

namespace {

struct Column {
    std::int64_t longest = 0;
    std::int64_t missed = 0;
    friend bool operator==(const Column &, const Column &) = default;
};

/// Each column by looking at every span.
std::map<std::int64_t, Column> bruteForce(const std::vector<Span> &spans, Interval range, const ColumnScale &scale)
{
    std::map<std::int64_t, Column> columns;
    for (const Span &span : spans) {
        if (span.own || span.end <= range.start || span.start >= range.end)
            continue;
        for (std::int64_t i = scale.columnOf(span.start); i <= scale.columnOf(span.end - 1); ++i) {
            columns[i].longest = std::max(columns[i].longest, span.length());
            columns[i].missed = std::max<std::int64_t>(columns[i].missed, span.missed);
        }
    }
    return columns;
}

std::vector<Span> randomSpans(std::mt19937 &random, std::size_t count)
{
    std::vector<Span> spans;
    std::int64_t time = 5'000'000'000;
    const auto uniform = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    for (std::size_t i = 0; i < count; ++i) {
        Span span;
        span.start = std::max<std::int64_t>(0, time - uniform(0, 3'000'000));
        span.end = span.start + (uniform(0, 50) == 0 ? uniform(1, 900'000'000) : uniform(1, 20'000'000));
        span.index = static_cast<std::uint32_t>(i);
        span.missed = uniform(0, 30) == 0 ? static_cast<std::int16_t>(uniform(1, 9)) : std::int16_t(0);
        span.own = uniform(0, 20) == 0;
        time = span.end + (uniform(0, 9) == 0 ? uniform(0, 400'000'000) : 0);
        spans.push_back(span);
    }
    return spans;
}

TimelineScene sceneOf(const Trace &trace, Interval range, QSizeF size = {1'128, 500})
{
    TimelineScene scene;
    scene.trace = std::make_shared<const Trace>(trace);
    scene.index = TraceIndex::of(trace);
    scene.range = range;
    scene.size = size;
    return scene;
}

/// Whether a rectangle of that colour covers a point.
bool covered(const TimelinePicture &picture, const QColor &color, QPointF point)
{
    return std::any_of(picture.quads.begin(), picture.quads.end(), [&](const Quad &quad) {
        return quad.color == color && quad.rect.adjusted(-0.6, 0, 0.6, 0).contains(point);
    });
}

} // namespace

class TimelineTest : public QObject {
    Q_OBJECT

private slots:
    void summariesAgreeWithLookingAtEverySpan_data()
    {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<int>("count");
        unsigned seed = 7;
        for (const int count : {0, 1, 3, 4, 5, 16, 17, 63, 64, 65, 1'000, 1'024, 20'000})
            QTest::addRow("%d spans", count) << seed++ << count;
    }
    void summariesAgreeWithLookingAtEverySpan()
    {
        QFETCH(unsigned, seed);
        QFETCH(int, count);
        std::mt19937 random(seed);
        const std::vector<Span> spans = randomSpans(random, static_cast<std::size_t>(count));
        const SpanTree tree(spans);
        const std::int64_t end = spans.empty() ? 1'000'000 : spans.back().end;
        for (int round = 0; round < 40; ++round) {
            std::uniform_int_distribution<std::int64_t> times(0, end);
            std::int64_t from = times(random);
            std::int64_t to = times(random);
            if (from > to)
                std::swap(from, to);
            const Interval range{from, to + 1};
            const ColumnScale scale{from, static_cast<double>(range.length()) / (1 + round * 30)};
            std::map<std::int64_t, Column> columns;
            std::multiset<std::uint32_t> seen;
            std::size_t summarised = 0;
            tree.visit(
                range, scale,
                [&](const Span &span) {
                    seen.insert(span.index);
                    if (span.own)
                        return;
                    for (std::int64_t i = scale.columnOf(span.start); i <= scale.columnOf(span.end - 1); ++i) {
                        columns[i].longest = std::max(columns[i].longest, span.length());
                        columns[i].missed = std::max<std::int64_t>(columns[i].missed, span.missed);
                    }
                },
                [&](const SpanSummary &summary, std::int64_t column) {
                    summarised += summary.count;
                    if (summary.count == 0)
                        return;
                    columns[column].longest = std::max(columns[column].longest, summary.longest);
                    columns[column].missed = std::max<std::int64_t>(columns[column].missed, summary.worstMissed);
                    QCOMPARE(spans[summary.worst].missed, std::int16_t(summary.worstMissed));
                });
            QCOMPARE(columns == bruteForce(spans, range, scale), true);
            for (const std::uint32_t index : seen)
                QCOMPARE(seen.count(index), std::size_t(1));
        }
    }

    void whatIsShadedIsAllThatWasTaken()
    {
        std::mt19937 random(31);
        const std::vector<Span> spans = randomSpans(random, 10'000);
        const SpanTree tree(spans);
        const Interval all{0, spans.back().end + 1'000'000'000};
        std::int64_t taken = 0;
        for (const Span &span : spans)
            taken += span.own ? 0 : span.length();
        std::size_t last = spans.size() + 1;
        for (const int columns : {10'000, 1'000, 100, 10}) {
            const ColumnScale scale{0, static_cast<double>(all.length()) / columns};
            std::int64_t sum = 0;
            const std::size_t visited = tree.visit<Grouping::AsLongAsAColumn>(
                all, scale, [&](const Span &span) { sum += span.own ? 0 : span.length(); },
                [&](const SpanSummary &group, std::int64_t) {
                    QVERIFY(static_cast<double>(group.end - group.start) <= scale.perColumn);
                    sum += group.total;
                });
            QCOMPARE(sum, taken);
            QVERIFY(visited < last * 2);
            last = visited;
        }
        QVERIFY(last < 200);
    }

    void missedFramesAreFoundFromAnyTime()
    {
        std::mt19937 random(99);
        const std::vector<Span> spans = randomSpans(random, 3'000);
        const SpanTree tree(spans);
        for (int round = 0; round < 300; ++round) {
            const std::int64_t time = std::uniform_int_distribution<std::int64_t>(0, spans.back().end + 10)(random);
            const Span *next = nullptr;
            const Span *previous = nullptr;
            for (const Span &span : spans) {
                if (span.missed > 0 && !span.own && span.end > time && next == nullptr)
                    next = &span;
                if (span.missed > 0 && !span.own && span.end < time)
                    previous = &span;
            }
            const Span *foundNext = tree.firstMissedAfter(time);
            const Span *foundPrevious = tree.lastMissedBefore(time);
            QCOMPARE(foundNext != nullptr, next != nullptr);
            QCOMPARE(foundPrevious != nullptr, previous != nullptr);
            if (next != nullptr)
                QCOMPARE(foundNext->index, next->index);
            if (previous != nullptr)
                QCOMPARE(foundPrevious->index, previous->index);
        }
    }

    void anIndexThatFollowsIsTheOneThatIsMadeAtOnce()
    {
        const SyntheticRecording whole{.frames = 4'000, .work = 6'000};
        const Trace trace = whole.trace();
        RecordingStore store(RecordingLimits::hours());
        store.clear(SyntheticRecording::Start);
        std::shared_ptr<const TraceIndex> following;
        std::size_t frames = 0;
        std::size_t work = 0;
        while (frames < trace.frames.size() || work < trace.work.size()) {
            for (int i = 0; i < 333 && frames < trace.frames.size(); ++i)
                store.addFrame(trace.frames[frames++]);
            std::vector<WorkInterval> pieces;
            for (int i = 0; i < 501 && work < trace.work.size(); ++i)
                pieces.push_back(trace.work[work++]);
            store.addWork(std::move(pieces), trace.lanes);
            following = TraceIndex::of(store.snapshot(trace.span.end), following.get());
        }
        const Trace last = store.snapshot(trace.span.end);
        const auto atOnce = TraceIndex::of(last);
        QCOMPARE(following->missed, atOnce->missed);
        QCOMPARE(following->counted, atOnce->counted);
        QCOMPARE(following->lanes.size(), atOnce->lanes.size());
        for (std::size_t lane = 0; lane < atOnce->lanes.size(); ++lane) {
            QCOMPARE(following->lanes[lane].rows, atOnce->lanes[lane].rows);
            QCOMPARE(following->lanes[lane].parts.size(), atOnce->lanes[lane].parts.size());
            for (std::size_t part = 0; part < atOnce->lanes[lane].parts.size(); ++part) {
                const auto &a = following->lanes[lane].parts[part].tree->spans();
                const auto &b = atOnce->lanes[lane].parts[part].tree->spans();
                QCOMPARE(a.size(), b.size());
                for (std::size_t i = 0; i < a.size(); ++i) {
                    QCOMPARE(a[i].start, b[i].start);
                    QCOMPARE(a[i].row, b[i].row);
                }
            }
        }
    }

    void anIndexTakesFullChunksOver()
    {
        RecordingStore store(RecordingLimits::hours());
        SyntheticRecording{.frames = 5'000, .work = 5'000}.fill(store);
        const auto before = TraceIndex::of(store.snapshot(1));
        store.addFrame({});
        const auto after = TraceIndex::of(store.snapshot(1), before.get());
        QCOMPARE(after->frames.parts.size(), before->frames.parts.size());
        for (std::size_t i = 0; i + 1 < after->frames.parts.size(); ++i)
            QCOMPARE(after->frames.parts[i].tree, before->frames.parts[i].tree);
        QVERIFY(after->frames.parts.back().tree != before->frames.parts.back().tree);
    }

    void lanesAreShownByName()
    {
        Trace trace;
        trace.lanes = {{1, "upload 10"}, {2, "upload 2"}, {3, "compress"}, {4, "upload"}, {5, "upload 2b"}};
        const std::vector<std::size_t> expected{2, 3, 1, 4, 0};
        QCOMPARE(TraceIndex::of(trace)->laneOrder, expected);
    }

    void whatOverlapsInALaneLiesSideBySide()
    {
        Trace trace;
        trace.span = {0, 100};
        trace.lanes = {{1, "pool"}};
        std::vector<WorkInterval> work;
        for (const auto &[start, end] : {std::pair{0, 10}, {5, 15}, {12, 20}, {14, 18}}) {
            WorkInterval piece;
            piece.lane = 1;
            piece.start = start;
            piece.end = end;
            work.push_back(piece);
        }
        trace.work = ChunkedView<WorkInterval>::of(work);
        const auto index = TraceIndex::of(trace);
        QCOMPARE(index->lanes[0].rows, 3);
        const auto &spans = index->lanes[0].parts[0].tree->spans();
        const std::vector<int> rows{0, 1, 0, 2};
        for (std::size_t i = 0; i < spans.size(); ++i)
            QCOMPARE(int(spans[i].row), rows[i]);
    }

    void anHourIsDrawnInNoMoreStepsThanItsPixelsAsk()
    {
        const SyntheticRecording hour{.frames = 216'000, .work = 300'000, .lanes = 10, .missedShare = 0.002};
        const Trace trace = hour.trace();
        TimelineScene scene = sceneOf(trace, trace.span, {1'328, 620});
        const std::size_t bands = scene.trace->lanes.size() + 5;
        const auto width = static_cast<std::size_t>(scene.size.width());
        const std::size_t chunks = trace.work.chunks().size() * trace.lanes.size() + trace.frames.chunks().size();
        std::int64_t length = trace.span.length();
        std::size_t most = 0;
        for (int level = 0; length > ShortestRange; ++level, length = length * 2 / 3) {
            for (const int place : {0, 1, 2}) {
                const std::int64_t start = trace.span.start + (trace.span.length() - length) / 2 * place;
                scene.range = {start, start + length};
                const TimelinePicture picture = drawTimeline(scene);
                most = std::max(most, picture.visited);
                QVERIFY2(picture.visited < 20 * width * bands + chunks, qPrintable(QString::number(picture.visited)));
                QVERIFY2(picture.quads.size() < 4 * width * bands, qPrintable(QString::number(picture.quads.size())));
                QVERIFY(picture.texts.size() < width / 28 * (bands + 4));
            }
            scene.range = trace.span;
            QVERIFY(drawOverview(scene).visited < 20 * width + chunks);
        }
        QVERIFY(most < (trace.frames.size() + trace.work.size()) / 2);
    }

    void noSpikeIsLostAtAnyZoom()
    {
        // One missed frame in ten minutes.
        std::vector<FrameSample> frames;
        constexpr std::int64_t Vsync = SyntheticRecording::Interval;
        std::int64_t vsync = 0;
        std::int64_t spike = 0;
        for (int i = 0; i < 36'000; ++i) {
            FrameSample frame;
            frame.interval = Vsync;
            frame.wanted = vsync;
            frame.deadline = vsync + Vsync;
            frame.missed = i == 23'456 ? 2 : 0;
            frame.cause = frame.missed > 0 ? Cause::Ui : Cause::None;
            frame.swapEnd = frame.deadline + frame.missed * Vsync;
            if (frame.missed > 0)
                spike = frame.wanted;
            vsync = frame.swapEnd;
            frames.push_back(frame);
        }
        Trace trace;
        trace.span = {0, vsync};
        trace.frames = ChunkedView<FrameSample>::of(frames);
        for (std::int64_t length = vsync; length > 50'000'000; length /= 3) {
            TimelineScene scene = sceneOf(trace, clampedTo({spike - length / 3, spike + length * 2 / 3}, trace.span));
            const TimelinePicture picture = drawTimeline(scene);
            const double perUnit
                = static_cast<double>(scene.range.length()) / (scene.size.width() - TimelineLayout::Gutter);
            const double x = TimelineLayout::Gutter + static_cast<double>(spike - scene.range.start) / perUnit + 0.5;
            const TimelineLayout layout = TimelineLayout::of(scene.trace.get(), scene.index.get(), scene.size, 0);
            const TimelineBand *band = layout.band(TimelineBand::Kind::Frames);
            const double foot = band->bottom() - 7;
            const double head = foot - (foot - band->top - 24) * frameHeight(3 * Vsync, Vsync);
            // At the head of the spike, or on the notches above it.
            QVERIFY(covered(picture, scene.colors.missed, {x, head + 1})
                    || covered(picture, scene.colors.missed, {x, head - 4}));
            const bool rug = std::any_of(picture.quads.begin(), picture.quads.end(), [&](const Quad &quad) {
                return quad.color == scene.colors.missed && quad.rect.top() > foot && quad.rect.width() >= 2;
            });
            QVERIFY(rug);
        }
    }

    void aPixelFindsTheFrameThatIsDrawnThere()
    {
        const Trace trace = SyntheticRecording{.frames = 1'000, .work = 400}.trace();
        TimelineScene scene = sceneOf(trace, {trace.span.start + 5'000'000'000, trace.span.start + 5'500'000'000});
        const TimelineLayout layout = TimelineLayout::of(scene.trace.get(), scene.index.get(), scene.size, 0);
        const TimelineBand *band = layout.band(TimelineBand::Kind::Frames);
        const double perUnit = static_cast<double>(scene.range.length()) / layout.timeWidth();
        int found = 0;
        for (std::size_t i = 0; i < trace.frames.size(); ++i) {
            const FrameSample &frame = trace.frames[i];
            if (frame.wanted < scene.range.start || frame.swapEnd > scene.range.end)
                continue;
            const double middle = TimelineLayout::Gutter
                + static_cast<double>((frame.wanted + frame.swapEnd) / 2 - scene.range.start) / perUnit;
            const TimelineHit hit = hitTimeline(scene, {middle, band->top + 20});
            QVERIFY(hit.mark.kind == TimelineBand::Kind::Frames);
            QCOMPARE(hit.index, i);
            ++found;
        }
        QVERIFY(found > 20);
        QVERIFY(hitTimeline(scene, {10, band->top + 20}).mark.empty());
        QVERIFY(hitTimeline(scene, {TimelineLayout::Gutter + 50, 5}).mark.empty());
    }

    void aPixelOfAnHourFindsTheFrameThatMissedMost()
    {
        const Trace trace = SyntheticRecording{.frames = 100'000, .work = 100}.trace();
        const TimelineScene scene = sceneOf(trace, trace.span);
        const TimelineLayout layout = TimelineLayout::of(scene.trace.get(), scene.index.get(), scene.size, 0);
        const TimelineBand *band = layout.band(TimelineBand::Kind::Frames);
        const double perUnit = static_cast<double>(scene.range.length()) / layout.timeWidth();
        for (double x = TimelineLayout::Gutter + 3; x < scene.size.width() - 3; x += 37) {
            const auto timeAt = [&](double at) {
                return scene.range.start + static_cast<std::int64_t>((at - TimelineLayout::Gutter) * perUnit);
            };
            int most = 0;
            trace.frames.forEach([&](const FrameSample &frame) {
                if (frame.swapEnd > timeAt(x - 2) && frame.wanted < timeAt(x + 2))
                    most = std::max(most, frame.missed);
            });
            const TimelineHit hit = hitTimeline(scene, {x, band->top + 20});
            QVERIFY(!hit.mark.empty());
            if (most > 0)
                QVERIFY(trace.frames[hit.index].missed > 0);
        }
    }

    void aPixelFindsStallsBlocksWorkAndLabels()
    {
        const Trace trace = SyntheticRecording{.frames = 2'000, .work = 800, .missedShare = 0.02}.trace();
        QVERIFY(!trace.stalls.empty());
        const Stall &stall = trace.stalls[trace.stalls.size() / 2];
        TimelineScene scene
            = sceneOf(trace, zoomedTo({stall.block.start, stall.block.end}, trace.span, 0.3), {1'128, 900});
        const TimelineLayout layout = TimelineLayout::of(scene.trace.get(), scene.index.get(), scene.size, 0);
        const double perUnit = static_cast<double>(scene.range.length()) / layout.timeWidth();
        const auto xOf = [&](std::int64_t time) {
            return TimelineLayout::Gutter + static_cast<double>(time - scene.range.start) / perUnit;
        };
        const TimelineHit onStall = hitTimeline(
            scene, {xOf(stall.block.start + stall.block.length / 2), layout.band(TimelineBand::Kind::Ui)->top + 5});
        QVERIFY(onStall.stall);
        QCOMPARE(trace.stalls[onStall.index].block.start, stall.block.start);

        int works = 0;
        for (std::size_t i = 0; i < trace.work.size(); ++i) {
            const WorkInterval &work = trace.work[i];
            if (work.start < scene.range.start || work.end > scene.range.end || xOf(work.end) - xOf(work.start) < 8)
                continue;
            const auto named = std::find_if(trace.lanes.begin(), trace.lanes.end(),
                                            [&](const WorkLog::Lane &candidate) { return candidate.id == work.lane; });
            const auto lane = static_cast<std::size_t>(named - trace.lanes.begin());
            const TimelineBand *band = layout.band(TimelineBand::Kind::Lane, lane);
            bool hit = false;
            for (int row = 0; row < band->rows; ++row) {
                const TimelineHit at = hitTimeline(scene, {xOf((work.start + work.end) / 2), band->rowTop(row) + 3});
                hit = hit || (at.mark.kind == TimelineBand::Kind::Lane && at.index == i);
            }
            QVERIFY(hit);
            ++works;
        }
        QVERIFY(works > 0);

        const LabelSpan &label = trace.labels.front();
        scene.range = trace.span;
        const TimelineHit onLabel
            = hitTimeline(scene, {TimelineLayout::Gutter + 4, layout.band(TimelineBand::Kind::Labels)->top + 4});
        QVERIFY(onLabel.mark.kind == TimelineBand::Kind::Labels);
        QCOMPARE(onLabel.mark.span.start, label.span.start);
    }

    void nothingAndOneFrameAreDrawn()
    {
        Trace empty;
        empty.span = {10, 10};
        QVERIFY(drawTimeline({}).quads.empty());
        QVERIFY(drawOverview({}).quads.empty());
        QCOMPARE(hitTimeline({}, {200, 50}).mark.empty(), true);
        TimelineScene scene = sceneOf(empty, clampedTo(empty.span, empty.span));
        QVERIFY(drawTimeline(scene).visited == 0);
        QVERIFY(hitTimeline(scene, {300, 80}).mark.empty());

        FrameSample frame;
        frame.interval = SyntheticRecording::Interval;
        frame.deadline = frame.interval;
        frame.uiStart = 1'000'000;
        frame.uiEnd = 3'000'000;
        frame.syncStart = 3'000'000;
        frame.syncEnd = 3'200'000;
        frame.renderStart = 3'200'000;
        frame.renderEnd = 5'000'000;
        frame.swapEnd = frame.interval;
        Trace one;
        one.span = {0, frame.interval};
        one.frames = ChunkedView<FrameSample>::of({frame});
        scene = sceneOf(one, one.span);
        const TimelinePicture picture = drawTimeline(scene);
        for (const QColor &color : {scene.colors.ui, scene.colors.sync, scene.colors.render})
            QVERIFY(std::any_of(picture.quads.begin(), picture.quads.end(),
                                [&](const Quad &quad) { return quad.color == color; }));
        for (const Quad &quad : picture.quads)
            QVERIFY(QRectF({}, scene.size).adjusted(-0.1, -0.1, 0.1, 0.1).contains(quad.rect));
    }

    void timesAreWrittenAsFinelyAsTheyAreAsked()
    {
        QCOMPARE(timeText(62'350'000'000, NanosecondsPerSecond), QStringLiteral("1:02"));
        QCOMPARE(timeText(62'350'000'000, 50'000'000), QStringLiteral("1:02.35"));
        QCOMPARE(timeText(62'350'000'000, 1'000'000), QStringLiteral("1:02.350"));
        QCOMPARE(timeText(62'350'012'000, 20'000), QStringLiteral("1:02.350012"));
        QCOMPARE(timeText(-1'500'000'000, 100'000'000), QStringLiteral("−0:01.5"));
        QCOMPARE(timeText(3'723'000'000'000, NanosecondsPerSecond), QStringLiteral("1:02:03"));
    }

    void theHeightOfAFrameGrowsWithIt()
    {
        constexpr std::int64_t Vsync = SyntheticRecording::Interval;
        QCOMPARE(frameHeight(0, Vsync), 0.0);
        QCOMPARE(frameHeight(Vsync, Vsync), 0.25);
        QCOMPARE(frameHeight(2 * Vsync, Vsync), 0.5);
        QCOMPARE(frameHeight(64 * Vsync, Vsync), 1.0);
        QCOMPARE(frameHeight(640 * Vsync, Vsync), 1.0);
        double last = -1;
        for (std::int64_t length = 0; length < 64 * Vsync; length += Vsync / 3) {
            QVERIFY(frameHeight(length, Vsync) > last);
            last = frameHeight(length, Vsync);
        }
    }
};

QTEST_GUILESS_MAIN(TimelineTest)
#include "timeline_test.moc"
