#pragma once

#include "imaging/byte_stream.h"
#include "imaging/photo_metadata.h"
#include "imaging/picture_format.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace steadyframe::imaging {

/// What a PNG, WebP or TIFF file tells about its picture.
struct ContainerMetadata {
    PhotoMetadata metadata; ///< PNG's texts are its comments
    std::vector<std::uint8_t> icc;
    bool known = false; ///< of GIF, HEIC and AVIF it is not, of BMP there is none
};

/// Damage gives what came before it. @thread any
[[nodiscard]] ContainerMetadata readContainer(const RandomBytes &file, PictureFormat format);

/// The file, a PNG or WebP, with the same coded picture and no more beside it than the rule allows; empty when it is of
/// another format or damaged. @thread any
[[nodiscard]] std::optional<std::vector<std::uint8_t>> strippedContainer(const RandomBytes &file, PictureFormat format,
                                                                         const MetadataChanges &changes);

} // namespace steadyframe::imaging
