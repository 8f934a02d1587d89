#include "composition/receiver_isolate.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/spawn.h>

#include <stdexcept>

namespace steadyframe::composition {

namespace {

isolate::Task<> keepReceiver(std::filesystem::path folder, isolate::Completer<upload::Target> started)
{
    receiver::ReceiverOptions options;
    options.folder = std::move(folder);
    options.keepsPort = true; // manifests have addresses of what arrived
    auto receiver = receiver::Receiver::start(std::move(options));
    if (!receiver) {
        started.completeError(std::runtime_error(receiver.error().message));
        co_return;
    }
    upload::Target target{(*receiver)->endpoint(), (*receiver)->token()};
    target.name = "the built-in receiver, " + (*receiver)->folder().native(); // its port may change
    started.complete(std::move(target));
    // Its threads serve; this waits until it is killed, and then destroys it here.
    isolate::ReceivePort<std::monostate> never;
    static_cast<void>(co_await never.next());
}

} // namespace

isolate::Future<upload::Target> startReceiver(const std::filesystem::path &folder)
{
    isolate::Completer<upload::Target> started;
    auto target = started.future();
    static_cast<void>(isolate::spawnWith({.name = "receiver", .placement = isolate::Placement::dedicated}, keepReceiver,
                                         folder, std::move(started))
                          .ok());
    return target;
}

} // namespace steadyframe::composition
