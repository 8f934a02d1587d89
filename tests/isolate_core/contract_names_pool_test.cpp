// The contract by its points: names (32, 33), pools (35), the main isolate (39).
#include <isolate_core/deterministic.h>
#include <isolate_core/main_executor.h>
#include <isolate_core/name_server.h>
#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/timer.h>

#include <gtest/gtest.h>

#include <thread>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Contract : testing::TestWithParam<std::uint64_t> {
    DeterministicRuntime world{GetParam()};
};

TEST_P(Contract, P32_ANameIsTakenOnceAndFreedByRemovalOrDeath)
{
    IsolateNameServer names;
    RawReceivePort<int> port;
    EXPECT_TRUE(names.registerPortWithName(port.sendPort(), "a"));
    EXPECT_TRUE(names.registerPortWithName(port.sendPort(), "b"));
    RawReceivePort<int> other;
    EXPECT_FALSE(names.registerPortWithName(other.sendPort(), "a"));
    EXPECT_EQ(names.lookupPortByName<int>("a"), port.sendPort());
    EXPECT_EQ(names.lookupPortByName<std::string>("a"), std::nullopt) << "of another type";
    EXPECT_TRUE(names.removePortNameMapping("a"));
    EXPECT_FALSE(names.removePortNameMapping("a"));
    EXPECT_TRUE(names.registerPortWithName(other.sendPort(), "a"));
    EXPECT_EQ(names.lookupPortByName<int>("a"), other.sendPort());

    auto owner = spawn([]() -> Task<> {
        ReceivePort<int> mine;
        EXPECT_TRUE(IsolateNameServer().registerPortWithName(mine.sendPort(), "owned"));
        static_cast<void>(co_await mine.next());
    });
    world.runUntilIdle();
    ASSERT_TRUE(names.lookupPortByName<int>("owned"));
    owner->kill();
    world.runUntilIdle();
    EXPECT_FALSE(names.lookupPortByName<int>("owned"));
}

TEST_P(Contract, P35_APoolRunsTheMostUrgentFirstAndNeverMoreThanItsWorkers)
{
    Pool pool({.name = "test", .workers = 1});
    std::vector<int> order;
    const auto never = [](std::exception_ptr) { FAIL(); };
    for (const auto &[priority, n] : {std::pair{0, 1}, {0, 2}, {5, 3}, {-1, 4}, {5, 5}})
        pool.submit(
                priority, {}, [](int x) { return x; }, n)
            .then([&](int x) { order.push_back(x); }, never);
    EXPECT_EQ(pool.running(), 1u);
    EXPECT_EQ(pool.waiting(), 4u);
    world.runUntilIdle();
    EXPECT_EQ(order, (std::vector<int>{1, 3, 5, 2, 4}));
    EXPECT_EQ(pool.running(), 0u);
}

TEST_P(Contract, P35_APoolCancelsWhatIsQueuedAndReturnsItsWorkerAfterAThrow)
{
    Pool pool({.name = "test", .workers = 1});
    std::vector<std::string> heard;
    std::stop_source stop;
    const auto value = [&](int n) { heard.push_back(std::to_string(n)); };
    const auto error = [&](std::exception_ptr e) {
        try {
            std::rethrow_exception(e);
        } catch (const std::exception &x) {
            heard.push_back(x.what());
        }
    };
    pool.submit(0, {},
                []() -> Task<int> {
                    co_await delay(1s);
                    throw std::runtime_error("thrown");
                })
        .then(value, error);
    pool.submit(0, stop.get_token(), [] { return 2; }).then(value, error);
    pool.submit(0, {}, [] { return 3; }).then(value, error);
    world.runUntilIdle();
    stop.request_stop();
    world.runUntilIdle();
    EXPECT_EQ(heard, std::vector<std::string>{"the task was cancelled"}) << "while the worker was busy";
    world.advance(1s);
    EXPECT_EQ(heard, (std::vector<std::string>{"the task was cancelled", "thrown", "3"}));
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, Contract, testing::Range<std::uint64_t>(1, 41));

