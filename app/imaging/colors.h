#pragma once

#include <cstdint>

namespace steadyframe::imaging {

/// Rows of pixels to JFIF's Y, Cb and Cr (BT.601, full range) and back, rounded to the nearest.
struct YccRow {
    std::uint8_t *y;
    std::uint8_t *cb;
    std::uint8_t *cr;
};
void rgbToYcc(const std::uint8_t *rgb, int width, const YccRow &to);
/// `inverted`: 255 is no ink, as Adobe stores it. Without a colour profile: each ink takes its share of the light.
void cmykToYcc(const std::uint8_t *cmyk, int width, bool inverted, const YccRow &to);
void yccToRgb(const std::uint8_t *y, const std::uint8_t *cb, const std::uint8_t *cr, int width, std::uint8_t *rgb);
/// Opaque red, green, blue, alpha.
void yccToRgba(const std::uint8_t *y, const std::uint8_t *cb, const std::uint8_t *cr, int width, std::uint8_t *rgba);
void grayToRgba(const std::uint8_t *gray, int width, std::uint8_t *rgba);

} // namespace steadyframe::imaging
