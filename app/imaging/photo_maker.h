#pragma once

#include "imaging/imaging_error.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// A picture that looks like a photo of a landscape: one of several kinds, different for each seed, the same for the
/// same seed. `width` by `height` pixels (each 8 to 65,500), three bytes of red, green and blue each, rows not padded.
/// About a second for 12 megapixels. Empty when `stop` was triggered. @thread any
[[nodiscard]] std::vector<std::uint8_t> paintPhoto(int width, int height, std::uint64_t seed,
                                                   std::stop_token stop = {});

/// Writes such a picture as a JPEG at `quality`, with the fine grain of a sensor, replacing what is at `path`.
/// It is shown `width` by `height` pixels large; `exifOrientation` (1 to 8) is how it is stored. @thread any
[[nodiscard]] isolate::Result<void, ImagingError> makePhoto(const std::filesystem::path &path, int width, int height,
                                                            std::uint64_t seed, int quality = 92,
                                                            int exifOrientation = 1, std::stop_token stop = {});

} // namespace steadyframe::imaging
