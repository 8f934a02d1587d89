#pragma once

#include "imaging/imaging_error.h"

#include <cstdint>

namespace steadyframe::imaging {

/// What is refused before memory is spent on it. The error names the limit.
struct ImagingLimits {
    std::uint64_t pixels = 400'000'000; ///< width times height of the original
    std::uint64_t bytes = 1'000'000'000; ///< size of the original's file
    /// Bytes of memory for one picture where all of it is needed at once: the coefficients of a progressive original
    /// and of compression without loss (2 to 6 for each pixel), the pixels of another format than JPEG (2 to 11, mostly
    /// 7).
    std::uint64_t memory = 1'500'000'000;
    std::uint64_t passes = 100; ///< over the picture of a progressive JPEG; real ones have about ten

    friend bool operator==(const ImagingLimits &, const ImagingLimits &) = default;
};

/// The error for a picture that claims this many pixels. @thread any
[[nodiscard]] ImagingError tooManyPixelsError(std::uint64_t width, std::uint64_t height, const ImagingLimits &limits);
/// The error for a file of more bytes than the limit. @thread any
[[nodiscard]] ImagingError tooManyBytesError(std::uint64_t bytes, const ImagingLimits &limits);
/// The error for `what` ("The JPEG") that needs this many bytes of memory, and why. @thread any
[[nodiscard]] ImagingError tooMuchMemoryError(const std::string &what, std::uint64_t bytes, const std::string &why,
                                              const ImagingLimits &limits);

} // namespace steadyframe::imaging
