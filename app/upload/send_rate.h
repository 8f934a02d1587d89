#pragma once

#include <isolate_core/sendable.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace steadyframe::upload {

/// A limit on what is sent, shared by all who send: what one takes, the others don't get. Told the time, it reads no
/// clock. @thread any
class SendRate {
public:
    using Time = std::chrono::steady_clock::time_point;
    /// What may be sent at once after a rest.
    static constexpr std::chrono::milliseconds burst{100};

    /// Bytes each second from now on; 0: no limit.
    void setLimit(std::uint64_t bytesPerSecond, Time now);

    /// How many of the wanted bytes may be sent now; 0: wait for `pause` first. They count as sent.
    [[nodiscard]] std::size_t take(std::size_t wanted, Time now);

    /// Until `take` gives something again.
    [[nodiscard]] std::chrono::milliseconds pause(Time now) const;

private:
    void refillLocked(Time now);

    mutable std::mutex m_mutex;
    std::uint64_t m_bytesPerSecond = 0;
    double m_allowed = 0; ///< bytes; at most those of a burst
    Time m_filled{};
};

/// A rate that several isolates share: the one thing that they have to share to hold a limit together, so it has a lock
/// of its own. @thread any
class SharedRate {
public:
    SharedRate() : m_rate(std::make_shared<SendRate>()) {}
    [[nodiscard]] const std::shared_ptr<SendRate> &get() const { return m_rate; }

private:
    std::shared_ptr<SendRate> m_rate;
};

} // namespace steadyframe::upload

template <>
struct isolate::IsSendableClass<steadyframe::upload::SharedRate> : std::true_type {
};
