// The contract by its points: ports (9 to 16) and control (23, 27, 28, 30).
#include <isolate_core/deterministic.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/timer.h>

#include <gtest/gtest.h>

#include <numeric>
#include <unordered_set>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Contract : testing::TestWithParam<std::uint64_t> {
    DeterministicRuntime world{GetParam()};
};

TEST_P(Contract, P09_EqualityAndHashSurviveSendingAndClosing)
{
    RawReceivePort<int> target;
    std::vector<SendPort<int>> returned;
    RawReceivePort<SendPort<int>> back([&](SendPort<int> p) { returned.push_back(p); });
    ASSERT_TRUE(spawn([](SendPort<SendPort<int>> reply, SendPort<int> port) { reply.send(port); }, back.sendPort(),
                      target.sendPort())
                    .ok());
    world.runUntilIdle();
    const auto original = target.sendPort();
    target.close();
    ASSERT_EQ(returned.size(), 1u);
    EXPECT_EQ(returned[0], original);
    EXPECT_EQ(std::hash<SendPort<int>>{}(returned[0]), std::hash<SendPort<int>>{}(original));
    std::unordered_set<SendPort<int>> ports{original, returned[0],
                                            back.sendPort() == SendPort<SendPort<int>>() ? SendPort<int>() : original};
    EXPECT_EQ(ports.size(), 1u);
}

TEST_P(Contract, P10_FirstInFirstOutForEachSender)
{
    std::map<int, std::vector<int>> got;
    RawReceivePort<std::pair<int, int>> port([&](std::pair<int, int> m) { got[m.first].push_back(m.second); });
    for (int sender = 0; sender < 4; ++sender) {
        ASSERT_TRUE(spawn(
                        [](SendPort<std::pair<int, int>> to, int me) -> Task<> {
                            for (int i = 0; i < 20; ++i) {
                                to.send({me, i});
                                co_await delay(0ns);
                            }
                        },
                        port.sendPort(), sender)
                        .ok());
    }
    world.runToEnd();
    std::vector<int> inOrder(20);
    std::iota(inOrder.begin(), inOrder.end(), 0);
    for (int sender = 0; sender < 4; ++sender)
        EXPECT_EQ(got[sender], inOrder);
}

TEST_P(Contract, P11_AReceivePortBuffersUntilListenedToAndHasOneListener)
{
    ReceivePort<int> port;
    port.sendPort().send(1);
    port.sendPort().send(2);
    world.runUntilIdle();
    std::vector<int> got;
    port.listen([&](int n) { got.push_back(n); });
    EXPECT_EQ(got, (std::vector<int>{1, 2}));
    EXPECT_THROW(port.listen([](int) {}), std::logic_error);
    port.sendPort().send(3);
    world.runUntilIdle();
    EXPECT_EQ(got.back(), 3);
}

TEST_P(Contract, P12_ARawPortDropsWithoutAHandlerAndTakesANewOne)
{
    int sum = 0;
    RawReceivePort<int> port;
    port.sendPort().send(1);
    world.runUntilIdle();
    port.setHandler([&](int n) { sum += n; });
    port.sendPort().send(2);
    world.runUntilIdle();
    EXPECT_EQ(sum, 2);
}

TEST_P(Contract, P13_CloseIsIdempotentAndDropsWhatIsQueued)
{
    int calls = 0;
    RawReceivePort<int> port([&](int) { ++calls; });
    const auto to = port.sendPort();
    EXPECT_TRUE(to.send(1));
    port.close();
    port.close();
    EXPECT_FALSE(to.send(2));
    EXPECT_FALSE(to.isOpen());
    world.runUntilIdle();
    EXPECT_EQ(calls, 0);
}

TEST_P(Contract, P11_TheStreamEndsWhenItsPortIsClosed)
{
    auto spawned = spawn([]() -> Task<> {
        ReceivePort<int> port;
        port.sendPort().send(5);
        EXPECT_EQ(co_await port.next(), 5);
        auto timer = Timer::once(1ms, [&] { port.close(); });
        EXPECT_EQ(co_await port.next(), std::nullopt);
    });
    world.runToEnd();
    EXPECT_TRUE(spawned->ended());
}

