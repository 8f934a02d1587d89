#include "library/schema.h"

#include <array>
#include <string>
#include <utility>

namespace steadyframe::library {

namespace {

/// Times are milliseconds since 1970 in UTC; a state's number is that of `PhotoState`.
constexpr const char *photosTable = R"sql(
CREATE TABLE photos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL UNIQUE,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
    source_path BLOB NOT NULL,
    name TEXT NOT NULL,
    folder TEXT NOT NULL,
    original_bytes INTEGER NOT NULL,
    original_width INTEGER NOT NULL,
    original_height INTEGER NOT NULL,
    result_path BLOB NOT NULL DEFAULT x'',
    result_bytes INTEGER NOT NULL DEFAULT 0,
    result_width INTEGER NOT NULL DEFAULT 0,
    result_height INTEGER NOT NULL DEFAULT 0,
    sha256 TEXT NOT NULL DEFAULT '',
    upload_url TEXT NOT NULL DEFAULT '',
    acknowledged_bytes INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    queued_at INTEGER,
    compressing_at INTEGER,
    compressed_at INTEGER,
    uploading_at INTEGER,
    uploaded_at INTEGER,
    failed_at INTEGER,
    cancelled_at INTEGER
);
CREATE INDEX photos_by_state ON photos (state, position);
)sql";

/// One row a state, so that opening a library with a million photos does not count them.
constexpr const char *totalsTable = R"sql(
CREATE TABLE totals (
    state INTEGER PRIMARY KEY CHECK (state BETWEEN 0 AND 6),
    photos INTEGER NOT NULL,
    original_bytes INTEGER NOT NULL,
    result_bytes INTEGER NOT NULL
);
INSERT INTO totals
    SELECT states.column1, count(photos.id), coalesce(sum(photos.original_bytes), 0),
           coalesce(sum(photos.result_bytes), 0)
    FROM (VALUES (0), (1), (2), (3), (4), (5), (6)) AS states LEFT JOIN photos ON photos.state = states.column1
    GROUP BY states.column1;
)sql";

constexpr const char *noteColumn = "ALTER TABLE photos ADD COLUMN note TEXT NOT NULL DEFAULT '';";

/// Where photos went, and which contents are where already. An arrival outlives its photo: the file is there all the
/// same.
constexpr const char *arrivalsTable = R"sql(
ALTER TABLE photos ADD COLUMN destination TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE TABLE arrivals (
    destination TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    url TEXT NOT NULL,
    photo INTEGER REFERENCES photos (id) ON DELETE SET NULL,
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (destination, sha256)
) WITHOUT ROWID;
CREATE INDEX arrivals_by_photo ON arrivals (photo);
CREATE TABLE answers (
    question TEXT PRIMARY KEY,
    answer TEXT NOT NULL
) WITHOUT ROWID;
)sql";

constexpr std::array<const char *, 4> allMigrations{photosTable, totalsTable, noteColumn, arrivalsTable};

} // namespace

std::span<const char *const> migrations()
{
    return allMigrations;
}

isolate::Result<int, LibraryError> migrate(Connection &connection)
{
    auto found = connection.queryNumber("PRAGMA user_version");
    if (!found)
        return std::move(found.error());
    const int newest = static_cast<int>(allMigrations.size());
    const int version = static_cast<int>(*found);
    if (version > newest)
        return LibraryError{LibraryErrorCode::newerVersion,
                            "A newer version of Steadyframe has made this library. Start that version, or update."};
    for (int next = version + 1; next <= newest; ++next) {
        auto transaction = Transaction::begin(connection);
        if (!transaction)
            return std::move(transaction.error());
        if (auto made = connection.execute(allMigrations[static_cast<std::size_t>(next - 1)]); !made)
            return std::move(made.error());
        const std::string setVersion = "PRAGMA user_version = " + std::to_string(next);
        if (auto set = connection.execute(setVersion.c_str()); !set)
            return std::move(set.error());
        if (auto committed = transaction->commit(); !committed)
            return std::move(committed.error());
    }
    return version;
}

} // namespace steadyframe::library