TEST(ContractOnThreads, P33_OfManyRacingCallersOneSpawnsAndAllGetTheSamePort)
{
    Runtime runtime;
    static std::atomic<int> spawned{0};
    spawned = 0;
    std::vector<Future<SendPort<int>>> found;
    for (int i = 0; i < 32; ++i) {
        found.push_back(runWith({.runtime = &runtime}, [] {
            return IsolateNameServer().lookupOrSpawn<int>("service", [] {
                ++spawned;
                Completer<SendPort<int>> answer;
                auto future = answer.future();
                static_cast<void>(spawnWith(
                                      {.name = "service", .placement = Placement::dedicated},
                                      [](Completer<SendPort<int>> reply) -> Task<> {
                                          ReceivePort<int> in;
                                          reply.complete(in.sendPort());
                                          static_cast<void>(co_await in.next());
                                      },
                                      std::move(answer))
                                      .ok());
                return future.get();
            });
        }));
    }
    const SendPort<int> first = found[0].get();
    for (std::size_t i = 1; i < found.size(); ++i)
        EXPECT_EQ(found[i].get(), first);
    EXPECT_EQ(spawned, 1);
    first.send(1);
    EXPECT_TRUE(runtime.shutdown(60s).clean());
}

TEST(ContractOnThreads, P39_AFloodWakesTheMainIsolateOnceAndIsDrainedWithinItsBudget)
{
    Runtime runtime;
    std::atomic<int> wakes{0};
    MainExecutor main(runtime, [&] {
        ++wakes;
        wakes.notify_all();
    });
    main.drain(1h);
    wakes = 0;
    int got = 0;
    RawReceivePort<int> port([&](int) { ++got; });
    constexpr int count = 10'000;
    runWith(
        {.runtime = &runtime},
        [](SendPort<int> to) {
            for (int i = 0; i < count; ++i)
                to.send(i);
        },
        port.sendPort())
        .get();
    EXPECT_EQ(wakes, 1);
    int drains = 0;
    while (main.drain(0ns))
        ++drains;
    EXPECT_EQ(got, count);
    EXPECT_GE(drains, count - 1) << "no budget at all still runs one event, and no more";
    EXPECT_EQ(wakes, 1);
}

TEST(ContractOnThreads, P39_WhatComesAfterTheMainIsolateIsGoneIsDroppedInPeace)
{
    Runtime runtime;
    SendPort<int> port;
    {
        MainExecutor main(runtime, [] {});
        RawReceivePort<int> receive([](int) { FAIL(); });
        port = receive.sendPort();
        EXPECT_TRUE(port.send(1));
    }
    EXPECT_FALSE(port.send(2));
}

TEST(ContractOnThreads, SnapshotAndTraceTellWhatRan)
{
    Runtime runtime({.traceAtLeast = 0ns});
    runWith({.name = "worker", .runtime = &runtime}, [] { setActivity("counting"); }).get();
    EXPECT_TRUE(runtime.shutdown(60s).clean());
    const auto trace = runtime.trace();
    const auto found = std::find_if(trace.begin(), trace.end(), [](auto &slice) { return slice.name == "worker"; });
    ASSERT_NE(found, trace.end());
    EXPECT_EQ(found->activity, "counting");
    EXPECT_LE(found->start, found->end);
}

TEST(ContractOnThreads, TheTraceTellsWhereASliceRanForWhomAndWhatItWouldHaveTakenAlone)
{
    Runtime runtime;
    runtime.runMain([]() -> Task<void> {
        auto ran = runWith({.name = "outer"}, [] {
            const auto until = std::chrono::steady_clock::now() + 5ms;
            while (std::chrono::steady_clock::now() < until) {}
        });
        co_await std::move(ran);
    });
    EXPECT_TRUE(runtime.shutdown(60s).clean());
    const auto trace = runtime.trace();
    const auto found = std::find_if(trace.begin(), trace.end(), [](auto &slice) { return slice.name == "outer"; });
    ASSERT_NE(found, trace.end());
    EXPECT_EQ(found->spawner, "main");
    EXPECT_LE(found->undelayed, found->end - found->start);
#ifdef __linux__
    EXPECT_NE(found->thread, 0u);
    EXPECT_GT(found->undelayed, 0ns);
#endif
}

TEST(ContractOnThreads, ShutdownMayWaitForEver)
{
    Runtime runtime;
    runWith({.name = "short", .runtime = &runtime}, [] {}).get();
    EXPECT_TRUE(runtime.shutdown(std::chrono::milliseconds::max()).clean());
}

} // namespace
