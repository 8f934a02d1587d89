// The contract by its points: spawning (4, 8), streams (11, 12), ports (13, 17), sending (18 to 21).
#include <isolate_core/ask.h>
#include <isolate_core/deterministic.h>
#include <isolate_core/local.h>
#include <isolate_core/monitor.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/stream_queue.h>
#include <isolate_core/timer.h>
#include <isolate_core/transferable.h>

#include <gtest/gtest.h>

#include <span>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Contract : testing::TestWithParam<std::uint64_t> {
    DeterministicRuntime world{GetParam()};
};

std::string textOf(std::exception_ptr error)
{
    try {
        std::rethrow_exception(error);
    } catch (const std::exception &e) {
        return e.what();
    }
}

TEST_P(Contract, P04_NamesNeedNotBeUnique)
{
    auto first = spawnWith({.name = "same", .paused = true}, [] {});
    auto second = spawnWith({.name = "same", .paused = true}, [] {});
    EXPECT_EQ(first->name(), second->name());
    EXPECT_NE(first->id(), second->id());
    EXPECT_FALSE(*first == *second);
}

TEST_P(Contract, P08_AnEntryThatFailsFirstFailsItsFuture)
{
    std::string text;
    Completer<int> completer;
    completer.future().then([](int) { FAIL(); }, [&](std::exception_ptr error) { text = textOf(error); });
    SpawnOptions options;
    RawReceivePort<ErrorNotice> errors([](ErrorNotice) {});
    options.onError = errors.sendPort();
    ASSERT_TRUE(
        spawnWith(
            options, [](Completer<int>) { throw std::runtime_error("before the first message"); }, std::move(completer))
            .ok());
    world.runUntilIdle();
    EXPECT_EQ(text, "computation ended without result");
}

TEST_P(Contract, P11_ABroadcastStreamGivesEachValueToAllWhoListenThen)
{
    ReceivePort<int> port;
    const auto to = port.sendPort();
    const Stream<int> stream = port.asBroadcastStream();
    std::vector<int> all, late, odd;
    bool done = false;
    auto a = stream.listen([&](int n) { all.push_back(n); }, [&] { done = true; });
    auto b = stream.where([](int n) { return n % 2 == 1; }).map([](int n) { return n * 10; }).listen([&](int n) {
        odd.push_back(n);
    });
    to.send(1);
    world.runUntilIdle();
    auto c = stream.listen([&](int n) { late.push_back(n); });
    to.send(2);
    to.send(3);
    world.runUntilIdle();
    c.cancel();
    to.send(4);
    world.runUntilIdle();
    port.close();
    world.runUntilIdle();
    EXPECT_EQ(all, (std::vector<int>{1, 2, 3, 4}));
    EXPECT_EQ(late, (std::vector<int>{2, 3}));
    EXPECT_EQ(odd, (std::vector<int>{10, 30}));
    EXPECT_TRUE(done);
    EXPECT_THROW(port.listen([](int) {}), std::logic_error);
}

TEST_P(Contract, P11_AStreamQueueIsAskedOneByOneAndThrowsErrors)
{
    std::vector<std::string> got;
    RawReceivePort<std::string> port([&](std::string s) { got.push_back(std::move(s)); });
    auto asked = spawn(
        [](SendPort<std::string> out) -> Task<> {
            StreamController<int> controller;
            controller.add(1);
            controller.addError(std::make_exception_ptr(std::runtime_error("two")));
            controller.add(3);
            controller.close();
            EXPECT_THROW(
                {
                    auto first = controller.stream().listen([](int) {}, {}, [](std::exception_ptr) {});
                    auto second = controller.stream().listen([](int) {});
                },
                std::logic_error);
            StreamController<int> fresh;
            StreamQueue<int> queue(fresh.stream());
            auto feeder = Timer::once(1ms, [&] {
                fresh.add(1);
                fresh.addError(std::make_exception_ptr(std::runtime_error("two")));
                fresh.close();
            });
            EXPECT_TRUE(co_await queue.hasNext());
            out.send(std::to_string((co_await queue.next()).value()));
            try {
                static_cast<void>(co_await queue.next());
                ADD_FAILURE();
            } catch (const std::runtime_error &error) {
                out.send(error.what());
            }
            EXPECT_EQ(co_await queue.next(), std::nullopt);
        },
        port.sendPort());
    world.runToEnd();
    EXPECT_EQ(got, (std::vector<std::string>{"1", "two"}));
    EXPECT_TRUE(asked->ended());
}

