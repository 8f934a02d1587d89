#pragma once

#include "imaging/imaging_error.h"
#include "imaging/metadata_rule.h"

#include <isolate_core/result.h>

namespace steadyframe::imaging {

/// What the person asks of a compression. @thread any
struct CompressSettings {
    int quality = 80; ///< of JPEG, 1 to 100. Below 90 colour has half the resolution of brightness.
    int longestSide = 0; ///< of the result, in pixels, at most 65,500; 0 keeps the size. Never enlarges.
    bool progressive = false; ///< Shows a coarse picture early and is a few percent smaller; slower to write and read.
    MetadataRule metadata;
    ColorRule colors = ColorRule::keepProfile;

    friend bool operator==(const CompressSettings &, const CompressSettings &) = default;
};

/// An error of code `badSettings` names the first value that is out of its range. @thread any
[[nodiscard]] isolate::Result<void, ImagingError> validate(const CompressSettings &settings);

} // namespace steadyframe::imaging
