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

constexpr const char *forgotten = "-"; // in place of the bytes
constexpr char nameEnd = '/'; // in no name: one that was cut short lacks it

/// Names are safe ones, so they have no line breaks.
std::string line(const std::string &uploadId, const FinishedUpload &upload)
{
    return uploadId + ' ' + std::to_string(upload.bytes) + ' ' + std::to_string(upload.time)
        + (upload.name.empty() ? std::string() : ' ' + upload.name + nameEnd) + '\n';
}

} // namespace

int FinishedJournal::open(const std::filesystem::path &path, std::chrono::seconds keep)
{
    const std::lock_guard lock(m_mutex);
    const std::uint64_t now = secondsSinceEpoch();
    {
        std::ifstream file(path, std::ios::binary);
        std::string text;
        while (std::getline(file, text)) {
            std::istringstream fields(text);
            std::string id;
            std::string bytesText;
            std::string timeText;
            std::string name;
            fields >> id >> bytesText >> timeText;
            fields.get();
            std::getline(fields, name);
            if (bytesText == forgotten)
                m_byId.erase(id);
            const auto bytes = parseNumber(bytesText);
            const auto time = parseNumber(timeText);
            // Empty, or cut short by a crash: then its upload did not get its name yet.
            if (!bytes || !time || *time + static_cast<std::uint64_t>(keep.count()) < now)
                continue;
            // A second line brings the name.
            const bool isWhole = name.ends_with(nameEnd);
            m_byId[id] = {*bytes, *time, isWhole ? name.substr(0, name.size() - 1) : std::string()};
        }
    }
    std::string kept;
    for (const auto &[id, upload] : m_byId)
        kept += line(id, upload);
    if (const int error = replaceFile(path, kept); error != 0)
        return error;
    m_file = PosixFile(path, O_WRONLY | O_APPEND);
    return m_file.isOpen() ? 0 : errno;
}

int FinishedJournal::add(const std::string &uploadId, std::uint64_t bytes)
{
    // Starts a line of its own even after one that a full disk cut short.
    const FinishedUpload upload{bytes, secondsSinceEpoch()};
    const std::string text = '\n' + line(uploadId, upload);
    {
        const std::lock_guard lock(m_mutex);
        const auto written = ::write(m_file.descriptor(), text.data(), text.size());
        if (written != static_cast<ssize_t>(text.size()))
            return written < 0 ? errno : ENOSPC;
        m_byId[uploadId] = upload;
    }
    // Outside the lock, so that uploads that end together share a flush.
    return ::fdatasync(m_file.descriptor()) == 0 ? 0 : errno;
}

void FinishedJournal::setName(const std::string &uploadId, const std::string &name)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byId.find(uploadId);
    if (found == m_byId.end())
        return;
    found->second.name = name;
    const std::string text = '\n' + line(uploadId, found->second);
    // What can't be written is only not known after the next start.
    [[maybe_unused]] const auto written = ::write(m_file.descriptor(), text.data(), text.size());
}

std::optional<FinishedUpload> FinishedJournal::find(const std::string &uploadId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byId.find(uploadId);
    if (found == m_byId.end())
        return std::nullopt;
    return found->second;
}

void FinishedJournal::forget(const std::string &uploadId)
{
    const std::lock_guard lock(m_mutex);
    m_byId.erase(uploadId);
    const std::string text = '\n' + uploadId + ' ' + forgotten + '\n';
    [[maybe_unused]] const auto written = ::write(m_file.descriptor(), text.data(), text.size());
}

} // namespace steadyframe::receiver
