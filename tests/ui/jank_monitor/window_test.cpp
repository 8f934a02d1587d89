#include "jank_monitor/frame_chart.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/recent_frames.h"
#include "jank_monitor/strip_items.h"

#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickwindow.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

using jank::FrameChart;
using jank::FrameStrip;
using jank::JankMonitor;
using jank::LaneStrip;

namespace {

void spinFor(std::int64_t length)
{
    const auto &clock = jank::SteadyFrameClock::instance();
    const std::int64_t end = clock.now() + length;
    while (clock.now() < end) {}
}

int pixelsOf(const QImage &image, const QColor &color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color ? 1 : 0;
    }
    return count;
}

/// Draws `count` frames, each after the one before.
void drawFrames(QQuickWindow &window, int count)
{
    QSignalSpy swapped(&window, &QQuickWindow::frameSwapped);
    for (int i = 0; i < count; ++i) {
        window.update();
        QVERIFY(swapped.size() > i || swapped.wait());
    }
}

} // namespace

class WindowTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void countsTheFramesOfTheWindow();
    void aStallDuringAnAnimationIsCounted();
    void endPhaseCountsTheFrameThatIsOwed();
    void phasesOnTheFacade();
    void labelsAreOnBadFrames();
    void theStripIsPainted();
    void bothStripsAreOnePicture();
    void theStripAsksForNoFrames();
    void lanesArePainted();
    void theChartIsPainted();
    void offMeansNoFramesAreSeen();
    void theWindowMayGoFirst();
    void theIntervalComesFromTheScreenUnlessChosen();

private:
    std::unique_ptr<QQuickWindow> m_window;
    std::unique_ptr<JankMonitor> m_monitor;
};

void WindowTest::init()
{
    m_window = std::make_unique<QQuickWindow>();
    m_window->setColor(Qt::black);
    m_window->resize(200, 100);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_monitor = std::make_unique<JankMonitor>();
    m_monitor->attach(m_window.get());
    m_monitor->setEnabled(true);
}

void WindowTest::cleanup()
{
    m_monitor.reset();
    m_window.reset();
}

void WindowTest::countsTheFramesOfTheWindow()
{
    m_monitor->beginPhase(QStringLiteral("drawing"));
    drawFrames(*m_window, 20);
    const auto samples = m_monitor->samples();
    QVERIFY(samples.size() >= 20);
    for (const auto &sample : samples) {
        QVERIFY(sample.uiStart <= sample.uiEnd);
        QVERIFY(sample.uiEnd <= sample.syncStart);
        QVERIFY(sample.syncStart <= sample.syncEnd);
        QVERIFY(sample.syncEnd <= sample.renderStart);
        QVERIFY(sample.renderStart <= sample.renderEnd);
        QVERIFY(sample.renderEnd <= sample.swapEnd);
        QVERIFY(sample.wanted <= sample.swapEnd);
    }
    QVERIFY(m_monitor->endPhase().statistics.framesDrawn >= 20);
    QVERIFY(m_monitor->uiCost() > 0);
}

void WindowTest::aStallDuringAnAnimationIsCounted()
{
    drawFrames(*m_window, 3);
    m_monitor->beginPhase(QStringLiteral("stall"));
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_window->update();
            spinFor(200'000'000);
        },
        Qt::QueuedConnection);
    drawFrames(*m_window, 2);
    const jank::PhaseSummary summary = m_monitor->endPhase();
    QVERIFY(summary.statistics.framesMissed >= 10); // of the twelve vsyncs in 200 ms at 60 Hz
    QVERIFY(summary.statistics.missedByUi >= 10);
    QVERIFY(summary.statistics.longestStall >= 200.0);
    QVERIFY(summary.statistics.stallTime >= 200.0);
}

void WindowTest::endPhaseCountsTheFrameThatIsOwed()
{
    jank::PhaseSummary summary;
    bool done = false;
    // The handler of a frame draws on and blocks within the same turn of the loop.
    const auto connection = connect(m_window.get(), &QQuickWindow::frameSwapped, this, [&] {
        if (done)
            return;
        done = true;
        m_monitor->beginPhase(QStringLiteral("blocked"));
        m_window->update();
        spinFor(200'000'000);
        summary = m_monitor->endPhase();
    });
    drawFrames(*m_window, 2);
    disconnect(connection);
    QVERIFY(done);
    QVERIFY(summary.statistics.framesMissed >= 10);
    QVERIFY(summary.statistics.longestStall >= 200.0);
    QCOMPARE(summary.missedCounts().last(), summary.statistics.framesMissed);
}

