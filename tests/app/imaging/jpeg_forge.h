#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace steadyframe::tests {

using Bytes = std::vector<std::uint8_t>;

/// A pixel of a made-up picture.
struct Rgb {
    int r = 0;
    int g = 0;
    int b = 0;
};
using Painter = std::function<Rgb(int x, int y)>;

/// A smooth picture whose corners differ: red, green, blue and white from the upper left, row by row.
Painter fourCorners(int width, int height);

/// What a JPEG is to be made of.
struct Recipe {
    enum class Colours { ycc, gray, rgb, cmyk, ycck };

    int width = 64;
    int height = 48;
    Colours colours = Colours::ycc; ///< CMYK is stored inverted, with Adobe's marker, as Photoshop does
    int quality = 95;
    int samplingX = 2; ///< of brightness, against 1 of colour
    int samplingY = 2;
    bool progressive = false;
    bool arithmetic = false;
    int restartRows = 0;
    Bytes exif; ///< the TIFF structure
    Bytes icc;
};
Bytes forgeJpeg(const Recipe &recipe, const Painter &painter);

/// A JPEG as any program sees it; `components` is that of the file.
struct Decoded {
    int width = 0;
    int height = 0;
    int components = 0;
    bool progressive = false;
    int chromaX = 1; ///< pixels that one colour sample covers
    int chromaY = 1;
    Bytes exif;
    Bytes icc;
    Bytes rgb;

    [[nodiscard]] Rgb at(int x, int y) const;
};
/// Fails the process on a file that libjpeg does not like.
Decoded decodeJpeg(const Bytes &file);

/// The mean of the absolute differences over all pixels and channels, in levels of 255.
double meanDifference(const Decoded &picture, const Painter &expected);

Bytes readBytes(const std::filesystem::path &path);
void writeBytes(const std::filesystem::path &path, const Bytes &bytes);
/// All names in a folder, sorted.
std::vector<std::string> namesIn(const std::filesystem::path &folder);

} // namespace steadyframe::tests
