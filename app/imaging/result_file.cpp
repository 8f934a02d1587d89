#include "imaging/result_file.h"

#include "imaging/file_name.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <openssl/evp.h>
#include <random>
#include <sys/file.h>
#include <unistd.h>

namespace steadyframe::imaging {
namespace {

constexpr std::string_view unfinishedPrefix = ".steadyframe-";
constexpr std::string_view unfinishedSuffix = ".part";

std::string unfinishedName()
{
    std::random_device random;
    char digits[17];
    std::snprintf(digits, sizeof digits, "%08x%08x", random(), random());
    return std::string(unfinishedPrefix) + digits + std::string(unfinishedSuffix);
}

} // namespace

struct ResultFile::Digest {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool working = restart();

    Digest() = default;
    Digest(const Digest &) = delete;
    Digest &operator=(const Digest &) = delete;
    ~Digest() { EVP_MD_CTX_free(context); }

    bool restart() { return context && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1; }
};

isolate::Result<std::unique_ptr<ResultFile>, ImagingError> ResultFile::create(const std::filesystem::path &folder,
                                                                              std::uint64_t wanted)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return writeError(error.value(), wanted);
    std::unique_ptr<ResultFile> file(new ResultFile(folder, wanted));
    if (!file->m_digest->working)
        return outOfMemoryError();
    do {
        file->m_path = folder / unfinishedName();
        file->m_descriptor = ::open(file->m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (file->m_descriptor < 0 && errno == EEXIST);
    if (file->m_descriptor < 0) {
        file->m_path.clear();
        return writeError(errno, wanted);
    }
    // Tells `removeUnfinished` of another process that this one lives. A file system without locks loses only that.
    ::flock(file->m_descriptor, LOCK_EX | LOCK_NB);
    return file;
}

ResultFile::ResultFile(std::filesystem::path folder, std::uint64_t wanted)
    : m_folder(std::move(folder)), m_digest(std::make_unique<Digest>()), m_wanted(wanted)
{
}

ResultFile::~ResultFile()
{
    if (!m_path.empty())
        ::unlink(m_path.c_str());
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool ResultFile::write(std::span<const std::uint8_t> bytes) noexcept
{
    if (m_size + bytes.size() > m_limit) {
        m_overLimit = true;
        return false;
    }
    if (EVP_DigestUpdate(m_digest->context, bytes.data(), bytes.size()) != 1) {
        m_error = EIO;
        return false;
    }
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            m_error = written < 0 ? errno : ENOSPC;
            return false;
        }
        m_size += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

isolate::Result<void, ImagingError> ResultFile::startAgain()
{
    if (::ftruncate(m_descriptor, 0) != 0 || ::lseek(m_descriptor, 0, SEEK_SET) != 0)
        return writeError(errno, m_wanted);
    if (!m_digest->restart())
        return outOfMemoryError();
    m_size = 0;
    m_limit = std::numeric_limits<std::uint64_t>::max();
    m_overLimit = false;
    return {};
}

isolate::Result<std::filesystem::path, ImagingError> ResultFile::publish(std::string_view stem,
                                                                         std::string_view extension, bool lasting)
{
    std::filesystem::path path = m_folder / fileName(std::string(stem), extension);
    struct stat there {};
    if (m_original.st_ino != 0 && ::stat(path.c_str(), &there) == 0 && there.st_ino == m_original.st_ino
        && there.st_dev == m_original.st_dev)
        return ImagingError{ImagingErrc::badSettings,
                            "The result would overwrite the original. Choose another folder or name."};
    if (::fsync(m_descriptor) != 0)
        return writeError(errno, m_wanted);
    if (::rename(m_path.c_str(), path.c_str()) != 0)
        return writeError(errno, m_wanted);
    m_path.clear();
    if (!lasting)
        return path;
    // The name is durable only when the folder is. A file system that can't flush folders keeps them by itself.
    const int folder = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return path;
}

std::string ResultFile::sha256() const
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned length = 0;
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    if (copy && EVP_MD_CTX_copy_ex(copy, m_digest->context) == 1)
        EVP_DigestFinal_ex(copy, bytes.data(), &length);
    EVP_MD_CTX_free(copy);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        hex += digits[bytes[i] >> 4];
        hex += digits[bytes[i] & 15];
    }
    return hex;
}

std::size_t removeUnfinished(const std::filesystem::path &folder)
{
    std::size_t removed = 0;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().native();
        if (!name.starts_with(unfinishedPrefix) || !name.ends_with(unfinishedSuffix))
            continue;
        const int descriptor = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (descriptor < 0)
            continue;
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::unlink(entry.path().c_str()) == 0)
            ++removed;
        ::close(descriptor);
    }
    return removed;
}

} // namespace steadyframe::imaging
