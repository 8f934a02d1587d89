// Each case by itself must not compile, and say why; case 0, which is all that they have in common, must.
#include <isolate_core/agent.h>
#include <isolate_core/ask.h>
#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>

#include <span>
#include <string_view>

using namespace isolate;

struct Caption {
    int number;
    const char *text;
};
struct Album {
    std::string title;
    std::map<int, std::vector<Caption>> captions;
};
struct View {
    std::string_view part;
};
struct Shared {
    std::optional<std::shared_ptr<std::string>> cache;
};
struct Widget {
    virtual ~Widget() = default;
};
struct Click {
    Widget *target;
};
struct Reference {
    int &counter;
};

void common(SendPort<std::string> port)
{
    port.send("this compiles");
}

#if REFUSAL == 1
void refused(SendPort<Album> port)
{
    port.send({});
}
#elif REFUSAL == 2
void refused(SendPort<View> port)
{
    port.send({});
}
#elif REFUSAL == 3
void refused(SendPort<Shared> port)
{
    port.send({});
}
#elif REFUSAL == 4
void refused(SendPort<Click> port)
{
    port.send({});
}
#elif REFUSAL == 5
void refused(SendPort<ReceivePort<int>> port, ReceivePort<int> mine)
{
    port.send(std::move(mine));
}
#elif REFUSAL == 6
void refused(int &counter)
{
    static_cast<void>(spawn([&counter] { ++counter; }).ok());
}
#elif REFUSAL == 7
auto refused(std::string &text)
{
    return run([](std::string_view view) { return view.size(); }, std::string_view(text));
}
#elif REFUSAL == 8
auto refused()
{
    return run([](int n) { return std::make_shared<int>(n); }, 1);
}
#elif REFUSAL == 9
auto refused(Pool &pool, std::span<int> part)
{
    return pool.submit([](std::span<int> s) { return s.size(); }, part);
}
#elif REFUSAL == 10
void refused(SendPort<Reference> port, int &counter)
{
    port.send(Reference{counter});
}
#elif REFUSAL == 11
void refused(Agent<int> &agent, int &counter)
{
    static_cast<void>(agent.update([&counter](int &) { ++counter; }));
}
#elif REFUSAL == 12
void refused(SendPort<std::function<void()>> port)
{
    port.send([] {});
}
#elif REFUSAL == 13
void refused(SendPort<Request<int, Widget *>> port)
{
    static_cast<void>(ask(port, 1, std::chrono::seconds(1)));
}
#elif REFUSAL == 14
void refused(const Agent<std::string> &agent)
{
    static_cast<void>(agent.read([](const std::string &s) { return s.c_str(); }));
}
#elif REFUSAL == 15
void refused(SendPort<Completer<int *>> port)
{
    port.send({});
}
#elif REFUSAL == 16
void refused(SendPort<std::shared_ptr<const Caption>> port)
{
    port.send({});
}
#endif
