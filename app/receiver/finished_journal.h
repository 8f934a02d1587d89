#pragma once

#include "receiver/posix_file.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace steadyframe::receiver {

struct FinishedUpload {
    std::uint64_t bytes = 0;
    std::uint64_t time = 0; ///< When it arrived, in seconds since 1970.
    std::string name{}; ///< Of its file in the folder; empty: not known.
};

/// The uploads that are complete: a sender that missed the last answer asks again, and must hear that its file is here
/// rather than send it twice. One short line each in one file; lines older than the limit go at the next start.
/// @thread any; it has a lock of its own
class FinishedJournal {
public:
    /// Reads the file and rewrites it without old lines; 0 or errno.
    [[nodiscard]] int open(const std::filesystem::path &path, std::chrono::seconds keep);

    /// Durable when it returns 0; else errno.
    [[nodiscard]] int add(const std::string &uploadId, std::uint64_t bytes);

    /// The name that its file got. Not flushed: without it the file counts as there.
    void setName(const std::string &uploadId, const std::string &name);

    /// A finished upload.
    [[nodiscard]] std::optional<FinishedUpload> find(const std::string &uploadId) const;

    /// Forgets an upload. Not flushed: after a loss of power it may be known again.
    void forget(const std::string &uploadId);

private:
    mutable std::mutex m_mutex;
    PosixFile m_file;
    std::unordered_map<std::string, FinishedUpload> m_byId;
};

} // namespace steadyframe::receiver