TEST_P(Contract, P12_AReceivePortTakesOverARawOne)
{
    int raw = 0;
    std::vector<int> got;
    RawReceivePort<int> first([&](int) { ++raw; });
    const auto to = first.sendPort();
    ReceivePort<int> second(std::move(first));
    second.listen([&](int n) { got.push_back(n); });
    to.send(7);
    world.runUntilIdle();
    EXPECT_EQ(raw, 0);
    EXPECT_EQ(got, std::vector<int>{7});
    EXPECT_EQ(second.sendPort(), to);
}

TEST_P(Contract, P13_AMonitorHearsOnceWhenAPortIsClosedOrItsIsolateDies)
{
    std::vector<std::string> heard;
    RawReceivePort<std::string> down([&](std::string s) { heard.push_back(std::move(s)); });
    SendPort<int> theirs;
    RawReceivePort<SendPort<int>> ports([&](SendPort<int> p) { theirs = p; });
    auto other = spawn(
        [](SendPort<SendPort<int>> reply) -> Task<> {
            ReceivePort<int> port;
            reply.send(port.sendPort());
            static_cast<void>(co_await port.next());
        },
        ports.sendPort());
    RawReceivePort<int> mine;
    world.runUntilIdle();
    monitor(theirs, down.sendPort(), std::string("theirs"));
    demonitor(theirs, monitor(theirs, down.sendPort(), std::string("taken back")));
    monitor(mine.sendPort(), down.sendPort(), std::string("mine"));
    world.runUntilIdle();
    EXPECT_TRUE(heard.empty());
    other->kill();
    world.runUntilIdle();
    EXPECT_EQ(heard, std::vector<std::string>{"theirs"});
    mine.close();
    monitor(theirs, down.sendPort(), std::string("too late"));
    monitor(SendPort<int>(), down.sendPort(), std::string("null"));
    world.runUntilIdle();
    EXPECT_EQ(heard, (std::vector<std::string>{"theirs", "mine", "too late", "null"}));
}

TEST_P(Contract, P17_AskGivesOneReplyOrATimeoutOrTheNewsOfADeath)
{
    using Square = Request<int, int>;
    std::vector<std::string> heard;
    const auto value = [&](int n) { heard.push_back(std::to_string(n)); };
    const auto error = [&](std::exception_ptr e) { heard.push_back(textOf(e)); };
    std::vector<Square> kept;
    RawReceivePort<Square> port([&](Square request) {
        if (request.message == 1)
            throw std::runtime_error("drops the request");
        if (request.message < 4)
            EXPECT_TRUE(request.reply.answer(request.message * request.message));
        else
            kept.push_back(std::move(request));
    });
    ask(port.sendPort(), 3, 1s).then(value, error);
    world.runUntilIdle();
    EXPECT_EQ(std::exchange(heard, {}), std::vector<std::string>{"9"});
    ask(port.sendPort(), 4, 1s).then(value, error);
    world.advance(999ms);
    EXPECT_TRUE(heard.empty());
    world.advance(1ms);
    EXPECT_EQ(std::exchange(heard, {}), std::vector<std::string>{TimedOut().what()});
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_FALSE(kept[0].reply.answer(16)) << "too late";
    ask(port.sendPort(), 5, 1s).then(value, error);
    world.runUntilIdle();
    kept.clear();
    world.runUntilIdle();
    EXPECT_EQ(std::exchange(heard, {}), std::vector<std::string>{ReceiverGone().what()});
    ask(port.sendPort(), 3, 1s).then(value, error);
    port.close();
    ask(port.sendPort(), 3, 1s).then(value, error);
    world.runUntilIdle();
    EXPECT_EQ(heard, std::vector<std::string>(2, ReceiverGone().what()));
}

