#include "receiver/posix_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace steadyframe::receiver {

namespace fs = std::filesystem;

namespace {

constexpr mode_t fileMode = 0644;

int renameByLink(const fs::path &from, const fs::path &to)
{
    if (::link(from.c_str(), to.c_str()) != 0)
        return errno;
    return ::unlink(from.c_str()) == 0 ? 0 : errno;
}

} // namespace

PosixFile::PosixFile(const fs::path &path, int flags) : m_descriptor(::open(path.c_str(), flags | O_CLOEXEC, fileMode))
{
}

PosixFile &PosixFile::operator=(PosixFile &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

PosixFile::~PosixFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

int PosixFile::writeAt(std::string_view bytes, std::uint64_t offset, std::size_t &written) const
{
    written = 0;
    while (written < bytes.size()) {
        const auto count = ::pwrite(m_descriptor, bytes.data() + written, bytes.size() - written,
                                    static_cast<off_t>(offset + written));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0 ? ENOSPC : errno;
        written += static_cast<std::size_t>(count);
    }
    return 0;
}

int replaceFile(const fs::path &path, std::string_view content)
{
    fs::path temporary = path;
    temporary += ".new";
    {
        const PosixFile file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
        if (!file.isOpen())
            return errno;
        std::size_t written = 0;
        if (const int error = file.writeAt(content, 0, written); error != 0) {
            ::unlink(temporary.c_str());
            return error;
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return error;
    }
    return 0;
}

std::optional<std::string> readSmallFile(const fs::path &path, std::size_t limit)
{
    const PosixFile file(path, O_RDONLY);
    if (!file.isOpen())
        return std::nullopt;
    std::string content(limit + 1, '\0');
    std::size_t length = 0;
    while (length < content.size()) {
        const auto count = ::read(file.descriptor(), content.data() + length, content.size() - length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return std::nullopt;
        if (count == 0)
            break;
        length += static_cast<std::size_t>(count);
    }
    if (length > limit)
        return std::nullopt;
    content.resize(length);
    return content;
}

int renameWithoutReplacing(const fs::path &from, const fs::path &to)
{
#ifdef RENAME_NOREPLACE
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
#endif
    return renameByLink(from, to);
}

int flushFolder(const fs::path &folder)
{
    const PosixFile file(folder, O_RDONLY | O_DIRECTORY);
    if (!file.isOpen())
        return errno;
    return ::fsync(file.descriptor()) == 0 ? 0 : errno;
}

std::optional<std::uint64_t> freeBytes(const fs::path &folder)
{
    struct statvfs information {};
    if (::statvfs(folder.c_str(), &information) != 0)
        return std::nullopt;
    return std::uint64_t(information.f_bavail) * information.f_frsize;
}

} // namespace steadyframe::receiver
