#include "library/database.h"

#include "library/database_parts.h"
#include "library/display_text.h"
#include "library/record_row.h"
#include "library/transitions.h"

#include <limits>
#include <utility>

namespace steadyframe::library {

using isolate::Result;

namespace {

UtcTime now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void add(LibraryTotals &totals, const PhotoRecord &record)
{
    StateTotals &state = totals[record.state];
    ++state.count;
    state.originalBytes += record.originalBytes;
    state.resultBytes += record.resultBytes;
}

void subtract(LibraryTotals &totals, const PhotoRecord &record)
{
    StateTotals &state = totals[record.state];
    --state.count;
    state.originalBytes -= record.originalBytes;
    state.resultBytes -= record.resultBytes;
}

PhotoRecord recordOf(const NewPhoto &photo, std::int64_t position, UtcTime time)
{
    PhotoRecord record;
    record.position = position;
    record.sourcePath = photo.sourcePath;
    record.name = displayText(photo.sourcePath.filename().native());
    record.folder = displayText(photo.sourcePath.parent_path().native());
    record.originalBytes = photo.originalBytes;
    record.originalSize = photo.originalSize;
    record.enteredAt[static_cast<std::size_t>(PhotoState::queued)] = time;
    return record;
}

} // namespace

Result<PhotoRecord, LibraryError> Database::Parts::photo(PhotoId id)
{
    auto found = rows(statements.byId.reset().bind(id));
    if (!found)
        return std::move(found.error());
    if (found->empty())
        return LibraryError{LibraryErrorCode::notFound,
                            "There is no photo " + std::to_string(id) + " any more: it was removed."};
    return std::move(found->front());
}

Result<std::vector<PhotoRecord>, LibraryError> Database::Parts::rows(Statement &bound)
{
    std::vector<PhotoRecord> records;
    for (;;) {
        auto row = bound.step();
        if (!row)
            return std::move(row.error());
        if (!*row)
            break;
        records.push_back(readRow(bound));
    }
    bound.reset();
    return records;
}

Result<Transaction, LibraryError> Database::Parts::begin(bool flush)
{
    if (auto set = flushCommits(flush); !set)
        return std::move(set.error());
    return Transaction::begin(connection);
}

Result<void, LibraryError> Database::Parts::flushCommits(bool flush)
{
    if (flushing == flush)
        return {};
    auto set = connection.execute(flush ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    if (set)
        flushing = flush;
    return set;
}

Result<void, LibraryError> Database::Parts::commit(Transaction &transaction, const LibraryTotals &newTotals)
{
    for (std::size_t state = 0; state < photoStateCount; ++state) {
        const StateTotals &wanted = newTotals.byState[state];
        if (wanted == totals.byState[state])
            continue;
        Statement &set = statements.setTotals.reset();
        set.bind(static_cast<std::int64_t>(wanted.count));
        set.bind(static_cast<std::int64_t>(wanted.originalBytes));
        set.bind(static_cast<std::int64_t>(wanted.resultBytes));
        if (auto done = set.bind(static_cast<std::int64_t>(state)).run(); !done)
            return done;
    }
    auto committed = transaction.commit();
    if (committed)
        totals = newTotals;
    return committed;
}

Result<std::vector<PhotoRecord>, LibraryError> Database::addPhotos(std::span<const NewPhoto> photos)
{
    Parts &all = parts();
    std::vector<PhotoRecord> records;
    if (photos.empty())
        return records;
    auto transaction = all.begin(true);
    if (!transaction)
        return std::move(transaction.error());
    const UtcTime time = now();
    LibraryTotals totals = all.totals;
    std::int64_t position = all.nextPosition;
    records.reserve(photos.size());
    for (const NewPhoto &photo : photos) {
        PhotoRecord &record = records.emplace_back(recordOf(photo, position++, time));
        bindInsert(all.statements.insert, record);
        if (auto inserted = all.statements.insert.run(); !inserted)
            return std::move(inserted.error());
        record.id = all.connection.lastInsertedId();
        add(totals, record);
    }
    if (auto committed = all.commit(*transaction, totals); !committed)
        return std::move(committed.error());
    all.nextPosition = position;
    return records;
}

Result<AppliedChanges, LibraryError> Database::apply(std::span<const PhotoChange> changes)
{
    Parts &all = parts();
    AppliedChanges applied;
    if (changes.empty())
        return applied;
    auto transaction = all.begin(false);
    if (!transaction)
        return std::move(transaction.error());
    const UtcTime time = now();
    LibraryTotals totals = all.totals;
    applied.changed.reserve(changes.size());
    for (const PhotoChange &change : changes) {
        auto record = all.photo(change.id);
        if (!record && record.error().code != LibraryErrorCode::notFound)
            return std::move(record.error());
        const PhotoRecord before = record ? *record : PhotoRecord{};
        auto done = record ? applyChange(*record, change, time) : Result<void, LibraryError>(std::move(record.error()));
        if (!done) {
            applied.refused.push_back({change.id, std::move(done.error())});
            continue;
        }
        bindUpdate(all.statements.update, *record);
        if (auto updated = all.statements.update.run(); !updated)
            return std::move(updated.error());
        if (auto recorded = all.recordArrival(before, *record); !recorded)
            return std::move(recorded.error());
        subtract(totals, before);
        add(totals, *record);
        applied.changed.push_back(std::move(*record));
    }
    if (auto committed = all.commit(*transaction, totals); !committed)
        return std::move(committed.error());
    return applied;
}

Result<PhotoRecord, LibraryError> Database::photo(PhotoId id)
{
    return parts().photo(id);
}

Result<std::vector<PhotoRecord>, LibraryError> Database::page(std::int64_t afterPosition, std::uint32_t limit)
{
    Parts &all = parts();
    return all.rows(all.statements.page.reset().bind(afterPosition).bind(limit));
}

Result<std::vector<PhotoRecord>, LibraryError> Database::pageInState(PhotoState state, std::int64_t afterPosition,
                                                                     std::uint32_t limit)
{
    Parts &all = parts();
    Statement &query = all.statements.pageInState.reset();
    return all.rows(query.bind(static_cast<std::int64_t>(state)).bind(afterPosition).bind(limit));
}

const LibraryTotals &Database::totals() const
{
    return parts().totals;
}

Result<std::vector<PhotoRecord>, LibraryError> Database::remove(std::span<const PhotoId> ids)
{
    Parts &all = parts();
    std::vector<PhotoRecord> removed;
    if (ids.empty())
        return removed;
    auto transaction = all.begin(true);
    if (!transaction)
        return std::move(transaction.error());
    LibraryTotals totals = all.totals;
    for (const PhotoId id : ids) {
        auto record = all.photo(id);
        if (!record && record.error().code == LibraryErrorCode::notFound)
            continue;
        if (!record)
            return std::move(record.error());
        if (auto deleted = all.statements.remove.reset().bind(id).run(); !deleted)
            return std::move(deleted.error());
        subtract(totals, *record);
        removed.push_back(std::move(*record));
    }
    if (auto committed = all.commit(*transaction, totals); !committed)
        return std::move(committed.error());
    return removed;
}

Result<UnfinishedWork, LibraryError> Database::resumeAfterCrash()
{
    constexpr std::uint32_t all = std::numeric_limits<std::uint32_t>::max();
    auto compressing = pageInState(PhotoState::compressing, 0, all);
    if (!compressing)
        return std::move(compressing.error());
    std::vector<PhotoChange> changes;
    changes.reserve(compressing->size());
    for (const PhotoRecord &record : *compressing)
        changes.push_back({.id = record.id, .state = PhotoState::queued});
    auto requeued = apply(changes);
    if (!requeued)
        return std::move(requeued.error());
    auto uploading = pageInState(PhotoState::uploading, 0, all);
    if (!uploading)
        return std::move(uploading.error());
    return UnfinishedWork{std::move(requeued->changed), std::move(*uploading)};
}

} // namespace steadyframe::library
