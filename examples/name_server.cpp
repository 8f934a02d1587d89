// Two isolates that never met: one registers a name, the other waits for it.
#include <isolate_core/name_server.h>
#include <isolate_core/receive_port.h>

#include <iostream>

using namespace isolate;

namespace {

Task<> listener(SendPort<std::string> out)
{
    ReceivePort<std::string> port;
    IsolateNameServer().registerPortWithName(port.sendPort(), "listener");
    for (int i = 0; i < 3; ++i)
        out.send((co_await port.next()).value());
} // its name is freed with it

Task<> caller()
{
    ReceivePort<NameEvent> events;
    IsolateNameServer names;
    names.watch("listener", events.sendPort());
    while (!(co_await events.next())->registered) {}
    const auto port = names.lookupPortByName<std::string>("listener");
    for (int i = 1; i <= 3; ++i)
        port->send("ping " + std::to_string(i));
}

Task<> entry()
{
    ReceivePort<std::string> heard;
    ReceivePort<ExitNotice> exits;
    SpawnOptions options{.name = "listener"};
    options.onExit = exits.sendPort();
    if (!spawnWith({.name = "caller"}, caller) || !spawnWith(options, listener, heard.sendPort()))
        co_return;
    for (int i = 0; i < 3; ++i)
        std::cout << (co_await heard.next()).value() << '\n';
    static_cast<void>(co_await exits.next());
    if (!IsolateNameServer().lookupPortByName<std::string>("listener"))
        std::cout << "the name is free again\n";
}

} // namespace

int main()
{
    runMain(entry);
}
