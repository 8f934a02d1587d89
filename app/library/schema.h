#pragma once

#include "library/connection.h"

#include <span>

namespace steadyframe::library {

/// What makes each schema version from the one before; number n, from 1, makes version n. `PRAGMA user_version` has the
/// version of a file. What is listed here is never changed, only added to. @thread any
[[nodiscard]] std::span<const char *const> migrations();

/// Brings a database to the newest version, each step a transaction of its own, and gives the version that it had.
[[nodiscard]] isolate::Result<int, LibraryError> migrate(Connection &connection);

} // namespace steadyframe::library
