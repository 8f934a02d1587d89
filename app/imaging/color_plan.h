#pragma once

#include "imaging/color_transform.h"
#include "imaging/metadata_rule.h"
#include "imaging/plane.h"

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::imaging {

/// What becomes of a picture's colours.
struct ColorPlan {
    std::vector<std::uint8_t> icc; ///< of the result
    std::shared_ptr<const ColorTransform> transform; ///< to be applied to the pixels; empty when they stay
    std::vector<std::string> warnings; ///< sentences for the person
};

/// For a picture of gray or of red, green and blue with this profile, which may be empty. A damaged profile is left
/// out; one that can't be converted is kept. Both are told. @thread any
[[nodiscard]] ColorPlan planColors(std::vector<std::uint8_t> icc, bool gray, ColorRule rule);

/// Converts a picture, of one channel or three of equal size; false when asked to stop.
[[nodiscard]] bool convertColors(Picture &picture, const ColorTransform &transform, const std::stop_token &stop);

} // namespace steadyframe::imaging
