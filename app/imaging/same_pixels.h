#pragma once

#include "imaging/compress_job.h"
#include "imaging/picture_format.h"

namespace steadyframe::imaging {

/// A JPEG with the same coefficients, turned upright where no pixel is lost by it, in the fewest bytes. Where that is
/// no smaller than the original, the original's bytes, or, when those tell more than the rule allows, its coded
/// picture byte by byte without that. Other formats are an error of code `unsupported`.
[[nodiscard]] isolate::Result<Outcome, ImagingError> compressLossless(const Job &job, PictureFormat format);

/// Replaces what was written by the smallest that has the original's pixels: see `compressLossless`; other formats keep
/// their bytes, less what the rule leaves out. For when a new encoding came out larger than the original.
[[nodiscard]] isolate::Result<void, ImagingError> fallBack(const Job &job, PictureFormat format, Outcome &outcome);

} // namespace steadyframe::imaging
