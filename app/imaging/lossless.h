#pragma once

#include "imaging/imaging_error.h"
#include "imaging/jpeg_reader.h"
#include "imaging/orientation.h"
#include "imaging/photo_metadata.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace steadyframe::imaging {

/// A JPEG that is to be written anew with the same coefficients.
struct Recoding {
    Orientation turn = Orientation::upright; ///< how the stored pixels are turned; `turnsWhole` must hold
    bool progressive = false; ///< progressive in any case; otherwise whichever of the two is smaller
    std::vector<JpegMarker> markers;
    std::vector<std::uint8_t> icc;
};

/// The coefficients can be turned and no pixel is lost: the edges that change sides lie on whole blocks. Others stay as
/// they are, and the tag that tells how to show them stays with them: nothing is ever trimmed.
[[nodiscard]] bool turnsWhole(JpegReader &reader, Orientation turn);
/// That, and it takes no more memory than one may spend where nobody asked for the same pixels. Then such a picture of
/// up to 26 megapixels (half the resolution of colour) is turned. @thread the reader's
[[nodiscard]] bool turnsWithinBounds(JpegReader &reader, Orientation turn, const ImagingLimits &limits);

/// The same coefficients with the best Huffman tables. `reader` has read its header, and is used up; damage is an error
/// as it is for pixels. All coefficients are in memory, two bytes for each sample, twice when they are turned.
/// `step` is called with the fraction that is done. @thread the reader's
[[nodiscard]] isolate::Result<std::vector<std::uint8_t>, ImagingError>
recode(JpegReader &reader, const Recoding &recoding, const std::function<void(double)> &step);

} // namespace steadyframe::imaging
