#include "jank_monitor/jank_monitor.h"

#include <QtCore/qthread.h>
#include <QtGui/qguiapplication.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickwindow.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <memory>

using jank::Cause;
using jank::JankMonitor;

namespace {

void spinFor(std::int64_t length)
{
    const auto &clock = jank::SteadyFrameClock::instance();
    const std::int64_t end = clock.now() + length;
    while (clock.now() < end) {}
}

/// An item that can take its time to be polished.
class SlowItem : public QQuickItem {
public:
    std::int64_t polishTime = 0;

protected:
    void updatePolish() override { spinFor(polishTime); }
};

} // namespace

/// The same monitor where the scene graph has a thread of its own (drawing to nowhere).
class ThreadedTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void theRenderThreadIsAnother();
    void stationsAreInOrder();
    void aSlowHandlerIsTheUiThreads();
    void slowPolishIsTheUiThreads();
    void slowRenderingIsTheRenderThreads();
    void mayBeSwitchedAndDeletedWhileDrawing();

private:
    void draw(int count);
    [[nodiscard]] jank::FrameSample worstFrame() const;

    std::unique_ptr<QQuickWindow> m_window;
    std::unique_ptr<JankMonitor> m_monitor;
};

void ThreadedTest::init()
{
    m_window = std::make_unique<QQuickWindow>();
    m_window->resize(64, 64);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_monitor = std::make_unique<JankMonitor>();
    m_monitor->attach(m_window.get());
    m_monitor->setEnabled(true);
    draw(5);
    m_monitor->reset();
}

void ThreadedTest::cleanup()
{
    m_monitor.reset();
    m_window.reset();
}

void ThreadedTest::draw(int count)
{
    QSignalSpy swapped(m_window.get(), &QQuickWindow::frameSwapped);
    for (int i = 0; i < count; ++i) {
        m_window->update();
        QVERIFY(swapped.size() > i || swapped.wait());
    }
}

jank::FrameSample ThreadedTest::worstFrame() const
{
    const auto samples = m_monitor->samples();
    return *std::max_element(samples.begin(), samples.end(),
                             [](const auto &a, const auto &b) { return a.missed < b.missed; });
}

void ThreadedTest::theRenderThreadIsAnother()
{
    std::atomic<QThread *> renderThread{nullptr};
    connect(
        m_window.get(), &QQuickWindow::beforeRendering, this, [&] { renderThread = QThread::currentThread(); },
        Qt::DirectConnection);
    draw(1);
    QVERIFY(renderThread != nullptr);
    QVERIFY(renderThread != QThread::currentThread());
}

void ThreadedTest::stationsAreInOrder()
{
    draw(50);
    const auto samples = m_monitor->samples();
    QVERIFY(samples.size() >= 49); // the last may be on its way
    for (const auto &sample : samples) {
        QVERIFY(sample.uiStart <= sample.uiEnd);
        QVERIFY(sample.uiEnd <= sample.syncStart);
        QVERIFY(sample.syncStart <= sample.syncEnd);
        QVERIFY(sample.syncEnd <= sample.renderStart);
        QVERIFY(sample.renderStart <= sample.renderEnd);
        QVERIFY(sample.renderEnd <= sample.swapEnd);
    }
    QVERIFY(m_monitor->uiCost() > 0);
    QVERIFY(m_monitor->renderCost() > 0);
}

void ThreadedTest::aSlowHandlerIsTheUiThreads()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_window->update();
            spinFor(200'000'000);
        },
        Qt::QueuedConnection);
    draw(3);
    QVERIFY(worstFrame().missed >= 10);
    QVERIFY(worstFrame().cause == Cause::Ui);
    QVERIFY(worstFrame().uiBusy >= 200'000'000);
    QVERIFY(m_monitor->longestStall() >= 200.0);
}

void ThreadedTest::slowPolishIsTheUiThreads()
{
    SlowItem item;
    item.setParentItem(m_window->contentItem());
    draw(2);
    item.polishTime = 200'000'000;
    item.polish();
    draw(3);
    QVERIFY(worstFrame().missed >= 10);
    QVERIFY(worstFrame().cause == Cause::Ui);
    QVERIFY(worstFrame().uiBusy >= 200'000'000);
}

void ThreadedTest::slowRenderingIsTheRenderThreads()
{
    std::atomic<bool> slow{true};
    connect(
        m_window.get(), &QQuickWindow::beforeRendering, this,
        [&] {
            if (slow.exchange(false))
                spinFor(200'000'000);
        },
        Qt::DirectConnection);
    draw(3);
    QVERIFY(worstFrame().missed >= 10);
    QVERIFY(worstFrame().cause == Cause::Render);
    QVERIFY(worstFrame().renderTime() >= 200'000'000);
}

void ThreadedTest::mayBeSwitchedAndDeletedWhileDrawing()
{
    QSignalSpy swapped(m_window.get(), &QQuickWindow::frameSwapped);
    const auto redraw = connect(m_window.get(), &QQuickWindow::afterAnimating, m_window.get(), &QQuickWindow::update);
    m_window->update();
    for (int i = 0; i < 30; ++i) {
        m_monitor->setEnabled(i % 2 != 0);
        const auto before = swapped.size();
        QTRY_VERIFY(swapped.size() > before);
    }
    m_monitor.reset();
    const auto before = swapped.size();
    QTRY_VERIFY(swapped.size() > before + 3);
    disconnect(redraw);
}

int main(int argc, char **argv)
{
    qputenv("QT_QUICK_BACKEND", "rhi");
    qputenv("QSG_RHI_BACKEND", "null");
    qputenv("QSG_RENDER_LOOP", "threaded");
    QGuiApplication application(argc, argv);
    ThreadedTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "threaded_test.moc"
