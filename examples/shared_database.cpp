// One isolate owns a database under a name; whoever needs it first starts it, and nobody knows who that was.
#include <isolate_core/ask.h>
#include <isolate_core/name_server.h>
#include <isolate_core/receive_port.h>

#include <atomic>
#include <iostream>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Visit {
    std::string who;
};
struct Count {
    std::string who;
};
using Query = Request<std::variant<Visit, Count>, int>;

std::atomic<int> opened{0};

Task<> database(Completer<SendPort<Query>> started)
{
    ++opened;
    std::map<std::string, int> visits; // of this isolate alone: no lock
    ReceivePort<Query> queries;
    started.complete(queries.sendPort());
    while (auto query = co_await queries.next()) {
        if (const auto *visit = std::get_if<Visit>(&query->message))
            query->reply.answer(++visits[visit->who]);
        else
            query->reply.answer(visits[std::get<Count>(query->message).who]);
    }
}

SendPort<Query> openDatabase()
{
    return IsolateNameServer().lookupOrSpawn<Query>("database", [] {
        Completer<SendPort<Query>> started;
        auto port = started.future();
        if (const auto spawned
            = spawnWith({.name = "database", .placement = Placement::dedicated}, database, std::move(started));
            !spawned)
            return SendPort<Query>();
        return port.get();
    });
}

Future<int> query(std::variant<Visit, Count> what)
{
    return ask(openDatabase(), std::move(what), 10s);
}

Task<> visitor(std::string name)
{
    for (int i = 0; i < 10; ++i) {
        auto counted = query(Visit{name});
        static_cast<void>(co_await std::move(counted));
    }
}

Task<> entry()
{
    std::vector<Future<void>> visitors;
    for (int i = 0; i < 10; ++i)
        visitors.push_back(run(visitor, std::string(i % 2 ? "ada" : "bob")));
    for (auto &done : visitors)
        co_await std::move(done);
    for (const char *name : {"ada", "bob"}) {
        auto count = query(Count{name});
        std::cout << "visits of " << name << ": " << co_await std::move(count) << '\n';
    }
    std::cout << (opened == 1 ? "one database was opened\n" : "several databases were opened\n");
}

} // namespace

int main()
{
    runMain(entry);
}
