// The contract by its points: names (33), controllers (34), pools (35), agents (36), services (37), supervisors (38).
#include <isolate_core/agent.h>
#include <isolate_core/deterministic.h>
#include <isolate_core/isolate_controller.h>
#include <isolate_core/main_services.h>
#include <isolate_core/name_server.h>
#include <isolate_core/pool.h>
#include <isolate_core/supervisor.h>

#include <gtest/gtest.h>

#include <unistd.h>

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
const auto never = [](std::exception_ptr error) { ADD_FAILURE() << textOf(error); };

TEST_P(Contract, P33_ANameCanBeWatchedAndIsFreedWhenItsOwnerDies)
{
    IsolateNameServer names;
    std::vector<bool> seen;
    RawReceivePort<NameEvent> watcher([&](NameEvent e) {
        EXPECT_EQ(e.name, "service");
        seen.push_back(e.registered);
    });
    names.watch("service", watcher.sendPort());
    names.watch("other", watcher.sendPort());
    EXPECT_TRUE(names.unwatch("other", watcher.sendPort()));
    EXPECT_FALSE(names.unwatch("other", watcher.sendPort()));
    watcher.setHandler([&](NameEvent e) {
        if (e.name == "service")
            seen.push_back(e.registered);
    });
    auto owner = spawn([]() -> Task<> {
        ReceivePort<int> mine;
        EXPECT_TRUE(IsolateNameServer().registerPortWithName(mine.sendPort(), "service"));
        static_cast<void>(co_await mine.next());
    });
    world.runUntilIdle();
    owner->kill();
    world.runUntilIdle();
    EXPECT_EQ(seen, (std::vector<bool>{false, true, false}));
    RawReceivePort<int> dead;
    const auto port = dead.sendPort();
    dead.close();
    EXPECT_FALSE(names.registerPortWithName(port, "service")) << "of a closed port";
}

struct CloseRequest {};
using Command = std::variant<int, CloseRequest>;

Task<> answersHalves(IsolateChannel<Command, std::string> channel)
{
    while (auto command = co_await channel.next()) {
        if (std::holds_alternative<CloseRequest>(*command))
            co_return;
        const int number = std::get<int>(*command);
        if (number < 0)
            throw std::runtime_error("negative");
        channel.send("half of " + std::to_string(number) + " is " + std::to_string(number / 2));
    }
}

TEST_P(Contract, P34_AControllerIsClosedFromOutsideOrFromInsideAndSurfacesErrors)
{
    for (const bool fromInside : {true, false}) {
        auto controller = IsolateController<Command, std::string>::create({.name = "halves"}, answersHalves);
        ASSERT_TRUE(controller.ok());
        std::vector<std::string> one, two;
        bool done = false;
        auto a
            = controller->answers().listen([&](std::string s) { one.push_back(std::move(s)); }, [&] { done = true; });
        auto b = controller->answers().listen([&](std::string s) { two.push_back(std::move(s)); });
        std::optional<ExitReason> reason;
        controller->closed().then([&](ExitNotice n) { reason = n.reason; }, never);
        EXPECT_TRUE(controller->send(4)) << "before it has run at all";
        world.runUntilIdle();
        EXPECT_EQ(one, std::vector<std::string>{"half of 4 is 2"});
        EXPECT_EQ(two, one);
        if (fromInside)
            controller->send(CloseRequest{});
        else
            controller->close();
        world.runUntilIdle();
        EXPECT_TRUE(done);
        EXPECT_EQ(reason, fromInside ? ExitReason::finished : ExitReason::killed);
        EXPECT_FALSE(controller->send(1));
    }
    auto failing = IsolateController<Command, std::string>::create({.name = "halves"}, answersHalves);
    std::vector<std::string> errors;
    auto listening = failing->errors().listen([&](ErrorNotice n) { errors.push_back(n.text); });
    failing->send(-1);
    world.runUntilIdle();
    EXPECT_EQ(errors, std::vector<std::string>{"negative"});
    EXPECT_TRUE(failing->isolate().ended());
}

TEST_P(Contract, P35_ARunningTaskReportsByPortAndIsCancelledByItsToken)
{
    Pool pool({.name = "test", .workers = 2});
    std::vector<int> progress;
    RawReceivePort<int> port([&](int n) { progress.push_back(n); });
    std::stop_source stop;
    std::string result;
    pool.submit(
            0, stop.get_token(),
            [](SendPort<int> out, std::stop_token cancelled) -> Task<int> {
                int n = 0;
                while (!cancelled.stop_requested()) {
                    out.send(++n);
                    co_await delay(1s);
                }
                throw Cancelled();
            },
            port.sendPort())
        .then([](int) { FAIL(); }, [&](std::exception_ptr e) { result = textOf(e); });
    world.advance(2s);
    EXPECT_EQ(progress, (std::vector<int>{1, 2, 3}));
    EXPECT_EQ(pool.running(), 1u);
    stop.request_stop();
    world.advance(1s);
    EXPECT_EQ(result, Cancelled().what());
    EXPECT_EQ(pool.running(), 0u);
}

