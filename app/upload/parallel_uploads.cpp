#include "upload/parallel_uploads.h"

#include <algorithm>

namespace steadyframe::upload {

namespace {

constexpr double worthIt = 1.1; // so much more a second is more than chance
constexpr std::chrono::seconds longestGap{10}; // between bytes; after it a measurement begins anew

} // namespace

ParallelUploads::ParallelUploads(unsigned most) : m_most(std::max(1U, most)), m_count(std::min(first, m_most)) {}

void ParallelUploads::startPeriod(Time now)
{
    m_start = now;
    m_bytes = 0;
    m_limited = true;
}

void ParallelUploads::acknowledged(std::uint64_t bytes, bool waiting, Time now)
{
    if (m_start == Time{} || now - m_start > period + longestGap) {
        startPeriod(now);
        m_lastRate = 0;
        return;
    }
    m_bytes += bytes;
    m_limited = m_limited && waiting;
    if (now - m_start < period)
        return;
    const double rate = static_cast<double>(m_bytes) / std::chrono::duration<double>(now - m_start).count();
    const bool measured = m_limited;
    startPeriod(now);
    if (!measured)
        return; // there were not files enough to tell
    if (m_lastRate > 0 && rate < m_lastRate * (m_direction > 0 ? worthIt : 1 / worthIt))
        m_direction = -m_direction;
    m_lastRate = rate;
    const int next = static_cast<int>(m_count) + m_direction;
    m_count = static_cast<unsigned>(std::clamp(next, 1, static_cast<int>(m_most)));
}

void ParallelUploads::serverIsBusy(Time now)
{
    m_count = std::max(1U, m_count / 2);
    m_direction = 1;
    m_lastRate = 0;
    startPeriod(now);
}

} // namespace steadyframe::upload
