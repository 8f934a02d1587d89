#include "feed/feed_export.h"

#include <zlib.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace steadyframe::feed {

namespace {

constexpr std::size_t pieceBytes = std::size_t{256} << 10;
constexpr mode_t permissions = 0777;
constexpr mode_t newFileMode = 0666; // less what the person's mask takes away
constexpr unsigned mostNames = 1000;

FeedError writeError(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return {FeedErrorCode::writeFailed, "The disk is full. Free some space, or choose another folder."};
    case EACCES:
    case EPERM:
    case EROFS:
        return {FeedErrorCode::noPermission, "You are not allowed to write there. Choose another folder."};
    case ENOENT:
    case ENOTDIR:
        return {FeedErrorCode::notFound, "There is no such folder. It may have been moved or deleted."};
    case ENAMETOOLONG:
        return {FeedErrorCode::writeFailed, "The name is too long for this disk. Choose a shorter one."};
    default:
        return {FeedErrorCode::writeFailed,
                std::string("The file can't be written: ") + std::strerror(number) + ". Choose another folder."};
    }
}

/// A file beside the one that it becomes. Removed unless it is published.
class UnfinishedFile {
public:
    explicit UnfinishedFile(const std::filesystem::path &target) : m_target(target)
    {
        // By open(), which is given the mask of the person by the system: asking for it would change it for a moment,
        // and for all threads.
        const std::string start = (target.parent_path() / ".steadyframe-export-").native() + std::to_string(::getpid());
        struct stat status {};
        if (::stat(target.c_str(), &status) == 0)
            m_mode = status.st_mode & permissions;
        for (unsigned number = 0; m_descriptor < 0 && number < mostNames; ++number) {
            m_path = start + "-" + std::to_string(number);
            m_descriptor
                = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, m_mode.value_or(newFileMode));
            m_error = m_descriptor < 0 ? errno : 0;
            if (m_error != EEXIST)
                break;
        }
    }
    ~UnfinishedFile()
    {
        if (m_descriptor < 0)
            return;
        ::close(m_descriptor);
        if (!m_published)
            ::unlink(m_path.c_str());
    }
    UnfinishedFile(const UnfinishedFile &) = delete;
    UnfinishedFile &operator=(const UnfinishedFile &) = delete;

    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] int openingError() const { return m_error; }
    [[nodiscard]] std::uint64_t size() const { return m_size; }

    /// 0 or errno.
    int write(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return errno;
            m_size += static_cast<std::uint64_t>(count);
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return 0;
    }
    /// Flushes it and gives it its name; 0 or errno.
    int publish()
    {
        if ((m_mode && ::fchmod(m_descriptor, *m_mode) != 0) || ::fsync(m_descriptor) != 0
            || ::rename(m_path.c_str(), m_target.c_str()) != 0)
            return errno;
        m_published = true;
        // The name is on the disk when its folder is; a system that can't flush folders does that by itself.
        const auto folder = m_target.has_parent_path() ? m_target.parent_path() : std::filesystem::path(".");
        if (const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); opened >= 0) {
            ::fsync(opened);
            ::close(opened);
        }
        return 0;
    }

private:
    const std::filesystem::path m_target;
    std::string m_path;
    std::optional<mode_t> m_mode; ///< of the file that is replaced
    int m_descriptor = -1;
    int m_error = 0;
    std::uint64_t m_size = 0;
    bool m_published = false;
};

/// Passes bytes on to a file, by way of zlib if so asked.
class Output {
public:
    Output(UnfinishedFile &file, bool gzip) : m_file(file)
    {
        constexpr int gzipWindow = 15 + 16;
        constexpr int defaultMemory = 8;
        if (!gzip)
            return;
        m_packer.emplace();
        m_packed.resize(pieceBytes);
        if (::deflateInit2(&*m_packer, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipWindow, defaultMemory, Z_DEFAULT_STRATEGY)
            != Z_OK)
            throw std::bad_alloc();
    }
    ~Output()
    {
        if (m_packer)
            ::deflateEnd(&*m_packer);
    }
    Output(const Output &) = delete;
    Output &operator=(const Output &) = delete;

