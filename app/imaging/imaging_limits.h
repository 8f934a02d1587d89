#pragma once

#include <cstdint>

namespace steadyframe::imaging {

/// What is refused before memory is spent on it. The error names the limit.
struct ImagingLimits {
    std::uint64_t pixels = 400'000'000;  ///< width times height of the original
    std::uint64_t bytes = 1'000'000'000; ///< size of the original's file
};

} // namespace steadyframe::imaging
