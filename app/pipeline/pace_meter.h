#pragma once

#include "pipeline/messages.h"

#include <chrono>
#include <deque>

namespace steadyframe::pipeline {

/// How fast uploads go, from what the server acknowledged within the last seconds. Told the time, it reads no clock.
class PaceMeter {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds window{5};

    void acknowledged(std::uint64_t bytes, Time now) { add({now, bytes, 0}); }
    void uploaded(Time now) { add({now, 0, 1}); }
    /// `left`: photos that are not done yet.
    [[nodiscard]] Pace pace(std::int64_t left, Time now);

private:
    struct Sample {
        Time time;
        std::uint64_t bytes;
        unsigned photos;
    };
    void add(Sample sample);
    void forgetBefore(Time time);

    std::deque<Sample> m_samples;
    Time m_since{}; ///< when the first sample after a rest came
    std::uint64_t m_bytes = 0;
    unsigned m_photos = 0;
};

} // namespace steadyframe::pipeline
