#include "receiver/stored_upload.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace steadyframe::receiver {

namespace {

// Writing to the disk begins while bytes arrive, so that the flush at the end is short and few pages are dirty.
constexpr std::uint64_t flushStep = std::uint64_t(8) << 20;
constexpr std::size_t hashBlock = std::size_t(256) << 10;

WriteStatus statusOf(int error)
{
    if (error == 0)
        return WriteStatus::stored;
    return error == ENOSPC || error == EDQUOT || error == EFBIG ? WriteStatus::noSpace : WriteStatus::failed;
}

} // namespace

StoredUpload::StoredUpload(std::string id, UploadRecord record, std::filesystem::path base, std::uint64_t offset)
    : m_id(std::move(id)), m_record(std::move(record)), m_base(std::move(base)), m_offset(offset), m_written(offset),
      m_flushing(offset)
{
    if (offset == 0 && !m_record.sha256.empty())
        m_whole.emplace(Digest::Algorithm::sha256);
}

std::filesystem::path StoredUpload::withEnding(const char *ending) const
{
    std::filesystem::path path = m_base;
    path += ending;
    return path;
}

bool StoredUpload::tryLock()
{
    const std::lock_guard lock(m_mutex);
    return !std::exchange(m_locked, true);
}

bool StoredUpload::takeOver(std::chrono::milliseconds limit, std::function<void()> interrupt)
{
    std::unique_lock lock(m_mutex);
    if (m_locked && m_interrupt)
        m_interrupt();
    if (!m_unlocked.wait_for(lock, limit, [this] { return !m_locked; }))
        return false;
    m_locked = true;
    m_interrupt = std::move(interrupt);
    return true;
}

void StoredUpload::unlock()
{
    {
        const std::lock_guard lock(m_mutex);
        m_locked = false;
        m_interrupt = nullptr;
    }
    m_unlocked.notify_one();
}

WriteStatus StoredUpload::beginChunk(std::optional<ChunkChecksum> checksum)
{
    m_file = PosixFile(dataPath(), O_WRONLY);
    if (!m_file.isOpen())
        return WriteStatus::failed;
    m_written = offset();
    m_checksum = std::move(checksum);
    m_chunk.reset();
    if (m_checksum) {
        if (const int error = replaceFile(unverifiedPath(), std::to_string(m_written)); error != 0)
            return statusOf(error);
        m_chunk.emplace(m_checksum->algorithm);
        m_wholeBeforeChunk = m_whole;
    }
    return WriteStatus::stored;
}

WriteStatus StoredUpload::write(std::string_view bytes)
{
    if (bytes.size() > m_record.length - m_written)
        return WriteStatus::tooLong;
    std::size_t written = 0;
    const int error = m_file.writeAt(bytes, m_written, written);
    if (m_whole)
        m_whole->update(bytes.data(), written);
    if (m_chunk)
        m_chunk->update(bytes.data(), written);
    m_written += written;
    if (!m_checksum)
        m_offset.store(m_written, std::memory_order_release);
#ifdef SYNC_FILE_RANGE_WRITE
    if (m_written - m_flushing >= flushStep) {
        ::sync_file_range(m_file.descriptor(), static_cast<off_t>(m_flushing),
                          static_cast<off_t>(m_written - m_flushing), SYNC_FILE_RANGE_WRITE);
        m_flushing = m_written;
    }
#endif
    return statusOf(error);
}

WriteStatus StoredUpload::endChunk(bool whole)
{
    WriteStatus status = WriteStatus::stored;
    if (m_checksum) {
        if (whole && m_chunk->finish() == m_checksum->value) {
            m_offset.store(m_written, std::memory_order_release);
        } else {
            status = WriteStatus::mismatch;
            m_whole = std::move(m_wholeBeforeChunk);
            m_written = offset();
            m_flushing = std::min(m_flushing, m_written);
            if (::ftruncate(m_file.descriptor(), static_cast<off_t>(m_written)) != 0)
                status = WriteStatus::failed; // the mark stays, and the next start takes the bytes back
        }
        if (status != WriteStatus::failed)
            ::unlink(unverifiedPath().c_str());
        m_wholeBeforeChunk.reset();
        m_chunk.reset();
        m_checksum.reset();
    }
    m_file = PosixFile();
    return status;
}

WriteStatus StoredUpload::flushAndVerify()
{
    {
        const PosixFile file(dataPath(), O_WRONLY);
        if (!file.isOpen() || ::fsync(file.descriptor()) != 0)
            return file.isOpen() ? statusOf(errno) : WriteStatus::failed;
    }
    if (m_record.sha256.empty())
        return WriteStatus::stored;
    const auto hash = m_whole ? std::optional(Digest(*m_whole).finish()) : hashOfFile();
    if (!hash)
        return WriteStatus::failed;
    return toHex(*hash) == m_record.sha256 ? WriteStatus::stored : WriteStatus::mismatch;
}

std::optional<std::string> StoredUpload::hashOfFile() const
{
    const PosixFile file(dataPath(), O_RDONLY);
    if (!file.isOpen())
        return std::nullopt;
    Digest digest(Digest::Algorithm::sha256);
    std::vector<char> block(hashBlock);
    while (true) {
        const auto count = ::read(file.descriptor(), block.data(), block.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return std::nullopt;
        if (count == 0)
            return digest.finish();
        digest.update(block.data(), static_cast<std::size_t>(count));
    }
}

} // namespace steadyframe::receiver
