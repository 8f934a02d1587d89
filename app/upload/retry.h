#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <stop_token>

namespace steadyframe::upload {

/// How faults that pass are waited out.
struct RetryLimits {
    unsigned attempts = 6; ///< Tries in a row without any progress, the first included.
    std::chrono::milliseconds first{500}; ///< About what the first wait takes; doubled each time.
    std::chrono::milliseconds longest{30'000};
    /// What a server may ask to wait within the call; above it the error goes to the caller, who knows better.
    std::chrono::milliseconds longestAsked{60'000};
};

/// Exponential back-off with jitter, so that many clients of a server that comes back don't all knock at once.
class BackOff {
public:
    explicit BackOff(const RetryLimits &limits);

    /// There was progress: the next fault starts from the beginning.
    void reset() { m_failures = 0; }

    /// The wait before the next try after a fault; nothing when it should be given up.
    [[nodiscard]] std::optional<std::chrono::milliseconds> next(std::optional<std::chrono::milliseconds> asked);

private:
    const RetryLimits m_limits;
    unsigned m_failures = 0;
    std::minstd_rand m_random;
};

/// Sleeps; false at once when the token is triggered. @thread any
[[nodiscard]] bool waitUnlessStopped(std::chrono::milliseconds time, std::stop_token stop);

} // namespace steadyframe::upload
