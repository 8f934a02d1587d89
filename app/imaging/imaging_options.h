#pragma once

#include "imaging/arrange.h"
#include "imaging/imaging_error.h"
#include "imaging/imaging_limits.h"
#include "imaging/input_file.h"
#include "imaging/orientation.h"
#include "imaging/photo_metadata.h"
#include "imaging/plane.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::imaging {

/// A picture that was not a JPEG.
struct OtherPicture {
    Picture picture; ///< one channel, or three of equal size, as stored
    PictureSize storedSize; ///< of the original
    Orientation orientation = Orientation::upright;
    std::vector<std::uint8_t> icc;
    PhotoMetadata metadata;
    /// Nothing but `metadata` tells about the picture, so that the file may be the result where the rule allows it.
    bool metadataKnown = true;
    std::string loss; ///< a sentence about what the file lacks behind the picture; empty when it is whole
    std::vector<std::string> warnings; ///< sentences for the person
};

/// Reads a picture of another format, all of it at its full size; an error of code `unsupported` for a format that it
/// does not know. Called on the thread of the compression.
using ReadOther = isolate::Result<OtherPicture, ImagingError> (*)(const InputFile &file, const ImagingLimits &limits,
                                                                  const std::stop_token &stop);

/// What the engine is allowed and able to do, the same for all photos.
struct ImagingOptions {
    ImagingLimits limits;
    ReadOther readOther = nullptr; ///< Without it only JPEG is read.
    /// A JPEG that ends early gives what is there of it, a GIF its first picture, with a warning that says what is
    /// missing. Otherwise, and when there is nothing of it, the error `truncated`.
    bool takeWhatIsThere = true;
    bool lastingName = true; ///< The result's name is on the disk in the end, as its content is in any case.
};

} // namespace steadyframe::imaging
