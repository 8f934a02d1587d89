#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace steadyframe::upload {

/// What is done when the destination has another file of the name already.
enum class NamePolicy : std::uint8_t {
    ask, ///< `UploadErrc::nameExists`, and nothing is sent.
    keepBoth, ///< The new one gets a number: `photo (2).jpg`.
    replace,
    skip, ///< Nothing is sent; the receipt says that it was left out.
};

/// One file to upload. It must not change until it arrived.
struct UploadRequest {
    std::filesystem::path file;
    std::string fileName; ///< What the server is told, as bytes; any bytes are allowed.
    std::uint64_t bytes = 0; ///< The size of the file; another size on the disk is `UploadErrc::fileChanged`.
    std::string sha256; ///< Of the whole file, lower-case hexadecimal; empty: not told and not compared.
    /// When `sha256` was taken: a file that was written to since is read and compared before anything is sent. Nothing:
    /// that is not done.
    std::optional<std::chrono::system_clock::time_point> hashedAt{};
    /// Names this upload among all of its sender, so that a creation whose answer was lost is not done twice by a
    /// server that knows keys; empty: none.
    std::string key;
    NamePolicy namePolicy = NamePolicy::ask; ///< Where the destination goes by names; a tus server gives its own.
    std::string resumeUrl; ///< From `UploadObserver::onCreated` of an earlier try; empty: a new upload.
    /// `UploadReceipt::url` of an earlier upload of the same content: the destination is asked whether it still has it,
    /// and then nothing is sent. A server that does not know any more has it still, as far as can be told. Empty: none.
    std::string arrivedUrl{};
};

/// A file that arrived, as the server confirmed.
struct UploadReceipt {
    std::string url; ///< Absolute. Of the upload; a server may forget it.
    std::uint64_t bytes = 0;
    std::string sha256; ///< As in the request.
    bool skipped = false; ///< Nothing was sent: the destination has another file of this name.
    bool found = false; ///< Nothing was sent: it is still where `UploadRequest::arrivedUrl` says.
};

} // namespace steadyframe::upload
