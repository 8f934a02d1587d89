#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace steadyframe::command_line {

/// SIGINT, SIGTERM and SIGHUP request a stop instead of ending the process, until this goes. Made before any other
/// thread, so that none takes them; those that are ignored (nohup) stay so. @thread the first
class StopSignals {
public:
    explicit StopSignals(std::stop_source stop);
    StopSignals(const StopSignals &) = delete;
    StopSignals &operator=(const StopSignals &) = delete;
    ~StopSignals();

    /// The number of the signal that came, or 0.
    [[nodiscard]] int received() const noexcept { return m_received; }

private:
    void watch(std::stop_source stop);
    int m_signals = -1;
    int m_end = -1;
    std::atomic<int> m_received = 0;
    std::thread m_thread;
};

} // namespace steadyframe::command_line
