#pragma once

#include "receiver/digest.h"
#include "receiver/posix_file.h"
#include "receiver/upload_record.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace steadyframe::receiver {

/// What came of bytes that were to be stored.
enum class WriteStatus {
    stored,
    tooLong, ///< More bytes than the upload's length.
    noSpace, ///< The disk, or the quota, is full.
    failed, ///< Any other error of the disk.
    mismatch, ///< The bytes don't have the declared checksum.
};

/// What a sender declared of one chunk.
struct ChunkChecksum {
    Digest::Algorithm algorithm = Digest::Algorithm::sha1;
    std::string value; ///< Bytes of the hash.
};

/// One upload that is not complete, and its bytes on the disk. Only the holder of its lock changes it.
class StoredUpload {
public:
    /// `base` is the path of its files without their endings; `offset` the bytes that are there.
    StoredUpload(std::string id, UploadRecord record, std::filesystem::path base, std::uint64_t offset);

    /// @thread any
    [[nodiscard]] const std::string &id() const noexcept { return m_id; }
    /// @thread any
    [[nodiscard]] const UploadRecord &record() const noexcept { return m_record; }
    /// Bytes on the disk that count: those of a chunk with a checksum do once it is verified. @thread any
    [[nodiscard]] std::uint64_t offset() const noexcept { return m_offset.load(std::memory_order_acquire); }

    [[nodiscard]] std::filesystem::path dataPath() const { return withEnding(".data"); }
    /// Exists while bytes after the offset it holds are on the disk and not verified.
    [[nodiscard]] std::filesystem::path unverifiedPath() const { return withEnding(".unverified"); }

    /// Takes the lock unless another has it. @thread any
    [[nodiscard]] bool tryLock();
    /// Interrupts the holder, if any, and waits for the lock; false when it was not free in time. `interrupt` is what
    /// the next who wants it calls, under a mutex; empty: nothing to interrupt. @thread any
    [[nodiscard]] bool takeOver(std::chrono::milliseconds limit, std::function<void()> interrupt);
    void unlock();

    /// True once the files are gone; whoever gets the lock then must leave it alone. By the holder.
    [[nodiscard]] bool isGone() const noexcept { return m_gone; }
    void setGone() noexcept { m_gone = true; }

    /// Opens the file for a chunk. By the holder; `endChunk` must follow when it returns `stored`.
    [[nodiscard]] WriteStatus beginChunk(std::optional<ChunkChecksum> checksum);
    /// Stores the next bytes of the chunk. By the holder.
    [[nodiscard]] WriteStatus write(std::string_view bytes);
    /// Closes the chunk. One with a checksum counts when all of it came and it matches, and is taken back otherwise;
    /// of one without, what came counts. By the holder.
    [[nodiscard]] WriteStatus endChunk(bool whole);

    /// Flushes the bytes to the disk, and compares the whole with the record's hash, if any. By the holder.
    [[nodiscard]] WriteStatus flushAndVerify();

private:
    [[nodiscard]] std::filesystem::path withEnding(const char *ending) const;
    [[nodiscard]] std::optional<std::string> hashOfFile() const;

    const std::string m_id;
    const UploadRecord m_record;
    const std::filesystem::path m_base;
    std::atomic<std::uint64_t> m_offset;

    std::mutex m_mutex;
    std::condition_variable m_unlocked;
    bool m_locked = false;
    std::function<void()> m_interrupt;

    // Of the holder of the lock.
    bool m_gone = false;
    PosixFile m_file;
    std::uint64_t m_written = 0; // where the next byte goes; equals the offset between chunks
    std::uint64_t m_flushing = 0; // up to here the system was asked to begin writing to the disk
    std::optional<Digest> m_whole; // of the bytes up to the offset, when all came through this process
    std::optional<Digest> m_wholeBeforeChunk;
    std::optional<Digest> m_chunk;
    std::optional<ChunkChecksum> m_checksum;
};

/// Holds the lock of an upload until the end of the scope.
class UploadLock {
public:
    explicit UploadLock(StoredUpload &locked) : m_upload(locked) {}
    ~UploadLock() { m_upload.unlock(); }
    UploadLock(const UploadLock &) = delete;
    UploadLock &operator=(const UploadLock &) = delete;

private:
    StoredUpload &m_upload;
};

} // namespace steadyframe::receiver
