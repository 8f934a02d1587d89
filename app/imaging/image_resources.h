#pragma once

#include "imaging/metadata_rule.h"

#include <cstdint>
#include <span>
#include <vector>

namespace steadyframe::imaging {

/// Photoshop's image resources, which hold IPTC, written anew.
struct ResourcesRewrite {
    std::vector<std::uint8_t> bytes; ///< empty when nothing is left to tell
    bool leftOut = false; ///< the rule left something out
    bool damaged = false; ///< a resource lied about its size; what came before it is there
};

/// `bytes` is what follows "Photoshop 3.0\0" in all segments of a JPEG. What IPTC tells is kept by kind; clipping paths
/// and the like count as comments; small pictures, and copies of EXIF, XMP and profiles, go. @thread any
[[nodiscard]] ResourcesRewrite rewriteResources(std::span<const std::uint8_t> bytes, const MetadataRule &rule);

/// IPTC's data sets, as TIFF holds them, as one of those resources.
[[nodiscard]] std::vector<std::uint8_t> iptcAsResource(std::span<const std::uint8_t> dataSets);

} // namespace steadyframe::imaging
