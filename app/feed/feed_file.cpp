#include "feed/feed_file.h"

#include "feed/growing_text.h"
#include "feed/inflater.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace steadyframe::feed {

namespace {

FeedError openError(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return {FeedErrorCode::notFound, "There is no such file. It may have been moved or deleted."};
    case EACCES:
    case EPERM:
        return {FeedErrorCode::noPermission,
                "You are not allowed to read this file. Change its permissions, or copy it."};
    default:
        return {FeedErrorCode::readFailed, std::string("The file can't be opened: ") + std::strerror(number) + '.'};
    }
}

} // namespace

isolate::Result<FeedFile, FeedError> FeedFile::open(const std::filesystem::path &path)
{
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return openError(errno);
    FeedFile file(descriptor, 0);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        return openError(errno);
    if (!S_ISREG(status.st_mode))
        return FeedError{FeedErrorCode::notAFile, "This is no file but a folder or a device. Choose a JSON file."};
    file.m_size = static_cast<std::size_t>(status.st_size);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return file;
}

bool FeedFile::isCompressed() const
{
    std::array<char, 2> first{};
    const ssize_t count = ::pread(m_descriptor, first.data(), first.size(), 0);
    return count > 0 && isGzip({first.data(), static_cast<std::size_t>(count)});
}

isolate::Result<void, FeedError> FeedFile::makeText(std::uint64_t limit)
{
    if (m_size > limit)
        return FeedError{FeedErrorCode::tooLarge,
                         "The file is larger than 4 GB, more than a feed may have. Split it into several."};
    m_text = allocateText(m_size);
    if (!m_text)
        return FeedError{FeedErrorCode::outOfMemory,
                         "There is not enough memory for this file. Close other programs, or split the file."};
    return {};
}

FeedFile::FeedFile(FeedFile &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_text(std::move(other.m_text)), m_size(other.m_size),
      m_available(other.m_available)
{
}

FeedFile::~FeedFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

isolate::Result<std::size_t, FeedError> FeedFile::read(char *target, std::size_t count)
{
    for (;;) {
        const ssize_t got = ::read(m_descriptor, target, count);
        if (got >= 0)
            return static_cast<std::size_t>(got);
        if (errno != EINTR)
            return FeedError{FeedErrorCode::readFailed,
                             std::string("The file can't be read: ") + std::strerror(errno)
                                 + ". Check the disk or the connection that it is on, then try again."};
    }
}

isolate::Result<void, FeedError> FeedFile::readUpTo(std::size_t wanted)
{
    while (m_available < std::min(wanted, m_size)) {
        auto count = read(m_text.get() + m_available, std::min(wanted, m_size) - m_available);
        if (!count)
            return std::move(count).error();
        if (*count == 0)
            m_size = m_available;
        m_available += *count;
    }
    return {};
}

} // namespace steadyframe::feed
