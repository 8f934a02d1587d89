#pragma once

#include "imaging/imaging_options.h"

namespace steadyframe::imaging {

/// Reads PNG, GIF, WebP, TIFF, BMP and whatever else Qt Gui has plug-ins for. Transparent parts become white; of
/// several pictures the first is taken; both with a warning. One that ends within its first picture is an error of code
/// `truncated`. Meant for `ImagingOptions::readOther`. @thread any; Qt must have been called on the first thread
/// before, since it takes the first that calls it for the application's
[[nodiscard]] isolate::Result<OtherPicture, ImagingError>
readOtherWithQt(const InputFile &file, const ImagingLimits &limits, const std::stop_token &stop);

} // namespace steadyframe::imaging