    /// 0 or errno.
    int write(std::string_view bytes, bool last)
    {
        if (!m_packer)
            return m_file.write(bytes);
        m_packer->next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
        m_packer->avail_in = static_cast<uInt>(bytes.size());
        do {
            m_packer->next_out = reinterpret_cast<Bytef *>(m_packed.data());
            m_packer->avail_out = static_cast<uInt>(m_packed.size());
            ::deflate(&*m_packer, last ? Z_FINISH : Z_NO_FLUSH);
            if (const int error = m_file.write({m_packed.data(), m_packed.size() - m_packer->avail_out}))
                return error;
        } while (m_packer->avail_out == 0);
        return 0;
    }

private:
    UnfinishedFile &m_file;
    std::optional<z_stream> m_packer;
    std::string m_packed;
};

void appendNumber(std::string &text, std::int64_t number)
{
    std::array<char, 20> digits;
    text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void appendJsonText(std::string &text, std::string_view value)
{
    constexpr std::string_view hex = "0123456789abcdef";
    text += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            text.append({'\\', c});
        else if (byte < 0x20)
            text.append("\\u00").append({hex[byte >> 4], hex[byte & 0xF]});
        else
            text += c;
    }
    text += '"';
}

void appendJson(std::string &text, const ui::FeedTable &table, std::size_t row)
{
    text += "{\"albumId\": ";
    appendNumber(text, table.albumId(row));
    text += ", \"id\": ";
    appendNumber(text, table.id(row));
    text += ", \"title\": ";
    appendJsonText(text, table.title(row));
    text += ", \"url\": ";
    appendJsonText(text, table.url(row));
    text += ", \"thumbnailUrl\": ";
    appendJsonText(text, table.thumbnailUrl(row));
    text += '}';
}

/// A text, which a spreadsheet must not take for a formula.
void appendField(std::string &text, std::string_view value)
{
    constexpr std::string_view formulaSigns = "=+-@\t\r";
    const bool isFormula = !value.empty() && formulaSigns.find(value.front()) != std::string_view::npos;
    const std::string_view mark = isFormula ? "'" : "";
    if (value.find_first_of("\",\r\n") == std::string_view::npos) {
        text.append(mark).append(value);
        return;
    }
    text.append("\"").append(mark);
    for (const char c : value) {
        if (c == '"')
            text += '"';
        text += c;
    }
    text += '"';
}

void appendCsv(std::string &text, const ui::FeedTable &table, std::size_t row)
{
    appendNumber(text, table.albumId(row));
    text += ',';
    appendNumber(text, table.id(row));
    for (const std::string_view value : {table.title(row), table.url(row), table.thumbnailUrl(row)}) {
        text += ',';
        appendField(text, value);
    }
    text += "\r\n";
}

isolate::Result<std::uint64_t, FeedError> writeRows(const FeedExport &what, const std::stop_token &stop,
                                                    const ExportProgressHandler &progress)
{
    UnfinishedFile file(what.path);
    if (const int error = file.openingError())
        return writeError(error);
    Output output(file, what.gzip);
    const bool isJson = what.format == ExportFormat::json;
    std::string piece(isJson ? "[\n" : "albumId,id,title,url,thumbnailUrl\r\n");
    const std::size_t count = what.rows ? what.rows->size() : what.table->rowCount();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = what.rows ? (*what.rows)[i] : i;
        if (isJson) {
            piece += i > 0 ? ",\n" : "";
            appendJson(piece, *what.table, row);
        } else {
            appendCsv(piece, *what.table, row);
        }
        if (piece.size() < pieceBytes)
            continue;
        if (stop.stop_requested())
            break;
        if (const int error = output.write(piece, false))
            return writeError(error);
        piece.clear();
        if (progress)
            progress(i + 1);
    }
    if (stop.stop_requested())
        return FeedError{FeedErrorCode::cancelled, "The export was cancelled. Nothing was changed."};
    piece += isJson ? "\n]\n" : "";
    int error = output.write(piece, true);
    error = error ? error : file.publish();
    if (error)
        return writeError(error);
    return file.size();
}

} // namespace

isolate::Result<std::uint64_t, FeedError> exportFeed(const FeedExport &what, std::stop_token stop,
                                                     const ExportProgressHandler &progress)
try {
    return writeRows(what, stop, progress);
} catch (const std::bad_alloc &) {
    return FeedError{FeedErrorCode::outOfMemory, "There is not enough memory to write the file."};
}

} // namespace steadyframe::feed
