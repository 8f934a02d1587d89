#include "upload/destinations.h"

#include "upload/s3_destination.h"
#include "upload/tus_destination.h"
#include "upload/webdav_destination.h"

#include <unistd.h>

namespace steadyframe::upload {

namespace {

std::unique_ptr<Destination> makeTus(const Target &target, HttpSettings http, const RetryLimits &retry)
{
    TusOptions options;
    options.endpoint = target.endpoint;
    options.bearerToken = target.token;
    options.http = std::move(http);
    options.retry = retry;
    return std::make_unique<TusDestination>(std::move(options));
}

std::unique_ptr<Destination> makeWebDav(const Target &target, HttpSettings http, const RetryLimits &retry)
{
    WebDavOptions options;
    options.folder = target.endpoint;
    options.bearerToken = target.token;
    options.user = target.user;
    options.password = target.password;
    options.http = std::move(http);
    options.retry = retry;
    return std::make_unique<WebDavDestination>(std::move(options));
}

std::unique_ptr<Destination> makeS3(const Target &target, HttpSettings http, const RetryLimits &retry)
{
    S3Options options;
    options.folder = target.endpoint;
    options.keys = {target.user, target.password, target.region.empty() ? "us-east-1" : target.region};
    options.http = std::move(http);
    options.retry = retry;
    return std::make_unique<S3Destination>(std::move(options));
}

} // namespace

std::unique_ptr<Destination> makeDestination(const Target &target, const Patience &patience,
                                             std::shared_ptr<SendRate> rate)
{
    HttpSettings http;
    http.connectLimit = patience.connectLimit;
    http.stallLimit = patience.stallLimit;
    http.rate = std::move(rate);
    switch (target.protocol) {
    case Protocol::webDav:
        return makeWebDav(target, std::move(http), patience.retry);
    case Protocol::s3:
        return makeS3(target, std::move(http), patience.retry);
    case Protocol::tus:
        break;
    }
    return makeTus(target, std::move(http), patience.retry);
}

std::string checkName()
{
    return "steadyframe-test-" + std::to_string(::getpid());
}

} // namespace steadyframe::upload
