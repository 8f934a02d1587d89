// The contract by its points: errors (22 to 25) and control (26, 28, 29, 30, 31).
#include <isolate_core/deterministic.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/timer.h>
#include <isolate_core/watchdog.h>

#include <gtest/gtest.h>

#include <thread>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Contract : testing::TestWithParam<std::uint64_t> {
    DeterministicRuntime world{GetParam()};
};

/// An isolate that throws each text that it is sent.
Task<> throwsWhatItIsTold(SendPort<SendPort<std::string>> reply)
{
    RawReceivePort<std::string> port([](std::string text) {
        if (text == "without text")
            throw 42;
        throw std::runtime_error(text);
    });
    reply.send(port.sendPort());
    co_await delay(1h);
}

TEST_P(Contract, P22_EachErrorListenerHearsOnceHoweverOftenItWasAdded)
{
    std::vector<std::string> first, second;
    RawReceivePort<ErrorNotice> a([&](ErrorNotice n) { first.push_back(n.text); });
    RawReceivePort<ErrorNotice> b([&](ErrorNotice n) { second.push_back(n.text); });
    SendPort<std::string> to;
    RawReceivePort<SendPort<std::string>> ports([&](auto p) { to = p; });
    auto thrower = spawnWith({.errorsAreFatal = false}, throwsWhatItIsTold, ports.sendPort());
    thrower->addErrorListener(a.sendPort());
    thrower->addErrorListener(a.sendPort());
    thrower->addErrorListener(b.sendPort());
    world.runUntilIdle();
    to.send("one");
    world.runUntilIdle();
    thrower->removeErrorListener(a.sendPort());
    world.runUntilIdle();
    to.send("two");
    world.runUntilIdle();
    EXPECT_EQ(first, std::vector<std::string>{"one"}) << "one removal is enough";
    EXPECT_EQ(second, (std::vector<std::string>{"one", "two"}));
}

TEST_P(Contract, P23_TheFirstFatalErrorEndsTheIsolateAndTheRestIsNotRun)
{
    std::vector<std::string> errors;
    RawReceivePort<ErrorNotice> onError([&](ErrorNotice n) { errors.push_back(n.text); });
    SendPort<std::string> to;
    RawReceivePort<SendPort<std::string>> ports([&](auto p) { to = p; });
    SpawnOptions options;
    options.onError = onError.sendPort();
    auto thrower = spawnWith(options, throwsWhatItIsTold, ports.sendPort());
    thrower->setErrorsFatal(false, Capability::create()); // not the terminate capability
    world.runUntilIdle();
    to.send("one");
    to.send("two");
    world.runUntilIdle();
    EXPECT_EQ(errors, std::vector<std::string>{"one"});
    EXPECT_TRUE(thrower->ended());

    errors.clear();
    auto lenient = spawnWith(options, throwsWhatItIsTold, ports.sendPort());
    lenient->setErrorsFatal(false, lenient->terminateCapability());
    world.runUntilIdle();
    to.send("one");
    to.send("two");
    world.runUntilIdle();
    EXPECT_EQ(errors, (std::vector<std::string>{"one", "two"}));
    EXPECT_FALSE(lenient->ended());
}

TEST_P(Contract, P24_AnErrorWithoutTextOrListenerIsNeverSilent)
{
    std::vector<ErrorNotice> unheard;
    world.runtime().setErrorSink([&](const ErrorNotice &n) { unheard.push_back(n); });
    SendPort<std::string> to;
    RawReceivePort<SendPort<std::string>> ports([&](auto p) { to = p; });
    ASSERT_TRUE(spawnWith({.name = "thrower", .errorsAreFatal = false}, throwsWhatItIsTold, ports.sendPort()).ok());
    world.runUntilIdle();
    to.send("without text");
    to.send("with text");
    world.runUntilIdle();
    ASSERT_EQ(unheard.size(), 2u);
    EXPECT_EQ(unheard[0].name, "thrower");
    EXPECT_NE(unheard[0].text.find("no text"), std::string::npos);
    EXPECT_NE(unheard[0].text.find("int"), std::string::npos) << "names the type: " << unheard[0].text;
    EXPECT_EQ(unheard[1].text, "with text");
}

TEST_P(Contract, P25_ErrorsIsABroadcastStreamThatDoesNotEndByItself)
{
    std::vector<std::string> a, b;
    bool done = false;
    SendPort<std::string> to;
    RawReceivePort<SendPort<std::string>> ports([&](auto p) { to = p; });
    auto thrower = spawnWith({}, throwsWhatItIsTold, ports.sendPort());
    const auto errors = thrower->errors();
    EXPECT_TRUE(errors.isBroadcast());
    auto first = errors.listen([&](ErrorNotice n) { a.push_back(n.text); }, [&] { done = true; });
    auto second = errors.listen([&](ErrorNotice n) { b.push_back(n.text); });
    world.runUntilIdle();
    to.send("fatal");
    world.runUntilIdle();
    EXPECT_TRUE(thrower->ended());
    EXPECT_EQ(a, std::vector<std::string>{"fatal"});
    EXPECT_EQ(b, a);
    EXPECT_FALSE(done);
}

