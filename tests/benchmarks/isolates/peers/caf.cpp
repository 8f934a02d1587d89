// The measurements of isolates_measure with CAF's actors: `isolates_caf NAME` prints one sample a line.
#include "benchmarks/isolates/memory.h"

#include <caf/all.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

using namespace caf;
using Clock = std::chrono::steady_clock;

namespace {

double microseconds(Clock::duration d)
{
    return std::chrono::duration<double, std::micro>(d).count();
}
void sample(double value)
{
    std::printf("%.6g\n", value);
}

void spawnCost(actor_system &system)
{
    // From a thread that is no actor: within one, the workers that steal keep the spawner from its own queue for
    // minutes.
    for (int batch = 0; batch < 110; ++batch) {
        const auto start = Clock::now();
        for (int i = 0; i < 1000; ++i)
            system.spawn([](event_based_actor *) {});
        if (batch >= 10)
            sample(microseconds(Clock::now() - start) / 1000);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

void memory(actor_system &system)
{
    constexpr int count = 200'000;
    std::vector<actor> actors;
    actors.reserve(count);
    const double before = residentBytes();
    for (int i = 0; i < count; ++i)
        actors.push_back(system.spawn([](event_based_actor *) -> behavior { return {[](int) {}}; }));
    std::this_thread::sleep_for(std::chrono::seconds(1)); // until each has waited once
    sample((residentBytes() - before) / count);
    for (const actor &a : actors)
        anon_send_exit(a, exit_reason::user_shutdown);
}

void roundTrip(actor_system &system)
{
    scoped_actor self{system};
    const auto echo = system.spawn([](event_based_actor *) -> behavior { return {[](int v) { return v; }}; });
    self->spawn([echo](event_based_actor *pinger) -> behavior {
        auto count = std::make_shared<int>(0);
        auto start = std::make_shared<Clock::time_point>(Clock::now());
        pinger->send(echo, 1);
        return {[=](int v) {
            if (++*count % 1000 == 0) {
                const auto now = Clock::now();
                sample(microseconds(now - *start) / 1000);
                *start = now;
                if (*count == 300'000) {
                    anon_send_exit(echo, exit_reason::user_shutdown);
                    pinger->quit();
                    return;
                }
            }
            pinger->send(echo, v);
        }};
    });
    self->await_all_other_actors_done();
}

void throughput(actor_system &system, int senders)
{
    constexpr int total = 4'000'000;
    for (int round = 0; round < 3; ++round) {
        scoped_actor self{system};
        auto left = std::make_shared<int>(total);
        const auto start = Clock::now();
        const auto sink = self->spawn([left](event_based_actor *me) -> behavior {
            return {[=](int) {
                if (--*left == 0)
                    me->quit();
            }};
        });
        for (int s = 0; s < senders; ++s) {
            self->spawn([sink, senders](event_based_actor *me) {
                for (int i = 0; i < total / senders; ++i)
                    me->send(sink, i);
            });
        }
        self->await_all_other_actors_done();
        sample(total / (microseconds(Clock::now() - start) / 1e6));
    }
}

} // namespace

void caf_main(actor_system &system, const actor_system_config &config)
{
    const std::string what = config.remainder.empty() ? "" : config.remainder.front();
    if (what == "spawn")
        spawnCost(system);
    else if (what == "memory")
        memory(system);
    else if (what == "round_trip")
        roundTrip(system);
    else if (what == "one_to_one")
        throughput(system, 1);
    else if (what == "four_to_one")
        throughput(system, 4);
    else
        std::exit(2);
}

CAF_MAIN()
