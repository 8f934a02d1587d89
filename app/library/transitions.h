#pragma once

#include "library/library_error.h"
#include "library/photo_record.h"

#include <isolate_core/result.h>

namespace steadyframe::library {

/// Whether a photo may go from one state to another. The table, rows from, columns to:
///
/// |             | queued | compressing | compressed | uploading | uploaded | failed | cancelled |
/// |-------------|--------|-------------|------------|-----------|----------|--------|-----------|
/// | queued      |        | begins      |            |           |          | fails  | cancels   |
/// | compressing | put back |           | done       |           |          | fails  | cancels   |
/// | compressed  |        |             |            | begins    |          | fails  | cancels   |
/// | uploading   | anew   |             | put back   | progress  | done     | fails  | cancels   |
/// | uploaded    | again  |             | again      |           |          |        |           |
/// | failed      | retry  |             | retry      |           |          |        |           |
/// | cancelled   | retry  |             | retry      |           |          |        |           |
///
/// Work is put back when it was stopped without the photo's fault: the program ended, the pipeline was paused, the
/// destination lost the upload. A retry goes on from the result when that is still there. It starts anew when the
/// result turned out to be gone, or to be another file. Again is the person's wish to send what the destination had.
/// @thread any
[[nodiscard]] bool isAllowed(PhotoState from, PhotoState to) noexcept;

/// Makes the change to the record, with what the new state sets and resets:
/// - queued: no result, no upload, no error, no attempts; put back from compressing, the attempts stay
/// - compressed, when compressing is done: the change has to name the result and its size; no upload
/// - compressed, on a retry: the recorded result has to be on disk with its size; the upload goes on where it was
/// - compressed, to be sent again: the same, and no upload
/// - uploading, when it begins: one attempt more
/// - uploaded: everything is acknowledged
/// - failed: the change has to say why
/// - other states: no error
/// The record is unchanged when the change is refused. Looks at the disk on a retry and before it is sent again.
/// @thread any
[[nodiscard]] isolate::Result<void, LibraryError> applyChange(PhotoRecord &record, const PhotoChange &change,
                                                              UtcTime now);

} // namespace steadyframe::library
