// One measurement of isolate_core a run: `isolates_measure NAME` prints one sample a line.
#include "memory.h"

#include <isolate_core/local.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>
#include <isolate_core/timer.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace isolate;
using namespace std::chrono_literals;
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

RuntimeOptions options()
{
    RuntimeOptions o;
    o.poolThreads = 2;
    o.backgroundNice = 0; // the peers have none
    return o;
}

/// Microseconds for each of a thousand spawns in a row, from within an isolate.
void spawnCost(Runtime &runtime)
{
    runWith({.runtime = &runtime}, []() -> Task<> {
        for (int batch = 0; batch < 110; ++batch) {
            const auto start = Clock::now();
            for (int i = 0; i < 1000; ++i)
                static_cast<void>(spawn([] {}).ok());
            if (batch >= 10) // not the first faults of the heap
                sample(microseconds(Clock::now() - start) / 1000);
            co_await delay(1ms);
        }
    }).get();
}

/// Microseconds of a spawn until all have run and ended.
void spawnAndRun(Runtime &runtime)
{
    for (int round = 0; round < 5; ++round) {
        constexpr int count = 100'000;
        static std::atomic<int> left;
        left = count;
        const auto start = Clock::now();
        runWith({.runtime = &runtime}, [] {
            for (int i = 0; i < count; ++i) {
                static_cast<void>(spawn([] {
                                      if (--left == 0)
                                          left.notify_all();
                                  }).ok());
            }
        }).get();
        for (int now = left; now != 0; now = left)
            left.wait(now);
        sample(microseconds(Clock::now() - start) / count);
    }
}

/// An isolate that waits for messages on an open port, as most do: no coroutine, a handler. Ends on the first; the last
/// one says so.
struct Waiting {
    static inline std::atomic<std::uint32_t> left{0};
    static void entry(SendPort<SendPort<int>> tell, SendPort<int> last)
    {
        static Local<std::optional<RawReceivePort<int>>> port;
        port->emplace([last](int) {
            port->reset();
            if (--left == 0)
                last.send(0);
        });
        tell.send((*port)->sendPort());
    }
};

struct Scale {
    double spawnMicroseconds = 0, resident = 0, allocated = 0, messagesPerSecond = 0;
};

/// Spawns so many that wait on an open port, then sends each a message on which it ends.
Scale scaleOf(Runtime &runtime, std::uint32_t count)
{
    return runWith(
               {.runtime = &runtime},
               [](std::uint32_t n) -> Task<Scale> {
                   Scale scale;
                   std::vector<SendPort<int>> ports;
                   ports.reserve(n);
                   ReceivePort<SendPort<int>> ready;
                   ReceivePort<int> last;
                   Waiting::left = n;
                   const double residentBefore = residentBytes(), allocatedBefore = allocatedBytes();
                   const auto start = Clock::now();
                   for (std::uint32_t i = 0; i < n; ++i)
                       static_cast<void>(spawn(Waiting::entry, ready.sendPort(), last.sendPort()).ok());
                   scale.spawnMicroseconds = microseconds(Clock::now() - start) / n;
                   while (ports.size() < n)
                       ports.push_back((co_await ready.next()).value());
                   scale.resident = (residentBytes() - residentBefore) / n;
                   scale.allocated = (allocatedBytes() - allocatedBefore) / n;
                   const auto sending = Clock::now();
                   for (const auto &port : ports)
                       port.send(1);
                   static_cast<void>(co_await last.next());
                   scale.messagesPerSecond = n / (microseconds(Clock::now() - sending) / 1e6);
                   Runtime &here = Runtime::current();
                   while (here.isolateCount() > 1)
                       co_await delay(100us);
                   co_return scale;
               },
               count)
        .get();
}

