#pragma once

#include "receiver/finished_journal.h"
#include "receiver/receiver_error.h"
#include "receiver/receiver_options.h"
#include "receiver/record_journal.h"
#include "receiver/stored_upload.h"

#include <isolate_core/result.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace steadyframe::receiver {

/// The uploads in a folder: those under way in `.incoming`, and what became of the others.
/// @thread any; it has a lock of its own
class UploadStore {
public:
    enum class CreateErrc {
        tooLarge, ///< Longer than the options allow.
        noSpace, ///< The disk would have less free than the options keep.
        failed, ///< The disk refused.
    };
    enum class Removal { removed, unknown, busy };

    /// Takes the folder for itself and takes up what it holds.
    static isolate::Result<std::unique_ptr<UploadStore>, ReceiverError> open(const ReceiverOptions &options);

    [[nodiscard]] isolate::Result<std::shared_ptr<StoredUpload>, CreateErrc> create(UploadRecord record);

    /// The unfinished upload that was created with the same key for the same bytes; null when there is none.
    [[nodiscard]] std::shared_ptr<StoredUpload> findByKey(const UploadRecord &wanted) const;

    /// An upload that is not complete; null when there is none.
    [[nodiscard]] std::shared_ptr<StoredUpload> find(const std::string &id) const;

    /// The length of an upload that was completed and not forgotten.
    [[nodiscard]] std::optional<std::uint64_t> findFinished(const std::string &id) const;
    /// Whether the person took the file of a completed upload away, or gave it another name.
    [[nodiscard]] bool isTakenAway(const std::string &id) const;

    /// Where the file of a completed upload was put; nothing when that is not known.
    struct StoredPlace {
        std::filesystem::path path;
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] std::optional<StoredPlace> findStored(const std::string &id) const;

    /// Gives a complete upload its name in the folder, flushed to the disk, and tells `onStored`. On `mismatch` the
    /// upload is removed; on any other failure it stays, and the next start tries again. By the holder of its lock.
    [[nodiscard]] WriteStatus finish(StoredUpload &upload);

    /// Removes an upload, interrupting a sender. The file of a complete one goes, too, unless it was changed since.
    [[nodiscard]] Removal remove(const std::string &id);

    /// Removes uploads that got nothing for longer than the options allow. Cheap when called often.
    void removeExpired();

    /// When an upload that gets nothing from now on is removed.
    [[nodiscard]] std::chrono::system_clock::time_point expiry() const;

    [[nodiscard]] std::uint64_t maximumBytes() const noexcept { return m_options.maximumBytes; }
    [[nodiscard]] const std::filesystem::path &folder() const noexcept { return m_options.folder; }

private:
    explicit UploadStore(ReceiverOptions options);
    [[nodiscard]] std::optional<ReceiverError> openFolder();
    /// 0 or errno.
    [[nodiscard]] int takeUp();
    void takeUpOne(const std::string &id, const UploadRecord &record);
    [[nodiscard]] isolate::Result<std::filesystem::path, int> moveIntoFolder(const StoredUpload &upload) const;
    void discardFiles(const StoredUpload &upload) const;
    void forgetUnfinished(const std::string &id);
    [[nodiscard]] Removal removeFinished(const std::string &id);
    [[nodiscard]] std::filesystem::path basePath(const std::string &id) const { return m_incoming / id; }

    const ReceiverOptions m_options;
    const std::filesystem::path m_incoming;
    PosixFile m_folderLock;
    FinishedJournal m_finished;
    RecordJournal m_records;

    mutable std::mutex m_mutex;
    std::unordered_map<std::string, std::shared_ptr<StoredUpload>> m_unfinished;
    std::chrono::steady_clock::time_point m_nextExpiryCheck;
};

} // namespace steadyframe::receiver
