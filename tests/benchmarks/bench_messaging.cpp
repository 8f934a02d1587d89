// What isolates cost: to start, to be asked, and to be sent to.
#include "benchmarks/figures.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace isolate;
using steadyframe::benchmarks::Contender;
using steadyframe::benchmarks::Figures;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int roundTrips = 2000;
constexpr int messages = 100'000;
constexpr int isolates = 1000;

double microseconds(Clock::duration duration)
{
    return std::chrono::duration<double, std::micro>(duration).count();
}

struct Ping {
    SendPort<int> reply;
    int value = 0;
};

/// Answers each ping until it is closed by a negative one.
Task<void> echo(SendPort<SendPort<Ping>> ready)
{
    ReceivePort<Ping> port;
    ready.send(port.sendPort());
    while (auto ping = co_await port.next()) {
        ping->reply.send(ping->value);
        if (ping->value < 0)
            co_return;
    }
}

/// Asks an echo isolate `roundTrips` times, one at a time, and tells what one round trip took, in microseconds.
Task<void> ask(SendPort<double> result, Placement placement)
{
    ReceivePort<SendPort<Ping>> ready;
    if (!spawnWith({.name = "echo", .placement = placement}, echo, ready.sendPort()).ok())
        co_return;
    const auto other = *co_await ready.next();
    ReceivePort<int> replies;
    const auto start = Clock::now();
    for (int i = 0; i < roundTrips; ++i) {
        other.send({replies.sendPort(), i});
        co_await replies.next();
    }
    result.send(microseconds(Clock::now() - start) / roundTrips);
    other.send({replies.sendPort(), -1});
    co_await replies.next();
}

Task<void> count(SendPort<SendPort<int>> ready, SendPort<int> done)
{
    ReceivePort<int> port;
    ready.send(port.sendPort());
    for (int i = 0; i < messages; ++i)
        co_await port.next();
    done.send(messages);
}

/// Sends `messages` integers as fast as it can and tells how many arrived in a second.
Task<void> flood(SendPort<double> result)
{
    ReceivePort<SendPort<int>> ready;
    ReceivePort<int> done;
    if (!spawn(count, ready.sendPort(), done.sendPort()).ok())
        co_return;
    const auto other = *co_await ready.next();
    const auto start = Clock::now();
    for (int i = 0; i < messages; ++i)
        other.send(i);
    co_await done.next();
    result.send(messages * 1e6 / microseconds(Clock::now() - start));
}

/// Starts isolates one after the other, each when the one before has answered; microseconds for one.
Task<void> startMany(SendPort<double> result)
{
    ReceivePort<int> port;
    const auto begin = Clock::now();
    for (int i = 0; i < isolates; ++i) {
        if (!spawn([](SendPort<int> reply, int value) { reply.send(value); }, port.sendPort(), i).ok())
            co_return;
        co_await port.next();
    }
    result.send(microseconds(Clock::now() - begin) / isolates);
}

/// Runs an isolate that measures, and gives the one figure that it sends. The runtime is new for each, as a program's
/// is.
template <auto entry, class... Args>
double measured(Args... args)
{
    static double figure;
    Runtime runtime;
    runtime.runMain(
        [](Args... rest) -> Task<void> {
            ReceivePort<double> port;
            const auto spawned = spawn(entry, port.sendPort(), rest...);
            figure = spawned.ok() ? *co_await port.next() : 0;
        },
        args...);
    return figure;
}

double threadRoundTrip()
{
    std::mutex mutex;
    std::condition_variable changed;
    bool asked = false;
    std::thread other([&] {
        for (int i = 0; i < roundTrips; ++i) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return asked; });
            asked = false;
            changed.notify_one();
        }
    });
    const auto start = Clock::now();
    for (int i = 0; i < roundTrips; ++i) {
        std::unique_lock lock(mutex);
        asked = true;
        changed.notify_one();
        changed.wait(lock, [&] { return !asked; });
    }
    const double result = microseconds(Clock::now() - start) / roundTrips;
    other.join();
    return result;
}

double threadStart()
{
    const auto begin = Clock::now();
    for (int i = 0; i < isolates; ++i)
        std::thread([] {}).join();
    return microseconds(Clock::now() - begin) / isolates;
}

} // namespace

int main(int argc, char **argv)
{
    Figures figures("messaging", argc, argv);
    std::vector<Contender> contenders = {
        {"start an isolate, hear from it", "us", [] { return measured<startMany>(); }},
        {"round trip, both pooled", "us", [] { return measured<ask>(Placement::pooled); }},
        {"round trip, other on its own thread", "us", [] { return measured<ask>(Placement::dedicated); }},
        {"messages one way, both pooled", "messages/s", [] { return measured<flood>(); }},
    };
    if (figures.withPeers()) {
        contenders.push_back({"peer: start and join a std::thread", "us", threadStart});
        contenders.push_back({"peer: round trip by condition variable", "us", threadRoundTrip});
    }
    steadyframe::benchmarks::interleave(figures, 40, contenders);
    return figures.finish();
}