double medianOf(std::vector<double> values)
{
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

/// Microseconds of a spawn, bytes of one and messages a second. A few isolates are measured many times, as one is over
/// before the clock has moved.
void scale(Runtime &runtime, std::uint32_t count)
{
    std::vector<double> spawns, bytes, rates;
    for (std::uint32_t i = 0; i < std::clamp(20'000 / count, 1u, 500u); ++i) {
        const Scale s = scaleOf(runtime, count);
        spawns.push_back(s.spawnMicroseconds);
        bytes.push_back(s.allocated);
        rates.push_back(s.messagesPerSecond);
    }
    sample(medianOf(std::move(spawns)));
    sample(medianOf(std::move(bytes)));
    sample(medianOf(std::move(rates)));
}

Task<> echo(SendPort<SendPort<int>> ready, SendPort<int> back)
{
    RawReceivePort<int> port([back](int n) { back.send(n); });
    ready.send(port.sendPort());
    co_await delay(24h);
}

/// Microseconds of a round trip between two isolates of the pool, a thousand in a row.
void roundTrip(Runtime &runtime)
{
    runWith({.runtime = &runtime}, []() -> Task<> {
        ReceivePort<SendPort<int>> ready;
        Completer<void> done;
        auto finished = done.future();
        SendPort<int> to;
        int count = 0;
        auto start = Clock::now();
        RawReceivePort<int> back([&](int n) {
            if (++count % 1000 == 0) {
                const auto now = Clock::now();
                sample(microseconds(now - start) / 1000);
                start = now;
                if (count == 300'000) {
                    done.complete();
                    return;
                }
            }
            to.send(n);
        });
        auto echoing = spawn(echo, ready.sendPort(), back.sendPort());
        to = (co_await ready.next()).value();
        start = Clock::now();
        to.send(1);
        co_await std::move(finished);
        echoing->kill();
    }).get();
}

/// Messages a second from so many isolates into one.
void throughput(Runtime &runtime, int senders)
{
    constexpr int total = 4'000'000;
    for (int round = 0; round < 3; ++round) {
        const double seconds = runWith(
                                   {.runtime = &runtime},
                                   [](int n) -> Task<double> {
                                       Completer<void> done;
                                       auto finished = done.future();
                                       int left = total;
                                       RawReceivePort<int> port([&](int) {
                                           if (--left == 0)
                                               done.complete();
                                       });
                                       const auto start = Clock::now();
                                       for (int s = 0; s < n; ++s) {
                                           static_cast<void>(spawn(
                                                                 [](SendPort<int> to, int count) {
                                                                     for (int i = 0; i < count; ++i)
                                                                         to.send(i);
                                                                 },
                                                                 port.sendPort(), total / n)
                                                                 .ok());
                                       }
                                       co_await std::move(finished);
                                       co_return microseconds(Clock::now() - start) / 1e6;
                                   },
                                   senders)
                                   .get();
        sample(total / seconds);
    }
}

/// Microseconds that the sender of 100 MB spends on it.
void handOver(Runtime &runtime)
{
    runWith({.runtime = &runtime}, []() -> Task<> {
        ReceivePort<std::size_t> sizes;
        ReceivePort<SendPort<std::vector<char>>> ready;
        auto other = spawn(
            [](SendPort<SendPort<std::vector<char>>> tell, SendPort<std::size_t> out) -> Task<> {
                ReceivePort<std::vector<char>> port;
                tell.send(port.sendPort());
                while (auto block = co_await port.next())
                    out.send(block->size());
            },
            ready.sendPort(), sizes.sendPort());
        const auto to = (co_await ready.next()).value();
        for (int i = 0; i < 30; ++i) {
            std::vector<char> block(100 << 20, 'x');
            const auto start = Clock::now();
            to.send(std::move(block));
            sample(microseconds(Clock::now() - start));
            static_cast<void>(co_await sizes.next());
        }
        other->kill();
    }).get();
}

/// Voluntary and forced switches of all threads of this process.
std::uint64_t switches()
{
    std::uint64_t sum = 0;
    for (const auto &task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream status(task.path() / "status");
        for (std::string word; status >> word;) {
            if (word.find("voluntary_ctxt_switches") != std::string::npos) {
                std::uint64_t n = 0;
                status >> n;
                sum += n;
            }
        }
    }
    return sum;
}

/// Wake-ups a second of a process with a hundred idle isolates; the thread that counts sleeps meanwhile, once.
void idleWakeUps(Runtime &runtime)
{
    runWith({.runtime = &runtime}, []() -> Task<> {
        ReceivePort<SendPort<int>> ready;
        for (int i = 0; i < 100; ++i)
            static_cast<void>(spawn(Waiting::entry, ready.sendPort(), SendPort<int>()).ok());
        for (int i = 0; i < 100; ++i)
            static_cast<void>(co_await ready.next());
    }).get();
    std::this_thread::sleep_for(500ms);
    const auto before = switches();
    std::this_thread::sleep_for(3s);
    const auto after = switches() - before;
    sample(static_cast<double>(after > 1 ? after - 1 : 0) / 3);
}

/// Milliseconds until a new isolate runs while 64 sleep in a call; `together` spawns all in one go.
void behindBlocked(bool together)
{
    for (int round = 0; round < 10; ++round) {
        Runtime runtime(options());
        static std::atomic<int> blocked;
        static std::atomic<bool> open;
        blocked = 0;
        open = false;
        for (int i = 0; i < 64; ++i) {
            static_cast<void>(spawnWith({.runtime = &runtime}, [] {
                                  ++blocked;
                                  blocked.notify_all();
                                  open.wait(false);
                              }).ok());
        }
        if (!together) {
            for (int now = blocked; now < 64; now = blocked)
                blocked.wait(now);
            std::this_thread::sleep_for(100ms);
        }
        const auto start = Clock::now();
        const auto end = runWith({.runtime = &runtime}, [] { return Clock::now(); }).get();
        sample(microseconds(end - start) / 1000);
        open = true;
        open.notify_all();
        static_cast<void>(runtime.shutdown(10s));
    }
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "behind_blocked" || what == "behind_blocked_together") {
        behindBlocked(what != "behind_blocked");
        return 0;
    }
    Runtime runtime(options());
    if (what == "spawn")
        spawnCost(runtime);
    else if (what == "spawn_and_run")
        spawnAndRun(runtime);
    else if (what == "memory")
        sample(scaleOf(runtime, 1'000'000).resident);
    else if (what == "round_trip")
        roundTrip(runtime);
    else if (what == "one_to_one")
        throughput(runtime, 1);
    else if (what == "four_to_one")
        throughput(runtime, 4);
    else if (what == "hand_over")
        handOver(runtime);
    else if (what == "idle_wakeups")
        idleWakeUps(runtime);
    else if (what == "scale" && argc > 2) {
        scale(runtime, static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)));
    } else {
        std::fprintf(stderr,
                     "isolates_measure spawn|spawn_and_run|memory|round_trip|one_to_one|four_to_one|hand_over|"
                     "idle_wakeups|behind_blocked|behind_blocked_together|scale COUNT\n");
        return 2;
    }
    static_cast<void>(runtime.shutdown(std::chrono::seconds(60)));
}
