#pragma once

#include "library/connection.h"
#include "library/photo_record.h"

#include <string>

namespace steadyframe::library {

/// Between rows of the table `photos` and records. @thread isolate, as all of this header

/// A query for whole rows, with what follows `FROM photos`.
[[nodiscard]] std::string selectRows(std::string_view rest);
/// The row that such a query has stepped to.
[[nodiscard]] PhotoRecord readRow(const Statement &query);

/// Inserts a photo that was just queued: everything but its id, which the database gives.
extern const std::string_view insertRow;
void bindInsert(Statement &insert, const PhotoRecord &record);

/// Writes all of a record that changes after it was inserted.
extern const std::string_view updateRow;
void bindUpdate(Statement &update, const PhotoRecord &record);

} // namespace steadyframe::library
