// What the monitor remembers: its limits, and looks at it that stay as they are.
#include "jank_monitor/background.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/recording_store.h"
#include "synthetic_recording.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

using namespace jank;

namespace {

constexpr std::int64_t Vsync = 16'666'667;

FrameSample frameAt(std::int64_t number)
{
    FrameSample frame;
    frame.interval = Vsync;
    frame.wanted = number * Vsync;
    frame.deadline = frame.wanted + Vsync;
    frame.uiStart = frame.wanted;
    frame.swapEnd = frame.deadline;
    return frame;
}

WorkInterval workAt(std::uint64_t lane, std::int64_t start, std::int64_t end, const char *label)
{
    WorkInterval work;
    work.lane = lane;
    work.start = start;
    work.end = end;
    work.label = label;
    return work;
}

} // namespace

class RecordingTest : public QObject {
    Q_OBJECT

private slots:
    void keepsAtLeastTheLimitAndAChunkMoreAtMost()
    {
        RecordingStore store({.frames = 5'000, .blocks = 2'000, .stalls = 3, .work = 2'000, .lanes = 2});
        for (std::int64_t i = 0; i < 20'000; ++i) {
            store.addFrame(frameAt(i));
            QVERIFY(store.frames().size() >= static_cast<std::size_t>(std::min<std::int64_t>(i + 1, 5'000)));
            QVERIFY(store.frames().size() < 5'000 + ChunkedLog<FrameSample>::ChunkSize);
            QCOMPARE(store.frames()[store.frames().size() - 1].wanted, i * Vsync);
        }
        for (int i = 0; i < 5; ++i) {
            Stall stall;
            stall.block.start = i;
            stall.block.end = i + 1;
            store.addStall(stall);
        }
        QCOMPARE(store.stalls().size(), std::size_t(3));
        QCOMPARE(store.stalls().front().block.start, 2);
        // What the span says is remembered is there.
        const Trace trace = store.snapshot(20'000 * Vsync);
        QCOMPARE(trace.span.start, trace.frames[0].wanted);
        QCOMPARE(trace.span.end, 20'000 * Vsync);
    }

    void jobsThatWaitTooLongAreDropped()
    {
        std::vector<int> done;
        std::promise<void> started;
        std::promise<void> go;
        Background background(3);
        background.run([&] {
            started.set_value();
            go.get_future().wait();
        });
        started.get_future().wait();
        for (int i = 0; i < 10; ++i)
            background.run([&done, i] { done.push_back(i); });
        go.set_value();
        background.wait();
        QCOMPARE(done, (std::vector<int>{7, 8, 9}));
        background.run([&done] { done.push_back(10); }); // on a thread of its own again
        background.wait();
        QCOMPARE(done.back(), 10);
    }

    void theEndDoesNotWaitForJobsThatHaveNotBegun()
    {
        std::atomic<int> done{0};
        const auto waiting = std::make_shared<int>(0);
        {
            std::promise<void> started;
            std::promise<void> dropped;
            Background background(100);
            background.run([&] {
                started.set_value();
                dropped.get_future().wait();
                ++done;
            });
            started.get_future().wait();
            for (int i = 0; i < 50; ++i)
                background.run([waiting, &done] { ++done; });
            // Goes with the others that wait, and only then lets the first come to its end.
            const std::shared_ptr<void> last(nullptr, [&dropped](void *) { dropped.set_value(); });
            background.run([last] {});
        }
        QCOMPARE(done.load(), 1);
        QCOMPARE(waiting.use_count(), 1);
    }

    void theWorstFramesComeFirst()
    {
        RecordingStore store;
        QVERIFY(store.worstFrames(3).empty());
        std::vector<FrameSample> expected;
        for (std::int64_t i = 0; i < 5'000; ++i) {
            FrameSample frame = frameAt(i);
            frame.missed = static_cast<std::int32_t>(i * 7'919 % 5'003 % 50);
            store.addFrame(frame);
            if (frame.missed > 0)
                expected.push_back(frame);
        }
        std::stable_sort(expected.begin(), expected.end(),
                         [](const FrameSample &a, const FrameSample &b) { return a.missed > b.missed; });
        for (const std::size_t count : {std::size_t(0), std::size_t(1), std::size_t(250), std::size_t(100'000)}) {
            const std::vector<FrameSample> worst = store.worstFrames(count);
            QCOMPARE(worst.size(), std::min(count, expected.size()));
            for (std::size_t i = 0; i < worst.size(); ++i) {
                QCOMPARE(worst[i].missed, expected[i].missed);
                QCOMPARE(worst[i].wanted, expected[i].wanted);
            }
        }
    }

    void lowerLimitsForgetAtOnce()
    {
        RecordingStore store(RecordingLimits::hours());
        SyntheticRecording{.frames = 60'000, .work = 90'000}.fill(store);
        QVERIFY(store.frames().size() > 50'000);
        QCOMPARE(store.work().size(), std::size_t(90'000));
        store.setLimits(RecordingLimits::ring());
        QVERIFY(store.frames().size() < RecordingLimits::ring().frames + 1'024);
        QVERIFY(store.work().size() < RecordingLimits::ring().work + 1'024);
    }

    void aLookStaysAsItWasWhenItWasTaken()
    {
        RecordingStore store({.frames = 3'000, .blocks = 10, .stalls = 2, .work = 10, .lanes = 4});
        for (std::int64_t i = 0; i < 3'500; ++i)
            store.addFrame(frameAt(i));
        store.addWork({workAt(7, 0, 10, "a")}, {{7, "first"}});
        const Trace trace = store.snapshot(3'500 * Vsync);
        const std::size_t size = trace.frames.size();
        const std::int64_t first = trace.frames[0].wanted;
        for (std::int64_t i = 3'500; i < 12'000; ++i)
            store.addFrame(frameAt(i));
        store.addWork({workAt(7, 10, 20, "b")}, {{7, "renamed"}});
        store.clear(0);
        QCOMPARE(trace.frames.size(), size);
        for (std::size_t i = 0; i < size; ++i)
            QCOMPARE(trace.frames[i].wanted, first + static_cast<std::int64_t>(i) * Vsync);
        QCOMPARE(trace.work.size(), std::size_t(1));
        QCOMPARE(trace.lanes.front().name, std::string("first"));
    }

    void looksShareTheirChunks()
    {
        RecordingStore store;
        for (std::int64_t i = 0; i < 10'000; ++i)
            store.addFrame(frameAt(i));
        const Trace one = store.snapshot(1);
        const Trace other = store.snapshot(1);
        std::size_t shared = 0;
        for (std::size_t i = 0; i < one.frames.chunks().size(); ++i)
            shared += one.frames.chunks()[i] == other.frames.chunks()[i] ? 1 : 0;
        QCOMPARE(shared, std::size_t(10'000 / 1'024));
    }

    void looksShareTheirStalls()
    {
        RecordingStore store;
        for (int i = 0; i < 3; ++i) {
            Stall stall;
            stall.block.start = 10 * i;
            stall.block.end = 10 * i + 5;
            store.addStall(stall);
        }
        const Trace before = store.snapshot(100);
        store.completeStalls(10, [](std::int64_t start) {
            return start == 10 ? std::vector<std::string>{"sort()", "main()"} : std::vector<std::string>();
        });
        const Trace after = store.snapshot(100);
        QCOMPARE(&before.stalls[0], &after.stalls[0]);
        QCOMPARE(&before.stalls[2], &after.stalls[2]);
        QVERIFY(before.stalls[1].stack.empty());
        QCOMPARE(after.stalls[1].stack.size(), std::size_t(2));
        QCOMPARE(after.stalls[1].block.end, 15);
    }

    void lanesKeepTheirPlacesWhileTheLogMovesThem()
    {
        RecordingStore store;
        store.addWork({workAt(1, 0, 1, "a"), workAt(2, 0, 1, "b")}, {{1, "one"}, {2, "two"}});
        store.addWork({workAt(3, 0, 1, "c"), workAt(1, 1, 2, "d")}, {{3, "three"}, {2, "two"}, {1, "uno"}});
        const Trace trace = store.snapshot(3);
        QCOMPARE(trace.lanes.size(), std::size_t(3));
        QCOMPARE(trace.lanes[0].name, std::string("uno"));
        QCOMPARE(trace.lanes[1].name, std::string("two"));
        QCOMPARE(trace.lanes[2].name, std::string("three"));
    }

    void cuttingTakesWhatLiesWithin()
    {
        const Trace trace = SyntheticRecording{.frames = 6'000, .work = 3'000}.trace();
        const Interval span{trace.span.start + 20 * NanosecondsPerSecond, trace.span.start + 30 * NanosecondsPerSecond};
        const Trace part = cut(trace, span);
        QCOMPARE(part.span.start, span.start);
        QCOMPARE(part.span.end, span.end);
        std::size_t expected = 0;
        trace.frames.forEach([&](const FrameSample &frame) {
            expected += frame.swapEnd > span.start && frame.wanted < span.end ? 1 : 0;
        });
        QVERIFY(expected > 500);
        QCOMPARE(part.frames.size(), expected);
        part.work.forEach([&](const WorkInterval &work) { QVERIFY(work.end > span.start && work.start < span.end); });
        QVERIFY(part.work.size() > 0);
        for (const LabelSpan &label : part.labels)
            QVERIFY(label.span.end > span.start && label.span.start < span.end);
        QCOMPARE(cut(trace, {0, 1}).frames.size(), std::size_t(0));
    }

    void whatIsLongIsFreedByAnotherThread()
    {
        // A million strings held alone, then by two: the last holder hands them over, whoever that is.
        RecordingStore store(RecordingLimits::hours());
        SyntheticRecording{.frames = 60'000, .work = 90'000}.fill(store);
        std::shared_ptr<const Trace> trace = shareTrace(store.snapshot(1));
        const std::weak_ptr<const std::vector<FrameSample>> chunk = trace->frames.chunks().front();
        store.clear(0);
        QCOMPARE(store.frames().size(), std::size_t(0));
        QCOMPARE(store.work().size(), std::size_t(0));
        QVERIFY(!chunk.expired());
        std::shared_ptr<const Trace> other = trace;
        trace.reset();
        QCOMPARE(other->frames.size() > 50'000, true);
        other.reset();
        QTRY_VERIFY(chunk.expired());
        // It goes on as before.
        store.addFrame(frameAt(1));
        QCOMPARE(store.snapshot(3 * Vsync).frames.size(), std::size_t(1));

        std::promise<std::thread::id> freedBy;
        freeLater(std::shared_ptr<void>(nullptr, [&](void *) { freedBy.set_value(std::this_thread::get_id()); }));
        QVERIFY(freedBy.get_future().get() != std::this_thread::get_id());
    }

    void theMonitorGivesWhatItWasToldOf()
    {
        ManualFrameClock clock(5 * NanosecondsPerSecond);
        JankMonitor monitor(clock, nullptr);
        QCOMPARE(monitor.trace().work.size(), std::size_t(0));
        monitor.setEnabled(true);
        QSignalSpy wanted(&monitor, &JankMonitor::traceWanted);
        const int label = monitor.beginLabel(QStringLiteral("importing"));
        monitor.workLog()->addWork(4, "compress", "IMG_1.jpg", clock.now(), clock.now() + 5'000'000);
        clock.advance(NanosecondsPerSecond);
        monitor.endLabel(label);
        monitor.beginLabel(QStringLiteral("scrolling"));
        clock.advance(NanosecondsPerSecond);
        const Trace trace = monitor.trace();
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(trace.span.start, 5 * NanosecondsPerSecond);
        QCOMPARE(trace.span.end, 7 * NanosecondsPerSecond);
        QCOMPARE(trace.work.size(), std::size_t(1));
        QCOMPARE(trace.work[0].label, std::string("IMG_1.jpg"));
        QCOMPARE(trace.lanes.size(), std::size_t(1));
        QCOMPARE(trace.lanes[0].name, std::string("compress"));
        QCOMPARE(trace.labels.size(), std::size_t(2));
        QCOMPARE(trace.labels[0].span.end, 6 * NanosecondsPerSecond);
        QCOMPARE(trace.labels[1].span.end, 7 * NanosecondsPerSecond);
        // The last half second: the second label alone.
        const Trace part = monitor.trace(0.5);
        QCOMPARE(part.span.length(), NanosecondsPerSecond / 2);
        QCOMPARE(part.labels.size(), std::size_t(1));
        QCOMPARE(part.work.size(), std::size_t(0));
    }

    void aRecordingOfAnHourIsKeptWhole()
    {
        ManualFrameClock clock(NanosecondsPerSecond);
        JankMonitor monitor(clock, nullptr);
        monitor.setRecording(true);
        QVERIFY2(!monitor.isRecording(), "nothing is recorded while not enabled");
        monitor.setEnabled(true);
        clock.advance(10 * NanosecondsPerSecond);
        QSignalSpy changed(&monitor, &JankMonitor::recordingChanged);
        monitor.setRecording(true);
        QVERIFY(monitor.isRecording());
        QCOMPARE(changed.count(), 1);
        QVERIFY(monitor.lastRecording() == nullptr);

        // More work than the ring holds, reported as a program does: a little at a time.
        constexpr std::int64_t Hour = 3'600;
        for (std::int64_t second = 0; second < Hour; ++second) {
            for (int i = 0; i < 30; ++i)
                monitor.workLog()->addWork(static_cast<std::uint64_t>(i % 4), "lane", "job", clock.now(),
                                           clock.now() + 1'000'000);
            clock.advance(NanosecondsPerSecond);
            if (second % 60 == 0)
                QVERIFY(monitor.trace().work.size() > 0);
        }
        QCOMPARE(monitor.recordedSeconds(), double(Hour));
        monitor.setRecording(false);
        QCOMPARE(changed.count(), 2);
        QVERIFY(!monitor.isRecording());
        QCOMPARE(monitor.recordedSeconds(), 0.0);

        const std::shared_ptr<const Trace> ended = monitor.lastRecording();
        QVERIFY(ended != nullptr);
        QCOMPARE(ended->span.start, 11 * NanosecondsPerSecond);
        QCOMPARE(ended->span.length(), Hour * NanosecondsPerSecond);
        QCOMPARE(ended->work.size(), std::size_t(Hour * 30));
        // The ring is a ring again, and what was ended stays.
        const std::size_t ring = monitor.trace().work.size();
        QVERIFY(ring < RecordingLimits::ring().work + 1'024);
        QCOMPARE(ended->work.size(), std::size_t(Hour * 30));
        monitor.forgetRecording();
        QVERIFY(monitor.lastRecording() == nullptr);
    }

    void disablingEndsARecordingAndKeepsIt()
    {
        ManualFrameClock clock(NanosecondsPerSecond);
        JankMonitor monitor(clock, nullptr);
        monitor.setEnabled(true);
        monitor.setRecording(true);
        clock.advance(NanosecondsPerSecond);
        monitor.setEnabled(false);
        QVERIFY(!monitor.isRecording());
        QVERIFY(monitor.lastRecording() != nullptr);
        QCOMPARE(monitor.lastRecording()->span.length(), NanosecondsPerSecond);
    }
};

QTEST_GUILESS_MAIN(RecordingTest)
#include "recording_test.moc"
