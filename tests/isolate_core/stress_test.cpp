// Many threads at once, for the sanitizers: what a deterministic scheduler, which has one, can't show.
#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/timer.h>

#include <gtest/gtest.h>

#include <random>
#include <thread>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

void greet(SendPort<std::string> reply, std::string name)
{
    reply.send("hello " + name);
}

Task<> greeted()
{
    ReceivePort<std::string> answers;
    static_cast<void>(spawn(greet, answers.sendPort(), std::string("world")).ok());
    EXPECT_EQ((co_await answers.next()).value(), "hello world");
}

TEST(Stress, TheMainIsolateEndsWhileOthersStillLetGoOfItsPorts)
{
    Runtime runtime({.poolThreads = 3});
    for (int round = 0; round < 500; ++round)
        runtime.runMain(greeted);
    EXPECT_TRUE(runtime.shutdown(10s).clean());
}

TEST(Stress, TheMainIsolateEndsUnderASenderThatGoesOn)
{
    static std::atomic<bool> stop;
    for (int round = 0; round < 50; ++round) {
        Runtime runtime({.poolThreads = 2});
        stop = false;
        runtime.runMain([]() -> Task<> {
            RawReceivePort<int> port([](int) {});
            for (int i = 0; i < 2; ++i) {
                static_cast<void>(spawn(
                                      [](SendPort<int> to) {
                                          for (int n = 0; !stop; ++n)
                                              to.send(n);
                                      },
                                      port.sendPort())
                                      .ok());
            }
            co_await delay(200us);
        });
        stop = true;
        EXPECT_TRUE(runtime.shutdown(10s).clean());
    }
}

TEST(Stress, P10_FirstInFirstOutForEachOfManySenders)
{
    constexpr int senders = 6, messages = 5000;
    Runtime runtime({.poolThreads = 4});
    const bool inOrder
        = runWith({.runtime = &runtime}, []() -> Task<bool> {
              ReceivePort<std::pair<int, int>> port;
              for (int sender = 0; sender < senders; ++sender) {
                  SpawnOptions options{.placement = sender % 2 ? Placement::dedicated : Placement::pooled};
                  static_cast<void>(spawnWith(
                                        options,
                                        [](SendPort<std::pair<int, int>> to, int me) {
                                            for (int i = 0; i < messages; ++i)
                                                to.send({me, i});
                                        },
                                        port.sendPort(), sender)
                                        .ok());
              }
              std::array<int, senders> next{};
              for (int i = 0; i < senders * messages; ++i) {
                  const auto [sender, number] = (co_await port.next()).value();
                  if (next[static_cast<std::size_t>(sender)]++ != number)
                      co_return false;
              }
              co_return true;
          }).get();
    EXPECT_TRUE(inOrder);
    EXPECT_TRUE(runtime.shutdown(10s).clean());
}

TEST(Stress, P13_SendsMeetClosesAndKills)
{
    Runtime runtime({.poolThreads = 4});
    static std::atomic<int> handled;
    handled = 0;
    std::mt19937_64 random(7);
    for (int round = 0; round < 200; ++round) {
        auto receiver = spawnWith({.runtime = &runtime}, []() -> Task<> {
            ReceivePort<int> port;
            for (int sender = 0; sender < 3; ++sender) {
                static_cast<void>(spawn(
                                      [](SendPort<int> to) -> Task<> {
                                          for (int i = 0; to.send(i); ++i) {
                                              if (i % 64 == 63)
                                                  co_await delay(1us);
                                          }
                                      },
                                      port.sendPort())
                                      .ok());
            }
            for (int i = 0; i < 100; ++i) {
                co_await port.next();
                ++handled;
            }
            port.close();
            co_await delay(1h);
        });
        ASSERT_TRUE(receiver.ok());
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
        receiver->kill(random() % 2 ? Priority::immediate : Priority::beforeNextEvent);
    }
    EXPECT_TRUE(runtime.shutdown(30s).clean());
    EXPECT_EQ(runtime.isolateCount(), 0u);
}

TEST(Stress, DedicatedIsolatesComeAndGoOnManyThreads)
{
    Runtime runtime({.poolThreads = 2});
    static std::atomic<int> ran;
    ran = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&runtime] {
            for (int i = 0; i < 100; ++i)
                static_cast<void>(
                    spawnWith({.placement = Placement::dedicated, .runtime = &runtime}, [] { ++ran; }).ok());
        });
    }
    for (auto &thread : threads)
        thread.join();
    while (runtime.isolateCount() > 0)
        std::this_thread::yield();
    EXPECT_EQ(ran, 400);
    EXPECT_TRUE(runtime.shutdown(10s).clean());
}

TEST(Stress, TasksOfAPoolAreSubmittedAndCancelledOnManyThreads)
{
    Runtime runtime({.poolThreads = 3});
    Pool pool({.workers = 3, .runtime = &runtime});
    std::atomic<int> done{0}, cancelled{0};
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            std::mt19937_64 random(t);
            for (int i = 0; i < 100; ++i) {
                std::stop_source stop;
                auto future = pool.submit(static_cast<int>(random() % 3), stop.get_token(), []() -> Task<int> {
                    co_await delay(50us);
                    co_return 1;
                });
                if (random() % 2)
                    stop.request_stop();
                try {
                    done += future.get();
                } catch (const Cancelled &) {
                    ++cancelled;
                }
            }
        });
    }
    for (auto &thread : threads)
        thread.join();
    EXPECT_EQ(done + cancelled, 400);
    EXPECT_GT(done, 0);
    EXPECT_GT(cancelled, 0);
    EXPECT_TRUE(runtime.shutdown(10s).clean());
}

} // namespace
