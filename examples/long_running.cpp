// An observer that is started again with the program and catches up on what happened while it was not running.
#include <isolate_core/ask.h>
#include <isolate_core/supervisor.h>

#include <fstream>
#include <iostream>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

const char *const journalPath = "journal.txt";
const char *const positionPath = "observer.position";

void append(int count)
{
    std::ofstream journal(journalPath, std::ios::app);
    for (int i = 0; i < count; ++i)
        journal << "entry\n";
}

std::size_t readNumber(const char *path)
{
    std::size_t number = 0;
    std::ifstream(path) >> number;
    return number;
}

struct Seen {
    std::size_t caughtUp = 0;
    std::size_t total = 0;
};
using Look = Request<std::monostate, Seen>;

/// Reads on from where it was, each time that it is asked to look; remembers the place on disk.
Task<> observe(SendPort<SendPort<Look>> ready)
{
    const std::size_t start = readNumber(positionPath);
    std::ifstream journal(journalPath);
    std::string line;
    for (std::size_t skipped = 0; skipped < start; ++skipped)
        std::getline(journal, line);
    const auto readOn = [&] {
        std::size_t count = 0;
        while (std::getline(journal, line))
            ++count;
        journal.clear(); // what is appended later can be read
        return count;
    };
    Seen seen;
    seen.caughtUp = seen.total = readOn();
    ReceivePort<Look> looks;
    ready.send(looks.sendPort());
    while (auto look = co_await looks.next()) {
        seen.total += readOn();
        std::ofstream(positionPath) << start + seen.total;
        look->reply.answer(seen);
    }
}

/// One run of the program: `observer` is restored if it was running when the last one ended.
Task<> session(const char *name, bool first)
{
    ReceivePort<SendPort<Look>> ready;
    Supervisor supervisor({.name = "services", .record = "services.record"});
    const SpawnOptions dedicated{.placement = Placement::dedicated};
    if (!supervisor.restore("observer", Restart::permanent, dedicated, observe, ready.sendPort()))
        supervisor.start("observer");
    auto observer = (co_await ready.next()).value();
    if (first)
        append(3);
    const Seen seen = co_await ask(observer, std::monostate(), 10s);
    std::cout << name << ": caught up on " << seen.caughtUp << ", observed " << seen.total << '\n';
}

Task<> entry()
{
    append(0); // there is a journal, with nothing in it
    co_await session("first run", true);
    append(2); // while no observer runs
    co_await session("second run", false);
}

} // namespace

int main()
{
    runMain(entry);
}
