#pragma once

#include "upload/upload_error.h"

#include <chrono>
#include <optional>
#include <random>
#include <stop_token>

namespace steadyframe::upload {

/// How faults that pass are waited out.
struct RetryLimits {
    unsigned attempts = 6; ///< Tries in a row without any progress, the first included, when the server fails.
    unsigned networkAttempts = 0; ///< The same when there is no answer at all; 0: until there is one.
    std::chrono::milliseconds first{500}; ///< About what the first wait takes; doubled each time.
    std::chrono::milliseconds longest{30'000};
    /// What a server may ask to wait within the call; above it the error goes to the caller, who knows better.
    std::chrono::milliseconds longestAsked{std::chrono::hours(1)};
};

/// How long a server is waited for, in all that may be waited for.
struct Patience {
    RetryLimits retry{};
    std::chrono::milliseconds connectLimit{10'000};
    std::chrono::milliseconds stallLimit{30'000}; ///< A connection is broken off when not a byte moved for so long.
};

/// Exponential back-off with jitter, so that many clients of a server that comes back don't all knock at once.
class BackOff {
public:
    explicit BackOff(const RetryLimits &limits);

    /// There was progress: the next fault starts from the beginning.
    void reset() { m_failures = 0; }

    /// The wait before the next try after a fault; nothing when it should be given up: what nobody's waiting mends, and
    /// what lasted too long. A full server does not get free by waiting a minute: that is the caller's.
    [[nodiscard]] std::optional<std::chrono::milliseconds> next(const UploadError &error);

private:
    const RetryLimits m_limits;
    unsigned m_failures = 0;
    std::minstd_rand m_random;
};

/// Sleeps; false at once when the token is triggered. @thread any
[[nodiscard]] bool waitUnlessStopped(std::chrono::milliseconds time, std::stop_token stop);

} // namespace steadyframe::upload
