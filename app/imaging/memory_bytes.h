#pragma once

#include "imaging/byte_stream.h"

#include <algorithm>
#include <vector>

namespace steadyframe::imaging {

/// Reads bytes that somebody else owns and that outlive it.
class MemoryBytes final : public ByteSource, public RandomBytes {
public:
    explicit MemoryBytes(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}

    std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override
    {
        const std::ptrdiff_t got = readAt(m_position, buffer);
        m_position += static_cast<std::uint64_t>(got);
        return got;
    }
    [[nodiscard]] std::uint64_t size() const noexcept override { return m_bytes.size(); }
    std::ptrdiff_t readAt(std::uint64_t offset, std::span<std::uint8_t> buffer) const noexcept override
    {
        if (offset >= m_bytes.size())
            return 0;
        const std::span<const std::uint8_t> left = m_bytes.subspan(static_cast<std::size_t>(offset));
        const std::size_t count = std::min(buffer.size(), left.size());
        std::copy_n(left.begin(), count, buffer.begin());
        return static_cast<std::ptrdiff_t>(count);
    }

private:
    std::span<const std::uint8_t> m_bytes;
    std::uint64_t m_position = 0;
};

/// Keeps what is written, up to a limit.
class MemorySink final : public ByteSink {
public:
    /// More than `limit` bytes make `write` fail and `overLimit` true.
    explicit MemorySink(std::uint64_t limit = UINT64_MAX) : m_limit(limit) {}

    [[nodiscard]] bool write(std::span<const std::uint8_t> bytes) noexcept override
    {
        m_overLimit = m_bytes.size() + bytes.size() > m_limit;
        if (m_overLimit)
            return false;
        try {
            m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        } catch (const std::bad_alloc &) {
            return false;
        }
        return true;
    }
    [[nodiscard]] ImagingError error() const override { return outOfMemoryError(); }
    [[nodiscard]] bool overLimit() const noexcept { return m_overLimit; }
    [[nodiscard]] std::vector<std::uint8_t> &bytes() noexcept { return m_bytes; }

private:
    std::vector<std::uint8_t> m_bytes;
    std::uint64_t m_limit;
    bool m_overLimit = false;
};

} // namespace steadyframe::imaging
