#pragma once

#include "imaging/imaging_error.h"

#include <cstdint>

namespace steadyframe::imaging {

/// What is refused before memory is spent on it. The error names the limit.
struct ImagingLimits {
    std::uint64_t pixels = 400'000'000; ///< width times height of the original
    std::uint64_t bytes = 1'000'000'000; ///< size of the original's file
    /// Of memory, for the coefficients of one picture: where all are needed at once (a progressive original, and
    /// compression without loss), 2 to 6 bytes for each pixel.
    std::uint64_t coefficientBytes = 1'500'000'000;
    std::uint64_t passes = 100; ///< over the picture of a progressive JPEG; real ones have about ten
};

/// The error for a picture that claims this many pixels. @thread any
[[nodiscard]] ImagingError tooManyPixelsError(std::uint64_t width, std::uint64_t height, const ImagingLimits &limits);

} // namespace steadyframe::imaging
