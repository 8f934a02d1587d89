#pragma once

#include "imaging/imaging_options.h"

#include <isolate_core/result.h>

#include <optional>
#include <span>
#include <stop_token>

namespace steadyframe::imaging {

/// Keeps what libtiff says of its own accord away from the terminal, for the whole process: our errors say what
/// matters.
/// @thread one at a time
void silenceTiff();

/// A TIFF of printing inks (CMYK, 8 or 16 bits, in strips or tiles), which Qt reads without looking at its profile, as
/// sRGB. Empty for what is stored otherwise. `icc` may be empty: then each ink takes its share of the light, and a
/// warning says so. @thread any
[[nodiscard]] std::optional<isolate::Result<OtherPicture, ImagingError>> readTiffInks(const RandomBytes &file,
                                                                                      std::span<const std::uint8_t> icc,
                                                                                      const ImagingLimits &limits,
                                                                                      const std::stop_token &stop);

} // namespace steadyframe::imaging
