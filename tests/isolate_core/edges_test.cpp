// What lies at the edges of the contract: ends, bounds and times that are too large.
#include <isolate_core/ask.h>
#include <isolate_core/deterministic.h>
#include <isolate_core/name_server.h>
#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/timer.h>

#include <gtest/gtest.h>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Edges : testing::TestWithParam<std::uint64_t> {
    DeterministicRuntime world{GetParam()};
};

TEST_P(Edges, P16_AReceivePortOfTheLatestKeepsOneWhileNobodyAsks)
{
    std::vector<int> got;
    bool ended = false;
    ReceivePort<int> port(PortOptions::latest());
    start([](ReceivePort<int> &from, std::vector<int> &out, bool &done) -> Task<> {
        while (auto value = co_await from.next()) {
            out.push_back(*value);
            co_await delay(10ms);
        }
        done = true;
    }(port, got, ended));
    for (int i = 1; i <= 9; ++i) {
        port.sendPort().send(i);
        world.advance(i == 1 ? 0ms : 1ms);
    }
    EXPECT_EQ(got, std::vector<int>{1});
    world.advance(20ms);
    EXPECT_EQ(got, (std::vector<int>{1, 9}));
    port.sendPort().send(10);
    world.advance(20ms);
    EXPECT_EQ(got, (std::vector<int>{1, 9, 10}));
    port.close();
    world.runUntilIdle();
    EXPECT_TRUE(ended);
}

TEST_P(Edges, P16_ABoundedReceivePortCountsWhatNobodyAskedForYet)
{
    ReceivePort<int> port({.capacity = 2, .overflow = Overflow::fail});
    const auto to = port.sendPort();
    EXPECT_TRUE(to.send(1));
    world.runUntilIdle();
    EXPECT_TRUE(to.send(2));
    world.runUntilIdle();
    EXPECT_FALSE(to.send(3));
    port.close();
    std::vector<int> got;
    start([](ReceivePort<int> &from, std::vector<int> &out) -> Task<> {
        while (auto value = co_await from.next())
            out.push_back(*value);
    }(port, got));
    world.runUntilIdle();
    EXPECT_EQ(got, (std::vector<int>{1, 2})) << "what was buffered can still be asked for";
}

TEST_P(Edges, P16_WhoListensLateGetsWhatWaitsInOrder)
{
    ReceivePort<int> port({.capacity = 3, .overflow = Overflow::dropOldest});
    for (int i = 1; i <= 5; ++i)
        port.sendPort().send(i);
    world.runUntilIdle();
    std::vector<int> got;
    port.listen([&](int i) { got.push_back(i); });
    EXPECT_EQ(got, (std::vector<int>{3, 4, 5}));
    port.sendPort().send(6);
    world.runUntilIdle();
    EXPECT_EQ(got, (std::vector<int>{3, 4, 5, 6}));
}

TEST_P(Edges, P11_WhoListensToAClosedPortHearsThatItIsDone)
{
    ReceivePort<int> port;
    port.sendPort().send(1);
    world.runUntilIdle();
    port.close();
    std::vector<std::string> log;
    port.listen([&](int i) { log.push_back(std::to_string(i)); }, [&] { log.emplace_back("done"); });
    EXPECT_EQ(log, std::vector<std::string>{"1"});
    world.runUntilIdle();
    EXPECT_EQ(log, (std::vector<std::string>{"1", "done"}));
}

TEST_P(Edges, P24_AnErrorReachesTheSinkWhenItsListenersAreGone)
{
    std::vector<std::string> sunk, heard;
    world.runtime().setErrorSink([&](const ErrorNotice &notice) { sunk.push_back(notice.text); });
    RawReceivePort<SendPort<int>> ready;
    SendPort<int> fail;
    ready.setHandler([&](SendPort<int> port) { fail = port; });
    auto failing = spawnWith(
        {.errorsAreFatal = false},
        [](SendPort<SendPort<int>> tell) -> Task<> {
            RawReceivePort<int> port([](int i) { throw std::runtime_error("error " + std::to_string(i)); });
            tell.send(port.sendPort());
            co_await delay(1h);
        },
        ready.sendPort());
    ASSERT_TRUE(failing.ok());
    std::optional<RawReceivePort<ErrorNotice>> first;
    first.emplace([&](ErrorNotice notice) { heard.push_back(notice.text); });
    failing->addErrorListener(first->sendPort());
    std::optional<Stream<ErrorNotice>> stream = failing->errors();
    world.runUntilIdle();
    fail.send(1);
    world.runUntilIdle();
    EXPECT_EQ(heard.size(), 1u);
    EXPECT_EQ(sunk.size(), 0u);
    first.reset();
    stream.reset();
    fail.send(2);
    world.runUntilIdle();
    EXPECT_EQ(heard.size(), 1u);
    EXPECT_EQ(sunk, std::vector<std::string>{"error 2"});
    failing->kill();
    world.runUntilIdle();
}

