#include "jank_monitor/heartbeat.h"
#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/scoped_label.h"
#include "jank_monitor/stack_sampler.h"
#include "jank_monitor/stall_log.h"
#include "jank_monitor/stall_stacks.h"
#include "jank_monitor/symbols.h"

#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <thread>

#if JANK_STACKS
#include <csignal>
#include <poll.h>
#include <unistd.h>
#endif

// The thread sanitizer delivers signals late, when the stack is another one; then only what must hold of any is tested.
#if defined(__SANITIZE_THREAD__)
#define STACKS_ARE_EXACT 0
#else
#define STACKS_ARE_EXACT 1
#endif

/// To be called where a thread is kept busy: the thread sanitizer holds signals back until a function that it knows.
static inline void takeSignals()
{
#if !STACKS_ARE_EXACT
    void *volatile memory = std::malloc(1); // volatile, or it is optimised away
    std::free(memory);
#endif
}

using jank::CallStack;
using jank::JankMonitor;
using jank::StackSampler;
using jank::StallSamples;

namespace {

std::atomic<int> reached{0};
std::atomic<bool> goOn{false};

/// A thread that is sampled, and waits in functions of known names.
class Sampled {
public:
    explicit Sampled(void (*run)(int), int depth)
    {
        reached = 0;
        goOn = false;
        thread = std::thread([this, run, depth] {
            sampler.emplace();
            run(depth);
        });
        while (reached.load() == 0)
            std::this_thread::yield();
    }
    ~Sampled()
    {
        goOn = true;
        thread.join();
    }
    /// Asks again while the thread has no processor to answer on.
    CallStack take()
    {
        std::optional<CallStack> stack;
        while (!stack)
            stack = sampler->sample();
        return *stack;
    }

    std::optional<StackSampler> sampler;
    std::thread thread;
};

__attribute__((noinline)) void deepestOfAll(int)
{
    reached = 1;
    while (!goOn)
        takeSignals();
    asm volatile("" ::: "memory"); // no tail
}

__attribute__((noinline)) void recursive(int depth)
{
    if (depth == 0)
        deepestOfAll(0);
    else
        recursive(depth - 1);
    asm volatile("" ::: "memory");
}

/// In the allocator for most of the time.
__attribute__((noinline)) void allocating(int)
{
    while (!goOn) {
        reached = 1;
        for (std::size_t size = 1; size < 100'000; size *= 3) {
            void *volatile memory = std::malloc(size);
            std::free(memory);
        }
    }
}

/// Throws, so that it is in the unwinder and holds its locks for most of the time.
__attribute__((noinline)) void throwing(int)
{
    while (!goOn) {
        reached = 1;
        try {
            throw 1;
        } catch (int) {
        }
    }
}

[[maybe_unused]] std::size_t countOf(const std::vector<std::string> &lines, const std::string &text)
{
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(), [&](const std::string &line) { return line.find(text) != std::string::npos; }));
}

CallStack stackOf(std::initializer_list<std::uintptr_t> addresses)
{
    return {addresses, true};
}

class Stuck : public QObject {
public:
    std::function<void()> handler;
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::User && handler)
            handler();
        return QObject::event(event);
    }
};

} // namespace

class StacksTest : public QObject {
    Q_OBJECT

private slots:
    void aThreadIsSeenWhereItIs();
    void deepStacksAreCut();
    void anywhereIsSafe_data();
    void anywhereIsSafe();
    void aThreadThatBlocksTheSignalHoldsNobodyUp();
    void aThreadThatEndedGivesNoStack();
    void systemCallsGoOn();
    void aHandlerOfTheProgramIsLeftAlone();
    void samplesAreSpreadEvenly();
    void theTypicalStackIsTheOneThatSharesMost();
    void symbolsOfNowhere();
    void aStallTellsWhereItWas();
    void theSenderOfAQuickEventIsTheCulprit();
    void stacksMayBeSwitchedOff();
    void shortBlocksAreNoStalls();
};

void StacksTest::aThreadIsSeenWhereItIs()
{
    if (!StackSampler::isSupported())
        QSKIP("no stacks on this platform");
    Sampled sampled(recursive, 10);
    const CallStack stack = sampled.take();
    QVERIFY(!stack.addresses.empty());
#if STACKS_ARE_EXACT
    QVERIFY(stack.complete);
    const std::vector<std::string> lines = jank::describe(stack);
    if (jank::readsDebugInformation()) {
        QCOMPARE(countOf(lines, "deepestOfAll"), std::size_t(1));
        QVERIFY(lines.front().find("stacks_test.cpp:") != std::string::npos
                || lines.front().find("atomic") != std::string::npos);
        QVERIFY(countOf(lines, "recursive") >= 10);
    }
#endif
}

