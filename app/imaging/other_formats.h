#pragma once

#include "imaging/imaging_options.h"

namespace steadyframe::imaging {

/// Reads PNG, GIF, WebP, TIFF, BMP and whatever else Qt Gui has plug-ins for. Transparent parts become white; of
/// several pictures the first is taken; both with a warning. Meant for `ImagingOptions::readOther`. @thread any
[[nodiscard]] isolate::Result<OtherPicture, ImagingError>
readOtherWithQt(const InputFile &file, const ImagingLimits &limits, int longestSide, const std::stop_token &stop);

} // namespace steadyframe::imaging
