#include "jank_monitor/frame_clock.h"
#include "jank_monitor/jank_monitor.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>
#include <QtGui/qguiapplication.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgsimplerectnode.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <thread>

using jank::Cause;
using jank::FrameSample;
using jank::JankMonitor;
using jank::LoopBlock;
using jank::ManualFrameClock;

namespace {

constexpr std::int64_t ms(double value)
{
    return static_cast<std::int64_t>(value * 1e6);
}

constexpr std::int64_t Start = ms(1'000'000);
constexpr std::int64_t FrameWork = ms(1); // what polishing takes in each frame

enum class Place { Handler, Polish, Binding, Synchronisation, Rendering };

/// A display and a clock that it owns: time passes only where the program stalls, where it polishes, and where a swap
/// waits for the next vsync. So nothing depends on how fast the machine is. Where the scene graph has a thread of its
/// own, the two move the clock in turn: the render thread while the UI thread rests, which goes on when the frame is
/// shown. Draws without end, as an animation does.
class Stage : public QObject {
public:
    Stage(QQuickWindow &window, double hertz) : m_interval(jank::intervalForRefreshRate(hertz)), m_window(window) {}

    /// Before the monitor listens: it is to read the clock after the UI thread has waited.
    void beforeMonitor()
    {
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, this, [this] { goOn(); });
    }
    /// After the monitor listens: it is to read the clock before it is moved. `item` is polished in each frame.
    void begin(QQuickItem *item)
    {
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this,
                [this] { m_uiRests = true; });
        QCoreApplication::instance()->installEventFilter(this); // called before those that were there
        const auto station
            = [this](auto signal, auto pass) { connect(&m_window, signal, this, pass, Qt::DirectConnection); };
        station(&QQuickWindow::afterAnimating, [this, item] {
            item->polish();
            item->update();
            m_uiRests = true;
        });
        station(&QQuickWindow::beforeSynchronizing, [this] {
            m_renderThread = QThread::currentThread();
            m_uiRests = false;
            m_inFlight = true;
            clock.advance(syncStall.exchange(0));
        });
        station(&QQuickWindow::beforeRendering, [this] {
            untilUiRests();
            clock.advance(renderStall.exchange(0));
        });
        station(&QQuickWindow::afterRendering, [this] {
            untilUiRests();
            const std::int64_t passed = clock.now() - Start;
            clock.setNow(Start + (passed / m_interval + 1) * m_interval);
        });
        station(&QQuickWindow::frameSwapped, [this] { m_inFlight = false; });
        item->polish();
        item->update();
    }
    /// The UI thread is busy for so long.
    void work(std::int64_t length)
    {
        goOn();
        clock.advance(length);
    }
    /// Nobody waits for anybody any more.
    void end() { m_over = true; }

    /// Whether the scene graph has a thread of its own; known after the first frame.
    [[nodiscard]] bool isThreaded() const { return m_renderThread != thread(); }

    ManualFrameClock clock{Start};
    std::atomic<std::int64_t> renderStall{0};
    std::atomic<std::int64_t> syncStall{0};

protected:
    bool eventFilter(QObject *, QEvent *) override
    {
        goOn();
        return false;
    }

private:
    /// The UI thread works again, once the frame in flight is shown. If it had no time to rest, it rests now, as if its
    /// dispatcher had waited in between.
    void goOn()
    {
        if (QThread::currentThread() != thread())
            return;
        auto *dispatcher = QAbstractEventDispatcher::instance();
        const bool rested = m_uiRests;
        const bool waits = isThreaded() && m_inFlight;
        if (waits && !rested)
            emit dispatcher->aboutToBlock();
        while (isThreaded() && m_inFlight && !m_over)
            std::this_thread::yield();
        m_uiRests = false;
        if (waits && !rested)
            emit dispatcher->awake();
    }
    void untilUiRests()
    {
        while (isThreaded() && !m_uiRests && !m_over)
            std::this_thread::yield();
    }

    const std::int64_t m_interval;
    QQuickWindow &m_window;
    std::atomic<bool> m_uiRests{false};
    std::atomic<bool> m_inFlight{false};
    std::atomic<bool> m_over{false};
    std::atomic<QThread *> m_renderThread{thread()};
};

