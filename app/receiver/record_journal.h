#pragma once

#include "receiver/posix_file.h"
#include "receiver/upload_record.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace steadyframe::receiver {

/// The records of the uploads under way, a line each in one file: a file each would cost the file system more than the
/// bytes of a small photo. Lines of uploads that have ended stay until the file is rewritten, and count for nothing.
/// @thread any; it has a lock of its own
class RecordJournal {
public:
    using Records = std::map<std::string, UploadRecord>; ///< by upload id

    /// Reads the file, keeps what `isWanted` says, and rewrites it; 0 or errno.
    [[nodiscard]] int open(const std::filesystem::path &path, const std::function<bool(const std::string &)> &isWanted,
                           Records &records);

    /// Known to a next start when it returns 0, unless the power is lost; else errno.
    [[nodiscard]] int add(const std::string &uploadId, const UploadRecord &record);

    /// Once the file has grown long, leaves out all but what `current` gives. `current` is called under the lock.
    void shortenIfLong(const std::function<Records()> &current);

private:
    [[nodiscard]] int rewriteLocked(const Records &records);

    std::mutex m_mutex;
    std::filesystem::path m_path;
    PosixFile m_file;
    std::uint64_t m_bytes = 0;
};

} // namespace steadyframe::receiver