void StacksTest::deepStacksAreCut()
{
    if (!StackSampler::isSupported())
        QSKIP("no stacks on this platform");
    Sampled sampled(recursive, 2000);
    const CallStack stack = sampled.take();
    QVERIFY(stack.addresses.size() <= StackSampler::FrameLimit);
#if STACKS_ARE_EXACT
    QCOMPARE(stack.addresses.size(), StackSampler::FrameLimit);
    QVERIFY(!stack.complete);
#endif
}

void StacksTest::anywhereIsSafe_data()
{
    QTest::addColumn<void (*)(int)>("place");
    QTest::newRow("in the allocator") << &allocating;
    QTest::newRow("in the unwinder") << &throwing;
}

void StacksTest::anywhereIsSafe()
{
    if (!StackSampler::isSupported())
        QSKIP("no stacks on this platform");
    using Place = void (*)(int);
    QFETCH(Place, place);
    Sampled sampled(place, 0);
    std::size_t complete = 0;
    for (int i = 0; i < 500; ++i)
        complete += sampled.take().complete ? 1 : 0;
#if STACKS_ARE_EXACT
    QVERIFY2(complete > 450, qPrintable(QString::number(complete))); // hand-written code may lack tables
#endif
}

#if JANK_STACKS
namespace {

__attribute__((noinline)) void deaf(int)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    deepestOfAll(0);
    pthread_sigmask(SIG_UNBLOCK, &all, nullptr); // the signal that was sent meanwhile comes now
}

std::array<int, 2> pipeEnds{};
std::atomic<int> readResult{0};

[[maybe_unused]] void reading(int)
{
    char byte = 0;
    reached = 1;
    readResult = static_cast<int>(::read(pipeEnds[0], &byte, 1));
}

std::atomic<int> programsSignals{0};

} // namespace
#endif

void StacksTest::aThreadThatBlocksTheSignalHoldsNobodyUp()
{
#if JANK_STACKS
    Sampled sampled(deaf, 0);
    QVERIFY(!sampled.sampler->sample());
    QVERIFY(!sampled.sampler->sample()); // with the first still under way
    goOn = true;
    sampled.thread.join();
    sampled.thread = std::thread([] {});
#else
    QSKIP("no stacks on this platform");
#endif
}

void StacksTest::aThreadThatEndedGivesNoStack()
{
    std::optional<StackSampler> sampler;
    std::thread([&] { sampler.emplace(); }).join();
    QVERIFY(!sampler->sample());
}

void StacksTest::systemCallsGoOn()
{
#if !STACKS_ARE_EXACT
    QSKIP("the thread sanitizer holds signals back until the call is over");
#elif JANK_STACKS
    QCOMPARE(::pipe(pipeEnds.data()), 0);
    {
        Sampled sampled(reading, 0);
        for (int i = 0; i < 20; ++i)
            (void)sampled.take();
        QCOMPARE(readResult.load(), 0);
        QCOMPARE(::write(pipeEnds[1], "x", 1), 1);
    }
    QCOMPARE(readResult.load(), 1);
    ::close(pipeEnds[0]);
    ::close(pipeEnds[1]);
#else
    QSKIP("no stacks on this platform");
#endif
}

void StacksTest::aHandlerOfTheProgramIsLeftAlone()
{
#if JANK_STACKS
    // The program claims every real-time signal after us, also ours: then there are no stacks, and it gets no signals.
    const StackSampler claimed; // at the latest now
    std::array<struct sigaction, 65> before{};
    struct sigaction theirs {};
    theirs.sa_handler = [](int) { programsSignals.fetch_add(1); };
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
        QCOMPARE(::sigaction(signal, &theirs, &before[static_cast<std::size_t>(signal)]), 0);
    std::size_t ours = 0;
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
        ours += before[static_cast<std::size_t>(signal)].sa_handler != SIG_DFL ? 1 : 0;
    QCOMPARE(ours, std::size_t(1)); // however many samplers there were
    {
        Sampled sampled(recursive, 0);
        QVERIFY(!sampled.sampler->sample());
    }
    QCOMPARE(programsSignals.load(), 0);
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
        QCOMPARE(::sigaction(signal, &before[static_cast<std::size_t>(signal)], nullptr), 0);
    Sampled sampled(recursive, 0);
    QVERIFY(!sampled.take().addresses.empty());
#else
    QSKIP("no stacks on this platform");
#endif
}

