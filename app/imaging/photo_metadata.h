#pragma once

#include "imaging/byte_stream.h"
#include "imaging/jpeg_segments.h"
#include "imaging/metadata_rule.h"
#include "imaging/orientation.h"

#include <cstdint>
#include <string>
#include <vector>

namespace steadyframe::imaging {

/// A marker of a JPEG and its content, which is at most `longestMarker` bytes.
struct JpegMarker {
    std::uint8_t marker = 0; ///< its second byte
    std::vector<std::uint8_t> bytes;
};
inline constexpr std::size_t longestMarker = 65533;
/// The marker of an EXIF block; empty bytes when the block is too long for one.
[[nodiscard]] JpegMarker exifMarker(std::span<const std::uint8_t> block);

/// What a file tells about its picture, less its colour profile, as it is stored.
struct PhotoMetadata {
    std::vector<std::uint8_t> exif; ///< the TIFF structure
    std::string xmp; ///< the packet
    std::vector<JpegMarker> extendedXmp;
    std::vector<std::uint8_t> resources; ///< Photoshop's, with IPTC
    std::vector<JpegMarker> comments;
    std::vector<JpegMarker> others; ///< application markers that nothing here knows
    std::vector<JpegMarker> gainMap; ///< ISO 21496-1's
    bool credentials = false; ///< signed provenance (C2PA), which no new file can keep
    bool frameThumbnail = false; ///< JFIF's own
    bool tooMuch = false; ///< more than any picture needs was there and is not here
};

/// From the segments of a JPEG. @thread any
[[nodiscard]] PhotoMetadata readMetadata(const RandomBytes &bytes, const JpegSegments &jpeg);

/// The colour profile that the segments of a JPEG hold; empty when there is none, or only a part of one.
[[nodiscard]] std::vector<std::uint8_t> readProfile(const RandomBytes &bytes, const JpegSegments &jpeg);

/// A profile as segments of a JPEG; none for an empty one, or one of more than 16 MB.
[[nodiscard]] std::vector<JpegMarker> profileMarkers(std::span<const std::uint8_t> icc);

/// What the metadata is to say of the new picture.
struct MetadataChanges {
    MetadataRule rule;
    int width = 0; ///< in pixels, as stored
    int height = 0;
    Orientation orientation = Orientation::upright; ///< that is left to do for who shows it
    std::vector<std::uint8_t> thumbnail{}; ///< a JPEG for EXIF
    std::uint64_t gainMapBytes = 0; ///< of the gain map that follows; 0 when none does
};

/// What goes into the result.
struct KeptMetadata {
    std::vector<JpegMarker> markers;
    bool leftOut = false; ///< the original's bytes tell more than the rule allows
    std::vector<std::string> warnings; ///< sentences for the person
};

/// @thread any
[[nodiscard]] KeptMetadata keepMetadata(const PhotoMetadata &metadata, const MetadataChanges &changes);

} // namespace steadyframe::imaging
