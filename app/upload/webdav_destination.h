#pragma once

#include "upload/destination.h"
#include "upload/http_client.h"
#include "upload/retry.h"

#include <string>

namespace steadyframe::upload {

/// A WebDAV server and how to use it.
struct WebDavOptions {
    std::string folder; ///< Where photos go; absolute, http or https; made when it is missing.
    std::string bearerToken; ///< Empty: none.
    std::string user; ///< For basic authentication; empty: none.
    std::string password;
    HttpSettings http{};
    RetryLimits retry{};
};

/// Uploads to a WebDAV server, such as Nextcloud, nginx or Apache: one PUT a file. What a cut PUT had sent is sent
/// again, since the protocol knows no offsets; nothing of it was acknowledged. @thread isolate; see `Destination`
class WebDavDestination final : public Destination {
public:
    explicit WebDavDestination(WebDavOptions options);

    [[nodiscard]] isolate::Result<UploadReceipt, UploadError>
    upload(const UploadRequest &request, const UploadObserver &observer, std::stop_token stop) override;
    [[nodiscard]] isolate::Result<void, UploadError> check(std::stop_token stop) override;

private:
    const WebDavOptions m_options;
    HttpClient m_client;
    bool m_hasFolder = false; // made, or found, once
};

} // namespace steadyframe::upload
