#pragma once

#include <chrono>
#include <cstdint>

namespace steadyframe::upload {

/// How many files to upload at once, found out by trying: one more as long as that brings more bytes a second, one less
/// when it does not, half when the server asks for less. Told the times, it reads no clock.
class ParallelUploads {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr unsigned first = 3;
    static constexpr std::chrono::seconds period{3}; ///< One number is kept and measured for so long.

    /// `most`: never more; at least 1.
    explicit ParallelUploads(unsigned most);

    [[nodiscard]] unsigned count() const { return m_count; }

    /// The server has more bytes. `waiting`: there are files for which there was no turn, so the number is what limits.
    void acknowledged(std::uint64_t bytes, bool waiting, Time now);
    /// The server asked to wait or failed.
    void serverIsBusy(Time now);

private:
    void startPeriod(Time now);

    const unsigned m_most;
    unsigned m_count;
    int m_direction = 1;
    double m_lastRate = 0; ///< bytes a second in the period before
    std::uint64_t m_bytes = 0;
    bool m_limited = true; ///< in all of this period
    Time m_start{};
};

} // namespace steadyframe::upload
