#pragma once

#include "imaging/jpeg_forge.h"

namespace steadyframe::tests {

/// Display P3: wide primaries, sRGB's curve.
Bytes displayP3();
/// Gray whose numbers are light itself.
Bytes linearGray();
/// A table for red, green and blue in which each takes the place of the next: (r, g, b) looks as sRGB's (g, b, r).
Bytes rotatedRgb();
/// A table for inks in which each looks as another: (c, m, y, k) looks as sRGB's (1-m, 1-y, 1-c) times (1-k).
Bytes rotatedInks();

} // namespace steadyframe::tests
