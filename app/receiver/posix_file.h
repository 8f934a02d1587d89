#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace steadyframe::receiver {

/// An open file descriptor, closed at the end. Errors are values of errno, 0 for none.
class PosixFile {
public:
    PosixFile() = default;
    explicit PosixFile(int descriptor) noexcept : m_descriptor(descriptor) {}
    /// As open(2), with close-on-exec. Check `isOpen`; errno says why not.
    PosixFile(const std::filesystem::path &path, int flags);
    PosixFile(PosixFile &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    PosixFile &operator=(PosixFile &&other) noexcept;
    ~PosixFile();

    [[nodiscard]] bool isOpen() const noexcept { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const noexcept { return m_descriptor; }

    /// Writes all of it at `offset`. What was written before an error stays written: `written` says how much.
    [[nodiscard]] int writeAt(std::string_view bytes, std::uint64_t offset, std::size_t &written) const;

private:
    int m_descriptor = -1;
};

/// Replaces the file by one with this content, so that a reader finds the old or the new one; 0 or errno.
[[nodiscard]] int replaceFile(const std::filesystem::path &path, std::string_view content);

/// Nothing when it can't be read or is larger than `limit` bytes.
[[nodiscard]] std::optional<std::string> readSmallFile(const std::filesystem::path &path, std::size_t limit);

/// Moves a file, never over another: EEXIST when the name is taken; else 0 or errno.
[[nodiscard]] int renameWithoutReplacing(const std::filesystem::path &from, const std::filesystem::path &to);

/// Makes the names in a folder durable; 0 or errno.
[[nodiscard]] int flushFolder(const std::filesystem::path &folder);

/// Bytes an ordinary user can still write to the disk of `folder`; nothing when the system does not say.
[[nodiscard]] std::optional<std::uint64_t> freeBytes(const std::filesystem::path &folder);

} // namespace steadyframe::receiver
