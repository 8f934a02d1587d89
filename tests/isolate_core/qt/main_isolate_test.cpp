// The contract's points on the main isolate (39, 40), where that is Qt's thread.
#include <isolate_core/future.h>
#include <isolate_core/qt/main_isolate.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/run.h>
#include <isolate_core/runtime.h>
#include <isolate_core/spawn.h>
#include <isolate_core/task.h>
#include <isolate_core/timer.h>

#include <QCoreApplication>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <semaphore>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

/// An application object of which there may be one after another.
struct App {
    int count = 1;
    std::string name = "test";
    char *arguments[2] = {name.data(), nullptr};
    QCoreApplication application{count, arguments};
};

/// Counts the wake-ups that the main isolate posts to itself.
class Wakeups final : public QObject {
public:
    using QObject::QObject;
    int posted = 0;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        posted += event->type() >= QEvent::User ? 1 : 0;
        return false;
    }
};

std::binary_semaphore allSent{0};
std::atomic<bool> stopSending{false};

/// Sends from a background isolate while this thread waits, so that nothing is drained meanwhile.
void sendFromBackground(Runtime &runtime, const SendPort<int> &to, int count)
{
    auto sender = spawnWith(
        {.runtime = &runtime},
        [](SendPort<int> port, int n) {
            for (int i = 0; i < n; ++i)
                port.send(i);
            allSent.release();
        },
        to, count);
    QVERIFY(sender.ok());
    allSent.acquire();
}

} // namespace

