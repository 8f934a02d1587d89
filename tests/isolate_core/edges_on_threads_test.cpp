// What lies at the edges of the contract, where threads really run beside each other.
#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/timer.h>

#include <gtest/gtest.h>

#include <thread>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

TEST(EdgesOnThreads, P16_ASenderWaitsForRoomUntilTheCoroutineAsks)
{
    Runtime runtime({.poolThreads = 2});
    static std::atomic<int> sent;
    sent = 0;
    const int most = runWith({.runtime = &runtime}, []() -> Task<int> {
                         ReceivePort<int> port({.capacity = 4, .overflow = Overflow::wait});
                         SpawnOptions options{.placement = Placement::dedicated};
                         auto sender = spawnWith(
                             options,
                             [](SendPort<int> to) {
                                 for (int i = 0; i < 200 && to.send(i); ++i)
                                     ++sent;
                             },
                             port.sendPort());
                         int ahead = 0, expected = 0;
                         while (auto value = co_await port.next()) {
                             EXPECT_EQ(*value, expected++);
                             if (expected % 10 == 0)
                                 co_await delay(1ms);
                             ahead = std::max(ahead, sent.load() - expected);
                             if (expected == 200)
                                 break;
                         }
                         co_return ahead;
                     }).get();
    EXPECT_LE(most, 5) << "four wait, and one is on its way in";
    EXPECT_TRUE(runtime.shutdown(10s).clean());
}

TEST(EdgesOnThreads, P35_APoolWithMuchToDoEndsWithItsRuntime)
{
    std::vector<Future<int>> futures;
    {
        Runtime runtime({.poolThreads = 2});
        Pool pool({.workers = 1, .runtime = &runtime});
        static std::atomic<bool> open;
        open = false;
        auto first = pool.submit([] {
            open.wait(false);
            return 0;
        });
        for (int i = 0; i < 200'000; ++i)
            futures.push_back(pool.submit([] { return 1; }));
        std::thread closing([&] { static_cast<void>(runtime.shutdown(10s)); });
        while (spawnWith({.runtime = &runtime}, [] {}).ok()) {}
        open = true;
        open.notify_all();
        closing.join();
        EXPECT_NO_THROW(static_cast<void>(first.get()));
    }
    int ended = 0;
    for (auto &future : futures) {
        try {
            static_cast<void>(future.get());
        } catch (const EndedWithoutResult &) {
            ++ended;
        }
    }
    EXPECT_GT(ended, 199'000);
}

TEST(EdgesOnThreads, P16_ASenderThatWaitsForRoomCanBeKilled)
{
    Runtime runtime({.poolThreads = 2});
    static std::atomic<bool> full;
    full = false;
    auto receiver = runWith({.runtime = &runtime}, []() -> Task<bool> {
        RawReceivePort<int> port([](int) {}, {.capacity = 1, .overflow = Overflow::wait});
        SpawnOptions options{.placement = Placement::dedicated};
        ReceivePort<ExitNotice> end;
        options.onExit = end.sendPort();
        auto sender = spawnWith(
            options,
            [](SendPort<int> to) {
                to.send(1);
                full = true;
                full.notify_all();
                while (to.send(2)) {}
            },
            port.sendPort());
        full.wait(false); // this isolate makes no room meanwhile
        sender->kill();
        co_return (co_await end.next()).has_value();
    });
    EXPECT_TRUE(receiver.get());
    EXPECT_TRUE(runtime.shutdown(10s).clean());
}

TEST(EdgesOnThreads, P31_ATaskThatComputesIsEndedAtItsNextCheckpoint)
{
    Runtime runtime({.poolThreads = 2});
    Pool pool({.workers = 1, .runtime = &runtime});
    static std::atomic<bool> computing;
    computing = false;
    std::stop_source stop;
    auto task = pool.submit(0, stop.get_token(), [] {
        computing = true;
        computing.notify_all();
        for (;;)
            checkpoint();
    });
    computing.wait(false);
    stop.request_stop();
    EXPECT_THROW(task.get(), Cancelled);
    EXPECT_EQ(pool.submit([] { return 7; }).get(), 7) << "the worker takes the next";
}

TEST(EdgesOnThreads, ShutdownWaitsForWhatMustFinish)
{
    static std::atomic<int> written;
    written = 0;
    Runtime runtime({.poolThreads = 2});
    SpawnOptions options{.name = "writer", .mustFinish = true, .runtime = &runtime};
    static std::atomic<bool> started;
    started = false;
    auto writer = spawnWith(options, []() -> Task<> {
        started = true;
        started.notify_all();
        while (!stopToken().stop_requested())
            co_await delay(1ms);
        for (int i = 0; i < 10; ++i) {
            co_await delay(1ms);
            written += co_await run([] { return 1; }); // others go on meanwhile
        }
    });
    ASSERT_TRUE(writer.ok());
    auto idle = spawnWith({.runtime = &runtime}, []() -> Task<> { co_await delay(24h); });
    started.wait(false);
    EXPECT_TRUE(runtime.shutdown(30s).clean());
    EXPECT_EQ(written, 10);
}

TEST(EdgesOnThreads, RunMainReturnsWhenTheMainIsolateExits)
{
    Runtime runtime({.poolThreads = 1});
    runtime.runMain([]() -> Task<> {
        start([]() -> Task<> { co_await delay(24h); }());
        co_await delay(1ms);
        exit();
    });
    EXPECT_TRUE(runtime.shutdown(10s).clean());
}

} // namespace
