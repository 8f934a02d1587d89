#pragma once

#include "imaging/byte_stream.h"
#include "imaging/imaging_error.h"

#include <isolate_core/result.h>

#include <array>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace steadyframe::imaging {

/// A result on its way into its folder: nobody sees it under its name before it is whole and on the disk.
///
/// It is written under another name, which disappears with this object unless `publish` was called. @thread one at a
/// time
class ResultFile final : public ByteSink {
public:
    /// Makes the folder when there is none. `wanted` bytes is what the error of a full disk asks for.
    static isolate::Result<std::unique_ptr<ResultFile>, ImagingError> create(const std::filesystem::path &folder,
                                                                             std::uint64_t wanted);
    ~ResultFile() override;

    /// More bytes than this make `write` fail and `overLimit` true.
    void setLimit(std::uint64_t bytes) noexcept { m_limit = bytes; }
    [[nodiscard]] bool overLimit() const noexcept { return m_overLimit; }
    [[nodiscard]] bool write(std::span<const std::uint8_t> bytes) noexcept override;
    [[nodiscard]] ImagingError error() const override { return writeError(m_error, m_wanted); }
    [[nodiscard]] const std::filesystem::path &folder() const noexcept { return m_folder; }
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }
    /// Forgets what was written.
    [[nodiscard]] isolate::Result<void, ImagingError> startAgain();
    /// `publish` never takes the name of this file.
    void spare(const struct stat &original) noexcept { m_original = original; }
    /// Flushes to the disk, then gives it the name `stem` plus `extension` in one step, replacing what has that name.
    /// A name longer than a file system takes loses bytes in its middle.
    /// `lasting` flushes the folder, too; a name that is to change soon need not last.
    [[nodiscard]] isolate::Result<std::filesystem::path, ImagingError>
    publish(std::string_view stem, std::string_view extension, bool lasting = true);
    /// SHA-256 of what was written, as 64 hexadecimal digits.
    [[nodiscard]] std::string sha256() const;

private:
    struct Digest;
    ResultFile(std::filesystem::path folder, std::uint64_t wanted);

    std::filesystem::path m_folder;
    std::filesystem::path m_path;
    std::unique_ptr<Digest> m_digest;
    std::uint64_t m_wanted = 0;
    std::uint64_t m_size = 0;
    std::uint64_t m_limit = std::numeric_limits<std::uint64_t>::max();
    struct stat m_original {};
    int m_descriptor = -1;
    int m_error = 0;
    bool m_overLimit = false;
};

/// Removes what a crash left half written in `folder`, and nothing that is being written now; returns how many.
/// @thread any
std::size_t removeUnfinished(const std::filesystem::path &folder);

} // namespace steadyframe::imaging
