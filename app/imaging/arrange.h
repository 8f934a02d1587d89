#pragma once

#include "imaging/compress_settings.h"
#include "imaging/imaging_error.h"
#include "imaging/orientation.h"
#include "imaging/plane.h"
#include "imaging/resample.h"

#include <isolate_core/result.h>

#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// Width and height in pixels.
struct PictureSize {
    int width = 0;
    int height = 0;

    friend bool operator==(const PictureSize &, const PictureSize &) = default;
};

/// `size` after the orientation is applied; also the way back.
[[nodiscard]] PictureSize turned(PictureSize size, Orientation orientation);
/// The largest of the same shape that has no side longer than `longestSide`; 0 and what is larger keep the size.
[[nodiscard]] PictureSize fitted(PictureSize size, int longestSide);
/// What `rule` makes of a picture that is shown at `size`: no side longer, and none shorter than a pixel.
[[nodiscard]] PictureSize resized(PictureSize size, const ResizeRule &rule);
/// The fewest eighths of `from`, 1 to 8, that leave the resampling at least `factor` times the pixels of `to` in each
/// direction; 8 when none does.
[[nodiscard]] int decodeScale(PictureSize from, PictureSize to, double factor);
/// The next of 1, 2, 4 and 8 eighths, at which libjpeg is fast.
[[nodiscard]] int fastScale(int eighths);

/// Which samples of a stored channel lie under a new one of `to` samples, each of which stands for `step` pixels of a
/// picture of `picture` pixels; all as stored. A last sample that reaches over the edge of an odd size lies on the side
/// that is shown last. `coveredWidth` and `coveredHeight`: the samples of the stored channel that are picture.
[[nodiscard]] Region regionUnder(PictureSize picture, PictureSize to, ChromaStep step, double coveredWidth,
                                 double coveredHeight, Orientation orientation);

/// Planes of a picture that is to be shown at `size` upright, with this resolution of colour.
struct Arrangement {
    PictureSize size;
    ChromaStep chroma;
    Orientation orientation = Orientation::upright; ///< of the picture as stored
};

/// Resizes and turns; a plane that fits already is moved. Colour stays exactly over brightness for odd sizes too.
[[nodiscard]] isolate::Result<std::vector<Plane>, ImagingError> arrange(Picture picture, const Arrangement &arrangement,
                                                                        const std::stop_token &stop);

} // namespace steadyframe::imaging
