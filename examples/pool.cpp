// A pool: the urgent first, progress by a port, cancellation of what runs and what waits, errors that cost no worker.
#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>

#include <iostream>

using namespace isolate;

namespace {

/// Counts until it is told to stop.
int count(SendPort<int> progress, std::stop_token stop)
{
    for (int n = 1;; ++n) {
        progress.send(n);
        while (n >= 4) {
            if (stop.stop_requested())
                throw Cancelled();
            checkpoint();
        }
    }
}

Task<> entry()
{
    Pool pool({.name = "worker", .workers = 1});
    ReceivePort<int> progress;
    ReceivePort<std::string> order;
    std::stop_source stop;
    auto counted = pool.submit(0, stop.get_token(), count, progress.sendPort());
    std::string seen;
    for (int n = 0; n < 4;) {
        n = (co_await progress.next()).value();
        seen += ' ' + std::to_string(n);
    }

    // The only worker is busy, so these wait, and start by priority when it is free.
    const auto note = [](SendPort<std::string> out, std::string name) { out.send(std::move(name)); };
    std::vector<Future<void>> waiting;
    for (const auto &[priority, name] : {std::pair{-1, "later"}, {5, "urgent"}, {0, "soon"}})
        waiting.push_back(pool.submit(priority, {}, note, order.sendPort(), std::string(name)));
    stop.request_stop();
    std::string cancelled;
    try {
        static_cast<void>(co_await std::move(counted));
    } catch (const Cancelled &error) {
        cancelled = error.what();
    }
    for (auto &done : waiting)
        co_await std::move(done);
    std::cout << "urgent first: " << (co_await order.next()).value();
    for (int i = 0; i < 2; ++i)
        std::cout << ',' << (co_await order.next()).value();
    std::cout << "\nprogress" << seen << "\ncancelled: " << cancelled << '\n';
    try {
        co_await pool.submit([] { throw std::runtime_error("broken task"); });
    } catch (const std::runtime_error &error) {
        std::cout << "threw: " << error.what() << '\n';
    }
    std::cout << "the worker goes on: " << co_await pool.submit([](int n) { return n + 1; }, 6) << '\n';
}

} // namespace

int main()
{
    runMain(entry);
}