TEST_P(Contract, P14_AnOpenPortKeepsItsIsolateAliveUnlessToldNotTo)
{
    const auto holder = [](PortOptions options, SendPort<SendPort<int>> reply) -> Task<> {
        ReceivePort<int> port(options);
        reply.send(port.sendPort());
        static_cast<void>(co_await port.next());
    };
    std::vector<SendPort<int>> ports;
    RawReceivePort<SendPort<int>> got([&](SendPort<int> p) { ports.push_back(p); });
    auto kept = spawn(holder, PortOptions{}, got.sendPort());
    auto notKept = spawn(holder, PortOptions{.keepIsolateAlive = false}, got.sendPort());
    world.runUntilIdle();
    EXPECT_FALSE(kept->ended());
    EXPECT_TRUE(notKept->ended());
    for (const auto &port : ports)
        port.send(1);
    world.runUntilIdle();
    EXPECT_TRUE(kept->ended());
    for (const auto &port : ports)
        EXPECT_FALSE(port.send(2)) << "a dead isolate's ports are closed";
}

TEST_P(Contract, P15_AMessageToOneselfIsQueued)
{
    std::vector<std::string> order;
    RawReceivePort<int> port([&](int) { order.push_back("message"); });
    port.sendPort().send(1);
    order.push_back("after send");
    world.runUntilIdle();
    EXPECT_EQ(order, (std::vector<std::string>{"after send", "message"}));
}

TEST_P(Contract, P15_AnOutcomeThatIsThereDoesNotOvertakeWhatWasSentBefore)
{
    std::vector<std::string> order;
    RawReceivePort<int> port([&](int) { order.push_back("message"); });
    Completer<std::string> early;
    Completer<std::string> late;
    const auto await = [&](Future<std::string> outcome) -> Task<> { order.push_back(co_await std::move(outcome)); };
    start(await(early.future()));
    early.complete("waited for");
    port.sendPort().send(1);
    late.complete("there already");
    start(await(late.future()));
    EXPECT_TRUE(order.empty());
    world.runUntilIdle();
    EXPECT_EQ(order, (std::vector<std::string>{"waited for", "message", "there already"}));
}

TEST_P(Contract, P16_BoundedPortsFailDropOrKeepTheLatest)
{
    std::vector<int> got;
    const auto note = [&](int n) { got.push_back(n); };
    RawReceivePort<int> failing(note, {.capacity = 2});
    EXPECT_TRUE(failing.sendPort().send(1));
    EXPECT_TRUE(failing.sendPort().send(2));
    EXPECT_FALSE(failing.sendPort().send(3));
    world.runUntilIdle();
    EXPECT_EQ(std::exchange(got, {}), (std::vector<int>{1, 2}));

    RawReceivePort<int> newest(note, {.capacity = 2, .overflow = Overflow::dropNewest});
    for (int i = 1; i <= 4; ++i)
        EXPECT_TRUE(newest.sendPort().send(i));
    world.runUntilIdle();
    EXPECT_EQ(std::exchange(got, {}), (std::vector<int>{1, 2}));

    RawReceivePort<int> latest(note, PortOptions::latest());
    for (int i = 1; i <= 100; ++i)
        EXPECT_TRUE(latest.sendPort().send(i));
    world.runUntilIdle();
    EXPECT_EQ(std::exchange(got, {}), std::vector<int>{100});
}

