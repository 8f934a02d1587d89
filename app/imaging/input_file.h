#pragma once

#include "imaging/byte_stream.h"
#include "imaging/imaging_error.h"
#include "imaging/imaging_limits.h"

#include <isolate_core/result.h>

#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace steadyframe::imaging {

/// An original, open for reading and never for anything else. A symbolic link is followed. @thread one at a time
class InputFile final : public ByteSource, public RandomBytes {
public:
    /// Refuses what is no ordinary file (without waiting on a pipe), an empty one, and one above the limit.
    static isolate::Result<InputFile, ImagingError> open(const std::filesystem::path &path,
                                                         const ImagingLimits &limits);

    InputFile(InputFile &&other) noexcept;
    InputFile &operator=(InputFile &&) = delete;
    ~InputFile() override;

    [[nodiscard]] std::uint64_t size() const noexcept override { return static_cast<std::uint64_t>(m_opened.st_size); }
    [[nodiscard]] int descriptor() const noexcept { return m_descriptor; }
    /// From the position that the reads so far have left.
    std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override;
    /// Leaves the position where it is.
    std::ptrdiff_t readAt(std::uint64_t offset, std::span<std::uint8_t> buffer) const noexcept override;
    /// What the system told about the file when it was opened.
    [[nodiscard]] const struct stat &status() const noexcept { return m_opened; }
    /// How many bytes were read.
    [[nodiscard]] std::uint64_t position() const noexcept { return static_cast<std::uint64_t>(m_position); }
    /// Back to the first byte.
    void rewind() noexcept { m_position = 0; }
    /// The first bytes, at most `count`, without moving the position. Fewer when the file is shorter or unreadable.
    [[nodiscard]] std::string beginning(std::size_t count) const;
    /// An error of code `changed` when the file is not as it was when it was opened.
    [[nodiscard]] isolate::Result<void, ImagingError> expectUnchanged() const;

private:
    InputFile(int descriptor, const struct stat &opened) noexcept : m_descriptor(descriptor), m_opened(opened) {}

    int m_descriptor = -1;
    std::int64_t m_position = 0;
    struct stat m_opened {};
};

} // namespace steadyframe::imaging
