#include "upload/retry.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace steadyframe::upload {

BackOff::BackOff(const RetryLimits &limits) : m_limits(limits), m_random(std::random_device{}()) {}

std::optional<std::chrono::milliseconds> BackOff::next(const UploadError &error)
{
    constexpr unsigned largestShift = 20;
    const auto asked = error.retryAfter;
    const bool passes = error.code == UploadErrc::network || error.code == UploadErrc::server;
    if (!passes || (asked && *asked > m_limits.longestAsked))
        return std::nullopt;
    const bool answered = error.code == UploadErrc::server || error.httpStatus != 0;
    const unsigned most = answered ? m_limits.attempts : m_limits.networkAttempts;
    ++m_failures;
    if (most != 0 && m_failures >= most)
        return std::nullopt;
    const auto doubled = m_limits.first.count() << std::min(m_failures - 1, largestShift);
    const auto base = std::min<std::int64_t>(doubled, m_limits.longest.count());
    std::uniform_int_distribution<std::int64_t> jitter(base / 2, base);
    const std::chrono::milliseconds wait(jitter(m_random));
    return asked ? std::max(wait, *asked) : wait;
}

bool waitUnlessStopped(std::chrono::milliseconds time, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any condition;
    std::unique_lock lock(mutex);
    condition.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

} // namespace steadyframe::upload
