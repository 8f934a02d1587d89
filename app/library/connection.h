#pragma once

#include "library/library_error.h"

#include <isolate_core/result.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace steadyframe::library {

class Statement;

/// An open SQLite file. @thread isolate, as all of this header
class Connection {
public:
    [[nodiscard]] static isolate::Result<Connection, LibraryError> open(const std::filesystem::path &path,
                                                                        std::chrono::milliseconds lockTimeout);

    /// Runs one or several statements that give no rows.
    [[nodiscard]] isolate::Result<void, LibraryError> execute(const char *sql);
    [[nodiscard]] isolate::Result<Statement, LibraryError> prepare(std::string_view sql);
    /// The first column of the first row of a query, as a number or as text.
    [[nodiscard]] isolate::Result<std::int64_t, LibraryError> queryNumber(std::string_view sql);
    [[nodiscard]] isolate::Result<std::string, LibraryError> queryText(std::string_view sql);
    [[nodiscard]] std::int64_t lastInsertedId() const;
    /// A statement failed with this result code of SQLite: what that means here.
    [[nodiscard]] LibraryError error(int result) const;

private:
    struct Close {
        void operator()(sqlite3 *handle) const noexcept;
    };
    explicit Connection(sqlite3 *handle) : m_handle(handle) {}

    std::unique_ptr<sqlite3, Close> m_handle;
};

/// A prepared statement, to be used again and again: bind all its parameters in their order, step until there is no
/// row, or reset. The connection outlives it and is not moved meanwhile.
class Statement {
public:
    Statement() = default;

    /// Starts over: the next value bound is the first parameter.
    Statement &reset();
    Statement &bind(std::int64_t value);
    Statement &bindNull();
    /// The bytes must live until the statement is reset or stepped to its end.
    Statement &bindText(std::string_view value);
    Statement &bindBlob(std::string_view value);

    /// True when there is a row to be read.
    [[nodiscard]] isolate::Result<bool, LibraryError> step();
    /// Steps through a statement that gives no rows, and resets it.
    [[nodiscard]] isolate::Result<void, LibraryError> run();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    /// Text or blob; valid until the next step.
    [[nodiscard]] std::string_view bytes(int column) const;

private:
    friend class Connection;
    struct Finalize {
        void operator()(sqlite3_stmt *handle) const noexcept;
    };
    Statement(const Connection *connection, sqlite3_stmt *handle) : m_connection(connection), m_handle(handle) {}
    Statement &checked(int result);

    const Connection *m_connection = nullptr;
    std::unique_ptr<sqlite3_stmt, Finalize> m_handle;
    int m_nextParameter = 1;
    int m_bindResult = 0;
};

/// A transaction that is undone unless it is committed.
class Transaction {
public:
    [[nodiscard]] static isolate::Result<Transaction, LibraryError> begin(Connection &connection);
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    [[nodiscard]] isolate::Result<void, LibraryError> commit();

private:
    explicit Transaction(Connection *connection) : m_connection(connection) {}
    Connection *m_connection;
};

} // namespace steadyframe::library
