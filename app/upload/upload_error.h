#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace steadyframe::upload {

/// Why a file was not uploaded.
enum class UploadErrc {
    network, ///< No connection, or it broke or stalled. Goes away by itself: wait and try again.
    server, ///< The server failed or is busy (5xx, 423, 429).
    serverFull, ///< The server has no space (507).
    request, ///< The server refuses this upload for good (other 4xx, such as 413 too large).
    credentials, ///< The token is missing or wrong (401, 403): ask the person.
    certificate, ///< The server could not prove who it is. Never go on.
    protocol, ///< The server does not speak its protocol as it should.
    nameExists, ///< The destination has another file of this name: ask the person.
    fileChanged, ///< The file is not the one that was announced.
    fileMissing, ///< The file is gone.
    io, ///< The file can't be read.
    cancelled, ///< The stop token was triggered.
};

/// The cause, and what to do.
struct UploadError {
    UploadErrc code = UploadErrc::protocol;
    std::string message; ///< One or two sentences for the person: what happened and what to do. Holds no token.
    bool retryable = false; ///< The same request may succeed later with nobody changing anything.
    std::optional<std::chrono::milliseconds> retryAfter; ///< How long the server asks to wait.
    int httpStatus = 0; ///< 0 when no answer came.
};

/// The error for an answer that is not a success. `words` is what the server said, which is quoted in the message.
[[nodiscard]] UploadError errorOfStatus(int httpStatus, const std::string &words,
                                        std::optional<std::chrono::milliseconds> retryAfter);

/// The error of a stop token. @thread any
[[nodiscard]] UploadError cancelledError();

/// The error of a server that breaks the protocol, such as "tus 1.0"; `what` is a clause such as "it named no upload".
/// @thread any
[[nodiscard]] UploadError protocolError(const std::string &protocol, const std::string &what);

} // namespace steadyframe::upload