TEST_P(Contract, P18_AnRvalueIsMovedACopyIsTheSendersOwnAndConstantsAreShared)
{
    std::vector<int> big(1000, 1);
    const int *const data = big.data();
    const auto shared = std::make_shared<const std::string>("shared");
    const int *gotData = nullptr;
    RawReceivePort<std::vector<int>> port([&](std::vector<int> v) { gotData = v.data(); });
    port.sendPort().send(std::move(big));
    world.runUntilIdle();
    EXPECT_EQ(gotData, data) << "moved through the mailbox, never copied";

    std::vector<int> mine{1, 2};
    std::vector<int> theirs;
    port.setHandler([&](std::vector<int> v) { theirs = std::move(v); });
    port.sendPort().send(mine);
    mine[0] = 99;
    world.runUntilIdle();
    EXPECT_EQ(theirs, (std::vector<int>{1, 2}));

    const std::string *gotShared = nullptr;
    RawReceivePort<std::shared_ptr<const std::string>> constants([&](auto s) { gotShared = s.get(); });
    constants.sendPort().send(shared);
    world.runUntilIdle();
    EXPECT_EQ(gotShared, shared.get());
}

TEST_P(Contract, P19_ATransferableIsMaterialisedOnceAndSurvivesAFailedSend)
{
    const Transferable<> transferable
        = transferableOf(std::vector<std::vector<std::byte>>{{std::byte{1}}, {std::byte{2}, std::byte{3}}});
    RawReceivePort<Transferable<>> closed;
    const auto to = closed.sendPort();
    closed.close();
    EXPECT_FALSE(to.send(transferable));
    std::size_t size = 0;
    RawReceivePort<std::size_t> sizes([&](std::size_t n) { size = n; });
    ASSERT_TRUE(spawn([](SendPort<std::size_t> reply, Transferable<> data) { reply.send(data.materialize().size()); },
                      sizes.sendPort(), transferable)
                    .ok());
    EXPECT_FALSE(transferable.materialized());
    world.runUntilIdle();
    EXPECT_EQ(size, 3u);
    EXPECT_TRUE(transferable.materialized());
    EXPECT_THROW(static_cast<void>(transferable.materialize()), std::logic_error);
}

struct Inner {
    std::vector<std::string> names;
    int numbers[3];
};
struct Reference {
    int number;
    int &reference;
};
struct Based : Inner {
    int more;
};
struct DeepPointer {
    std::map<int, std::vector<std::pair<int, const char *>>> all;
};
static_assert(Sendable<Inner> && Sendable<std::vector<Inner>> && Sendable<Request<int, int>>);
static_assert(!Sendable<Reference> && !Sendable<Based> && !Sendable<DeepPointer> && !Sendable<std::span<int>>);
static_assert(!Sendable<RawReceivePort<int>> && !Sendable<Stream<int>> && !Sendable<std::function<void()>>);

TEST_P(Contract, P20_WhatCantBeSentIsRefusedByTheConcept)
{
    const int captured = 1;
    const auto byReference = [&captured] { return captured; };
    const auto byValue = [captured] { return captured; };
    const auto nothing = [] { return 1; };
    EXPECT_FALSE(SendableEntry<decltype(byReference)>);
    EXPECT_FALSE(SendableEntry<decltype(byValue)>);
    EXPECT_TRUE(SendableEntry<decltype(nothing)>);
}

TEST_P(Contract, P21_ALocalHasOneValueForEachIsolateAndEndsWithIt)
{
    static std::vector<std::string> ended;
    ended.clear();
    struct Counter {
        std::string name = "nobody";
        ~Counter()
        {
            if (name != "nobody")
                ended.push_back(name);
        }
    };
    static Local<Counter> counter;
    counter->name = "main";
    for (const char *name : {"a", "b"}) {
        ASSERT_TRUE(spawn(
                        [](std::string n) -> Task<> {
                            EXPECT_EQ(counter->name, "nobody");
                            counter->name = n;
                            co_await delay(1ms);
                            EXPECT_EQ(counter->name, n);
                        },
                        std::string(name))
                        .ok());
    }
    world.runToEnd();
    std::sort(ended.begin(), ended.end());
    EXPECT_EQ(ended, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(counter->name, "main");
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, Contract, testing::Range<std::uint64_t>(1, 41));

} // namespace
