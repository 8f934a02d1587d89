#pragma once

#include "library/connection.h"
#include "library/database.h"

#include <thread>
#include <vector>

namespace steadyframe::library {

/// Statements that are prepared once. They refer to the connection beside which they live.
struct Statements {
    Statement insert;
    Statement update;
    Statement byId;
    Statement page;
    Statement pageInState;
    Statement remove;
    Statement setTotals;
    Statement setOrder;
    Statement setPosition;
    Statement addArrival;
    Statement arrival;
    Statement forgetArrival;
    Statement answer;
    Statement remember;
    Statement forgetAnswer;
};

struct Database::Parts {
    explicit Parts(Connection opened) : connection(std::move(opened)) {}

    /// Prepares the statements and reads what is kept in memory.
    [[nodiscard]] isolate::Result<void, LibraryError> load();

    [[nodiscard]] isolate::Result<PhotoRecord, LibraryError> photo(PhotoId id);
    [[nodiscard]] isolate::Result<std::vector<PhotoRecord>, LibraryError> rows(Statement &bound);
    /// When the change made it uploaded; forgets the arrival when it is to be sent again. In a transaction.
    [[nodiscard]] isolate::Result<void, LibraryError> recordArrival(const PhotoRecord &before,
                                                                    const PhotoRecord &after);
    /// Whether commits are also safe from a loss of power; not to be called in a transaction.
    [[nodiscard]] isolate::Result<void, LibraryError> flushCommits(bool flush);
    /// A transaction whose commit is like that.
    [[nodiscard]] isolate::Result<Transaction, LibraryError> begin(bool flush);
    /// Stores the totals with the changes that they sum up, and commits; then they are the totals.
    [[nodiscard]] isolate::Result<void, LibraryError> commit(Transaction &transaction, const LibraryTotals &newTotals);

    Connection connection;
    Statements statements;
    LibraryTotals totals;
    std::int64_t nextPosition = 1;
    OpenReport report;
    bool flushing = false;
    const std::thread::id owner = std::this_thread::get_id();
};

} // namespace steadyframe::library
