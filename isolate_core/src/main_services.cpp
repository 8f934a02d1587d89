#include "isolate_core/main_services.h"

#include "isolate_core/local.h"
#include "isolate_core/monitor.h"

namespace isolate {

using namespace detail;

namespace {

/// What a background isolate keeps: where the services are, and the calls that were not answered yet.
struct Background {
    SendPort<ServiceCall> services;
    std::optional<RawReceivePort<ServiceReply>> replies;
    std::map<std::uint64_t, UniqueFunction<void(ServiceReply)>> open;
    std::uint64_t lastId = 0;
    Capability watch;

    ~Background()
    {
        if (watch)
            demonitor(services, watch);
    }
    void answered(ServiceReply reply)
    {
        if (reply.id == 0) { // of the monitor
            for (auto &[id, onReply] : std::exchange(open, {}))
                onReply(ServiceReply{id, {}, reply.error});
            replies->setKeepIsolateAlive(false);
            return;
        }
        const auto found = open.find(reply.id);
        if (found == open.end())
            throw ServiceError("a background isolate got a message of the main isolate that it did not ask for; "
                               "only answers are delivered there");
        auto onReply = std::move(found->second);
        open.erase(found);
        replies->setKeepIsolateAlive(!open.empty());
        onReply(std::move(reply));
    }
};

struct Root {
    SendPort<ServiceCall> port;
};

Local<Background> background;
Local<Root> root;

bool onMain() noexcept
{
    const Cell *cell = Cell::current();
    return cell && cell->placement() == Placement::main;
}

} // namespace

RootToken RootToken::instance()
{
    return onMain() ? RootToken(root->port) : RootToken();
}

MainServices::MainServices() : m_port([this](ServiceCall call) { serve(std::move(call)); })
{
    if (!onMain())
        throw std::logic_error("MainServices live on the main isolate; a background isolate uses BackgroundServices");
    if (root->port.isOpen())
        throw std::logic_error("the main isolate has its services already");
    m_port.setKeepIsolateAlive(false);
    root->port = m_port.sendPort();
}

MainServices::~MainServices()
{
    if (onMain()) // it may have ended before
        root->port = {};
}

void MainServices::serve(ServiceCall call)
{
    ServiceReply reply;
    reply.id = call.id;
    try {
        const auto found = m_handlers.find(call.service);
        if (found == m_handlers.end())
            throw ServiceError("the main isolate provides no service \"" + call.service + "\"");
        reply.value = found->second(std::move(call.question));
    } catch (const Unwind &) {
        throw;
    } catch (...) {
        reply.error = std::current_exception();
    }
    call.replyTo.send(std::move(reply));
}

void BackgroundServices::ensureInitialized(const RootToken &token)
{
    if (onMain())
        throw ServiceError("this is the main isolate: it calls its services directly");
    if (!token)
        throw ServiceError("the root token is null: take RootToken::instance() on the main isolate and send it here");
    Background &state = background.get();
    if (state.replies) {
        if (state.services != token.m_port)
            throw ServiceError("this isolate was initialised with another root token");
        return;
    }
    state.services = token.m_port;
    state.replies.emplace([](ServiceReply reply) { background->answered(std::move(reply)); });
    state.replies->setKeepIsolateAlive(false);
    state.watch = monitor(
        state.services, state.replies->sendPort(),
        ServiceReply{0, {}, std::make_exception_ptr(ServiceError("the main isolate, or its services, are gone"))});
}

void BackgroundServices::send(const std::string &service, ServiceValue question, OnReply onReply)
{
    ServiceReply failed;
    Background &state = background.get();
    if (!state.replies) {
        failed.error = std::make_exception_ptr(
            ServiceError("call BackgroundServices::ensureInitialized(token) in this isolate before its services"));
        return onReply(std::move(failed));
    }
    const auto id = ++state.lastId;
    if (!state.services.send(ServiceCall{id, service, std::move(question), state.replies->sendPort()})) {
        failed.error = std::make_exception_ptr(ServiceError("the main isolate, or its services, are gone"));
        return onReply(std::move(failed));
    }
    state.open.emplace(id, std::move(onReply));
    state.replies->setKeepIsolateAlive(true);
}

ServiceError BackgroundServices::unsolicitedRefused(const std::string &service)
{
    return ServiceError(
        "a background isolate can't handle \"" + service
        + "\": messages that were not asked for go to the main isolate. Handle it there and send on what "
          "this isolate needs by a port of its own.");
}

} // namespace isolate