void WindowTest::phasesOnTheFacade()
{
    QSignalSpy changed(m_monitor.get(), &JankMonitor::phaseChanged);
    QVERIFY(m_monitor->endPhase().name.isEmpty());
    m_monitor->beginPhase(QStringLiteral("one"));
    QCOMPARE(m_monitor->phaseName(), QStringLiteral("one"));
    drawFrames(*m_window, 5);
    const jank::PhaseSummary one = m_monitor->endPhase();
    QCOMPARE(one.name, QStringLiteral("one"));
    QCOMPARE(one.times().size(), one.frameTimes().size());
    QCOMPARE(one.times().size(), one.missedCounts().size());
    QVERIFY(one.times().size() >= 5);
    QVERIFY(m_monitor->phaseName().isEmpty());
    QCOMPARE(changed.size(), 2);
}

void WindowTest::labelsAreOnBadFrames()
{
    drawFrames(*m_window, 3);
    const int key = m_monitor->beginLabel(QStringLiteral("job 12 here"));
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_window->update();
            spinFor(200'000'000);
        },
        Qt::QueuedConnection);
    drawFrames(*m_window, 2);
    m_monitor->endLabel(key);
    const QVariantList worst = m_monitor->worstFrames(1);
    QCOMPARE(worst.size(), 1);
    const QVariantMap frame = worst.first().toMap();
    QCOMPARE(frame.value(QStringLiteral("labels")).toStringList(), QStringList{QStringLiteral("job 12 here")});
    QCOMPARE(frame.value(QStringLiteral("cause")).toString(), QStringLiteral("ui"));
    QVERIFY(frame.value(QStringLiteral("missed")).toInt() >= 10);
}

void WindowTest::theStripIsPainted()
{
    FrameStrip strip(m_window->contentItem());
    strip.setSize({100, 40});
    strip.setProperty("goodColor", QColor(Qt::green));
    strip.setProperty("missedColor", QColor(Qt::red));
    strip.setProperty("lineColor", QColor(Qt::blue));
    strip.setMonitor(m_monitor.get());
    drawFrames(*m_window, 30);
    QImage picture = m_window->grabWindow();
    QVERIFY(pixelsOf(picture, Qt::green) > 10);
    QVERIFY(pixelsOf(picture, Qt::blue) > 20); // the deadline
    for (int x = 0; x < picture.width(); ++x)
        QCOMPARE(picture.pixelColor(x, 60), QColor(Qt::black)); // nothing beside the strip

    QMetaObject::invokeMethod(
        this,
        [this] {
            m_window->update();
            spinFor(100'000'000);
        },
        Qt::QueuedConnection);
    drawFrames(*m_window, 3);
    picture = m_window->grabWindow();
    QVERIFY(pixelsOf(picture, Qt::red) > 0);
}

void WindowTest::bothStripsAreOnePicture()
{
    FrameStrip strip(m_window->contentItem());
    strip.setSize({100, 44});
    strip.setProperty("part", FrameStrip::BothThreads);
    strip.setProperty("gap", 4);
    strip.setProperty("trackColor", QColor(Qt::darkGray));
    strip.setProperty("goodColor", QColor(Qt::green));
    strip.setProperty("lineColor", QColor(Qt::blue));
    strip.setMonitor(m_monitor.get());
    drawFrames(*m_window, 30);
    const QImage picture = m_window->grabWindow();
    for (const QRect &half : {QRect(0, 0, 100, 20), QRect(0, 24, 100, 20)}) {
        const QImage one = picture.copy(half);
        QVERIFY(pixelsOf(one, Qt::green) > 10);
        QVERIFY(pixelsOf(one, Qt::blue) > 20);
        QVERIFY(pixelsOf(one, Qt::darkGray) > 100);
    }
    QCOMPARE(pixelsOf(picture.copy(0, 20, 100, 4), Qt::black), 400); // the gap
}