/// An item that takes the time of a frame to be polished, and more when told to.
class WorkingItem : public QQuickItem {
    Q_OBJECT

public:
    explicit WorkingItem(Stage &stage, QQuickItem *parent) : QQuickItem(parent), m_stage(stage)
    {
        setFlag(ItemHasContents);
        setSize({10, 10});
    }
    std::int64_t polishStall = 0;

protected:
    void updatePolish() override { m_stage.work(FrameWork + std::exchange(polishStall, 0)); }
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *) override
    {
        auto *node
            = old != nullptr ? static_cast<QSGSimpleRectNode *>(old) : new QSGSimpleRectNode(boundingRect(), Qt::red);
        node->setColor(node->color() == Qt::red ? Qt::blue : Qt::red);
        return node;
    }

private:
    Stage &m_stage;
};

/// What a binding asks for, and what handles an event: each stalls when told to.
class Staller : public QObject {
    Q_OBJECT

public:
    explicit Staller(Stage &stage) : m_stage(stage) { setObjectName(QStringLiteral("the slow one")); }
    Q_INVOKABLE double slowly(double value)
    {
        if (inBinding > 0 && value > 0) {
            m_stage.work(std::exchange(inBinding, 0));
            stalled = true;
        }
        return value;
    }
    std::int64_t inBinding = 0;
    std::int64_t inHandler = 0;
    bool stalled = false;

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::User && inHandler > 0)
            m_stage.work(std::exchange(inHandler, 0));
        return QObject::event(event);
    }

private:
    Stage &m_stage;
};

/// A window with a display of its own, and the monitor that watches it.
struct Scene {
    explicit Scene(double hertz) : stage(window, hertz), monitor(stage.clock, nullptr)
    {
        window.resize(64, 64);
        item = new WorkingItem(stage, window.contentItem());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        stage.beforeMonitor();
        monitor.setRefreshRate(hertz);
        monitor.attach(&window);
        monitor.setEnabled(true);
        stage.begin(item);
        draw(3);
        monitor.reset();
    }
    ~Scene()
    {
        stage.end();
        monitor.setEnabled(false);
        window.close();
        delete item;
    }
    /// Waits for so many frames.
    void draw(int count)
    {
        QEventLoop loop; // a QSignalSpy would have to be of the render thread
        int seen = 0;
        const auto connection = QObject::connect(
            &window, &QQuickWindow::frameSwapped, &loop,
            [&] {
                if (++seen == count)
                    loop.quit();
            },
            Qt::QueuedConnection);
        loop.exec();
        QObject::disconnect(connection);
    }

    QQuickWindow window;
    Stage stage;
    JankMonitor monitor;
    WorkingItem *item = nullptr;
};

constexpr const char *Component = "import QtQuick; Item { required property QtObject staller; property real phase;"
                                  " height: staller.slowly(phase);"
                                  " NumberAnimation on phase { from: 0; to: 1000; duration: 100000 } }";

std::int64_t missedIn(const std::vector<FrameSample> &samples)
{
    std::int64_t missed = 0;
    for (const FrameSample &sample : samples)
        missed += sample.missed;
    return missed;
}

} // namespace

/// Stalls of known lengths in a real window, under a real render loop, on a clock that only they move.
class InjectedTest : public QObject {
    Q_OBJECT

private slots:
    void stalls_data();
    void stalls();
    void nothingIsMissedWhateverTheNoise();
};

void InjectedTest::stalls_data()
{
    QTest::addColumn<int>("place");
    QTest::addColumn<double>("hertz");
    QTest::addColumn<int>("length");
    const std::array places{"handler", "polish", "binding", "synchronisation", "rendering"};
    for (std::size_t place = 0; place < places.size(); ++place) {
        for (const double hertz : {60.0, 144.0}) {
            for (const int length : {5, 17, 34, 50, 100, 700})
                QTest::addRow("%s, %g Hz, %d ms", places[place], hertz, length) << int(place) << hertz << length;
        }
    }
}

