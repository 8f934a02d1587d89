#pragma once

#include <chrono>
#include <cstdint>

namespace steadyframe::upload {

/// Notices that nothing moves on a libcurl transfer. Bytes count when the peer has confirmed them, not when the system
/// took them into its buffer: what a slow line still has to drain is no stall, and what a dead one will never is.
///
/// libcurl's own limit looks at an average of several seconds, and at the system's buffer.
/// @thread isolate; one thread at a time
class StallWatch {
public:
    /// `easy` is the CURL handle, which must outlive this.
    StallWatch(void *easy, std::chrono::milliseconds limit);

    /// True when nothing moved for the limit.
    [[nodiscard]] bool isStalled();

    /// Counts from now on: until now nothing was meant to move.
    void restart() { m_since = std::chrono::steady_clock::now(); }

    /// How long to wait for events before asking again.
    [[nodiscard]] std::chrono::milliseconds interval() const;

private:
    [[nodiscard]] std::int64_t moved() const;

    void *m_easy;
    std::chrono::milliseconds m_limit;
    std::int64_t m_moved = 0;
    std::chrono::steady_clock::time_point m_since;
};

} // namespace steadyframe::upload
