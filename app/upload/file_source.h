#pragma once

#include "upload/encoding.h"
#include "upload/upload_error.h"
#include "upload/upload_request.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <string>

namespace steadyframe::upload {

/// The file being uploaded, open for reading, and the proof that it is still the one that was announced.
/// @thread isolate; one thread at a time
class FileSource {
public:
    /// Opens it and compares its size with the request's, and its hash if it was written to since that was taken.
    static isolate::Result<FileSource, UploadError> open(const UploadRequest &request);

    FileSource(FileSource &&other) noexcept;
    FileSource &operator=(FileSource &&) = delete;
    ~FileSource();

    /// Reads up to `count` bytes at `offset` into `target`; fewer only at the end of the file.
    [[nodiscard]] isolate::Result<std::size_t, UploadError> readAt(std::uint64_t offset, char *target,
                                                                   std::size_t count) const;

    /// The hash of `count` bytes from `offset`, as bytes.
    [[nodiscard]] isolate::Result<std::string, UploadError> hash(Hash::Algorithm algorithm, std::uint64_t offset,
                                                                 std::uint64_t count) const;

    /// False when the file was written to since it was opened.
    [[nodiscard]] bool isUnchanged() const;

private:
    struct Identity {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::uint64_t bytes = 0;
        std::int64_t modifiedSeconds = 0;
        std::int64_t modifiedNanoseconds = 0;
        bool operator==(const Identity &) const = default;
    };

    explicit FileSource(int descriptor) : m_descriptor(descriptor) {}
    [[nodiscard]] bool isNewerThan(std::chrono::system_clock::time_point time) const;

    int m_descriptor = -1;
    Identity m_identity;
};

/// The error of a file that is not the one that was announced.
[[nodiscard]] UploadError fileChangedError();

} // namespace steadyframe::upload