void InjectedTest::stalls()
{
    QFETCH(int, place);
    QFETCH(double, hertz);
    QFETCH(int, length);
    const std::int64_t stall = ms(length);
    const bool onUi = Place(place) <= Place::Binding;
    Scene scene(hertz);
    Staller staller(scene.stage);
    QQmlEngine engine;
    std::unique_ptr<QObject> animated;

    switch (Place(place)) {
    case Place::Handler:
        staller.inHandler = stall;
        QCoreApplication::postEvent(&staller, new QEvent(QEvent::User));
        break;
    case Place::Polish:
        scene.item->polishStall = stall;
        break;
    case Place::Binding: {
        QQmlComponent component(&engine);
        component.setData(Component, {});
        animated.reset(component.createWithInitialProperties(
            {{QStringLiteral("staller"), QVariant::fromValue<QObject *>(&staller)}}));
        QVERIFY2(animated, qPrintable(component.errorString()));
        qobject_cast<QQuickItem *>(animated.get())->setParentItem(scene.window.contentItem());
        scene.draw(2);
        scene.monitor.reset();
        staller.inBinding = stall;
        QTRY_VERIFY(staller.stalled);
        break;
    }
    case Place::Synchronisation:
        scene.stage.syncStall = stall;
        break;
    case Place::Rendering:
        scene.stage.renderStall = stall;
        break;
    }
    scene.draw(3);
    animated.reset();
    scene.draw(1);

    // The frame was owed from the vsync at which the stall began, took it and a millisecond, and came with the next.
    const std::int64_t interval = jank::intervalForRefreshRate(hertz);
    const std::int64_t missed = (stall + FrameWork + interval - 1) / interval - 1;
    const std::vector<FrameSample> samples = scene.monitor.samples();
    QCOMPARE(missedIn(samples), missed);
    const auto worst = std::max_element(samples.begin(), samples.end(),
                                        [](const auto &a, const auto &b) { return a.workTime() < b.workTime(); });
    QVERIFY(worst != samples.end());
    QCOMPARE(worst->missed, missed);
    QVERIFY(worst->cause == (missed == 0 ? Cause::None : onUi ? Cause::Ui : Cause::Render));
    QCOMPARE(worst->frameTime(), (missed + 1) * interval);
    const std::int64_t tolerance = std::max(ms(2), stall / 20);
    const std::int64_t measured = onUi ? worst->uiBusy : worst->renderTime();
    QVERIFY2(std::abs(measured - stall) <= tolerance, qPrintable(QString::number(measured)));

    // What held the event loop, where it was held.
    const std::vector<LoopBlock> blocks = scene.monitor.blocks();
    const auto longest = std::max_element(blocks.begin(), blocks.end(),
                                          [](const auto &a, const auto &b) { return a.length < b.length; });
    QVERIFY(longest != blocks.end());
    if (!scene.stage.isThreaded() || Place(place) != Place::Rendering) {
        QVERIFY2(std::abs(longest->length - stall) <= tolerance, qPrintable(QString::number(longest->length)));
        switch (Place(place)) {
        case Place::Handler:
            QCOMPARE(longest->eventType, int(QEvent::User));
            QCOMPARE(QByteArray(longest->receiver), QByteArray("Staller"));
            QCOMPARE(QByteArray(longest->name), QByteArray("the slow one"));
            break;
        case Place::Binding: // wherever this render loop's animations tick
            QVERIFY(longest->eventType == QEvent::Timer || longest->eventType == QEvent::UpdateRequest);
            break;
        default:
            QCOMPARE(longest->eventType, int(QEvent::UpdateRequest));
        }
        const bool isStall = longest->length > 2 * interval;
        const auto stalls = scene.monitor.stalls();
        QCOMPARE(stalls.size(), std::size_t(isStall ? 1 : 0));
        if (isStall)
            QCOMPARE(stalls[0].block.length, longest->length);
    } else {
        QVERIFY(longest->length <= ms(2));
        QVERIFY(scene.monitor.stalls().empty());
    }
}

void InjectedTest::nothingIsMissedWhateverTheNoise()
{
    // Real time passes in all sizes and everywhere, and other threads fight for the processors.
    std::atomic<bool> stop{false};
    std::vector<std::thread> others;
    for (int i = 0; i < 3; ++i) {
        others.emplace_back([&] {
            while (!stop) {}
        });
    }
    Scene scene(60);
    std::minstd_rand random(1);
    connect(
        &scene.window, &QQuickWindow::beforeRendering, this,
        [&] {
            for (auto n = random() % 1'000'000; n > 0; --n)
                std::atomic_signal_fence(std::memory_order_seq_cst);
        },
        Qt::DirectConnection);
    scene.draw(100);
    stop = true;
    for (std::thread &other : others)
        other.join();
    QVERIFY(scene.monitor.samples().size() >= 100);
    QCOMPARE(missedIn(scene.monitor.samples()), 0);
    QVERIFY(scene.monitor.stalls().empty());
}

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QByteArray loop = JANK_TEST_LOOP;
    if (loop == "software") {
        qputenv("QT_QUICK_BACKEND", "software");
    } else {
        qputenv("QT_QUICK_BACKEND", "rhi");
        qputenv("QSG_RHI_BACKEND", "null");
        qputenv("QSG_RENDER_LOOP", loop);
    }
    QGuiApplication application(argc, argv);
    InjectedTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "injected_test.moc"
