#pragma once

#include "imaging/imaging_error.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace steadyframe::imaging {

/// Where a codec reads from. Called from C code, so nothing here may throw. @thread the codec's
class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource &) = delete;
    ByteSource &operator=(const ByteSource &) = delete;
    virtual ~ByteSource() = default;
    /// Up to `buffer.size()` of the next bytes; 0 at the end, negative errno on failure.
    virtual std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept = 0;
};

/// Bytes that can be read at any place, in any order. @thread one at a time
class RandomBytes {
public:
    RandomBytes() = default;
    RandomBytes(const RandomBytes &) = delete;
    RandomBytes &operator=(const RandomBytes &) = delete;
    virtual ~RandomBytes() = default;
    [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
    /// Up to `buffer.size()` bytes from `offset` on; 0 at the end, negative errno on failure.
    virtual std::ptrdiff_t readAt(std::uint64_t offset, std::span<std::uint8_t> buffer) const noexcept = 0;

    /// Fills the whole buffer, or returns false.
    [[nodiscard]] bool fill(std::uint64_t offset, std::span<std::uint8_t> buffer) const noexcept
    {
        while (!buffer.empty()) {
            const std::ptrdiff_t got = readAt(offset, buffer);
            if (got <= 0)
                return false;
            offset += static_cast<std::uint64_t>(got);
            buffer = buffer.subspan(static_cast<std::size_t>(got));
        }
        return true;
    }
};

/// Where a codec writes to. Called from C code, so nothing here may throw. @thread the codec's
class ByteSink {
public:
    ByteSink() = default;
    ByteSink(const ByteSink &) = delete;
    ByteSink &operator=(const ByteSink &) = delete;
    virtual ~ByteSink() = default;
    /// Takes all bytes, or returns false, and the codec gives up.
    [[nodiscard]] virtual bool write(std::span<const std::uint8_t> bytes) noexcept = 0;
    /// Why `write` returned false.
    [[nodiscard]] virtual ImagingError error() const = 0;
};

} // namespace steadyframe::imaging