void StacksTest::samplesAreSpreadEvenly()
{
    StallSamples samples;

    for (std::size_t look = 0; look < 1000; ++look) {
        if (samples.wants(look))
            samples.add(stackOf({look + 1}));
    }
    QVERIFY(samples.stacks().size() <= StallSamples::Capacity);
    QVERIFY(samples.stacks().size() > StallSamples::Capacity / 2);
    const std::uintptr_t stride = samples.stacks()[1].addresses[0] - samples.stacks()[0].addresses[0];
    for (std::size_t i = 0; i < samples.stacks().size(); ++i)
        QCOMPARE(samples.stacks()[i].addresses[0], i * stride + 1);
    QVERIFY(samples.stacks().back().addresses[0] + stride > 999);
}

void StacksTest::theTypicalStackIsTheOneThatSharesMost()
{
    StallSamples samples;
    QVERIFY(samples.typical() == nullptr);
    samples.add(stackOf({0x51, 0x20, 0x10})); // an errand
    samples.add(stackOf({0x99, 0x40, 0x30, 0x20, 0x10}));
    samples.add(stackOf({0x61, 0x40, 0x30, 0x20, 0x10}));
    samples.add(stackOf({0x71, 0x40, 0x30, 0x20, 0x10}));
    QCOMPARE(samples.typical(), &samples.stacks()[1]);
}

void StacksTest::symbolsOfNowhere()
{
    const std::vector<jank::Symbol> symbols = jank::symbolsAt(16);
    QCOMPARE(symbols.size(), std::size_t(1));
    QCOMPARE(symbols[0].text(), std::string("0x10"));
    jank::Symbol symbol;
    symbol.module = "libfoo.so";
    symbol.offset = 0x1234;
    QCOMPARE(symbol.text(), std::string("libfoo.so+0x1234"));
    symbol.function = "foo()";
    QCOMPARE(symbol.text(), std::string("foo() [libfoo.so]"));
    symbol.file = "foo.cpp";
    symbol.line = 7;
    QCOMPARE(symbol.text(), std::string("foo() (foo.cpp:7)"));
}

namespace {

/// Stays until the watchdog has looked: no time is waited for.
__attribute__((noinline)) void heldByTheParser(const std::function<bool()> &seen)
{
    while (!seen())
        takeSignals();
    asm volatile("" ::: "memory");
}

} // namespace

void StacksTest::aStallTellsWhereItWas()
{
    if (!StackSampler::isSupported())
        QSKIP("no stacks on this platform");
    const auto watch = jank::LoopWatch::ofThisThread(jank::SteadyFrameClock::instance());
    JankMonitor monitor;
    monitor.setEnabled(true);
    Stuck stuck;
    stuck.setObjectName(u"b\u00fccher"_qs);
    stuck.handler = [&] {
        const jank::ScopedLabel label(monitor, QStringLiteral("parsing"));
        heldByTheParser([&] { return watch->heartbeat()->stacksTaken() > 0; });
    };
    QSignalSpy stalled(&monitor, &JankMonitor::stalled);
    QCoreApplication::postEvent(&stuck, new QEvent(QEvent::User));
    const auto find = [&](jank::Stall &found) {
        for (const jank::Stall &stall : monitor.stalls()) {
            if (stall.block.eventType == QEvent::User && !stall.stack.empty()) {
                found = stall;
                return true;
            }
        }
        return false;
    };
    jank::Stall stall;
    QTRY_VERIFY(find(stall));
    QCOMPARE(QString::fromUtf8(stall.block.name), stuck.objectName());
    QCOMPARE(QByteArray(stall.block.receiver), QByteArray("QObject"));
    QVERIFY(stall.block.length > 2 * jank::intervalForRefreshRate(60));
    QCOMPARE(stall.labels, std::vector<std::string>{"parsing"});
#if STACKS_ARE_EXACT
    if (jank::readsDebugInformation()) {
        QCOMPARE(countOf(stall.stack, "heldByTheParser"), std::size_t(1));
        QVERIFY(countOf(stall.stack, "stacks_test.cpp:") >= 2);
    }
    QVERIFY(countOf(stall.stack, "QCoreApplication::notify") > 0);
    QVERIFY(countOf(stall.stack, "main") > 0);
#endif
    // A busy machine may have made stalls of its own.
    QVERIFY(std::any_of(stalled.begin(), stalled.end(), [](const QList<QVariant> &call) {
        return call.at(1).toString().startsWith(u"User \u2192 QObject \u201cb\u00fccher\u201d"_qs);
    }));
    QVariantMap map;
    for (const QVariant &recent : monitor.recentStalls(1000)) {
        if (recent.toMap().value(QStringLiteral("event")) == QStringLiteral("User"))
            map = recent.toMap();
    }
    QCOMPARE(map.value(QStringLiteral("event")).toString(), QStringLiteral("User"));
    QCOMPARE(map.value(QStringLiteral("receiver")).toString(), QStringLiteral("QObject"));
    QCOMPARE(map.value(QStringLiteral("name")).toString(), stuck.objectName());
    QCOMPARE(map.value(QStringLiteral("length")).toDouble(), jank::toMilliseconds(stall.block.length));
    QCOMPARE(map.value(QStringLiteral("labels")).toStringList(), QStringList{QStringLiteral("parsing")});
    QCOMPARE(map.value(QStringLiteral("stack")).toStringList().size(), static_cast<qsizetype>(stall.stack.size()));
    QVERIFY(map.value(QStringLiteral("time")).toDouble() >= 0);
    QVERIFY(monitor.recentStalls(0).isEmpty());
    monitor.reset();
    QVERIFY(monitor.stalls().empty());
}

