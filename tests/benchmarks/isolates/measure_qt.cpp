// What needs Qt's event loop, with the bridge of isolate_core and with Qt's queued signals: `isolates_qt NAME` prints
// one sample a line.
#include "memory.h"

#include <isolate_core/qt/main_isolate.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <QCoreApplication>
#include <QThread>
#include <QTimer>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

double microseconds(Clock::duration d)
{
    return std::chrono::duration<double, std::micro>(d).count();
}
void sample(double value)
{
    std::printf("%.6g\n", value);
}

constexpr int burst = 400'000;
constexpr auto handling = 900ns; // of each message

void handle()
{
    for (const auto end = Clock::now() + handling; Clock::now() < end;) {}
}

/// A 4 ms timer, its longest gap, and the time until all messages of a burst were handled.
class Burst {
public:
    Burst()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(4);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
    }
    void start()
    {
        m_start = m_last = Clock::now();
        m_timer.start();
    }
    void handleOne()
    {
        handle();
        if (--m_left > 0)
            return;
        m_end = Clock::now();
        // The gap that is open counts, too.
        QTimer::singleShot(20, &m_timer, [] { QCoreApplication::quit(); });
    }
    [[nodiscard]] double longestGapMs() const { return m_longest / 1000; }
    [[nodiscard]] double perSecond() const { return burst / (microseconds(m_end - m_start) / 1e6); }

private:
    void tick()
    {
        const auto now = Clock::now();
        m_longest = std::max(m_longest, microseconds(now - m_last));
        m_last = now;
    }
    QTimer m_timer;
    Clock::time_point m_start, m_last, m_end;
    double m_longest = 0;
    int m_left = burst;
};

void report(const Burst &counted, bool gap)
{
    sample(gap ? counted.longestGapMs() : counted.perSecond());
}

void bridge(QCoreApplication &qt, bool gap)
{
    isolate::RuntimeOptions options;
    options.poolThreads = 2;
    options.backgroundNice = 0; // Qt's thread has none
    isolate::Runtime runtime(options);
    isolate::qt::MainIsolate main(runtime);
    Burst counted;
    isolate::RawReceivePort<int> port([&counted](int) { counted.handleOne(); });
    counted.start();
    static_cast<void>(isolate::spawn(
                          [](isolate::SendPort<int> to) {
                              for (int i = 0; i < burst; ++i)
                                  to.send(i);
                          },
                          port.sendPort())
                          .ok());
    qt.exec();
    report(counted, gap);
    port.close();
    static_cast<void>(runtime.shutdown(10s));
}

void queued(QCoreApplication &qt, bool gap)
{
    Burst counted;
    QObject receiver;
    counted.start();
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        for (int i = 0; i < burst; ++i)
            QMetaObject::invokeMethod(
                &receiver, [&counted] { counted.handleOne(); }, Qt::QueuedConnection);
    }));
    thread->start();
    qt.exec();
    thread->wait();
    report(counted, gap);
}

void queuedThroughput(QCoreApplication &qt)
{
    for (int round = 0; round < 3; ++round) {
        constexpr int total = 1'000'000;
        int left = total;
        QObject receiver;
        const auto start = Clock::now();
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            for (int i = 0; i < total; ++i)
                QMetaObject::invokeMethod(
                    &receiver,
                    [&left] {
                        if (--left == 0)
                            QCoreApplication::quit();
                    },
                    Qt::QueuedConnection);
        }));
        thread->start();
        qt.exec();
        thread->wait();
        sample(total / (microseconds(Clock::now() - start) / 1e6));
    }
}

void threadSpawn()
{
    for (int i = 0; i < 300; ++i) {
        const auto start = Clock::now();
        const std::unique_ptr<QThread> thread(QThread::create([] {}));
        thread->start();
        sample(microseconds(Clock::now() - start));
        thread->wait();
    }
}

void threadMemory()
{
    constexpr int count = 1000;
    std::vector<std::unique_ptr<QThread>> threads;
    const double before = residentBytes();
    for (int i = 0; i < count; ++i) {
        threads.push_back(std::make_unique<QThread>());
        threads.back()->start();
    }
    QThread::sleep(1); // until each waits in its event loop
    sample((residentBytes() - before) / count);
    for (auto &thread : threads)
        thread->quit();
    for (auto &thread : threads)
        thread->wait();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication qt(argc, argv);
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "bridge_gap" || what == "bridge_rate")
        bridge(qt, what == "bridge_gap");
    else if (what == "queued_gap" || what == "queued_rate")
        queued(qt, what == "queued_gap");
    else if (what == "one_to_one")
        queuedThroughput(qt);
    else if (what == "spawn")
        threadSpawn();
    else if (what == "memory")
        threadMemory();
    else
        return 2;
}
