#pragma once

#include "upload/destination.h"
#include "upload/http_client.h"
#include "upload/retry.h"

#include <cstdint>
#include <string>

namespace steadyframe::upload {

/// An S3-compatible store and how to use it.
struct S3Options {
    std::string folder; ///< The bucket, with the folder in it: `https://s3.example.org/bucket/photos`, absolute.
    AwsKeys keys;
    HttpSettings http{};
    RetryLimits retry{};
    std::uint64_t partBytes = std::uint64_t(8) << 20; ///< Larger files go in parts of so many bytes; S3 wants 5 MB.
};

/// Uploads to Amazon's S3 or what is compatible with it. Each request is signed together with the hash of its body,
/// which the store compares. A large file goes in parts, and an interrupted one goes on with the first part that is
/// missing.
/// @thread isolate; see `Destination`
class S3Destination final : public Destination {
public:
    explicit S3Destination(S3Options options);

    [[nodiscard]] isolate::Result<UploadReceipt, UploadError>
    upload(const UploadRequest &request, const UploadObserver &observer, std::stop_token stop) override;
    [[nodiscard]] isolate::Result<void, UploadError> check(std::stop_token stop) override;

private:
    const S3Options m_options;
    HttpClient m_client;
    bool m_knowsConditions = true; // until the store says otherwise
};

} // namespace steadyframe::upload
