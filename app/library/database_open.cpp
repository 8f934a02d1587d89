#include "library/database_parts.h"
#include "library/display_text.h"
#include "library/record_row.h"
#include "library/schema.h"

#include <cassert>
#include <ctime>
#include <system_error>
#include <utility>

namespace steadyframe::library {

using isolate::Result;

namespace {

/// Files that SQLite keeps beside a database.
constexpr const char *companions[] = {"-wal", "-shm", "-journal"};

std::filesystem::path withSuffix(const std::filesystem::path &path, const std::string &suffix)
{
    return path.native() + suffix;
}

std::string dateForName()
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    char text[sizeof "20250101-000000"];
    std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", &local);
    return text;
}

/// Renames a damaged database together with its companions, so that a recovery tool still finds them. Gives the new
/// name.
Result<std::filesystem::path, LibraryError> keepAside(const std::filesystem::path &path)
{
    const std::string suffix = ".damaged-" + dateForName();
    std::filesystem::path aside = withSuffix(path, suffix);
    std::error_code error;
    for (int copy = 2; std::filesystem::exists(aside, error); ++copy)
        aside = withSuffix(path, suffix + '-' + std::to_string(copy));
    std::filesystem::rename(path, aside, error);
    if (error)
        return LibraryError{LibraryErrorCode::damaged,
                            "The library is damaged, and can't be renamed to start a new one: " + error.message()
                                + '.'};
    for (const char *companion : companions) {
        // Most of them are not there.
        std::error_code ignored;
        std::filesystem::rename(withSuffix(path, companion), withSuffix(aside, companion), ignored);
    }
    return aside;
}

Result<void, LibraryError> configure(Connection &connection)
{
    // The lock comes first: an exclusive one spares the log its shared-memory file.
    return connection.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; "
                              "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384");
}

Result<void, LibraryError> check(Connection &connection)
{
    auto verdict = connection.queryText("PRAGMA quick_check(1)");
    if (!verdict)
        return std::move(verdict.error());
    if (*verdict != "ok")
        return LibraryError{LibraryErrorCode::damaged, "The library is damaged: " + *verdict + '.'};
    return {};
}

/// The check above passes over foreign keys. One that leads nowhere is cut, as it would have been when its photo went:
/// the arrival stays true. `PRAGMA foreign_key_check` looks each one up and takes ten times as long.
Result<void, LibraryError> mendReferences(Connection &connection)
{
    return connection.execute(
        "UPDATE arrivals SET photo = NULL WHERE photo IS NOT NULL AND photo NOT IN (SELECT id FROM photos)");
}

} // namespace

Result<void, LibraryError> Database::Parts::load()
{
    const std::pair<Statement *, std::string> wanted[] = {
        {&statements.insert, std::string(insertRow)},
        {&statements.update, std::string(updateRow)},
        {&statements.byId, selectRows("WHERE id = ?")},
        {&statements.page, selectRows("WHERE position > ? ORDER BY position LIMIT ?")},
        {&statements.pageInState, selectRows("WHERE state = ? AND position > ? ORDER BY position LIMIT ?")},
        {&statements.remove, "DELETE FROM photos WHERE id = ?"},
        {&statements.setTotals, "UPDATE totals SET photos = ?, original_bytes = ?, result_bytes = ? WHERE state = ?"},
        {&statements.setOrder, "UPDATE photos SET priority = ?, held = ? WHERE id = ?"},
        {&statements.setPosition, "UPDATE photos SET position = ? WHERE id = ?"},
        {&statements.addArrival, "INSERT OR REPLACE INTO arrivals VALUES (?, ?, ?, ?, ?, ?)"},
        {&statements.arrival, "SELECT bytes, url FROM arrivals WHERE destination = ? AND sha256 = ?"},
        {&statements.forgetArrival, "DELETE FROM arrivals WHERE destination = ? AND sha256 = ?"},
        {&statements.answer, "SELECT answer FROM answers WHERE question = ?"},
        {&statements.remember, "INSERT OR REPLACE INTO answers VALUES (?, ?)"},
        {&statements.forgetAnswer, "DELETE FROM answers WHERE question = ?"},
    };
    for (const auto &[statement, sql] : wanted) {
        auto prepared = connection.prepare(sql);
        if (!prepared)
            return std::move(prepared.error());
        *statement = std::move(*prepared);
    }

    auto last = connection.queryNumber("SELECT max(position) FROM photos");
    if (!last)
        return std::move(last.error());
    nextPosition = *last + 1;

    auto query = connection.prepare("SELECT state, photos, original_bytes, result_bytes FROM totals");
    if (!query)
        return std::move(query.error());
    for (;;) {
        auto row = query->step();
        if (!row)
            return std::move(row.error());
        if (!*row)
            return {};
        totals.byState[static_cast<std::size_t>(query->number(0))]
            = {static_cast<std::uint64_t>(query->number(1)), static_cast<std::uint64_t>(query->number(2)),
               static_cast<std::uint64_t>(query->number(3))};
    }
}

Result<Database, LibraryError> Database::open(const std::filesystem::path &path, const OpenOptions &options)
{
    std::error_code error;
    if (path.has_parent_path())
        std::filesystem::create_directories(path.parent_path(), error);
    if (error)
        return LibraryError{LibraryErrorCode::noAccess,
                            "The folder of the library can't be made: " + error.message() + '.'};

    const auto attempt = [&]() -> Result<std::unique_ptr<Parts>, LibraryError> {
        const bool existed = std::filesystem::exists(path, error);
        auto connection = Connection::open(path, options.lockTimeout);
        if (!connection)
            return std::move(connection.error());
        auto opened = std::make_unique<Parts>(std::move(*connection));
        if (auto configured = configure(opened->connection); !configured)
            return std::move(configured.error());
        if (auto checked = check(opened->connection); !checked)
            return std::move(checked.error());
        auto version = migrate(opened->connection);
        if (!version)
            return std::move(version.error());
        if (auto mended = mendReferences(opened->connection); !mended)
            return std::move(mended.error());
        if (auto loaded = opened->load(); !loaded) {
            // A sound file of the newest version in which tables or columns are missing.
            if (loaded.error().code == LibraryErrorCode::internal)
                loaded.error().code = LibraryErrorCode::damaged;
            return std::move(loaded.error());
        }
        opened->report.created = !existed;
        if (*version > 0 && *version < static_cast<int>(migrations().size()))
            opened->report.migratedFrom = *version;
        return opened;
    };

    auto opened = attempt();
    if (!opened && opened.error().code == LibraryErrorCode::damaged) {
        auto aside = keepAside(path);
        if (!aside)
            return std::move(aside.error());
        opened = attempt();
        if (opened) {
            OpenReport &report = (*opened)->report;
            report.message = "The list of your photos was damaged, so a new one was started. The old one was kept as "
                + displayText(aside->filename().native()) + ". No photo was touched.";
            report.keptAside = std::move(*aside);
        }
    }
    if (!opened)
        return std::move(opened.error());
    return Database(std::move(*opened));
}

Database::Database(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
Database::Database(Database &&) noexcept = default;
Database &Database::operator=(Database &&) noexcept = default;
Database::~Database() = default;

Database::Parts &Database::parts() const
{
    assert(m_parts->owner == std::this_thread::get_id() && "A Database belongs to the thread that opened it");
    return *m_parts;
}

const OpenReport &Database::openReport() const
{
    return parts().report;
}

} // namespace steadyframe::library
