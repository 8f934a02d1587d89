#pragma once

#include "imaging/byte_stream.h"
#include "imaging/picture_format.h"

#include <cstdint>

namespace steadyframe::imaging {

/// How much of a picture file is there, by what the file tells of its own lengths.
enum class Extent : std::uint8_t {
    whole, ///< as far as its structure tells
    firstPicture, ///< its first picture is whole, but what follows it ends early
    cut, ///< the file ends within its first picture, or before it
};

/// Reads lengths only, no pixels. JPEG tells of its end by itself and counts as whole here, as does what contradicts
/// itself: whether that can be shown is for the decoder to say. @thread any; blocks on the disk
[[nodiscard]] Extent extentOf(const RandomBytes &file, PictureFormat format);

/// The error for a file that is `cut`. @thread any
[[nodiscard]] ImagingError endsEarlyError(PictureFormat format, std::uint64_t fileBytes);

} // namespace steadyframe::imaging
