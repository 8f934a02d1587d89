#pragma once

#include "isolate_core/runtime.h"

namespace isolate {

/// An isolate that has not reached a checkpoint in time.
struct StallNotice {
    IsolateId isolate = 0; ///< the one that runs
    std::string name; ///< its name
    std::string activity; ///< what it last said by `setActivity`
    std::chrono::nanoseconds sinceCheckpoint{0}; ///< at least the limit
};

/// Names isolates that run longer than `limit` without a `checkpoint()`, also those that block in a call: once for each
/// such stretch. A turn of an isolate, one event or several, begins with a checkpoint.
///
/// It has a thread that looks twice in each `limit` while isolates run and sleeps for good when none does. `report` is
/// called on that thread; it must not destroy the watchdog. Destroy it before its runtime. One at a time for a runtime.
/// @thread any
class Watchdog {
public:
    /// Starts its thread; throws `std::system_error` if there is none to be had. `limit` is over 0. `report` throws
    /// nothing.
    Watchdog(Runtime &runtime, std::chrono::nanoseconds limit, std::function<void(const StallNotice &)> report);
    /// Waits for a `report` that runs, then ends its thread.
    ~Watchdog();
    Watchdog(const Watchdog &) = delete;
    Watchdog &operator=(const Watchdog &) = delete;

    /// How often it has looked: stands still while nothing runs.
    [[nodiscard]] std::uint64_t looks() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace isolate
