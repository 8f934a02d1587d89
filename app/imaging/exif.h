#pragma once

#include "imaging/metadata_rule.h"
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
    bool adobeRgb = false; ///< the camera says by its own means that the colours are Adobe RGB
};

/// `block` is the TIFF structure after "Exif\0\0". @thread any
[[nodiscard]] ExifFacts readExif(std::span<const std::uint8_t> block);

/// What a block is to say of the new picture.
struct ExifChanges {
    MetadataRule rule;
    int width = 0; ///< in pixels, as stored
    int height = 0;
    Orientation orientation = Orientation::upright;
    std::vector<std::uint8_t> thumbnail; ///< a JPEG that takes the place of the embedded one, when the rule keeps it
};

/// A block written anew.
struct ExifRewrite {
    std::vector<std::uint8_t> block; ///< empty when nothing is left to tell
    bool leftOut = false; ///< the rule, or the place that there is, left something out
    bool damaged = false; ///< the old block lied about sizes or places; what could be read is there
};

/// Keeps what the rule keeps, and nothing else: what is left out leaves no bytes behind. Both orders of bytes; the
/// directories of EXIF, GPS and interoperability; a maker's note at the offset that it had. Pictures other than the
/// thumbnail, and private padding, are left out. The result fits into a JPEG's segment. @thread any
[[nodiscard]] ExifRewrite rewriteExif(std::span<const std::uint8_t> block, const ExifChanges &changes);

/// The same for a TIFF file, whose directories are read through `fetch`. @thread any
class TiffReader;
[[nodiscard]] ExifRewrite rewriteExif(TiffReader &tiff, const ExifChanges &changes);

/// The smallest block that says this orientation. @thread any
[[nodiscard]] std::vector<std::uint8_t> exifWithOrientation(Orientation orientation);

} // namespace steadyframe::imaging
