#pragma once

#include <cstdint>

namespace steadyframe::imaging {

/// How the stored pixels are to be shown; the values are EXIF's. In words: what was done to the upright picture's
/// pixels when they were stored, named by the side on which the stored first row and first column are shown.
enum class Orientation : std::uint8_t {
    upright = 1,
    mirrored = 2,
    upsideDown = 3,
    mirroredUpsideDown = 4,
    mirroredLeft = 5, ///< rows and columns change places
    turnedRight = 6, ///< shown after a quarter turn clockwise
    mirroredRight = 7, ///< rows and columns change places, both from the end
    turnedLeft = 8, ///< shown after a quarter turn anticlockwise
};

/// Width and height change places.
[[nodiscard]] constexpr bool swapsSides(Orientation o)
{
    return o >= Orientation::mirroredLeft;
}
/// The stored columns are shown from the last to the first.
[[nodiscard]] constexpr bool reversesColumns(Orientation o)
{
    return o == Orientation::mirrored || o == Orientation::upsideDown || o == Orientation::mirroredRight
        || o == Orientation::turnedLeft;
}
/// The stored rows are shown from the last to the first.
[[nodiscard]] constexpr bool reversesRows(Orientation o)
{
    return o == Orientation::upsideDown || o == Orientation::mirroredUpsideDown || o == Orientation::turnedRight
        || o == Orientation::mirroredRight;
}

} // namespace steadyframe::imaging
