#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
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
    int secondX = 1; ///< of the first colour channel
    int secondY = 1;
    bool progressive = false;
    bool arithmetic = false;
    bool passOfEach = false; ///< progressive, with a pass for each of 63 coefficients of each channel
    int restartRows = 0;
    bool optimized = false;
    bool adobe = true; ///< Without Adobe's marker CMYK is stored as it is, 255 being all ink.
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

/// The quantised coefficients of one channel, block by block, row by row.
struct Coefficients {
    int widthInBlocks = 0;
    int heightInBlocks = 0;
    std::vector<std::int16_t> values;

    friend bool operator==(const Coefficients &, const Coefficients &) = default;
};
std::vector<Coefficients> coefficientsOf(const Bytes &file);

/// A marker's second byte and its content.
using Segment = std::pair<int, Bytes>;
/// The file with these right after its start.
Bytes withSegments(const Bytes &file, const std::vector<Segment> &segments);
/// A segment that begins with a name, which may hold zeros.
Segment named(int marker, std::string_view name, const Bytes &content);
Bytes bytesOf(std::string_view words);
/// All segments before the first scan.
std::vector<Segment> segmentsOf(const Bytes &file);
bool contains(const Bytes &bytes, std::string_view words);

/// The mean of the absolute differences over all pixels and channels, in levels of 255.
double meanDifference(const Decoded &picture, const Painter &expected);

Bytes readBytes(const std::filesystem::path &path);
void writeBytes(const std::filesystem::path &path, const Bytes &bytes);
/// All names in a folder, sorted.
std::vector<std::string> namesIn(const std::filesystem::path &folder);

} // namespace steadyframe::tests
