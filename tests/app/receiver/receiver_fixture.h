#pragma once

#include "receiver/raw_http.h"
#include "receiver/receiver.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace steadyframe::tests {

inline constexpr const char *bodyType = "application/offset+octet-stream";

/// Everything in a file; `(no such file)` when there is none.
[[nodiscard]] std::string contentOf(const std::filesystem::path &path);

/// The names in a folder without the receiver's own.
[[nodiscard]] std::vector<std::string> namesIn(const std::filesystem::path &folder);

/// A receiver in a folder of its own, and requests to it by hand.
class ReceiverFixture {
protected:
    void setUp();
    void tearDown();
    /// Starts it, or starts it again on the same folder.
    void start();
    RawHttp::Headers withToken(RawHttp::Headers more = {}) const;
    RawAnswer ask(const std::string &method, const std::string &path, const RawHttp::Headers &more = {},
                  const std::string &body = {});
    std::string create(std::uint64_t length, const std::string &name, const std::string &sha256 = {});
    RawAnswer patch(const std::string &path, std::uint64_t offset, const std::string &body);
    /// Sends the head of a PATCH and the first bytes of its body.
    bool beginPatch(RawHttp &http, const std::string &path, std::uint64_t bytes, const std::string &first,
                    RawHttp::Headers more = {});
    /// Bytes on the disk: asking the receiver would interrupt who sends them.
    std::size_t arrived(const std::string &path) const
    {
        return contentOf(folder() / ".incoming" / (path.substr(path.rfind('/') + 1) + ".data")).size();
    }
    std::string offset(const std::string &path) { return ask("HEAD", path).header("upload-offset"); }
    std::filesystem::path folder() const { return m_options.folder; }

    std::unique_ptr<QTemporaryDir> m_temporary;
    receiver::ReceiverOptions m_options;
    std::unique_ptr<receiver::Receiver> m_receiver;
    std::mutex m_mutex;
    std::vector<receiver::StoredFile> m_stored;
};

} // namespace steadyframe::tests