void WindowTest::theStripAsksForNoFrames()
{
    FrameStrip strip(m_window->contentItem());
    strip.setSize({100, 40});
    strip.setMonitor(m_monitor.get());
    drawFrames(*m_window, 5);
    // The figures are refreshed once more when the drawing has ended. Between two such refreshes two frames are asked
    // for here (the first may pass for the one that a refresh leads to): a strip that asked for more would make them.
    QSignalSpy updated(m_monitor.get(), &JankMonitor::statisticsUpdated);
    QVERIFY(updated.wait());
    QSignalSpy swapped(m_window.get(), &QQuickWindow::frameSwapped);
    drawFrames(*m_window, 2);
    QVERIFY(updated.wait());
    QCOMPARE(swapped.size(), 2);
}

void WindowTest::lanesArePainted()
{
    LaneStrip strip(m_window->contentItem());
    strip.setSize({100, 20});
    strip.setProperty("laneCount", 1);
    strip.setProperty("colors", QVariant::fromValue(QList<QColor>{Qt::yellow}));
    strip.setMonitor(m_monitor.get());
    const std::int64_t now = m_monitor->clock().now();
    m_monitor->workLog()->addWork(1, "worker", "job", now - 1'000'000'000, now);
    drawFrames(*m_window, 3);
    QVERIFY(pixelsOf(m_window->grabWindow(), Qt::yellow) > 50);
    QTRY_COMPARE(m_monitor->workLanes(), QStringList{QStringLiteral("worker")});
}

void WindowTest::theChartIsPainted()
{
    FrameChart chart(m_window->contentItem());
    chart.setSize({200, 100});
    chart.setProperty("goodColor", QColor(Qt::green));
    chart.setProperty("gridColor", QColor(Qt::black));
    chart.setProperty("missedColor", QColor(Qt::red));
    jank::PhaseSummary phase;
    phase.span = {0, 100'000'000};
    phase.statistics.duration = 100;
    for (const auto &[wanted, shown, missed] : {std::array{0, 16, 0}, std::array{16, 66, 2}, std::array{66, 83, 0}}) {
        jank::FrameSample sample;
        sample.wanted = wanted * 1'000'000LL;
        sample.swapEnd = shown * 1'000'000LL;
        sample.interval = phase.interval;
        sample.deadline = sample.wanted + sample.interval;
        sample.missed = missed;
        phase.samples.push_back(sample);
    }
    chart.show(phase);
    QCOMPARE(chart.naturalMaximum(), 50.0);
    const QImage picture = m_window->grabWindow();
    QCOMPARE(picture.pixelColor(10, 90), QColor(Qt::green)); // the first frame, 16 ms of 100
    QCOMPARE(picture.pixelColor(80, 0), QColor(Qt::red)); // the cap of the second
    QCOMPARE(picture.pixelColor(190, 90), QColor(Qt::black)); // after the last
    chart.setProperty("yMaximum", 500.0);
    QCOMPARE(m_window->grabWindow().pixelColor(10, 90), QColor(Qt::black)); // a tenth as high
}

void WindowTest::offMeansNoFramesAreSeen()
{
    drawFrames(*m_window, 3);
    m_monitor->setEnabled(false);
    const auto before = m_monitor->samples().size();
    const auto revision = m_monitor->recentFrames()->revision();
    drawFrames(*m_window, 5);
    QCOMPARE(m_monitor->samples().size(), before);
    QCOMPARE(m_monitor->recentFrames()->revision(), revision);
    m_monitor->setEnabled(true);
    drawFrames(*m_window, 5);
    QVERIFY(m_monitor->samples().size() >= 5);
}

void WindowTest::theWindowMayGoFirst()
{
    drawFrames(*m_window, 3);
    m_window.reset();
    QCOMPARE(m_monitor->window(), nullptr);
    m_monitor->setEnabled(false);
    m_monitor->setEnabled(true);
    QVERIFY(m_monitor->isEnabled());
}

void WindowTest::theIntervalComesFromTheScreenUnlessChosen()
{
    QCOMPARE(qRound(m_monitor->refreshRate()), 60);
    QSignalSpy changed(m_monitor.get(), &JankMonitor::intervalChanged);
    m_monitor->setRefreshRate(120);
    QCOMPARE(m_monitor->interval(), 8.333333);
    m_monitor->setRefreshRate(0);
    QCOMPARE(qRound(m_monitor->refreshRate()), 60);
    QCOMPARE(changed.size(), 2);
}

QTEST_MAIN(WindowTest)
#include "window_test.moc"
