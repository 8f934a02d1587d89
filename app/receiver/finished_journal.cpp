#include "receiver/finished_journal.h"

#include "receiver/upload_record.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <string_view>
#include <unistd.h>

namespace steadyframe::receiver {

namespace {

std::uint64_t secondsSinceEpoch()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

std::string line(const std::string &uploadId, std::uint64_t bytes, std::uint64_t time)
{
    return uploadId + ' ' + std::to_string(bytes) + ' ' + std::to_string(time) + '\n';
}

} // namespace

int FinishedJournal::open(const std::filesystem::path &path, std::chrono::seconds keep)
{
    const std::lock_guard lock(m_mutex);
    const std::uint64_t now = secondsSinceEpoch();
    std::string kept;
    {
        std::ifstream file(path, std::ios::binary);
        std::string text;
        while (std::getline(file, text)) {
            std::istringstream fields(text);
            std::string id;
            std::string bytesText;
            std::string timeText;
            fields >> id >> bytesText >> timeText;
            const auto bytes = parseNumber(bytesText);
            const auto time = parseNumber(timeText);
            // Empty, or cut short by a crash: then its upload did not get its name yet.
            if (!bytes || !time || *time + static_cast<std::uint64_t>(keep.count()) < now)
                continue;
            m_bytesById[id] = *bytes;
            kept += line(id, *bytes, *time);
        }
    }
    if (const int error = replaceFile(path, kept); error != 0)
        return error;
    m_file = PosixFile(path, O_WRONLY | O_APPEND);
    return m_file.isOpen() ? 0 : errno;
}

int FinishedJournal::add(const std::string &uploadId, std::uint64_t bytes)
{
    // Starts a line of its own even after one that a full disk cut short.
    const std::string text = '\n' + line(uploadId, bytes, secondsSinceEpoch());
    {
        const std::lock_guard lock(m_mutex);
        const auto written = ::write(m_file.descriptor(), text.data(), text.size());
        if (written != static_cast<ssize_t>(text.size()))
            return written < 0 ? errno : ENOSPC;
        m_bytesById[uploadId] = bytes;
    }
    // Outside the lock, so that uploads that end together share a flush.
    return ::fdatasync(m_file.descriptor()) == 0 ? 0 : errno;
}

std::optional<std::uint64_t> FinishedJournal::find(const std::string &uploadId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_bytesById.find(uploadId);
    if (found == m_bytesById.end())
        return std::nullopt;
    return found->second;
}

bool FinishedJournal::forget(const std::string &uploadId)
{
    const std::lock_guard lock(m_mutex);
    return m_bytesById.erase(uploadId) > 0;
}

} // namespace steadyframe::receiver
