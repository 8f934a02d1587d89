// A worker that fails is started again, and given up on when it fails too often.
#include <isolate_core/receive_port.h>
#include <isolate_core/stream_queue.h>
#include <isolate_core/supervisor.h>

#include <iostream>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

Task<> worker(SendPort<SendPort<int>> ready, SendPort<int> results)
{
    ReceivePort<int> numbers;
    ready.send(numbers.sendPort());
    while (auto n = co_await numbers.next()) {
        if (*n < 0)
            throw std::runtime_error("a negative number");
        results.send(*n + 1);
    }
}

const char *name(SupervisorEvent::Kind kind)
{
    switch (kind) {
    case SupervisorEvent::Kind::started:
        return "started";
    case SupervisorEvent::Kind::restarted:
        return "restarted";
    case SupervisorEvent::Kind::ended:
        return "ended";
    case SupervisorEvent::Kind::gaveUp:
        return "gave up";
    case SupervisorEvent::Kind::failedToStart:
        return "failed to start";
    }
    return "";
}

Task<> entry()
{
    Runtime::current().setErrorSink([](const ErrorNotice &) {}); // the supervisor tells
    ReceivePort<SendPort<int>> ready;
    ReceivePort<int> results;
    Supervisor supervisor({.maxRestarts = 1, .period = 60s, .backoff = 1ms});
    StreamQueue<SupervisorEvent> events(supervisor.events());
    supervisor.add("worker", Restart::permanent, {}, worker, ready.sendPort(), results.sendPort());
    const auto tell = [&]() -> Task<bool> {
        const auto event = (co_await events.next()).value();
        std::cout << name(event.kind) << (event.child.empty() ? "" : " ") << event.child;
        if (event.kind == SupervisorEvent::Kind::ended)
            std::cout << ": " << toString(event.reason);
        std::cout << '\n';
        co_return event.kind != SupervisorEvent::Kind::gaveUp;
    };
    co_await tell(); // started
    (co_await ready.next())->send(-1);
    co_await tell(); // ended
    co_await tell(); // restarted
    const auto again = (co_await ready.next()).value();
    again.send(2);
    std::cout << "worker: " << (co_await results.next()).value() << '\n';
    again.send(-1);
    while (co_await tell()) {}
}

} // namespace

int main()
{
    runMain(entry);
}
