#pragma once

#include "imaging/byte_stream.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace steadyframe::imaging {

/// A marker of a JPEG with what belongs to it.
struct JpegSegment {
    std::uint8_t marker = 0; ///< its second byte
    std::uint64_t offset = 0; ///< of its first byte, 0xFF
    std::uint64_t payload = 0; ///< where its content begins, behind the length
    std::size_t size = 0; ///< of the content

    [[nodiscard]] std::uint64_t end() const noexcept { return payload + size; }
};

/// A JPEG up to its first scan.
struct JpegSegments {
    std::vector<JpegSegment> segments; ///< between the start of the image and its first scan
    std::uint64_t scan = 0; ///< where the marker of the first scan begins
};

inline constexpr std::uint8_t firstApplicationMarker = 0xE0;
inline constexpr std::uint8_t lastApplicationMarker = 0xEF;
inline constexpr std::uint8_t commentMarker = 0xFE;

/// Empty when the JPEG that begins at `start` does not reach its first scan in good order.
[[nodiscard]] std::optional<JpegSegments> readSegments(const RandomBytes &bytes, std::uint64_t start = 0);

/// Where the JPEG whose first scan begins at `scan` ends, behind its end marker; empty when it has none.
/// Reads every byte of its scans.
[[nodiscard]] std::optional<std::uint64_t> endOfJpeg(const RandomBytes &bytes, std::uint64_t scan);

} // namespace steadyframe::imaging
