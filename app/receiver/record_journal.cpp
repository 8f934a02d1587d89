#include "receiver/record_journal.h"

#include "receiver/digest.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace steadyframe::receiver {

namespace {

constexpr std::uint64_t longBytes = std::uint64_t(4) << 20;

int digitValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digitValue(text[i]);
        const int low = digitValue(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

/// In hexadecimal, since a name may have line ends in it.
std::string line(const std::string &uploadId, const UploadRecord &record)
{
    return uploadId + ' ' + toHex(recordText(record)) + '\n';
}

} // namespace

int RecordJournal::open(const std::filesystem::path &path, const std::function<bool(const std::string &)> &isWanted,
                        Records &records)
{
    const std::lock_guard lock(m_mutex);
    m_path = path;
    std::ifstream file(path, std::ios::binary);
    for (std::string text; std::getline(file, text);) {
        const auto space = text.find(' ');
        const auto id = text.substr(0, space);
        if (space == std::string::npos || !isWanted(id))
            continue;
        const auto bytes = fromHex(std::string_view(text).substr(space + 1));
        if (auto record = bytes ? parseRecord(*bytes) : std::nullopt) // cut short by a crash otherwise
            records.insert_or_assign(id, std::move(*record));
    }
    return rewriteLocked(records);
}

int RecordJournal::rewriteLocked(const Records &records)
{
    std::string text;
    for (const auto &[id, record] : records)
        text += line(id, record);
    if (const int error = replaceFile(m_path, text); error != 0)
        return error;
    m_file = PosixFile(m_path, O_WRONLY | O_APPEND);
    m_bytes = text.size();
    return m_file.isOpen() ? 0 : errno;
}

int RecordJournal::add(const std::string &uploadId, const UploadRecord &record)
{
    // Starts a line of its own even after one that a full disk cut short.
    const std::string text = '\n' + line(uploadId, record);
    const std::lock_guard lock(m_mutex);
    const auto written = ::write(m_file.descriptor(), text.data(), text.size());
    m_bytes += text.size();
    if (written == static_cast<ssize_t>(text.size()))
        return 0;
    return written < 0 ? errno : ENOSPC;
}

void RecordJournal::shortenIfLong(const std::function<Records()> &current)
{
    const std::lock_guard lock(m_mutex);
    if (m_bytes < longBytes)
        return;
    // A disk that has no room for the new file leaves the old one, which is as good.
    if (rewriteLocked(current()) != 0)
        m_bytes = 0;
}

} // namespace steadyframe::receiver