TEST_P(Edges, P17_ADeadlineAtTheEndOfTimeDoesNotPass)
{
    bool passed = false, answered = false;
    std::optional<Request<int, int>> asked;
    RawReceivePort<Request<int, int>> port([&](Request<int, int> request) { asked.emplace(std::move(request)); });
    ask(port.sendPort(), 1, std::chrono::nanoseconds::max())
        .then([&](int) { answered = true; }, [&](const std::exception_ptr &) { passed = true; });
    delay(std::chrono::nanoseconds::max()).then([&] { passed = true; }, [&](const std::exception_ptr &) {});
    world.advance(24h);
    EXPECT_FALSE(passed);
    ASSERT_TRUE(asked);
    asked->reply.answer(1);
    world.advance(1h);
    EXPECT_TRUE(answered);
}

TEST_P(Edges, P29_ACheckpointInADestructorDoesNotThrow)
{
    struct Tidies {
        bool &tidied;
        ~Tidies()
        {
            checkpoint();
            tidied = true;
        }
    };
    static bool tidied;
    tidied = false;
    auto killed = spawn([]() -> Task<> {
        const Tidies tidies{tidied};
        co_await delay(1h);
    });
    ASSERT_TRUE(killed.ok());
    world.runUntilIdle();
    killed->kill();
    world.runUntilIdle();
    EXPECT_TRUE(tidied);

    tidied = false;
    ASSERT_TRUE(spawn([] {
                    const Tidies tidies{tidied};
                    exit();
                }).ok());
    world.runUntilIdle();
    EXPECT_TRUE(tidied);
}

TEST_P(Edges, ATimersFunctionGoesWithItsTimer)
{
    const auto held = std::make_shared<int>(0);
    auto once = Timer::once(1ms, [held] { ++*held; });
    auto cancelled = Timer::once(1ms, [held] { ++*held; });
    Timer periodic;
    periodic = Timer::periodic(1ms, [held, &periodic] {
        if (++*held == 3)
            periodic.cancel();
    });
    cancelled.cancel();
    EXPECT_EQ(held.use_count(), 3);
    world.advance(10ms);
    EXPECT_EQ(*held, 3);
    EXPECT_EQ(held.use_count(), 1);
}

TEST_P(Edges, P01_ACoroutineMayTakeItsArgumentsByReference)
{
    std::string got;
    RawReceivePort<std::string> port([&](std::string s) { got = std::move(s); });
    ASSERT_TRUE(spawn(
                    [](SendPort<std::string> to, const std::string &text) -> Task<> {
                        co_await delay(1ms);
                        to.send(text);
                    },
                    port.sendPort(), std::string("a text too long to lie in the string itself"))
                    .ok());
    world.runToEnd();
    EXPECT_EQ(got, "a text too long to lie in the string itself");
}

struct Mute final : std::exception {
    const char *what() const noexcept override { return nullptr; }
};

TEST_P(Edges, P24_ErrorsWithANullTextAndOfDroppedFuturesAreSaidAndASinkMayFail)
{
    std::vector<std::string> sunk;
    world.runtime().setErrorSink([&](const ErrorNotice &notice) {
        sunk.push_back(notice.text);
        throw std::runtime_error("the sink fails");
    });
    ASSERT_TRUE(spawn([] { throw Mute(); }).ok());
    world.runToEnd();
    ASSERT_EQ(sunk.size(), 1u);
    static_cast<void>(run([] { throw std::runtime_error("nobody waits"); }));
    world.runToEnd();
    ASSERT_EQ(sunk.size(), 2u);
    EXPECT_NE(sunk[1].find("nobody waits"), std::string::npos);
    {
        auto awaited = run([] { throw std::runtime_error("somebody waits"); });
        world.runToEnd();
        EXPECT_THROW(awaited.get(), std::runtime_error);
    }
    EXPECT_EQ(sunk.size(), 2u);
}

TEST_P(Edges, P11_AListenerMayEndThePortAndOneThatThrowsKeepsNothingFromTheOthers)
{
    std::vector<int> got;
    std::optional<ReceivePort<int>> port(std::in_place);
    for (int i = 0; i < 3; ++i)
        port->sendPort().send(i);
    world.runUntilIdle();
    port->listen([&](int i) {
        got.push_back(i);
        port.reset();
    });
    EXPECT_EQ(got, std::vector<int>{0});

    world.runtime().setErrorSink([](const ErrorNotice &) {});
    ReceivePort<int> source;
    auto stream = source.asBroadcastStream();
    std::vector<int> second;
    auto first = stream.listen([](int) { throw std::runtime_error("the first fails"); });
    auto other = stream.listen([&](int i) { second.push_back(i); });
    source.sendPort().send(1);
    source.sendPort().send(2);
    world.runUntilIdle();
    EXPECT_EQ(second, (std::vector<int>{1, 2}));
}

