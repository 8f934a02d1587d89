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
