// Settings live on the main isolate; a background isolate that was given the root token may ask for them.
#include <isolate_core/main_services.h>

#include <iostream>

using namespace isolate;

namespace {

Task<> background(RootToken token, SendPort<std::string> out)
{
    BackgroundServices::ensureInitialized(token);
    out.send("quality " + std::to_string(co_await BackgroundServices::call<int>("settings", std::string("quality"))));
    try {
        static_cast<void>(co_await BackgroundServices::call<std::string>("clipboard", std::string("text")));
    } catch (const ServiceError &error) {
        out.send(std::string("refused: ") + error.what());
    }
    out.send(RootToken::instance() ? "has the token" : "not the main isolate: no token");
}

Task<> entry()
{
    MainServices services;
    std::map<std::string, int> settings{{"quality", 85}};
    services.provide<int, std::string>("settings", [&](const std::string &key) { return settings.at(key); });
    ReceivePort<std::string> lines;
    auto done = run(background, RootToken::instance(), lines.sendPort());
    for (int i = 0; i < 3; ++i)
        std::cout << (co_await lines.next()).value() << '\n';
    co_await std::move(done);
}

} // namespace

int main()
{
    runMain(entry);
}