class MainIsolateTest : public QObject {
    Q_OBJECT

private slots:
    void aBurstIsOnePostedEvent()
    {
        App app;
        Runtime runtime;
        qt::MainIsolate main(runtime, 10s);
        QCoreApplication::processEvents();
        Wakeups wakeups;
        main.installEventFilter(&wakeups);
        std::vector<int> got;
        RawReceivePort<int> port([&](int n) { got.push_back(n); });
        for (int burst = 1; burst <= 3; ++burst) {
            got.clear();
            sendFromBackground(runtime, port.sendPort(), 10'000);
            QVERIFY(got.empty());
            QCoreApplication::processEvents();
            QCOMPARE(got.size(), std::size_t(10'000));
            QVERIFY(std::is_sorted(got.begin(), got.end()));
            QCOMPARE(wakeups.posted, burst);
        }
    }

    void aFloodLeavesTheLoopItsTurns()
    {
        App app;
        Runtime runtime;
        qt::MainIsolate main(runtime, 1ms);
        constexpr int messages = 400;
        int handled = 0, most = 0, sinceTurn = 0, turns = 0;
        // What else the loop has to do: it is asked for a turn, and counts what was handled since the last one.
        QTimer turn;
        connect(&turn, &QTimer::timeout, this, [&] {
            ++turns;
            most = std::max(most, std::exchange(sinceTurn, 0));
        });
        RawReceivePort<int> port([&](int) {
            const auto until = std::chrono::steady_clock::now() + 100us;
            while (std::chrono::steady_clock::now() < until) {}
            ++sinceTurn;
            if (++handled == messages)
                QCoreApplication::quit();
        });
        sendFromBackground(runtime, port.sendPort(), messages);
        turn.start(0);
        QCoreApplication::exec();
        // Ten fill the budget, and the one that is over it is the last.
        QVERIFY2(most <= 11, qPrintable(QString::number(most)));
        QVERIFY(turns >= messages / 11 - 1);
    }

    void aPortOfTheLatestIsHeardOnce()
    {
        App app;
        Runtime runtime;
        qt::MainIsolate main(runtime);
        std::vector<int> got;
        RawReceivePort<int> progress([&](int percent) { got.push_back(percent); }, PortOptions::latest());
        sendFromBackground(runtime, progress.sendPort(), 100);
        QCoreApplication::processEvents();
        QCOMPARE(got, std::vector<int>{99});
        sendFromBackground(runtime, progress.sendPort(), 5);
        QCoreApplication::processEvents();
        QCOMPARE(got, (std::vector<int>{99, 4}));
    }

    void coroutinesAndTimersRunInTheLoop()
    {
        App app;
        Runtime runtime;
        qt::MainIsolate main(runtime);
        int answer = 0;
        Qt::HANDLE thread = nullptr;
        start([](int &result, Qt::HANDLE &where) -> Task<> {
            co_await delay(5ms);
            result = co_await run([](int a, int b) { return a * b; }, 6, 7);
            where = QThread::currentThreadId();
            QCoreApplication::quit();
        }(answer, thread));
        QCoreApplication::exec();
        QCOMPARE(answer, 42);
        QCOMPARE(thread, QThread::currentThreadId());
    }

    void anIdleLoopIsNotWoken()
    {
        App app;
        Runtime runtime;
        qt::MainIsolate main(runtime);
        Wakeups wakeups;
        QCoreApplication::processEvents();
        main.installEventFilter(&wakeups);
        RawReceivePort<int> port([](int) {});
        sendFromBackground(runtime, port.sendPort(), 1);
        QTRY_COMPARE(wakeups.posted, 1);
        int timers = 0;
        class Timers final : public QObject {
        public:
            explicit Timers(int &n) : count(n) {}
            int &count;

        protected:
            bool eventFilter(QObject *, QEvent *event) override
            {
                count += event->type() == QEvent::Timer ? 1 : 0;
                return false;
            }
        } filter(timers);
        main.installEventFilter(&filter);
        for (int turn = 0; turn < 100; ++turn)
            QCoreApplication::processEvents();
        QCOMPARE(wakeups.posted, 1);
        QCOMPARE(timers, 0);
    }

    void theMainIsolateMayGoBeforeTheApplication()
    {
        Runtime runtime;
        {
            App app;
            auto main = std::make_unique<qt::MainIsolate>(runtime);
            int got = 0;
            auto port = std::make_unique<RawReceivePort<int>>([&](int) { ++got; });
            auto spawned = spawnWith(
                {.placement = Placement::dedicated, .runtime = &runtime},
                [](SendPort<int> to) {
                    for (int i = 0; !stopSending; ++i)
                        to.send(i);
                },
                port->sendPort());
            QVERIFY(spawned.ok());
            QTRY_VERIFY(got > 0);
            port.reset();
            main.reset();
            QCoreApplication::processEvents();
        }
        stopSending = true;
        QVERIFY(runtime.shutdown(10s).clean());
    }

    void theApplicationMayGoBeforeTheMainIsolate()
    {
        Runtime runtime;
        auto app = std::make_unique<App>();
        auto main = std::make_unique<qt::MainIsolate>(runtime);
        int got = 0;
        auto port = std::make_unique<RawReceivePort<int>>([&](int) { ++got; });
        sendFromBackground(runtime, port->sendPort(), 3);
        QCoreApplication::processEvents();
        QCOMPARE(got, 3);
        app.reset();
        sendFromBackground(runtime, port->sendPort(), 3);
        QCOMPARE(got, 3);
        port.reset();
        main.reset();

        // And a new application finds a runtime that works.
        App again;
        qt::MainIsolate second(runtime);
        RawReceivePort<int> fresh([&](int) { ++got; });
        sendFromBackground(runtime, fresh.sendPort(), 2);
        QTRY_COMPARE(got, 5);
    }

    void theRuntimeMayShutDownUnderMessages()
    {
        App app;
        Runtime runtime;
        qt::MainIsolate main(runtime);
        int got = 0;
        RawReceivePort<int> port([&](int) { ++got; });
        sendFromBackground(runtime, port.sendPort(), 100);
        QVERIFY(runtime.shutdown(10s).clean());
        QCoreApplication::processEvents();
        QCOMPARE(got, 100);
    }
};

QTEST_APPLESS_MAIN(MainIsolateTest)
#include "main_isolate_test.moc"