void StacksTest::theSenderOfAQuickEventIsTheCulprit()
{
    if (!StackSampler::isSupported())
        QSKIP("no stacks on this platform");
#if !STACKS_ARE_EXACT
    QSKIP("stacks are not exact under the thread sanitizer");
#endif
    const auto watch = jank::LoopWatch::ofThisThread(jank::SteadyFrameClock::instance());
    JankMonitor monitor;
    monitor.setEnabled(true);
    Stuck sender;
    Stuck receiver;
    sender.setObjectName(QStringLiteral("sender"));
    receiver.setObjectName(QStringLiteral("receiver"));
    bool done = false;
    sender.handler = [&] {
        QEvent quick(QEvent::UpdateLater);
        QCoreApplication::sendEvent(&receiver, &quick);
        // The look at the stack must reach the tracker before the block ends.
        heldByTheParser([&] { return watch->heartbeat()->stacksTaken() > 1; });
        done = true;
    };
    QCoreApplication::postEvent(&sender, new QEvent(QEvent::User));
    QTRY_VERIFY(done);
    QTRY_VERIFY(!monitor.stalls().empty());
    const auto stalls = monitor.stalls();
    QVERIFY(std::any_of(stalls.begin(), stalls.end(),
                        [](const jank::Stall &stall) { return QByteArray(stall.block.name) == "sender"; }));
    QVERIFY(std::none_of(stalls.begin(), stalls.end(),
                         [](const jank::Stall &stall) { return QByteArray(stall.block.name) == "receiver"; }));
}

void StacksTest::stacksMayBeSwitchedOff()
{
    const auto watch = jank::LoopWatch::ofThisThread(jank::SteadyFrameClock::instance());
    JankMonitor monitor;
    QSignalSpy changed(&monitor, &JankMonitor::stacksChanged);
    monitor.setTakesStacks(false);
    monitor.setTakesStacks(false);
    QCOMPARE(changed.size(), 1);
    monitor.setEnabled(true);
    bool done = false;
    QTimer::singleShot(0, this, [&] {
        while (watch->heartbeat()->stallsSeen() == 0)
            std::this_thread::yield();
        done = true;
    });
    QTRY_VERIFY(done);
    QCOMPARE(watch->heartbeat()->stacksTaken(), 0);
}

void StacksTest::shortBlocksAreNoStalls()
{
    jank::StallLog log;
    const jank::Labels labels;
    jank::LoopBlock block;
    block.length = 2'000;
    log.add(block, 1'000, labels);
    block.length = 2'001;
    log.add(block, 1'000, labels);
    const auto watch = jank::LoopWatch::ofThisThread(jank::SteadyFrameClock::instance());
    QCOMPARE(log.stalls(*watch).size(), std::size_t(1));
    for (std::size_t i = 0; i < 2 * jank::StallLog::Capacity; ++i)
        log.add(block, 1'000, labels);
    QCOMPARE(log.stalls(*watch).size(), jank::StallLog::Capacity);
}

QTEST_GUILESS_MAIN(StacksTest)
#include "stacks_test.moc"
