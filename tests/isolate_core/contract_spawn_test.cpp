// The contract by its points: spawn, run, compute, exit (1 to 8), and what can be sent (18 to 20).
#include <isolate_core/deterministic.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>
#include <isolate_core/timer.h>

#include <gtest/gtest.h>

#include <thread>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Contract : testing::TestWithParam<std::uint64_t> {
    DeterministicRuntime world{GetParam()};
};

TEST_P(Contract, P01_TheEntryGetsItsMessageAndAnswers)
{
    std::vector<std::string> answers;
    RawReceivePort<std::string> port([&](std::string text) { answers.push_back(std::move(text)); });
    auto spawned = spawn([](SendPort<std::string> reply, std::string name) { reply.send("hello " + name); },
                         port.sendPort(), std::string("world"));
    ASSERT_TRUE(spawned.ok());
    world.runUntilIdle();
    EXPECT_EQ(answers, std::vector<std::string>{"hello world"});
    EXPECT_TRUE(spawned->ended());
}

TEST_P(Contract, P02_APausedEntryWaitsForItsOwnCapability)
{
    int calls = 0;
    RawReceivePort<int> port([&](int) { ++calls; });
    auto spawned = spawnWith(
        {.paused = true}, [](SendPort<int> reply) { reply.send(1); }, port.sendPort());
    ASSERT_TRUE(spawned.ok());
    world.runUntilIdle();
    EXPECT_EQ(calls, 0);
    spawned->resume(Capability::create()); // an unknown one does nothing
    world.runUntilIdle();
    EXPECT_EQ(calls, 0);
    spawned->resume(spawned->pauseCapability());
    world.runUntilIdle();
    EXPECT_EQ(calls, 1);
}

TEST_P(Contract, P03_TheErrorNoticeComesBeforeTheExitNotice)
{
    std::vector<std::string> heard;
    RawReceivePort<ErrorNotice> errors([&](ErrorNotice n) { heard.push_back("error " + n.text); });
    RawReceivePort<ExitNotice> exits([&](ExitNotice n) { heard.push_back("exit " + std::string(toString(n.reason))); });
    SpawnOptions options{.name = "thrower"};
    options.onError = errors.sendPort();
    options.onExit = exits.sendPort();
    ASSERT_TRUE(spawnWith(options, [] { throw std::runtime_error("broken"); }).ok());
    world.runUntilIdle();
    EXPECT_EQ(heard, (std::vector<std::string>{"error broken", "exit error"}));
}

TEST_P(Contract, P05_RunGivesTheValueOrTheSameTypedException)
{
    struct Odd : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    int value = 0;
    std::string caught;
    run([](int a, int b) { return a * b; }, 6, 7).then([&](int v) { value = v; }, [](std::exception_ptr) { FAIL(); });
    run([]() -> int { throw Odd("odd"); })
        .then([](int) { FAIL(); },
              [&](std::exception_ptr error) {
                  try {
                      std::rethrow_exception(error);
                  } catch (const Odd &odd) {
                      caught = odd.what();
                  }
              });
    world.runUntilIdle();
    EXPECT_EQ(value, 42);
    EXPECT_EQ(caught, "odd");
    EXPECT_EQ(world.runtime().isolateCount(), 1u); // the main one
}

TEST_P(Contract, P05_RunThatExitsFailsInsteadOfWaitingForEver)
{
    bool failed = false;
    run([]() -> int { isolate::exit(); })
        .then([](int) { FAIL(); },
              [&](std::exception_ptr error) {
                  EXPECT_THROW(std::rethrow_exception(error), EndedWithoutResult);
                  failed = true;
              });
    world.runUntilIdle();
    EXPECT_TRUE(failed);
}

TEST_P(Contract, P05_RunAwaitsACoroutine)
{
    int value = 0;
    run(
        [](int n) -> Task<int> {
            co_await delay(1s);
            const int half = co_await run([](int x) { return x / 2; }, n);
            co_return half + 1;
        },
        10)
        .then([&](int v) { value = v; }, [](std::exception_ptr) { FAIL(); });
    world.runUntilIdle();
    EXPECT_EQ(value, 0) << "the clock stood still";
    world.advance(1s);
    EXPECT_EQ(value, 6);
}

TEST_P(Contract, P06_ComputeRunsOnTheMainIsolateWhenTheModeSaysSo)
{
    const auto placement = [] { return detail::Cell::current()->placement(); };
    std::vector<Placement> placements;
    const auto note = [&](Placement p) { placements.push_back(p); };
    const auto never = [](std::exception_ptr) { FAIL(); };
    compute(placement).then(note, never);
    world.runUntilIdle();
    world.runtime().setExecutionMode(ExecutionMode::mainIsolate);
    compute(placement).then(note, never);
    run(placement).then(note, never);
    world.runUntilIdle();
    EXPECT_EQ(placements[0], Placement::pooled);
    EXPECT_EQ(std::count(placements.begin() + 1, placements.end(), Placement::main), 1);
    EXPECT_EQ(std::count(placements.begin() + 1, placements.end(), Placement::pooled), 1);
}