TEST_P(Contract, P36_AnAgentKeepsStateParksOnErrorAndGivesItBack)
{
    auto agent = Agent<std::vector<int>>::create({1, 2});
    ASSERT_TRUE(agent.ok());
    std::vector<std::string> heard;
    const auto error = [&](std::exception_ptr e) { heard.push_back(textOf(e)); };
    agent->update([](std::vector<int> &v, int n) { v.push_back(n); }, 3).then([] {}, never);
    std::size_t size = 0;
    agent->read([](const std::vector<int> &v) { return v.size(); }).then([&](std::size_t n) { size = n; }, never);
    world.runUntilIdle();
    EXPECT_EQ(size, 3u);
    agent->update([](std::vector<int> &) { throw std::runtime_error("broken"); }).then([] { FAIL(); }, error);
    agent->read([](const std::vector<int> &v) { return v.size(); })
        .then([](std::size_t) { FAIL(); },
              [&](std::exception_ptr e) {
                  try {
                      std::rethrow_exception(e);
                  } catch (const AgentParked &parked) {
                      heard.push_back("parked: " + textOf(parked.cause()));
                  }
              });
    agent->resetError().then([] {}, never);
    std::vector<int> back;
    agent->exit().then([&](std::vector<int> v) { back = std::move(v); }, never);
    agent->update([](std::vector<int> &) {}).then([] { FAIL(); }, error);
    world.runUntilIdle();
    EXPECT_EQ(back, (std::vector<int>{1, 2, 3}));
    agent->read([](const std::vector<int> &) { return 1; }).then([](int) { FAIL(); }, error);
    world.runUntilIdle();
    EXPECT_EQ(heard, (std::vector<std::string>{"broken", "parked: broken", AgentEnded().what(), AgentEnded().what()}));
    EXPECT_EQ(world.runtime().isolateCount(), 1u);
}

TEST_P(Contract, P37_ServicesOfTheMainIsolateNeedTheRootToken)
{
    auto services = std::make_unique<MainServices>();
    std::map<std::string, int> settings{{"quality", 80}};
    services->provide<int, std::string>("settings", [&](std::string key) { return settings.at(key); });
    const RootToken token = RootToken::instance();
    ASSERT_TRUE(token);
    EXPECT_THROW(BackgroundServices::ensureInitialized(token), ServiceError) << "on the main isolate";
    std::vector<std::string> heard;
    RawReceivePort<std::string> log([&](std::string s) { heard.push_back(std::move(s)); });
    auto user = spawn(
        [](RootToken root, SendPort<std::string> out) -> Task<> {
            EXPECT_FALSE(RootToken::instance()) << "the token is had on the main isolate alone";
            const auto attempt = [&out](std::string service, std::string key) -> Task<> {
                try {
                    out.send(key + " " + std::to_string(co_await BackgroundServices::call<int>(service, key)));
                } catch (const std::exception &error) {
                    out.send(error.what());
                }
            };
            co_await attempt("settings", "too early");
            BackgroundServices::ensureInitialized(root);
            BackgroundServices::ensureInitialized(root);
            co_await attempt("settings", "quality");
            co_await attempt("clipboard", "text");
            const auto refused = BackgroundServices::setMessageHandler("news", [](int) {});
            out.send(refused.ok() ? "accepted" : "refused");
            co_await delay(1s);
            co_await attempt("settings", "after the end");
        },
        token, log.sendPort());
    world.runUntilIdle();
    ASSERT_EQ(heard.size(), 4u);
    EXPECT_NE(heard[0].find("ensureInitialized"), std::string::npos);
    EXPECT_EQ(heard[1], "quality 80");
    EXPECT_NE(heard[2].find("provides no service \"clipboard\""), std::string::npos);
    EXPECT_EQ(heard[3], "refused");
    services.reset();
    EXPECT_FALSE(RootToken::instance());
    world.advance(1s);
    EXPECT_NE(heard.back().find("gone"), std::string::npos);
    EXPECT_TRUE(user->ended());
}

Task<> worksUntilTold(std::string name, SendPort<std::string> log)
{
    ReceivePort<std::string> port;
    IsolateNameServer().removePortNameMapping(name);
    IsolateNameServer().registerPortWithName(port.sendPort(), name);
    log.send("start " + name);
    const auto order = co_await port.next();
    if (order == "fail")
        throw std::runtime_error("told to fail");
}

