#pragma once

#include "receiver/receiver_error.h"
#include "receiver/receiver_options.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <memory>
#include <string>

namespace steadyframe::receiver {

class HttpServer;
class TusService;
class UploadStore;

/// A tus 1.0 server on 127.0.0.1 that stores what arrives in a folder.
///
/// Extensions: creation, creation-with-upload, checksum (sha1, sha256), expiration, termination. A body goes to the
/// disk as it arrives, so memory stays flat and the offset is what the file holds. When the upload's metadata has a
/// `sha256`, the whole file is checked against it before it gets its name. Unfinished uploads live in the folder
/// `.incoming` inside the folder, and go on after a restart.
///
/// A GET of an upload's URL reads what arrived, whole or a range of it, and needs no token: the URL is a secret of its
/// own, so that a list of photos can be opened by who was given it, on this machine.
class Receiver {
public:
    /// Opens the folder, takes up unfinished uploads, binds and listens. It accepts connections when this returns.
    /// @thread any
    static isolate::Result<std::unique_ptr<Receiver>, ReceiverError> start(ReceiverOptions options);

    /// Stops. @thread any but a receiver thread
    ~Receiver();
    Receiver(const Receiver &) = delete;
    Receiver &operator=(const Receiver &) = delete;

    /// The port it listens on. @thread any
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Where uploads are created, such as `http://127.0.0.1:40123/files`. @thread any
    [[nodiscard]] std::string endpoint() const;

    /// What requests carry as `Authorization: Bearer ...`. Never log it. @thread any
    [[nodiscard]] const std::string &token() const noexcept;

    /// The folder files are stored in, absolute. @thread any
    [[nodiscard]] const std::filesystem::path &folder() const noexcept;

    /// Closes every connection, idle or busy, and returns when the receiver's threads have ended. What arrived so far
    /// stays on the disk. A second call does nothing. @thread any but a receiver thread
    void stop();

private:
    Receiver();

    std::string m_token;
    std::filesystem::path m_folder;
    std::unique_ptr<UploadStore> m_store;
    std::unique_ptr<TusService> m_service;
    std::unique_ptr<HttpServer> m_server;
};

} // namespace steadyframe::receiver
