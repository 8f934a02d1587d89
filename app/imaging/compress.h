#pragma once

#include "imaging/compress_settings.h"
#include "imaging/imaging_error.h"
#include "imaging/imaging_options.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace steadyframe::imaging {

/// A photo that was compressed.
struct CompressResult {
    std::filesystem::path path;
    std::uint64_t sourceBytes = 0;
    std::uint64_t resultBytes = 0;
    int sourceWidth = 0; ///< as the original is shown, after its orientation was applied
    int sourceHeight = 0;
    int width = 0;
    int height = 0;
    std::string sha256; ///< of the result, 64 hexadecimal digits
    /// Nothing smaller came out, so the result is a copy of the original, in the original's format.
    bool keptOriginalBytes = false;
    /// The result's pixels are the original's: with the target `lossless`, with the original's bytes, or where only
    /// metadata could be saved.
    bool keptPixels = false;
    int quality = 0; ///< that was written; 0 when the original's bytes were kept
    double similarity = std::numeric_limits<double>::quiet_NaN(); ///< where it was measured: with that target
    /// False when no quality between floor and ceiling reached the target; then the result is the nearest to it.
    bool reachedTarget = true;
    /// With a target in bytes that was not reached: the fewest at the lowest quality that may be chosen.
    std::uint64_t smallestBytes = 0;
    std::vector<std::string> warnings; ///< sentences for the person
};

/// Compresses `source` into `resultFolder`, under the name `resultStem` plus ".jpg" (or the original's extension when
/// its bytes were kept), replacing what has that name. The original is only ever read.
///
/// A target that can't be reached is no error: `reachedTarget` is false, and the result is the nearest to it that lies
/// between floor and ceiling, for a target in bytes the smallest; or the original's bytes, when nothing smaller came
/// out.
///
/// A JPEG of any size needs at most 40 MB, with a target in bytes or similarity 32 MB more for the tries (see
/// `Encoding`). Only a progressive one needs all of its coefficients at once, 2 bytes each (3 for a pixel with half the
/// resolution of colour, 6 with all of it): a progressive original to be read, and a progressive result, of its size,
/// to be written. The target `lossless` needs them too, twice for a picture that is turned; so does one that is turned
/// where nothing smaller came out, if they are at most 80 MB. A picture of another format needs its pixels at once, as
/// they are stored and 3 bytes for each. `ImagingLimits::memory` bounds all that is read so.
///
/// The result is upright and keeps its EXIF block (orientation reset, embedded thumbnail dropped) and its colour
/// profile. It appears under its name when it is whole and flushed to the disk; on an error, or when `progress` throws,
/// nothing is left. The same file and settings give the same bytes.
///
/// `progress` is told the fraction done, rising from 0 to 1, on this thread, several hundred times for a large photo.
/// @thread any; blocks until done. `stop` is looked at every few rows.
[[nodiscard]] isolate::Result<CompressResult, ImagingError>
compressFile(const std::filesystem::path &source, const std::filesystem::path &resultFolder,
             std::string_view resultStem, const CompressSettings &settings, std::stop_token stop,
             const std::function<void(double)> &progress = {}, const ImagingOptions &options = {});

} // namespace steadyframe::imaging