struct Supervised : Contract {
    void SetUp() override
    {
        world.runtime().setErrorSink([](const ErrorNotice &) {});
    }
    void tell(const std::string &child, const std::string &order)
    {
        auto to = IsolateNameServer().lookupPortByName<std::string>(child);
        ASSERT_TRUE(to) << child;
        to->send(order);
        world.runUntilIdle();
    }
    std::vector<std::string> takeLog()
    {
        std::sort(log.begin(), log.end());
        return std::exchange(log, {});
    }
    std::vector<std::string> log;
    RawReceivePort<std::string> port{[this](std::string s) { log.push_back(std::move(s)); }};
};

TEST_P(Supervised, P38_StrategiesSayWhoIsStartedAgain)
{
    using List = std::vector<std::string>;
    for (const auto &[strategy, expected] :
         {std::pair{RestartStrategy::oneForOne, List{"start b"}},
          std::pair{RestartStrategy::oneForAll, List{"start a", "start b", "start c"}},
          std::pair{RestartStrategy::restForOne, List{"start b", "start c"}}}) {
        Supervisor supervisor({.strategy = strategy});
        for (const char *name : {"a", "b", "c"})
            EXPECT_TRUE(
                supervisor.add(name, Restart::transient, {}, worksUntilTold, std::string(name), port.sendPort()));
        EXPECT_FALSE(supervisor.add("a", Restart::permanent, {}, worksUntilTold, std::string("a"), port.sendPort()));
        world.runUntilIdle();
        EXPECT_EQ(takeLog(), (List{"start a", "start b", "start c"}));
        tell("b", "fail");
        EXPECT_EQ(takeLog(), expected);
        tell("b", "finish");
        EXPECT_EQ(takeLog(), List{}) << "a transient child that finished is left alone";
    }
}

TEST_P(Supervised, P38_BackOffGrowsAndTooManyRestartsGiveUp)
{
    Supervisor supervisor({.maxRestarts = 2, .period = 60s, .backoff = 1s});
    std::vector<SupervisorEvent::Kind> events;
    auto listening = supervisor.events().listen([&](SupervisorEvent e) { events.push_back(e.kind); });
    ASSERT_TRUE(supervisor.add("a", Restart::permanent, {}, worksUntilTold, std::string("a"), port.sendPort()));
    world.runUntilIdle();
    tell("a", "fail");
    world.advance(999ms);
    EXPECT_EQ(takeLog().size(), 1u);
    world.advance(1ms);
    EXPECT_EQ(takeLog().size(), 1u);
    tell("a", "finish");
    world.advance(1999ms);
    EXPECT_EQ(takeLog().size(), 0u) << "the second pause is twice as long";
    world.advance(1ms);
    EXPECT_EQ(takeLog().size(), 1u);
    tell("a", "fail");
    world.runToEnd();
    EXPECT_TRUE(supervisor.gaveUp());
    EXPECT_EQ(takeLog().size(), 0u);
    EXPECT_EQ(events.back(), SupervisorEvent::Kind::gaveUp);
    EXPECT_EQ(world.runtime().isolateCount(), 1u);
}

TEST_P(Supervised, P38_WhatWasToRunIsRestoredAtStartUp)
{
    const auto record = std::filesystem::temp_directory_path()
        / ("isolate_core_supervisor_" + std::to_string(getpid()) + "_" + std::to_string(GetParam()));
    for (const bool again : {false, true}) {
        Supervisor supervisor({.record = record});
        EXPECT_EQ(supervisor.restore("a", Restart::permanent, {}, worksUntilTold, std::string("a"), port.sendPort()),
                  again);
        EXPECT_FALSE(
            supervisor.restore("b", Restart::permanent, {}, worksUntilTold, std::string("b"), port.sendPort()));
        if (!again) {
            EXPECT_TRUE(supervisor.start("a"));
            EXPECT_TRUE(supervisor.start("b"));
            EXPECT_TRUE(supervisor.stop("b"));
        }
        world.runUntilIdle();
        EXPECT_TRUE(supervisor.child("a"));
        EXPECT_FALSE(supervisor.child("b"));
    }
    world.runUntilIdle();
    std::filesystem::remove(record);
}

TEST_P(Supervised, P38_AllThatWereToRunAreRestoredOneByOne)
{
    const auto record = std::filesystem::temp_directory_path()
        / ("isolate_core_supervisor_all_" + std::to_string(getpid()) + "_" + std::to_string(GetParam()));
    for (const bool again : {false, true, true}) {
        Supervisor supervisor({.record = record});
        for (const std::string name : {"a", "b", "c"}) {
            EXPECT_EQ(supervisor.restore(name, Restart::permanent, {}, worksUntilTold, name, port.sendPort()), again);
            if (!again) {
                EXPECT_TRUE(supervisor.start(name));
            }
        }
        world.runUntilIdle();
    }
    std::filesystem::remove(record);
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, Contract, testing::Range<std::uint64_t>(1, 41));
INSTANTIATE_TEST_SUITE_P(ManySeeds, Supervised, testing::Range<std::uint64_t>(1, 41));

} // namespace
