#include "upload/chunk_size.h"

#include <algorithm>

namespace steadyframe::upload {

namespace {

constexpr int roundTripsPerChunk = 8;
constexpr std::chrono::seconds longestTarget{2};
constexpr double maximumGrowth = 4.0;
constexpr double maximumShrink = 0.25;

} // namespace

ChunkSize::ChunkSize(const ChunkLimits &limits)
    : m_limits(limits), m_target(limits.target), m_bytes(std::clamp(limits.first, limits.smallest, limits.largest))
{
}

void ChunkSize::setRoundTrip(std::chrono::nanoseconds roundTrip)
{
    const std::chrono::nanoseconds base = m_limits.target;
    m_target = std::clamp<std::chrono::nanoseconds>(roundTrip * roundTripsPerChunk, base,
                                                    std::max<std::chrono::nanoseconds>(base, longestTarget));
}

void ChunkSize::record(std::uint64_t bytes, std::chrono::nanoseconds took)
{
    if (bytes < m_bytes / 2)
        return; // the short end of a file says little about longer chunks
    const double factor
        = static_cast<double>(m_target.count()) / static_cast<double>(std::max<std::int64_t>(took.count(), 1));
    const double scaled = static_cast<double>(m_bytes) * std::clamp(factor, maximumShrink, maximumGrowth);
    m_bytes = std::clamp(static_cast<std::uint64_t>(scaled), m_limits.smallest, m_limits.largest);
}

void ChunkSize::recordLoss()
{
    m_bytes = std::clamp(m_bytes / 2, m_limits.smallest, m_limits.largest);
}

std::uint64_t ChunkSize::next(std::uint64_t remaining) const
{
    return std::min(remaining, m_bytes);
}

} // namespace steadyframe::upload
