#include "library/connection.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace steadyframe::library {

using isolate::Result;

void Connection::Close::operator()(sqlite3 *handle) const noexcept
{
    sqlite3_close_v2(handle);
}

void Statement::Finalize::operator()(sqlite3_stmt *handle) const noexcept
{
    sqlite3_finalize(handle);
}

Result<Connection, LibraryError> Connection::open(const std::filesystem::path &path,
                                                  std::chrono::milliseconds lockTimeout)
{
    // NOMUTEX: one thread uses the connection.
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3 *handle = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    if (!handle)
        return LibraryError{LibraryErrorCode::outOfMemory, "There is not enough memory to open the library."};
    Connection connection(handle);
    if (result != SQLITE_OK)
        return connection.error(result);
    sqlite3_busy_timeout(handle, static_cast<int>(lockTimeout.count()));
    return connection;
}

Result<void, LibraryError> Connection::execute(const char *sql)
{
    const int result = sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        return error(result);
    return {};
}

Result<Statement, LibraryError> Connection::prepare(std::string_view sql)
{
    sqlite3_stmt *handle = nullptr;
    const int result = sqlite3_prepare_v3(m_handle.get(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (result != SQLITE_OK)
        return error(result);
    return Statement(this, handle);
}

Result<std::int64_t, LibraryError> Connection::queryNumber(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return std::move(statement.error());
    auto row = statement->step();
    if (!row)
        return std::move(row.error());
    return *row ? statement->number(0) : 0;
}

Result<std::string, LibraryError> Connection::queryText(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return std::move(statement.error());
    auto row = statement->step();
    if (!row)
        return std::move(row.error());
    return *row ? std::string(statement->bytes(0)) : std::string();
}

std::int64_t Connection::lastInsertedId() const
{
    return sqlite3_last_insert_rowid(m_handle.get());
}

LibraryError Connection::error(int result) const
{
    const int systemError = sqlite3_system_errno(m_handle.get());
    const bool noRoom = systemError == ENOSPC || systemError == EDQUOT;
    const std::string detail = sqlite3_errmsg(m_handle.get());
    switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {LibraryErrorCode::locked,
                "Another program has the library open, perhaps a second Steadyframe. Close it and try again."};
    case SQLITE_FULL:
        return {LibraryErrorCode::diskFull, "The disk is full. Free some space and try again."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {LibraryErrorCode::damaged, "The library is damaged: " + detail + '.'};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
        return {LibraryErrorCode::noAccess,
                "The library can't be opened or written. Check that its folder exists and "
                "that you may write there: "
                    + detail + '.'};
    case SQLITE_IOERR:
        if (noRoom)
            return {LibraryErrorCode::diskFull, "The disk is full. Free some space and try again."};
        return {LibraryErrorCode::ioFailed,
                "The library can't be read or written: " + detail
                    + (systemError ? std::string(" (") + std::strerror(systemError) + ')' : "") + '.'};
    case SQLITE_NOMEM:
        return {LibraryErrorCode::outOfMemory, "There is not enough memory for the library."};
    default:
        return {LibraryErrorCode::internal, "SQLite: " + detail + '.'};
    }
}

Statement &Statement::reset()
{
    sqlite3_reset(m_handle.get());
    m_nextParameter = 1;
    m_bindResult = SQLITE_OK;
    return *this;
}

Statement &Statement::checked(int result)
{
    if (m_bindResult == SQLITE_OK)
        m_bindResult = result;
    ++m_nextParameter;
    return *this;
}

Statement &Statement::bind(std::int64_t value)
{
    return checked(sqlite3_bind_int64(m_handle.get(), m_nextParameter, value));
}

Statement &Statement::bindNull()
{
    return checked(sqlite3_bind_null(m_handle.get(), m_nextParameter));
}

Statement &Statement::bindText(std::string_view value)
{
    return checked(sqlite3_bind_text64(m_handle.get(), m_nextParameter, value.data() ? value.data() : "", value.size(),
                                       SQLITE_STATIC, SQLITE_UTF8));
}

Statement &Statement::bindBlob(std::string_view value)
{
    return checked(sqlite3_bind_blob64(m_handle.get(), m_nextParameter, value.data() ? value.data() : "", value.size(),
                                       SQLITE_STATIC));
}

Result<bool, LibraryError> Statement::step()
{
    if (m_bindResult != SQLITE_OK)
        return m_connection->error(m_bindResult);
    const int result = sqlite3_step(m_handle.get());
    if (result == SQLITE_ROW)
        return true;
    if (result == SQLITE_DONE)
        return false;
    LibraryError error = m_connection->error(result);
    sqlite3_reset(m_handle.get());
    return error;
}

Result<void, LibraryError> Statement::run()
{
    auto row = step();
    reset();
    if (!row)
        return std::move(row.error());
    return {};
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(m_handle.get(), column);
}

std::string_view Statement::bytes(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_handle.get(), column));
    return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column))};
}

Result<Transaction, LibraryError> Transaction::begin(Connection &connection)
{
    if (auto begun = connection.execute("BEGIN IMMEDIATE"); !begun)
        return std::move(begun.error());
    return Transaction(&connection);
}

Transaction::Transaction(Transaction &&other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}

Transaction::~Transaction()
{
    if (!m_connection)
        return;
    // SQLite has already undone it after some errors, and then says so; there is nothing more to do.
    static_cast<void>(m_connection->execute("ROLLBACK"));
}

Result<void, LibraryError> Transaction::commit()
{
    auto committed = m_connection->execute("COMMIT");
    if (committed)
        m_connection = nullptr;
    return committed;
}

} // namespace steadyframe::library
