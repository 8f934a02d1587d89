#pragma once

#include <chrono>
#include <cstdint>

namespace steadyframe::upload {

/// How chunks are sized: small enough that the acknowledged percentage moves, large enough that waiting for answers
/// costs little.
struct ChunkLimits {
    std::uint64_t first = 256 * 1024; ///< Bytes, before anything is known of the connection.
    std::uint64_t smallest = 64 * 1024;
    std::uint64_t largest = 64 * 1024 * 1024;
    std::chrono::milliseconds target{150}; ///< What a chunk should take from its first byte to the answer.
};

/// The size of the next chunk, from how long the last ones took. Pure: it is told the times.
class ChunkSize {
public:
    explicit ChunkSize(const ChunkLimits &limits);

    /// What a request without a body took: on a far server a chunk may take longer, so that most time is spent sending.
    void setRoundTrip(std::chrono::nanoseconds roundTrip);

    /// A chunk arrived.
    void record(std::uint64_t bytes, std::chrono::nanoseconds took);

    /// A chunk was lost: less is at stake next time.
    void recordLoss();

    /// Bytes; at least 1 unless `remaining` is 0, at most `remaining`.
    [[nodiscard]] std::uint64_t next(std::uint64_t remaining) const;

private:
    const ChunkLimits m_limits;
    std::chrono::nanoseconds m_target;
    std::uint64_t m_bytes;
};

} // namespace steadyframe::upload
