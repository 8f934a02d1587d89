#include "upload/destinations.h"

#include "upload/tus_destination.h"

namespace steadyframe::upload {

std::unique_ptr<Destination> makeDestination(const Target &target, HttpSettings http)
{
    TusOptions options;
    options.endpoint = target.endpoint;
    options.bearerToken = target.token;
    options.http = std::move(http);
    return std::make_unique<TusDestination>(std::move(options));
}

} // namespace steadyframe::upload
