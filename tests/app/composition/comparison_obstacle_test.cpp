// A comparison beside other work: it does not begin, and one that runs ends. What isolates do meanwhile reaches the
// monitor also while nothing is drawn.
#include "composition/activity_bridge.h"
#include "composition/comparison_bridge.h"

#include <isolate_core/isolate.h>
#include <isolate_core/qt/main_isolate.h>
#include <isolate_core/runtime.h>

#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace steadyframe;
using namespace steadyframe::composition;
using namespace std::chrono_literals;

namespace {

/// Longer than what a trace leaves out.
void work()
{
    isolate::setActivity("a job of the test");
    const auto end = std::chrono::steady_clock::now() + 1ms;
    while (std::chrono::steady_clock::now() < end) {}
}

} // namespace

class ComparisonObstacleTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    std::unique_ptr<isolate::qt::MainIsolate> m_main;
    jank::JankMonitor m_monitor;

private slots:
    void initTestCase() { m_main = std::make_unique<isolate::qt::MainIsolate>(isolate::Runtime::instance()); }
    void cleanupTestCase()
    {
        QVERIFY(isolate::Runtime::instance().shutdown(10s).clean());
        m_main.reset();
    }

    void noneBeginsBesideOtherWork()
    {
        AppFolders folders;
        folders.root = m_temporary.path().toStdString();
        ui::ComparisonModel model;
        ComparisonBridge bridge(m_monitor, folders, model);
        QSignalSpy ended(&bridge, &ComparisonBridge::ended);
        bridge.setObstacle(QStringLiteral("photos are under way"));
        model.start();
        QCOMPARE(ended.count(), 1);
        QCOMPARE(model.state(), ui::ComparisonModel::Failed);
        QVERIFY(model.text().contains(QLatin1String("photos are under way")));
        QVERIFY(!bridge.isRunning());

        bridge.setObstacle({});
        model.start();
        QVERIFY(bridge.isRunning());
        bridge.setObstacle(QStringLiteral("photos came in"));
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 2, 60'000);
        QCOMPARE(ended[1][0].toBool(), false);
        QCOMPARE(model.state(), ui::ComparisonModel::Failed);
        QVERIFY(model.text().contains(QLatin1String("photos came in")));
        QVERIFY(!model.hasResult());
        QCOMPARE(isolate::Runtime::instance().executionMode(), isolate::ExecutionMode::isolates);
    }

    void workIsCollectedWithNothingDrawn()
    {
        m_monitor.setEnabled(true);
        ui::IsolateListModel isolates;
        ActivityBridge bridge(m_monitor, isolates);
        bridge.setWorking(true);
        bool done = false;
        isolate::runWith({.name = "worker of the test"}, work).then([&] { done = true; }, [](std::exception_ptr) {});
        QTRY_VERIFY(done);
        const auto log = m_monitor.workLog();
        const auto seen = [&log] {
            const auto all = log->workSince(0);
            return std::any_of(all.begin(), all.end(),
                               [](const jank::WorkInterval &piece) { return piece.label == "a job of the test"; });
        };
        QTRY_VERIFY(seen());
        bridge.setWorking(false);
        m_monitor.setEnabled(false);
    }
};

QTEST_MAIN(ComparisonObstacleTest)
#include "comparison_obstacle_test.moc"