TEST_P(Contract, P27_PausesAreCountedByCapabilityAndEventsRunInOrderOnResume)
{
    std::vector<int> got;
    RawReceivePort<int> report([&](int n) { got.push_back(n); });
    SendPort<int> in;
    RawReceivePort<SendPort<int>> ports([&](SendPort<int> p) { in = p; });
    auto echo = spawn(
        [](SendPort<SendPort<int>> reply, SendPort<int> out) -> Task<> {
            ReceivePort<int> port;
            reply.send(port.sendPort());
            while (auto n = co_await port.next())
                out.send(*n);
        },
        ports.sendPort(), report.sendPort());
    world.runUntilIdle();
    const auto first = echo->pause();
    echo->pause(first);
    const auto second = echo->pause();
    for (int i = 0; i < 3; ++i)
        in.send(i);
    bool answered = false;
    RawReceivePort<int> pong([&](int) { answered = true; });
    echo->ping(pong.sendPort(), 1, Priority::beforeNextEvent);
    world.runUntilIdle();
    EXPECT_TRUE(answered) << "a paused isolate answers";
    EXPECT_TRUE(got.empty());
    echo->resume(first);
    world.runUntilIdle();
    EXPECT_TRUE(got.empty());
    echo->resume(second);
    world.runUntilIdle();
    EXPECT_EQ(got, (std::vector<int>{0, 1, 2}));
    echo->kill();
    world.runUntilIdle();
    EXPECT_TRUE(echo->ended());
}

TEST_P(Contract, P28_KillOnSeeingTwoLeavesExactlyWhatWasHandled)
{
    for (const Priority priority : {Priority::immediate, Priority::beforeNextEvent}) {
        std::vector<int> handled;
        RawReceivePort<int> report([&](int n) { handled.push_back(n); });
        auto isolate = spawn(
            [](SendPort<int> out, Priority how) -> Task<> {
                ReceivePort<int> port;
                for (int i = 4; i > 0; --i)
                    port.sendPort().send(i);
                while (auto n = co_await port.next()) {
                    out.send(*n);
                    if (*n == 2)
                        Isolate::current().kill(how);
                }
            },
            report.sendPort(), priority);
        world.runUntilIdle();
        EXPECT_TRUE(isolate->ended());
        // Killing oneself immediately is synchronous, and both act before 1.
        EXPECT_EQ(handled, (std::vector<int>{4, 3, 2}));
    }
}

TEST_P(Contract, P30_ExitListenersHearOnceAndTooLateIsNothing)
{
    std::vector<int> heard;
    RawReceivePort<int> port([&](int n) { heard.push_back(n); });
    auto isolate = spawn([]() -> Task<> { co_await delay(1s); });
    isolate->addOnExitListener(port.sendPort(), 1);
    isolate->addOnExitListener(port.sendPort(), 2);
    world.runUntilIdle();
    isolate->kill();
    world.runUntilIdle();
    EXPECT_EQ(heard, std::vector<int>{2});
    isolate->addOnExitListener(port.sendPort(), 3);
    world.runUntilIdle();
    EXPECT_EQ(heard, std::vector<int>{2});
}

TEST_P(Contract, P23_NonFatalErrorsAbandonTheEventAndTheLoopGoesOn)
{
    std::vector<std::string> errors;
    RawReceivePort<ErrorNotice> onError([&](ErrorNotice n) { errors.push_back(n.text); });
    std::vector<int> got;
    RawReceivePort<int> report([&](int n) { got.push_back(n); });
    SendPort<int> in;
    RawReceivePort<SendPort<int>> ports([&](SendPort<int> p) { in = p; });
    SpawnOptions options{.errorsAreFatal = false};
    options.onError = onError.sendPort();
    auto isolate = spawnWith(
        options,
        [](SendPort<SendPort<int>> reply, SendPort<int> out) -> Task<> {
            RawReceivePort<int> port([out](int n) {
                if (n == 1)
                    throw std::runtime_error("one");
                out.send(n);
            });
            reply.send(port.sendPort());
            co_await delay(1h);
        },
        ports.sendPort(), report.sendPort());
    world.runUntilIdle();
    for (int i = 0; i < 3; ++i)
        in.send(i);
    world.runUntilIdle();
    EXPECT_EQ(errors, std::vector<std::string>{"one"});
    EXPECT_EQ(got, (std::vector<int>{0, 2}));
    EXPECT_FALSE(isolate->ended());
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, Contract, testing::Range<std::uint64_t>(1, 41));

} // namespace