TEST_P(Edges, P03_OnePortHearsTheErrorAndThenTheEnd)
{
    std::vector<std::string> heard;
    RawReceivePort<Notice> notices([&](Notice notice) {
        if (const auto *error = std::get_if<ErrorNotice>(&notice))
            heard.push_back("error " + error->text);
        else
            heard.push_back("exit " + std::string(toString(std::get<ExitNotice>(notice).reason)));
    });
    SpawnOptions options;
    options.onNotice = notices.sendPort();
    ASSERT_TRUE(spawnWith(options, [] { throw std::runtime_error("broken"); }).ok());
    world.runUntilIdle();
    EXPECT_EQ(heard, (std::vector<std::string>{"error broken", "exit error"}));

    heard.clear();
    auto other = spawn([]() -> Task<> { co_await delay(1h); });
    other->addListener(notices.sendPort());
    auto removed = spawn([]() -> Task<> { co_await delay(1h); });
    removed->addListener(notices.sendPort());
    removed->removeListener(notices.sendPort());
    world.runUntilIdle();
    other->kill();
    removed->kill();
    world.runUntilIdle();
    EXPECT_EQ(heard, std::vector<std::string>{"exit killed"});
}

TEST_P(Edges, P26_WithoutTheRightCapabilityAControlMessageIsIgnored)
{
    std::vector<int> got;
    RawReceivePort<int> out([&](int n) { got.push_back(n); });
    RawReceivePort<SendPort<int>> ready;
    SendPort<int> to;
    ready.setHandler([&](SendPort<int> port) { to = port; });
    auto isolate = spawn(
        [](SendPort<SendPort<int>> tell, SendPort<int> answer) -> Task<> {
            RawReceivePort<int> port([answer](int n) { answer.send(n); });
            tell.send(port.sendPort());
            co_await delay(1h);
        },
        ready.sendPort(), out.sendPort());
    ASSERT_TRUE(isolate.ok());
    world.runUntilIdle();
    const Isolate restricted = isolate->restricted();
    EXPECT_EQ(restricted, *isolate);
    EXPECT_FALSE(restricted.pauseCapability());
    EXPECT_FALSE(restricted.terminateCapability());
    restricted.pause();
    restricted.kill(Priority::immediate);
    restricted.withCapabilities(Capability::create(), Capability::create()).kill();
    restricted.setErrorsFatal(false, restricted.terminateCapability());
    to.send(1);
    world.runUntilIdle();
    EXPECT_EQ(got, std::vector<int>{1});

    const Isolate mayPause = restricted.withCapabilities(isolate->pauseCapability(), {});
    const Capability pause = mayPause.pause();
    mayPause.kill();
    to.send(2);
    world.runUntilIdle();
    EXPECT_EQ(got, std::vector<int>{1}) << "paused, and alive";
    restricted.resume(pause);
    world.runUntilIdle();
    EXPECT_EQ(got, (std::vector<int>{1, 2}));
    restricted.withCapabilities({}, isolate->terminateCapability()).kill();
    world.runUntilIdle();
    EXPECT_TRUE(isolate->ended());
}

TEST_P(Edges, P26_TheMainIsolateAnswersControlThatItAsksOfItself)
{
    int pongs = 0;
    RawReceivePort<int> pong([&](int) { ++pongs; });
    Isolate::current().ping(pong.sendPort(), 1, Priority::immediate);
    world.runUntilIdle();
    EXPECT_EQ(pongs, 1);
}

TEST_P(Edges, P31_ATaskThatDoesNotLookAtItsTokenIsEndedAtItsNextEvent)
{
    Pool pool({.workers = 1});
    std::stop_source stop;
    bool cancelled = false, next = false;
    pool.submit(0, stop.get_token(), []() -> Task<> { co_await delay(24h); })
        .then([] {},
              [&](const std::exception_ptr &error) {
                  try {
                      std::rethrow_exception(error);
                  } catch (const Cancelled &) {
                      cancelled = true;
                  }
              });
    world.runUntilIdle();
    EXPECT_EQ(pool.running(), 1u);
    stop.request_stop();
    pool.submit([] {}).then([&] { next = true; }, [](const std::exception_ptr &) {});
    world.runUntilIdle();
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(next) << "the worker takes the next";
    EXPECT_EQ(pool.running(), 0u);
}

TEST_P(Edges, P16_NobodyWaitsForRoomThatOnlyHeCouldMake)
{
    RawReceivePort<int> port([](int) {}, {.capacity = 1, .overflow = Overflow::wait});
    EXPECT_TRUE(port.sendPort().send(1));
    EXPECT_FALSE(port.sendPort().send(2));
}

TEST_P(Edges, P33_AClosedPortHoldsNoName)
{
    IsolateNameServer names;
    std::optional<RawReceivePort<int>> port;
    port.emplace();
    EXPECT_TRUE(names.registerPortWithName(port->sendPort(), "name"));
    RawReceivePort<int> other;
    EXPECT_FALSE(names.registerPortWithName(other.sendPort(), "name"));
    port->close();
    EXPECT_TRUE(names.registerPortWithName(other.sendPort(), "name"));
    EXPECT_EQ(names.lookupPortByName<int>("name"), other.sendPort());
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, Edges, testing::Range<std::uint64_t>(1, 41));

} // namespace
