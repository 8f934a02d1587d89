#pragma once

#include "imaging/block_source.h"
#include "imaging/compress_settings.h"
#include "imaging/jpeg_writer.h"
#include "imaging/result_file.h"

#include <functional>
#include <limits>
#include <stop_token>

namespace steadyframe::imaging {

/// A picture that is to be encoded towards a target.
struct Encoding {
    BlockSource &source;
    JpegLayout layout; ///< but for its quality and its resolution of colour
    ChromaStep storedChroma; ///< of the original, upright
    Target target;
    ResultFile &result;
    /// A JPEG that follows the picture; the layout's markers tell of it, and it counts for its length.
    const std::vector<std::uint8_t> *gainMap = nullptr;
    /// Nothing longer is wanted of a source that is whole: `result` is then over its limit, and there is no error.
    std::uint64_t longest = std::numeric_limits<std::uint64_t>::max();
    std::stop_token stop;
    std::function<void(double)> progress; ///< with the fraction that is done
};

/// What was written.
struct Encoded {
    int quality = 0;
    double similarity = std::numeric_limits<double>::quiet_NaN(); ///< with that target
    bool reachedTarget = true;
};

/// How much resolution colour has at this quality, of a picture that is stored with this.
[[nodiscard]] ChromaStep chromaFor(int quality, ChromaStep stored);

/// Writes the picture, at the quality that the target asks for or that the search for it finds:
///
/// - `bytes`: the highest quality whose file is at most so long. Where not even the floor's is, the floor's is written.
/// - `similarity`: the lowest quality that is alike enough. Where not even the ceiling's is, the ceiling's is written.
///
/// Decodes and resizes once as long as all coefficients can be kept (see `CoefficientStore`). Of larger pictures a part
/// is kept, which tells the quality nearly, and each try decodes again; a target in bytes then may miss the best
/// quality by one, but never the target. A progressive file comes out a few percent smaller than the search counts
/// with.
/// @thread any; blocks until done
[[nodiscard]] isolate::Result<Encoded, ImagingError> encode(const Encoding &encoding);

} // namespace steadyframe::imaging
