#pragma once

#include "fault_proxy.h"

#include "receiver/receiver.h"
#include "upload/tus_destination.h"

#include <QByteArray>
#include <QTemporaryDir>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace steadyframe::tests {

/// A real receiver in a folder of its own, and what is needed to upload to it.
class UploadFixture {
public:
    UploadFixture();
    ~UploadFixture();

    /// Starts the receiver, or starts it again on the same folder, with the same token and, if asked, the same port.
    void start(bool samePort = false);
    /// Options for a client of this receiver, or of the proxy: small chunks and short waits, so that tests are quick.
    [[nodiscard]] upload::TusOptions client(const FaultProxy *proxy = nullptr) const;
    /// A file with bytes that don't repeat, and the request that uploads it.
    [[nodiscard]] upload::UploadRequest file(std::uint64_t bytes, const std::string &name = "photo.jpg") const;

    [[nodiscard]] QByteArray stored(const std::string &name) const;
    [[nodiscard]] std::vector<std::string> storedNames() const;
    /// Names of unfinished uploads.
    [[nodiscard]] std::vector<std::string> unfinished() const;
    [[nodiscard]] std::vector<receiver::StoredFile> told() const;

    receiver::ReceiverOptions options;
    std::unique_ptr<receiver::Receiver> receiver;

private:
    QTemporaryDir m_temporary;
    mutable std::mutex m_mutex;
    std::vector<receiver::StoredFile> m_told;
};

/// Everything in a file; `(no such file)` when there is none.
QByteArray contentOf(const std::filesystem::path &path);

/// Collects what an upload tells, and can act in the middle of it.
struct Progress {
    std::vector<std::string> created;
    std::vector<std::uint64_t> acknowledged;
    std::vector<upload::UploadError> waits;
    std::function<void(std::uint64_t)> whenAcknowledged;
    std::function<upload::WhenStopped()> whenStopped;

    [[nodiscard]] upload::UploadObserver observer();
};

} // namespace steadyframe::tests
