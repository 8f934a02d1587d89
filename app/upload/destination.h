#pragma once

#include "upload/upload_error.h"
#include "upload/upload_request.h"

#include <isolate_core/result.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace steadyframe::upload {

/// What becomes of an upload at the server when the stop token ends it.
enum class WhenStopped {
    remove, ///< A cancel: the server is asked to remove what it has.
    keep, ///< A pause, or the application quits: it goes on later with `UploadRequest::resumeUrl`.
};

/// What an upload tells while it runs. Each may be empty; all are called on the thread of `upload`, and may block it.
struct UploadObserver {
    /// The upload exists at the server, before any byte of the file is sent. Record `resumeUrl` durably. When the
    /// upload lives at the endpoint's own host it is a path, so that it stays good when the host's port changes.
    std::function<void(const std::string &resumeUrl)> onCreated;
    /// The server has this many bytes. Grows, except when the server lost some or the upload is created anew.
    std::function<void(std::uint64_t offset)> onAcknowledged;
    /// A fault that is waited out inside the call.
    std::function<void(const UploadError &error, std::chrono::milliseconds wait)> onWaiting;
    /// Asked once after the token was triggered; `remove` when empty.
    std::function<WhenStopped()> whenStopped;
};

/// Where files are uploaded to. A protocol is one implementation.
///
/// @thread isolate: used by one thread at a time, which its calls block; meant for a dedicated isolate.
class Destination {
public:
    Destination() = default;
    virtual ~Destination() = default;
    Destination(const Destination &) = delete;
    Destination &operator=(const Destination &) = delete;

    /// Uploads the file and returns when the server confirmed all of it, or when it can't be done. Faults that pass are
    /// waited out for a bounded number of tries without progress. A triggered token ends it within milliseconds, apart
    /// from the request that removes the upload.
    [[nodiscard]] virtual isolate::Result<UploadReceipt, UploadError>
    upload(const UploadRequest &request, const UploadObserver &observer, std::stop_token stop) = 0;

    /// Whether uploads can be expected to succeed: makes something very small there, and removes it. Nothing is tried
    /// twice.
    [[nodiscard]] virtual isolate::Result<void, UploadError> check(std::stop_token stop) = 0;
};

/// What `check` names what it makes. @thread any
[[nodiscard]] std::string checkName();

} // namespace steadyframe::upload
