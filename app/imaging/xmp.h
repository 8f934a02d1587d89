#pragma once

#include "imaging/metadata_rule.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace steadyframe::imaging {

/// What a packet is to say of the new picture.
struct XmpChanges {
    MetadataRule rule;
    int width = 0; ///< in pixels, as stored
    int height = 0;
    bool upright = true; ///< reset the orientation
    /// Bytes of the gain map that follows the picture; 0 when there is none. What a packet tells of one is kept,
    /// whatever the rule, exactly when there is one.
    std::uint64_t gainMapBytes = 0;
};

/// A packet written anew.
struct XmpRewrite {
    std::string packet; ///< empty when nothing is left to tell
    bool leftOut = false; ///< the rule left something out
    bool damaged = false; ///< no XMP at all, or XML that can't be read: nothing is kept
};

/// Keeps what the rule keeps. A packet that needs no change comes back byte by byte. @thread any
[[nodiscard]] XmpRewrite rewriteXmp(std::string_view packet, const XmpChanges &changes);

/// What a packet says about pictures in its file.
struct XmpFacts {
    bool gainMap = false; ///< it tells of a gain map, of Google's, Adobe's or Apple's kind
    bool appleGainMap = false; ///< of Apple's
    bool motion = false; ///< a video follows the picture
    std::string extended; ///< identifier of further packets, 32 hexadecimal digits; empty when there are none
};
[[nodiscard]] XmpFacts readXmp(std::string_view packet);

} // namespace steadyframe::imaging
