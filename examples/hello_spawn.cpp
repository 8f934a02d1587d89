// An isolate, a port, an answer.
#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <iostream>

using namespace isolate;

namespace {

void greet(SendPort<std::string> reply, std::string name)
{
    reply.send("hello " + name);
}

Task<> entry()
{
    ReceivePort<std::string> answers;
    if (const auto spawned = spawn(greet, answers.sendPort(), std::string("world")); !spawned) {
        std::cerr << spawned.error().message << '\n';
        co_return;
    }
    std::cout << (co_await answers.next()).value() << '\n';
}

} // namespace

int main()
{
    runMain(entry);
}
