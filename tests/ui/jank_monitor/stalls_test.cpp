#include "scripted_window.h"

#include "jank_monitor/stall_log.h"

#include <QtTest/qtest.h>

#include <array>

using jank::Cause;
using jank::FrameSample;
using jank::LoopBlock;

namespace {

constexpr std::int64_t ms(double value)
{
    return ScriptedWindow::ms(value);
}

enum class Place { Handler, Nested, Polish, Rendering };

constexpr std::array Lengths{5, 17, 34, 50, 100, 700};
constexpr std::array Rates{60, 90, 120, 144};

// With 4.2 ms of work on top, in whole intervals of 16.67, 11.11, 8.33 and 6.94 ms, less the one that every frame has.
constexpr int Missed[Rates.size()][Lengths.size()]
    = {{0, 1, 2, 3, 6, 42}, {0, 1, 3, 4, 9, 63}, {1, 2, 4, 6, 12, 84}, {1, 3, 5, 7, 15, 101}};

} // namespace

/// Every length in every place under every kind of render loop at every rate, on a synthetic clock.
class StallsTest : public QObject {
    Q_OBJECT

private slots:
    void stalls_data();
    void stalls();
    void twoStallsInOneFrame();
};

void StallsTest::stalls_data()
{
    QTest::addColumn<int>("place");
    QTest::addColumn<int>("loop");
    QTest::addColumn<int>("hertz");
    QTest::addColumn<int>("length");
    QTest::addColumn<int>("missed");
    const std::array places{"handler", "nested event", "polish or binding", "rendering"};
    const std::array loops{"threaded", "on the UI thread"};
    for (std::size_t place = 0; place < places.size(); ++place) {
        for (std::size_t loop = 0; loop < loops.size(); ++loop) {
            for (std::size_t rate = 0; rate < Rates.size(); ++rate) {
                for (std::size_t length = 0; length < Lengths.size(); ++length) {
                    QTest::addRow("%s, %s, %d Hz, %d ms", places[place], loops[loop], Rates[rate], Lengths[length])
                        << int(place) << int(loop) << Rates[rate] << Lengths[length] << Missed[rate][length];
                }
            }
        }
    }
}

void StallsTest::stalls()
{
    QFETCH(int, place);
    QFETCH(int, loop);
    QFETCH(int, hertz);
    QFETCH(int, length);
    QFETCH(int, missed);
    ScriptedWindow window(hertz, ScriptedWindow::Loop(loop));
    window.draw({});
    window.blocks.clear();

    ScriptedWindow::Frame frame;
    switch (Place(place)) {
    case Place::Handler:
        frame.handler = ms(length);
        break;
    case Place::Nested:
        frame.nested = ms(length);
        break;
    case Place::Polish:
        frame.stall = ms(length);
        break;
    case Place::Rendering:
        frame.render += ms(length);
        break;
    }
    const FrameSample sample = window.draw(frame);
    const bool inRendering = Place(place) == Place::Rendering;
    QCOMPARE(sample.missed, missed);
    QVERIFY(sample.cause == (missed == 0 ? Cause::None : inRendering ? Cause::Render : Cause::Ui));
    QCOMPARE(sample.uiBusy, ms(2) + (inRendering ? 0 : ms(length)));
    QCOMPARE(sample.renderTime(), ms(2) + ScriptedWindow::SyncTime + (inRendering ? ms(length) : 0));
    QCOMPARE(sample.frameTime(), (missed + 1) * window.interval);

    QCOMPARE(window.blocks.size(), std::size_t(1));
    const LoopBlock &block = window.blocks[0];
    const bool renderingBlocks = ScriptedWindow::Loop(loop) == ScriptedWindow::Loop::OnUiThread;
    const std::int64_t expected = ms(2) + ScriptedWindow::SyncTime + (inRendering ? 0 : ms(length))
        + (renderingBlocks ? ms(2) + (inRendering ? ms(length) : 0) : 0);
    QCOMPARE(block.length, expected);
    const std::array<QByteArray, 4> receivers{"Button", "Photo", "Window", "Window"};
    const std::array<int, 4> types{QEvent::MouseButtonPress, QEvent::HoverEnter, QEvent::UpdateRequest,
                                   QEvent::UpdateRequest};
    QCOMPARE(QByteArray(block.receiver), receivers[static_cast<std::size_t>(place)]);
    QCOMPARE(block.eventType, types[static_cast<std::size_t>(place)]);
    QCOMPARE(QByteArray(block.name), Place(place) == Place::Handler ? QByteArray("save") : QByteArray());

    jank::StallLog log;
    log.add(block, window.interval, {});
    QCOMPARE(log.stalls(*jank::LoopWatch::ofThisThread(window.clock)).size(),
             std::size_t(expected > 2 * window.interval ? 1 : 0));

    // And the frames after it are on time again.
    for (int i = 0; i < 5; ++i)
        QCOMPARE(window.draw({}).missed, 0);
}

void StallsTest::twoStallsInOneFrame()
{
    // The longer one is the culprit, on whichever thread it was.
    ScriptedWindow window;
    window.draw({});
    QVERIFY(window.draw({.handler = ms(50), .render = ms(40)}).cause == Cause::Ui);
    const FrameSample sample = window.draw({.handler = ms(40), .render = ms(50)});
    QVERIFY(sample.cause == Cause::Render);
    QCOMPARE(sample.missed, 5); // 92.2 ms of work
    QCOMPARE(QByteArray(window.blocks.back().receiver), QByteArray("Button"));
}

QTEST_APPLESS_MAIN(StallsTest)
#include "stalls_test.moc"
