#pragma once

#include "upload/chunk_size.h"
#include "upload/destination.h"
#include "upload/http_client.h"
#include "upload/retry.h"
#include "upload/tus_server_features.h"

#include <memory>
#include <optional>
#include <string>

namespace steadyframe::upload {

/// When chunks carry `Upload-Checksum`; only ever to a server that offers the extension.
enum class ChunkChecksums {
    offMachine, ///< Not to a server on this machine: its bytes cross no network.
    always,
    never,
};

/// A tus 1.0 server and how to use it.
struct TusOptions {
    std::string endpoint; ///< Where uploads are created; absolute, http or https.
    std::string bearerToken; ///< Sent to the endpoint's own origin alone; empty: none.
    HttpSettings http{};
    RetryLimits retry{};
    ChunkLimits chunks{};
    ChunkChecksums checksums = ChunkChecksums::offMachine;
};

/// The error of a server that breaks the protocol; see `protocolError`. @thread any
[[nodiscard]] inline UploadError tusError(const std::string &what)
{
    return protocolError("tus 1.0", what);
}

/// Uploads to any tus 1.0 server. `Upload-Expires` is not read: an upload that has expired is not there any more (404,
/// 410), whenever that was, and is begun anew. @thread isolate; see `Destination`
class TusDestination final : public Destination {
public:
    explicit TusDestination(TusOptions options);
    ~TusDestination() override;

    [[nodiscard]] isolate::Result<UploadReceipt, UploadError>
    upload(const UploadRequest &request, const UploadObserver &observer, std::stop_token stop) override;
    [[nodiscard]] isolate::Result<void, UploadError> check(std::stop_token stop) override;

private:
    const TusOptions m_options;
    HttpClient m_client;
    std::optional<TusServerFeatures> m_features; // asked for once
};

} // namespace steadyframe::upload
