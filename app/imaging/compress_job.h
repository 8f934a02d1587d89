#pragma once

#include "imaging/arrange.h"
#include "imaging/compress_settings.h"
#include "imaging/encoding.h"
#include "imaging/imaging_options.h"
#include "imaging/input_file.h"
#include "imaging/picture_format.h"
#include "imaging/result_file.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::imaging {

/// One photo on its way through; for the parts of the engine alone.
struct Job {
    InputFile &file;
    ResultFile &result;
    const CompressSettings &settings;
    const ImagingOptions &options;
    std::stop_token stop;
    std::function<void(double)> progress;

    /// Something that calls `progress` with a fraction of the part of the work from `from` to `to`.
    [[nodiscard]] std::function<void(double)> part(double from, double to) const
    {
        return [this, from, to](double fraction) {
            if (progress)
                progress(from + (to - from) * fraction);
        };
    }
};

/// What came of it.
struct Outcome {
    PictureSize source;
    PictureSize size;
    bool needsNewPixels = false; ///< resized, or converted to other colours
    bool turnsNot = false; ///< its coefficients can't be turned: edges would be lost, or it takes too much memory
    PictureFormat format = PictureFormat::jpeg; ///< of the result
    bool samePixels = false; ///< the result holds the original's coded picture, or its coefficients
    bool originalBytes = false; ///< the result is the original's bytes
    Encoded encoded;
    std::vector<std::string> losses; ///< of `warnings`, those that tell what the file lacks
    std::vector<std::string> warnings; ///< sentences for the person
};

} // namespace steadyframe::imaging
