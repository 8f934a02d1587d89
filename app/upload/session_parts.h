#pragma once

#include "upload/destination.h"
#include "upload/retry.h"
#include "upload/upload_error.h"

#include <optional>
#include <stop_token>

namespace steadyframe::upload {

/// After a fault in a session: waits until the next try is due, and tells the observer. Gives the error that ends the
/// session in place of a next try: the fault itself, or `cancelled`. @thread isolate; blocks for the wait
[[nodiscard]] std::optional<UploadError> waitForNextTry(const UploadError &fault, BackOff &backOff,
                                                        const UploadObserver &observer, const std::stop_token &stop);

/// Whether a session that was stopped takes away what it has sent. @thread isolate
[[nodiscard]] bool removesWhenStopped(const UploadObserver &observer);

} // namespace steadyframe::upload