TEST_P(Contract, P26_ControlGoesBeforeMessagesInOrderAndWhilePaused)
{
    std::vector<std::string> order;
    RawReceivePort<std::string> log([&](std::string s) { order.push_back(std::move(s)); });
    SendPort<int> to;
    RawReceivePort<SendPort<int>> ports([&](auto p) { to = p; });
    auto other = spawn(
        [](SendPort<SendPort<int>> reply, SendPort<std::string> out) -> Task<> {
            ReceivePort<int> port;
            reply.send(port.sendPort());
            while (auto n = co_await port.next())
                out.send("message " + std::to_string(*n));
        },
        ports.sendPort(), log.sendPort());
    world.runUntilIdle();
    to.send(1);
    to.send(2);
    other->ping(log.sendPort(), std::string("ping 1"), Priority::beforeNextEvent);
    other->ping(log.sendPort(), std::string("ping 2"), Priority::immediate);
    const auto pause = other->pause();
    other->ping(log.sendPort(), std::string("ping 3"), Priority::immediate);
    world.runUntilIdle();
    EXPECT_EQ(order, (std::vector<std::string>{"ping 1", "ping 2", "ping 3"}));
    other->resume(pause);
    world.runUntilIdle();
    EXPECT_EQ(order.size(), 5u);
    EXPECT_EQ(order.back(), "message 2");
}

TEST_P(Contract, P28_PingsAnswerBeforeTheNextEventAndEarlierControlBeforeAKill)
{
    std::vector<std::string> order;
    RawReceivePort<std::string> log([&](std::string s) { order.push_back(std::move(s)); });
    auto self = spawn(
        [](SendPort<std::string> out) -> Task<> {
            ReceivePort<int> port;
            const auto me = Isolate::current();
            port.sendPort().send(3);
            me.ping(out, std::string("immediate"), Priority::immediate);
            port.sendPort().send(2);
            me.ping(out, std::string("before next"), Priority::beforeNextEvent);
            port.sendPort().send(1);
            while (auto n = co_await port.next()) {
                out.send(std::to_string(*n));
                if (*n == 1) {
                    me.ping(out, std::string("earlier"), Priority::immediate);
                    me.kill(Priority::immediate);
                    ADD_FAILURE() << "killing oneself immediately does not return";
                }
            }
        },
        log.sendPort());
    world.runUntilIdle();
    EXPECT_TRUE(self->ended());
    const auto at = [&](const char *text) { return std::find(order.begin(), order.end(), text) - order.begin(); };
    EXPECT_LT(at("immediate"), at("2"));
    EXPECT_LT(at("before next"), at("1"));
    EXPECT_LT(at("1"), at("earlier"));
    EXPECT_EQ(order.size(), 6u);
}

TEST_P(Contract, P30_TheExitReasonIsReported)
{
    std::vector<ExitReason> reasons;
    RawReceivePort<ExitNotice> exits([&](ExitNotice n) { reasons.push_back(n.reason); });
    world.runtime().setErrorSink([](const ErrorNotice &) {});
    SpawnOptions options;
    options.onExit = exits.sendPort();
    ASSERT_TRUE(spawnWith(options, [] {}).ok());
    world.runUntilIdle();
    ASSERT_TRUE(spawnWith(options, [] { throw 1; }).ok());
    world.runUntilIdle();
    ASSERT_TRUE(spawnWith(options, [] { isolate::exit(); }).ok());
    world.runUntilIdle();
    auto killed = spawnWith(options, []() -> Task<> { co_await delay(1h); });
    world.runUntilIdle();
    killed->kill();
    world.runUntilIdle();
    EXPECT_EQ(
        reasons,
        (std::vector<ExitReason>{ExitReason::finished, ExitReason::error, ExitReason::exited, ExitReason::killed}));
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, Contract, testing::Range<std::uint64_t>(1, 41));

struct Gate {
    std::atomic<bool> open{false};
    void wait() const { open.wait(false); }
    void release()
    {
        open = true;
        open.notify_all();
    }
};

TEST(ContractOnThreads, P29_AWatchdogNamesWhatHasNotReachedACheckpoint)
{
    static Gate stuck, told;
    stuck.open = told.open = false;
    static std::mutex mutex;
    static StallNotice notice;
    Runtime runtime;
    Watchdog watchdog(runtime, 20ms, [](const StallNotice &n) {
        std::lock_guard lock(mutex);
        notice = n;
        told.release();
    });
    auto done = runWith({.name = "stubborn", .runtime = &runtime}, [] {
        setActivity("waiting for a gate");
        stuck.wait();
    });
    told.wait();
    stuck.release();
    done.get();
    std::lock_guard lock(mutex);
    EXPECT_EQ(notice.name, "stubborn");
    EXPECT_EQ(notice.activity, "waiting for a gate");
    EXPECT_GE(notice.sinceCheckpoint, 20ms);
}

TEST(ContractOnThreads, P29_InsideABusyHandlerAnImmediateKillActsAtTheNextCheckpoint)
{
    static Gate started;
    started.open = false;
    static std::atomic<bool> unwound{false};
    unwound = false;
    Runtime runtime;
    Completer<ExitNotice> ended;
    auto busy = spawnWith({.runtime = &runtime}, [] {
        struct Guard {
            ~Guard() { unwound = true; }
        } guard;
        started.release();
        for (;;)
            checkpoint();
    });
    started.wait();
    busy->kill(Priority::immediate);
    EXPECT_TRUE(runtime.shutdown(60s).clean());
    EXPECT_TRUE(unwound);
}

TEST(ContractOnThreads, P31_ACancelledTaskEndsWithinACheckpointAndCanBeAwaited)
{
    static Gate started;
    started.open = false;
    Runtime runtime;
    auto task = spawnWith({.runtime = &runtime}, [] {
        started.release();
        const auto stop = stopToken();
        while (!stop.stop_requested())
            std::this_thread::yield();
    });
    started.wait();
    task->kill();
    // Awaited: the same worker takes the next.
    EXPECT_EQ(runWith({.runtime = &runtime}, [] { return 5; }).get(), 5);
    EXPECT_TRUE(runtime.shutdown(60s).clean());
    EXPECT_TRUE(task->ended());
}

} // namespace
