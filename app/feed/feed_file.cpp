#include "feed/feed_file.h"

#include "feed/feed_parser.h"
#include "feed/gzip_text.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
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

ui::FeedText allocateText(std::size_t bytes)
{
    // Pages of two megabytes spare nine in ten page faults of a big feed; a small one would waste most of a page.
    constexpr std::size_t bigPage = std::size_t{2} << 20;
    if (bytes < 2 * bigPage)
        return ui::FeedText(static_cast<char *>(std::malloc(std::max<std::size_t>(bytes, 1))));
    const std::size_t rounded = (bytes + bigPage - 1) / bigPage * bigPage;
    ui::FeedText text(static_cast<char *>(std::aligned_alloc(bigPage, rounded)));
#ifdef MADV_HUGEPAGE
    if (text)
        ::madvise(text.get(), rounded, MADV_HUGEPAGE);
#endif
    return text;
}

isolate::Result<FeedFile, FeedError> FeedFile::open(const std::filesystem::path &path)
{
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return openError(errno);
    FeedFile file(descriptor, nullptr, 0);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        return openError(errno);
    if (!S_ISREG(status.st_mode))
        return FeedError{FeedErrorCode::notAFile, "This is no file but a folder or a device. Choose a JSON file."};
    if (static_cast<std::uint64_t>(status.st_size) > feedTextLimit)
        return FeedError{FeedErrorCode::tooLarge,
                         "The file is larger than 4 GB, more than a feed may have. Split it into several."};
    file.m_size = static_cast<std::size_t>(status.st_size);
    if (isGzip(descriptor)) {
        auto text = unzip(descriptor);
        if (!text)
            return std::move(text).error();
        file.m_text = std::move(text->text);
        file.m_size = file.m_available = text->size;
        return file;
    }
    file.m_text = allocateText(file.m_size);
    if (!file.m_text)
        return FeedError{FeedErrorCode::outOfMemory,
                         "There is not enough memory for this file. Close other programs, or split the file."};
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return file;
}

FeedFile::FeedFile(int descriptor, ui::FeedText text, std::size_t size)
    : m_descriptor(descriptor), m_text(std::move(text)), m_size(size)
{
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

isolate::Result<void, FeedError> FeedFile::readUpTo(std::size_t wanted)
{
    wanted = std::min(wanted, m_size);
    while (m_available < wanted) {
        const ssize_t count = ::read(m_descriptor, m_text.get() + m_available, wanted - m_available);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return FeedError{FeedErrorCode::readFailed,
                             std::string("The file can't be read: ") + std::strerror(errno) + '.'};
        if (count == 0)
            m_size = wanted = m_available;
        m_available += static_cast<std::size_t>(count);
    }
    return {};
}

} // namespace steadyframe::feed
