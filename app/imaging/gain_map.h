#pragma once

#include "imaging/byte_stream.h"
#include "imaging/imaging_error.h"
#include "imaging/imaging_limits.h"
#include "imaging/jpeg_segments.h"
#include "imaging/metadata_rule.h"
#include "imaging/orientation.h"
#include "imaging/photo_metadata.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// The pictures that follow the main one in a file of several (CIPA DC-007, MPF).
struct FollowingPictures {
    std::vector<std::uint8_t> gainMap; ///< the JPEG that makes an HDR picture of the main one; empty when there is none
    bool apple = false; ///< the gain map is of Apple's kind, which needs a number in the maker's note
    bool others = false; ///< views of another kind, such as stereo; previews are not counted
    bool any = false; ///< there is a list of pictures at all
};

/// Looks for Ultra HDR's, ISO 21496-1's and Apple's gain maps. A list that lies about its pictures has none.
/// @thread any
[[nodiscard]] FollowingPictures readFollowingPictures(const RandomBytes &bytes, const JpegSegments &jpeg);

/// The gain map turned as the main picture is, and what it tells kept as the rule says. Turned without loss where its
/// edges allow, else decoded and encoded again at high quality. @thread any
[[nodiscard]] isolate::Result<std::vector<std::uint8_t>, ImagingError>
turnedGainMap(const std::vector<std::uint8_t> &gainMap, Orientation turn, const MetadataRule &rule,
              const ImagingLimits &limits, const std::stop_token &stop);

/// A small JPEG, as cameras embed it, turned; empty when it can't be read. Its own metadata goes. @thread any
[[nodiscard]] std::vector<std::uint8_t> turnedThumbnail(std::span<const std::uint8_t> thumbnail, Orientation turn,
                                                        const ImagingLimits &limits, const std::stop_token &stop);

/// The list of pictures for a main picture that one gain map follows; `completeList` fills in what is not known yet.
[[nodiscard]] JpegMarker pictureList(std::uint64_t gainMapBytes);
/// Fills in the list in `main`, a whole JPEG with `pictureList` in it that the gain map is to follow; false when it has
/// none.
[[nodiscard]] bool completeList(std::vector<std::uint8_t> &main, std::uint64_t gainMapBytes);

} // namespace steadyframe::imaging
