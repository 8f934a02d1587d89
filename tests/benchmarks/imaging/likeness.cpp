// Apart from the engine under test on purpose: it judges the engine.
#include "benchmarks/imaging/likeness.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <numbers>

#include <jpeglib.h>

namespace steadyframe::benchmarks {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

struct Pixels {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> bytes;
};

/// libjpeg's own handler ends the program on a broken file: these are files that were just made.
Pixels decode(const std::string &path, J_COLOR_SPACE space, int channels)
{
    const File file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file)
        return {};
    jpeg_decompress_struct codec{};
    jpeg_error_mgr errors{};
    codec.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&codec);
    jpeg_stdio_src(&codec, file.get());
    jpeg_read_header(&codec, TRUE);
    codec.out_color_space = space;
    jpeg_start_decompress(&codec);
    Pixels pixels{static_cast<int>(codec.output_width), static_cast<int>(codec.output_height), {}};
    const std::size_t stride = static_cast<std::size_t>(pixels.width) * static_cast<std::size_t>(channels);
    pixels.bytes.resize(stride * static_cast<std::size_t>(pixels.height));
    while (codec.output_scanline < codec.output_height) {
        JSAMPROW row = pixels.bytes.data() + stride * codec.output_scanline;
        jpeg_read_scanlines(&codec, &row, 1);
    }
    jpeg_finish_decompress(&codec);
    jpeg_destroy_decompress(&codec);
    return pixels;
}

double lanczos(double x)
{
    constexpr double lobes = 3;
    if (std::abs(x) < 1e-9)
        return 1;
    if (std::abs(x) >= lobes)
        return 0;
    const double angle = std::numbers::pi * x;
    return lobes * std::sin(angle) * std::sin(angle / lobes) / (angle * angle);
}

/// Shrinks rows and turns the picture on its side, so that twice makes it whole.
Gray shrunkAndTransposed(const Gray &picture, int width)
{
    const double scale = static_cast<double>(picture.width) / width;
    Gray result{picture.height, width, std::vector<float>(static_cast<std::size_t>(picture.height * width))};
    for (int x = 0; x < width; ++x) {
        const double centre = (x + 0.5) * scale - 0.5;
        const int first = static_cast<int>(std::ceil(centre - 3 * scale));
        const int last = static_cast<int>(std::floor(centre + 3 * scale));
        std::vector<double> weights;
        double sum = 0;
        for (int i = first; i <= last; ++i)
            sum += weights.emplace_back(lanczos((i - centre) / scale));
        for (int y = 0; y < picture.height; ++y) {
            const float *row = picture.samples.data() + static_cast<std::ptrdiff_t>(y) * picture.width;
            double value = 0;
            for (int i = first; i <= last; ++i)
                value += weights[static_cast<std::size_t>(i - first)] * row[std::clamp(i, 0, picture.width - 1)];
            result.samples[static_cast<std::size_t>(x) * static_cast<std::size_t>(picture.height)
                           + static_cast<std::size_t>(y)]
                = static_cast<float>(value / sum);
        }
    }
    return result;
}

double windowSimilarity(const Gray &a, const Gray &b, int left, int top)
{
    double sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
    for (int y = top; y < top + 8; ++y) {
        const std::ptrdiff_t start = static_cast<std::ptrdiff_t>(y) * a.width + left;
        for (std::ptrdiff_t i = start; i < start + 8; ++i) {
            const double p = a.samples[static_cast<std::size_t>(i)], q = b.samples[static_cast<std::size_t>(i)];
            sumA += p;
            sumB += q;
            squareA += p * p;
            squareB += q * q;
            product += p * q;
        }
    }
    constexpr double count = 64, c1 = 6.5025, c2 = 58.5225; // (0.01 * 255)^2 and (0.03 * 255)^2
    const double meanA = sumA / count, meanB = sumB / count;
    const double varianceA = squareA / count - meanA * meanA, varianceB = squareB / count - meanB * meanB;
    const double covariance = product / count - meanA * meanB;
    return (2 * meanA * meanB + c1) * (2 * covariance + c2)
        / ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2));
}

} // namespace

Gray readGray(const std::string &path)
{
    const Pixels pixels = decode(path, JCS_GRAYSCALE, 1);
    return {pixels.width, pixels.height, {pixels.bytes.begin(), pixels.bytes.end()}};
}

Gray shrunk(const Gray &picture, int width, int height)
{
    if (width == picture.width && height == picture.height)
        return picture;
    return shrunkAndTransposed(shrunkAndTransposed(picture, width), height);
}

double similarity(const Gray &a, const Gray &b)
{
    if (a.width != b.width || a.height != b.height || a.width < 8 || a.height < 8)
        return 0;
    double sum = 0;
    long windows = 0;
    for (int y = 0; y + 8 <= a.height; y += 4) {
        for (int x = 0; x + 8 <= a.width; x += 4, ++windows)
            sum += windowSimilarity(a, b, x, y);
    }
    return sum / static_cast<double>(windows);
}

bool writePpm(const std::string &jpeg, const std::string &ppm)
{
    const Pixels pixels = decode(jpeg, JCS_RGB, 3);
    const File file(std::fopen(ppm.c_str(), "wb"), std::fclose);
    if (!file || pixels.bytes.empty())
        return false;
    std::fprintf(file.get(), "P6\n%d %d\n255\n", pixels.width, pixels.height);
    return std::fwrite(pixels.bytes.data(), 1, pixels.bytes.size(), file.get()) == pixels.bytes.size()
        && std::fflush(file.get()) == 0;
}

} // namespace steadyframe::benchmarks
