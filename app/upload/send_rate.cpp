#include "upload/send_rate.h"

#include <algorithm>
#include <cmath>

namespace steadyframe::upload {

namespace {

// Small enough that those who send at once take turns, large enough that a fast line is not held up by asking.
constexpr double smallestShare = 1024;
constexpr double largestShare = 64 * 1024;

double burstBytes(std::uint64_t bytesPerSecond)
{
    const double seconds = std::chrono::duration<double>(SendRate::burst).count();
    return std::max(smallestShare, static_cast<double>(bytesPerSecond) * seconds);
}

} // namespace

void SendRate::setLimit(std::uint64_t bytesPerSecond, Time now)
{
    const std::lock_guard lock(m_mutex);
    m_bytesPerSecond = bytesPerSecond;
    m_allowed = 0;
    m_filled = now;
}

void SendRate::refillLocked(Time now)
{
    const double seconds = std::max(0.0, std::chrono::duration<double>(now - m_filled).count());
    m_allowed = std::min(m_allowed + seconds * static_cast<double>(m_bytesPerSecond), burstBytes(m_bytesPerSecond));
    m_filled = now;
}

std::size_t SendRate::take(std::size_t wanted, Time now)
{
    const std::lock_guard lock(m_mutex);
    if (m_bytesPerSecond == 0)
        return wanted;
    refillLocked(now);
    const double share = std::min({static_cast<double>(wanted), m_allowed, largestShare});
    if (share < std::min(smallestShare, static_cast<double>(wanted)))
        return 0;
    m_allowed -= std::floor(share);
    return static_cast<std::size_t>(share);
}

std::chrono::milliseconds SendRate::pause(Time now) const
{
    const std::lock_guard lock(m_mutex);
    if (m_bytesPerSecond == 0)
        return std::chrono::milliseconds(0);
    const double passed = std::max(0.0, std::chrono::duration<double>(now - m_filled).count());
    const double missing = smallestShare - m_allowed - passed * static_cast<double>(m_bytesPerSecond);
    const double seconds = std::max(0.0, missing / static_cast<double>(m_bytesPerSecond));
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
}

} // namespace steadyframe::upload
