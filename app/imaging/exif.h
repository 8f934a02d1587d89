#pragma once

#include "imaging/orientation.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace steadyframe::imaging {

/// A place inside a block.
struct ExifRange {
    std::size_t offset = 0;
    std::size_t size = 0;
};

/// What we read from an EXIF block. A block that lies about its sizes gives what could be read safely.
struct ExifFacts {
    Orientation orientation = Orientation::upright;
    std::optional<ExifRange> thumbnail; ///< a JPEG file inside the block
};

/// `block` is the TIFF structure after "Exif\0\0". @thread any
[[nodiscard]] ExifFacts readExif(std::span<const std::uint8_t> block);

/// The same block for the picture turned upright, of this size: orientation 1, new dimensions, and no thumbnail, which
/// would show the old picture. Every other tag stays where it was. @thread any
[[nodiscard]] std::vector<std::uint8_t> uprightExif(std::span<const std::uint8_t> block, int width, int height);

/// The smallest block that says this orientation. @thread any
[[nodiscard]] std::vector<std::uint8_t> exifWithOrientation(Orientation orientation);

} // namespace steadyframe::imaging
