#include "imaging/input_file.h"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>

namespace steadyframe::imaging {
namespace {

std::optional<ImagingError> kindError(const struct stat &status)
{
    if (S_ISREG(status.st_mode))
        return std::nullopt;
    if (S_ISDIR(status.st_mode))
        return readError(EISDIR);
    return readError(ENXIO);
}

} // namespace

isolate::Result<InputFile, ImagingError> InputFile::open(const std::filesystem::path &path, const ImagingLimits &limits)
{
    // Looked at before it is opened, because opening a device can have effects; and after, because it may have changed.
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return readError(errno);
    if (auto error = kindError(status))
        return std::move(*error);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return readError(errno);
    InputFile file(descriptor, status);
    if (::fstat(descriptor, &file.m_opened) != 0)
        return readError(errno);
    if (auto error = kindError(file.m_opened))
        return std::move(*error);
    if (file.size() == 0)
        return ImagingError{ImagingErrc::empty, "The file is empty (0 bytes). Pick the original again."};
    if (file.size() > limits.bytes)
        return tooManyBytesError(file.size(), limits);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return file;
}

InputFile::InputFile(InputFile &&other) noexcept
    : ByteSource(), RandomBytes(), m_descriptor(std::exchange(other.m_descriptor, -1)), m_position(other.m_position),
      m_opened(other.m_opened)
{
}

InputFile::~InputFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::ptrdiff_t InputFile::read(std::span<std::uint8_t> buffer) noexcept
{
    const std::ptrdiff_t got = readAt(position(), buffer);
    if (got > 0)
        m_position += got;
    return got;
}

std::ptrdiff_t InputFile::readAt(std::uint64_t offset, std::span<std::uint8_t> buffer) const noexcept
{
    ssize_t got = 0;
    do {
        got = ::pread(m_descriptor, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    } while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

std::string InputFile::beginning(std::size_t count) const
{
    std::string bytes(count, '\0');
    const ssize_t got = ::pread(m_descriptor, bytes.data(), count, 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

isolate::Result<void, ImagingError> InputFile::expectUnchanged() const
{
    struct stat now {};
    if (::fstat(m_descriptor, &now) != 0)
        return readError(errno);
    if (now.st_size != m_opened.st_size || now.st_mtim.tv_sec != m_opened.st_mtim.tv_sec
        || now.st_mtim.tv_nsec != m_opened.st_mtim.tv_nsec)
        return ImagingError{ImagingErrc::changed,
                            "The file changed while it was read. Wait until it is saved or copied, then retry."};
    return {};
}

} // namespace steadyframe::imaging
