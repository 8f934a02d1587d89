#pragma once

#include "library/library_error.h"
#include "library/photo_record.h"

#include <isolate_core/result.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace steadyframe::library {

struct RefusedChange {
    PhotoId id = 0;
    LibraryError error;
};

/// What became of a batch of changes.
struct AppliedChanges {
    /// The photos as they are after each change that was made, in the order of the changes.
    std::vector<PhotoRecord> changed;
    /// The changes that were not made, each with the reason; the others are not affected.
    std::vector<RefusedChange> refused;
};

/// What a program that has just started has to go on with.
struct UnfinishedWork {
    /// Was being compressed, and is queued again.
    std::vector<PhotoRecord> requeued;
    /// Was being uploaded: ask the destination how much it has.
    std::vector<PhotoRecord> uploading;
};

/// What happened when the library was opened.
struct OpenReport {
    bool created = false;
    /// The schema version that the file had, when it was an older one.
    std::optional<int> migratedFrom{};
    /// Where a damaged library was put.
    std::optional<std::filesystem::path> keptAside{};
    /// A sentence for the person when there is something to tell; else empty.
    std::string message{};
};

struct OpenOptions {
    /// How long to wait for another program that has the file open.
    std::chrono::milliseconds lockTimeout{2000};
};

/// The photos and how far each has come, in one SQLite file.
///
/// A call returns when its change is safe from a crash of the process: it is then in the write-ahead log, in the
/// system's hands (`synchronous=NORMAL`), which takes some 60 microseconds. Picks and removals are also safe from a
/// loss of power, for which the log is flushed to the disk (`synchronous=FULL`, some milliseconds for each batch):
/// nothing else could bring them back. The steps of the work are not flushed. There are many of them, and after a loss
/// of power the last few are found out again, from the result on disk and from the destination, which is asked what it
/// has.
///
/// The file is locked while it is open, so that no two programs work on the same photos. All calls block; the owner is
/// one dedicated isolate: every member may be called on the thread that opened the database only, which debug builds
/// check. @thread isolate
class Database {
public:
    /// Opens or makes the library, checks it and its foreign keys, and brings an older schema up to date. A damaged
    /// file is renamed, with the date, and a new one is started; `openReport()` tells. Makes missing folders. Time:
    /// about two seconds for each million photos.
    [[nodiscard]] static isolate::Result<Database, LibraryError> open(const std::filesystem::path &path,
                                                                      const OpenOptions &options = {});

    Database(Database &&) noexcept;
    Database &operator=(Database &&) noexcept;
    ~Database();

    [[nodiscard]] const OpenReport &openReport() const;

    /// Records photos as queued, at the end of the list in the given order: all of them, or none on an error.
    [[nodiscard]] isolate::Result<std::vector<PhotoRecord>, LibraryError> addPhotos(std::span<const NewPhoto> photos);

    /// Makes all changes that `transitions.h` allows, in one transaction, and refuses the others one by one. On an
    /// error none was made.
    [[nodiscard]] isolate::Result<AppliedChanges, LibraryError> apply(std::span<const PhotoChange> changes);

    /// Changes priorities, and which photos are held; ids that are unknown are passed over. Gives them as they are
    /// then.
    [[nodiscard]] isolate::Result<std::vector<PhotoRecord>, LibraryError> order(std::span<const PhotoOrder> orders);

    /// Puts photos into this order: they share out the positions that they have. Ids that are unknown are passed over.
    /// Gives them as they are then.
    [[nodiscard]] isolate::Result<std::vector<PhotoRecord>, LibraryError> arrange(std::span<const PhotoId> ids);

    /// The arrival of a content at a destination, if it is there. Photos that become uploaded, with a destination and a
    /// hash, are recorded as arrivals by `apply`; they stay when the photo is removed, and go when one of the content
    /// is to be sent again.
    [[nodiscard]] isolate::Result<std::optional<Arrival>, LibraryError> arrival(const std::string &destination,
                                                                                const std::string &sha256);

    /// What the person once answered to a question; empty: nothing yet.
    [[nodiscard]] isolate::Result<std::string, LibraryError> answerTo(const std::string &question);
    /// Remembers an answer; an empty one is forgotten.
    [[nodiscard]] isolate::Result<void, LibraryError> remember(const std::string &question, const std::string &answer);

    /// The photo with this id, or `notFound`.
    [[nodiscard]] isolate::Result<PhotoRecord, LibraryError> photo(PhotoId id);

    /// The next @p limit photos behind a position, in the order of the list; 0 or less begins at the start.
    [[nodiscard]] isolate::Result<std::vector<PhotoRecord>, LibraryError> page(std::int64_t afterPosition,
                                                                               std::uint32_t limit);
    /// The same, of the photos in one state only.
    [[nodiscard]] isolate::Result<std::vector<PhotoRecord>, LibraryError>
    pageInState(PhotoState state, std::int64_t afterPosition, std::uint32_t limit);

    /// Kept up to date with each change, so asking costs nothing.
    [[nodiscard]] const LibraryTotals &totals() const;

    /// Forgets photos, in whatever state; ids that are unknown are passed over. Gives what was known of them, so that
    /// their files and uploads can be cleared away.
    [[nodiscard]] isolate::Result<std::vector<PhotoRecord>, LibraryError> remove(std::span<const PhotoId> ids);

    /// To be called once after opening: what an earlier run was in the middle of. What was being compressed is queued
    /// again; what was being uploaded stays so, with its address and offset.
    [[nodiscard]] isolate::Result<UnfinishedWork, LibraryError> resumeAfterCrash();

private:
    struct Parts;
    explicit Database(std::unique_ptr<Parts> parts);
    /// Everything the calls work with; checks the thread.
    [[nodiscard]] Parts &parts() const;

    std::unique_ptr<Parts> m_parts;
};

} // namespace steadyframe::library
