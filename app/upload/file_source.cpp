#include "upload/file_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace steadyframe::upload {

namespace {

constexpr std::size_t hashBlockBytes = std::size_t(256) << 10;

UploadError readError(int error)
{
    if (error == ENOENT || error == ENOTDIR) {
        return {UploadErrc::fileMissing,
                "The file to upload is gone: it was moved or deleted. Retry, and it is made again.", false,
                std::nullopt, 0};
    }
    return {UploadErrc::io,
            std::string("The file to upload can't be read: ") + std::strerror(error)
                + ". Check its disk and its permissions, then retry.",
            false, std::nullopt, 0};
}

} // namespace

UploadError fileChangedError()
{
    return {UploadErrc::fileChanged, "The file to upload changed after it was prepared. Retry, and it is made again.",
            false, std::nullopt, 0};
}

isolate::Result<FileSource, UploadError> FileSource::open(const UploadRequest &request)
{
    const int descriptor = ::open(request.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a FIFO must not block
    if (descriptor < 0)
        return readError(errno);
    FileSource source(descriptor);
    struct stat information {};
    if (::fstat(descriptor, &information) != 0)
        return readError(errno);
    if (!S_ISREG(information.st_mode))
        return readError(S_ISDIR(information.st_mode) ? EISDIR : EINVAL);
    source.m_identity = {information.st_dev, information.st_ino, static_cast<std::uint64_t>(information.st_size),
                         information.st_mtim.tv_sec, information.st_mtim.tv_nsec};
    if (source.m_identity.bytes != request.bytes)
        return fileChangedError();
    if (request.hashedAt && !request.sha256.empty() && source.isNewerThan(*request.hashedAt)) {
        auto hash = source.hash(Hash::Algorithm::sha256, 0, request.bytes);
        if (!hash)
            return std::move(hash).error();
        if (toHex(*hash) != request.sha256)
            return fileChangedError();
    }
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return source;
}

FileSource::FileSource(FileSource &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_identity(other.m_identity)
{
}

FileSource::~FileSource()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

isolate::Result<std::size_t, UploadError> FileSource::readAt(std::uint64_t offset, char *target,
                                                             std::size_t count) const
{
    std::size_t done = 0;
    while (done < count) {
        const auto got = ::pread(m_descriptor, target + done, count - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return readError(errno);
        if (got == 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

isolate::Result<std::string, UploadError> FileSource::hash(Hash::Algorithm algorithm, std::uint64_t offset,
                                                           std::uint64_t count) const
{
    Hash hash(algorithm);
    std::vector<char> block(static_cast<std::size_t>(std::min<std::uint64_t>(count, hashBlockBytes)));
    while (count > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, block.size()));
        const auto got = readAt(offset, block.data(), wanted);
        if (!got)
            return got.error();
        if (*got != wanted)
            return fileChangedError();
        hash.update(block.data(), wanted);
        offset += wanted;
        count -= wanted;
    }
    return hash.finish();
}

bool FileSource::isNewerThan(std::chrono::system_clock::time_point time) const
{
    // A time that was kept may have been cut to its millisecond.
    const auto written
        = std::chrono::seconds(m_identity.modifiedSeconds) + std::chrono::nanoseconds(m_identity.modifiedNanoseconds);
    return written > time.time_since_epoch() + std::chrono::milliseconds(1);
}

bool FileSource::isUnchanged() const
{
    struct stat information {};
    if (::fstat(m_descriptor, &information) != 0)
        return false;
    const Identity now{information.st_dev, information.st_ino, static_cast<std::uint64_t>(information.st_size),
                       information.st_mtim.tv_sec, information.st_mtim.tv_nsec};
    return now == m_identity;
}

} // namespace steadyframe::upload
