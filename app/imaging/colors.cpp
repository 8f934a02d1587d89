#include "imaging/colors.h"

#include <algorithm>

namespace steadyframe::imaging {
namespace {

constexpr int bits = 16;
constexpr int half = 1 << (bits - 1);

constexpr int scaled(double factor)
{
    return static_cast<int>(factor * (1 << bits) + (factor < 0 ? -0.5 : 0.5));
}

std::uint8_t toByte(int value)
{
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

void store(int r, int g, int b, int x, const YccRow &to)
{
    // Chroma of pure blue and red rounds up to 256 without the clamp.
    to.y[x] = static_cast<std::uint8_t>((scaled(0.299) * r + scaled(0.587) * g + scaled(0.114) * b + half) >> bits);
    to.cb[x] = toByte(128 + ((scaled(-0.168735892) * r + scaled(-0.331264108) * g + scaled(0.5) * b + half) >> bits));
    to.cr[x] = toByte(128 + ((scaled(0.5) * r + scaled(-0.418687589) * g + scaled(-0.081312411) * b + half) >> bits));
}

void storeRgb(int y, int cb, int cr, std::uint8_t *rgb)
{
    const int blue = cb - 128;
    const int red = cr - 128;
    rgb[0] = toByte(y + ((scaled(1.402) * red + half) >> bits));
    rgb[1] = toByte(y + ((scaled(-0.344136286) * blue + scaled(-0.714136286) * red + half) >> bits));
    rgb[2] = toByte(y + ((scaled(1.772) * blue + half) >> bits));
}

int share(int ink, int black)
{
    return (ink * black + 127) / 255;
}

} // namespace

void rgbToYcc(const std::uint8_t *rgb, int width, const YccRow &to)
{
    for (int x = 0; x < width; ++x, rgb += 3)
        store(rgb[0], rgb[1], rgb[2], x, to);
}

void cmykToYcc(const std::uint8_t *cmyk, int width, bool inverted, const YccRow &to)
{
    const int flip = inverted ? 0 : 255;
    for (int x = 0; x < width; ++x, cmyk += 4) {
        const int black = cmyk[3] ^ flip;
        store(share(cmyk[0] ^ flip, black), share(cmyk[1] ^ flip, black), share(cmyk[2] ^ flip, black), x, to);
    }
}

void yccToRgb(const std::uint8_t *y, const std::uint8_t *cb, const std::uint8_t *cr, int width, std::uint8_t *rgb)
{
    for (int x = 0; x < width; ++x, rgb += 3)
        storeRgb(y[x], cb[x], cr[x], rgb);
}

void yccToRgba(const std::uint8_t *y, const std::uint8_t *cb, const std::uint8_t *cr, int width, std::uint8_t *rgba)
{
    for (int x = 0; x < width; ++x, rgba += 4) {
        storeRgb(y[x], cb[x], cr[x], rgba);
        rgba[3] = 255;
    }
}

void grayToRgba(const std::uint8_t *gray, int width, std::uint8_t *rgba)
{
    for (int x = 0; x < width; ++x, rgba += 4) {
        rgba[0] = rgba[1] = rgba[2] = gray[x];
        rgba[3] = 255;
    }
}

} // namespace steadyframe::imaging
