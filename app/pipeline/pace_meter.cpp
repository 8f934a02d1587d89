#include "pipeline/pace_meter.h"

namespace steadyframe::pipeline {

void PaceMeter::add(Sample sample)
{
    forgetBefore(sample.time - window);
    if (m_samples.empty())
        m_since = sample.time;
    m_bytes += sample.bytes;
    m_photos += sample.photos;
    m_samples.push_back(sample);
}

void PaceMeter::forgetBefore(Time time)
{
    while (!m_samples.empty() && m_samples.front().time < time) {
        m_bytes -= m_samples.front().bytes;
        m_photos -= m_samples.front().photos;
        m_samples.pop_front();
    }
}

Pace PaceMeter::pace(std::int64_t left, Time now)
{
    forgetBefore(now - window);
    Pace pace;
    // At the start a shorter time is looked at; less than half a second says nothing.
    const auto seen = std::min<std::chrono::duration<double>>(window, now - m_since);
    if (m_samples.empty() || left == 0 || seen.count() < 0.5)
        return pace;
    pace.uploadBytesPerSecond = static_cast<double>(m_bytes) / seen.count();
    pace.photosPerSecond = m_photos / seen.count();
    if (m_photos > 0)
        pace.secondsLeft = static_cast<double>(left) / pace.photosPerSecond;
    return pace;
}

} // namespace steadyframe::pipeline
