#pragma once

#include "imaging/imaging_error.h"
#include "imaging/imaging_options.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// A small picture of a photo, upright.
struct Thumbnail {
    int width = 0;
    int height = 0;
    int sourceWidth = 0; ///< of the photo, as it is shown
    int sourceHeight = 0;
    std::vector<std::uint8_t> rgba; ///< width * height pixels of red, green, blue, alpha; opaque; rows not padded
};

/// What a thumbnail is made of.
enum class ThumbnailFrom : std::uint8_t {
    quickest, ///< the picture that the camera embedded, when it is large enough and has the photo's shape; else the
              ///< photo
    photo, ///< the photo itself
};

/// No side is longer than `longestSide` pixels (at least 1), and none longer than the photo's; decoded at a reduced
/// size where that is enough. Of a photo that ends early it shows what is there. @thread any; blocks until done
[[nodiscard]] isolate::Result<Thumbnail, ImagingError> makeThumbnail(const std::filesystem::path &path, int longestSide,
                                                                     std::stop_token stop,
                                                                     const ImagingOptions &options = {},
                                                                     ThumbnailFrom from = ThumbnailFrom::quickest);

} // namespace steadyframe::imaging