TEST_P(Contract, P07_ExitRunsDestructorsAndHandsTheMessageOverWithoutACopy)
{
    static int destroyed = 0;
    destroyed = 0;
    struct Guard {
        ~Guard() { ++destroyed; }
    };
    std::unique_ptr<std::string> got;
    RawReceivePort<std::unique_ptr<std::string>> port([&](auto message) { got = std::move(message); });
    ExitReason reason{};
    RawReceivePort<ExitNotice> exits([&](ExitNotice n) { reason = n.reason; });
    SpawnOptions options;
    options.onExit = exits.sendPort();
    ASSERT_TRUE(spawnWith(
                    options,
                    [](SendPort<std::unique_ptr<std::string>> reply) {
                        Guard guard;
                        isolate::exit(reply, std::make_unique<std::string>("last"));
                    },
                    port.sendPort())
                    .ok());
    world.runUntilIdle();
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, "last");
    EXPECT_EQ(destroyed, 1);
    EXPECT_EQ(reason, ExitReason::exited);
}

TEST_P(Contract, P14_AnIsolateEndsWhenNothingIsLeftToWaitFor)
{
    auto spawned = spawn([]() -> Task<> { co_await delay(10ms); });
    world.runUntilIdle();
    EXPECT_FALSE(spawned->ended());
    world.advance(10ms);
    EXPECT_TRUE(spawned->ended());
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, Contract, testing::Range<std::uint64_t>(1, 41));

struct Inner {
    std::vector<std::string> names;
    std::optional<SendPort<int>> port;
};
struct Outer {
    Inner inner;
    std::map<int, std::unique_ptr<Inner>> more;
    std::shared_ptr<const Inner> shared;
    std::stop_token stop;
};
struct HoldsPointer {
    int number;
    const char *text;
};
struct HoldsDeepPointer {
    std::vector<HoldsPointer> all;
};
struct HoldsMutable {
    std::shared_ptr<Inner> shared;
};

static_assert(Sendable<int> && Sendable<std::string> && Sendable<Inner> && Sendable<Outer>);
static_assert(!Sendable<int *> && !Sendable<HoldsPointer> && !Sendable<HoldsDeepPointer> && !Sendable<HoldsMutable>);
static_assert(!Sendable<std::string_view> && !Sendable<ReceivePort<int>> && !Sendable<std::reference_wrapper<int>>);

TEST(ContractOnThreads, RunGivesItsValueToAThreadThatIsNoIsolate)
{
    Runtime runtime;
    EXPECT_EQ(runWith(
                  {.runtime = &runtime}, [](int n) { return n + 1; }, 41)
                  .get(),
              42);
}

TEST(ContractOnThreads, P40_ThePoolIsNotHeldUpByIsolatesThatBlock)
{
    Runtime runtime({.poolThreads = 2});
    struct Gate {
        std::mutex mutex;
        std::condition_variable condition;
        bool open = false;
    };
    static Gate gate;
    constexpr int blocked = 64;
    std::vector<Future<void>> waiting;
    for (int i = 0; i < blocked; ++i) {
        waiting.push_back(runWith({.runtime = &runtime}, [] {
            std::unique_lock lock(gate.mutex);
            gate.condition.wait(lock, [] { return gate.open; });
        }));
    }
    EXPECT_EQ(runWith({.runtime = &runtime}, [] { return 7; }).get(), 7); // would never come if the pool did not grow
    {
        std::lock_guard lock(gate.mutex);
        gate.open = true;
    }
    gate.condition.notify_all();
    for (auto &future : waiting)
        future.get();
}

TEST(ContractOnThreads, P40_WhatAHandlerMadeReadyRunsThoughItBlocks)
{
    // It becomes ready behind one that then waits for it, however long that has computed before: also when nothing has
    // waited in the pool for so long that nobody looks any more.
    Runtime runtime({.poolThreads = 2});
    for (const std::chrono::milliseconds computed : {0ms, 5ms, 60ms, 60ms, 0ms}) {
        const auto ask = [](std::chrono::milliseconds computes) {
            const auto until = std::chrono::steady_clock::now() + computes;
            while (std::chrono::steady_clock::now() < until)
                continue;
            return isolate::run([](int n) { return n + 1; }, 41).get();
        };
        Future<int> first = runWith({.runtime = &runtime}, ask, computed);
        Future<int> second = runWith({.runtime = &runtime}, ask, computed);
        EXPECT_EQ(first.get(), 42);
        EXPECT_EQ(second.get(), 42);
    }
}

TEST(ContractOnThreads, ShutdownNamesWhatHangs)
{
    static std::atomic<bool> release{false};
    static std::atomic<bool> started{false};
    Runtime runtime;
    ASSERT_TRUE(spawnWith({.name = "stubborn", .placement = Placement::dedicated, .runtime = &runtime}, [] {
                    started = true;
                    started.notify_all();
                    release.wait(false);
                }).ok());
    started.wait(false);
    const auto report = runtime.shutdown(std::chrono::milliseconds(0));
    EXPECT_EQ(report.hung, std::vector<std::string>{"stubborn"});
    EXPECT_FALSE(spawnWith({.runtime = &runtime}, [] {}).ok());
    release = true;
    release.notify_all();
    EXPECT_TRUE(runtime.shutdown(60s).clean());
}

TEST(ContractOnThreads, RunMainReturnsWhenNothingIsLeft)
{
    Runtime runtime;
    static int sum = 0;
    sum = 0;
    runtime.runMain([]() -> Task<> {
        ReceivePort<int> port;
        for (int i = 1; i <= 10; ++i)
            static_cast<void>(spawn([](SendPort<int> reply, int n) { reply.send(n); }, port.sendPort(), i).ok());
        for (int i = 0; i < 10; ++i)
            sum += (co_await port.next()).value();
    });
    EXPECT_EQ(sum, 55);
}

} // namespace
