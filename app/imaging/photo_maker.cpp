#include "imaging/photo_maker.h"

#include "imaging/arrange.h"
#include "imaging/colors.h"
#include "imaging/exif.h"
#include "imaging/jpeg_writer.h"
#include "imaging/photo_scenes.h"
#include "imaging/result_file.h"

#include <algorithm>

namespace steadyframe::imaging {
namespace {

/// How many of 255 levels the grain spreads, in bright and in dark parts.
constexpr float grainInLight = 12.0F;
constexpr float grainInShadow = 17.0F;

/// Noise of a sensor: many small steps that are nearly normally distributed, from -1 to 1.
struct Grain {
    std::uint64_t state;

    float next()
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const auto sum = static_cast<int>((state >> 8 & 255) + (state >> 24 & 255) + (state >> 40 & 255));
        return static_cast<float>(sum - 383) * (1.0F / 384);
    }
};

/// The curve of a camera: lifts the middle, rolls off what is too bright.
float developed(float light)
{
    light = std::max(0.0F, light);
    return light < 0.8F ? light : 0.8F + 0.2F * (1 - 1 / (1 + (light - 0.8F) * 5));
}

std::uint8_t toByte(float level)
{
    return static_cast<std::uint8_t>(std::clamp(level + 0.5F, 0.0F, 255.0F));
}

void paintRow(const Scene &scene, int width, int height, int y, std::uint64_t seed, std::uint8_t *to)
{
    Grain grain{(seed + 1) * 0x9E3779B97F4A7C15ull ^ static_cast<std::uint64_t>(y + 1) * 0xD1B54A32D192ED03ull};
    const float dy = static_cast<float>(2 * y - height) / static_cast<float>(height);
    for (int x = 0; x < width; ++x, to += 3) {
        const float dx = static_cast<float>(2 * x - width) / static_cast<float>(width);
        const Light light = scene.at(x, y) * (1 - 0.11F * (dx * dx + dy * dy));
        const float shade = std::clamp(light.g, 0.0F, 1.0F);
        const float strength = grainInShadow + (grainInLight - grainInShadow) * shade;
        const float common = grain.next() * strength;
        to[0] = toByte(255 * developed(light.r) + common + grain.next() * strength * 0.5F);
        to[1] = toByte(255 * developed(light.g) + common);
        to[2] = toByte(255 * developed(light.b) + common + grain.next() * strength * 0.6F);
    }
}

/// What turns a picture the other way.
Orientation opposite(Orientation orientation)
{
    if (orientation == Orientation::turnedLeft)
        return Orientation::turnedRight;
    return orientation == Orientation::turnedRight ? Orientation::turnedLeft : orientation;
}

Picture pictureOf(const std::vector<std::uint8_t> &rgb, int width, int height)
{
    Picture picture;
    for (int c = 0; c < 3; ++c)
        picture.channels.push_back({Plane(width, height), static_cast<double>(width), static_cast<double>(height)});
    auto &channels = picture.channels;
    for (int y = 0; y < height; ++y)
        rgbToYcc(rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3, width,
                 {channels[0].plane.row(y), channels[1].plane.row(y), channels[2].plane.row(y)});
    return picture;
}

} // namespace

std::vector<std::uint8_t> paintPhoto(int width, int height, std::uint64_t seed, std::stop_token stop)
{
    const std::unique_ptr<Scene> scene = makeScene(width, height, seed);
    std::vector<std::uint8_t> rgb(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    for (int y = 0; y < height; ++y) {
        if (stop.stop_requested())
            return {};
        paintRow(*scene, width, height, y, seed,
                 rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3);
    }
    return rgb;
}

isolate::Result<void, ImagingError> makePhoto(const std::filesystem::path &path, int width, int height,
                                              std::uint64_t seed, int quality, int exifOrientation,
                                              std::stop_token stop)
{
    const auto orientation = static_cast<Orientation>(exifOrientation);
    auto file = ResultFile::create(path.parent_path().empty() ? "." : path.parent_path(), 0);
    if (!file)
        return std::move(file).error();
    std::vector<std::uint8_t> rgb = paintPhoto(width, height, seed, stop);
    if (rgb.empty())
        return cancelledError();
    const PictureSize stored = turned(PictureSize{width, height}, orientation);
    auto planes = arrange(pictureOf(rgb, width, height), {stored, {2, 2}, opposite(orientation)}, stop);
    if (!planes)
        return std::move(planes).error();
    rgb = {};

    JpegLayout layout;
    layout.width = stored.width;
    layout.height = stored.height;
    layout.quality = quality;
    if (orientation != Orientation::upright)
        layout.markers.push_back(exifMarker(exifWithOrientation(orientation)));
    JpegWriter writer(**file, stop, layout);
    if (auto put = writer.putAll(*planes); !put)
        return put;
    if (auto finished = writer.finish(); !finished)
        return finished;
    auto published = (*file)->publish(path.filename().native(), "");
    if (!published)
        return std::move(published).error();
    return {};
}

} // namespace steadyframe::imaging
