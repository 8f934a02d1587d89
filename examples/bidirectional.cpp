// A long-lived isolate behind an IsolateController: numbers go in, strings come out. Closed from outside, then from
// inside.
#include <isolate_core/isolate_controller.h>
#include <isolate_core/stream_queue.h>

#include <iostream>
#include <random>

using namespace isolate;

namespace {

std::string randomText(std::size_t length, unsigned seed)
{
    std::minstd_rand random(seed);
    std::string text(length, 'a');
    for (char &c : text)
        c = static_cast<char>('a' + random() % 26);
    return text;
}

/// Serves until somebody outside closes it.
Task<> textsForever(IsolateChannel<unsigned, std::string> channel)
{
    while (auto number = co_await channel.next())
        channel.send(randomText(*number % 10 + 1, *number));
}

/// What the second isolate is told: a number, or that it is to close itself. Nothing else can be said.
struct Close {};
using Order = std::variant<unsigned, Close>;

Task<> textsUntilTold(IsolateChannel<Order, std::string> channel)
{
    while (auto order = co_await channel.next()) {
        if (std::holds_alternative<Close>(*order))
            co_return;
        channel.send(randomText(std::get<unsigned>(*order) % 10 + 1, std::get<unsigned>(*order)));
    }
}

template <class In>
Task<> talk(const char *shape, IsolateController<In, std::string> &controller)
{
    std::random_device random;
    StreamQueue<std::string> answers(controller.answers());
    for (int i = 0; i < 3; ++i) {
        const unsigned number = random() % 1000;
        controller.send(number);
        const std::optional<std::string> answer = co_await answers.next();
        std::cout << shape << ": " << number << " -> " << answer.value() << '\n';
    }
}

Task<> entry()
{
    auto outside = IsolateController<unsigned, std::string>::create({.name = "texts"}, textsForever);
    if (!outside)
        throw std::runtime_error(outside.error().message);
    co_await talk("outside", *outside);
    outside->close();
    std::cout << "outside: " << toString((co_await outside->closed()).reason) << '\n';

    auto inside = IsolateController<Order, std::string>::create({.name = "texts"}, textsUntilTold);
    if (!inside)
        throw std::runtime_error(inside.error().message);
    co_await talk("inside", *inside);
    inside->send(Close{});
    std::cout << "inside: " << toString((co_await inside->closed()).reason) << '\n';
}

} // namespace

int main()
{
    runMain(entry);
}
