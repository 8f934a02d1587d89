#include "composition/thumbnail_folder.h"

#include <QByteArray>
#include <QCryptographicHash>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace steadyframe::composition {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view unfinished = ".part";
constexpr auto abandonedAfter = std::chrono::hours(1);

struct Kept {
    fs::path path;
    std::uint64_t bytes;
    fs::file_time_type used;
};

bool writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

fs::path ThumbnailFolder::pathOf(std::string_view address) const
{
    const QByteArray hash = QCryptographicHash::hash(
        QByteArray::fromRawData(address.data(), static_cast<qsizetype>(address.size())), QCryptographicHash::Sha1);
    return m_folder / hash.toHex().toStdString();
}

bool ThumbnailFolder::touch(const fs::path &path) const
{
    return ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0;
}

bool ThumbnailFolder::store(const fs::path &path, std::string_view bytes) const
{
    static std::atomic<unsigned> number = 0;
    std::error_code error;
    fs::create_directories(m_folder, error);
    fs::path part = path;
    part += "." + std::to_string(::getpid()) + "." + std::to_string(++number) + std::string(unfinished);
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0)
        return false;
    const bool written = writeAll(descriptor, bytes);
    const bool whole = ::close(descriptor) == 0 && written;
    if (whole)
        fs::rename(part, path, error);
    if (whole && !error)
        return true;
    fs::remove(part, error);
    return false;
}

void ThumbnailFolder::remove(const fs::path &path) const
{
    std::error_code ignored;
    fs::remove(path, ignored);
}

std::uint64_t ThumbnailFolder::trim(std::uint64_t bound) const
{
    std::vector<Kept> files;
    std::uint64_t bytes = 0;
    std::error_code error;
    const auto now = fs::file_time_type::clock::now();
    for (fs::directory_iterator file(m_folder, error), end; !error && file != end; file.increment(error)) {
        std::error_code gone;
        if (!file->is_regular_file(gone))
            continue;
        const auto used = file->last_write_time(gone);
        const std::uint64_t size = gone ? 0 : file->file_size(gone);
        if (gone)
            continue;
        if (file->path().extension() == unfinished) {
            if (now - used > abandonedAfter)
                remove(file->path());
            continue;
        }
        files.push_back({file->path(), size, used});
        bytes += size;
    }
    if (bytes <= bound)
        return bytes;
    std::ranges::sort(files, {}, &Kept::used);
    for (const Kept &file : files) {
        if (bytes <= bound - bound / 10)
            break;
        remove(file.path);
        bytes -= file.bytes;
    }
    return bytes;
}

} // namespace steadyframe::composition
