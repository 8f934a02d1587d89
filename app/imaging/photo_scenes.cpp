#include "imaging/photo_scenes.h"

#include "imaging/photo_parts.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace steadyframe::imaging {
namespace {

/// Still or moved water that mirrors what lies above its shore.
struct Water {
    float shore = 0.6F;
    Light tint;
    float tinted = 0.3F; ///< 0 is a mirror
    float waves = 0.5F;
    float glitter = 0; ///< of the sun
    Light shallow; ///< the colour near the viewer
    float clear = 0; ///< how much of it shows
};

/// Sky, lands from far to near, and water in front of some of them.
class Landscape final : public Scene {
public:
    Landscape(int width, int height, std::uint64_t seed)
        : random(seed), m_noise(random.bits()), m_width(width), m_height(height)
    {
        m_pixel = 1.0F / static_cast<float>(height);
    }

    Sky sky;
    std::optional<Water> water;
    Random random;

    [[nodiscard]] float aspect() const { return static_cast<float>(m_width) * m_pixel; }
    [[nodiscard]] Place anywhere() { return {random.between(0, 1), random.between(0, 1)}; }
    [[nodiscard]] std::vector<float> outline(const Outline &outline)
    {
        return outlined(random, m_width, m_height, outline);
    }
    void plant(std::vector<float> &line, float tallest, float density)
    {
        plantFirs(random, line, m_height, tallest, density);
    }
    /// The next nearer one. `front` lies in front of the water, and is not mirrored.
    void add(Land land, bool front = false)
    {
        land.drift = anywhere();
        land.pixels = static_cast<float>(m_height);
        (front ? m_front : m_lands).push_back(std::move(land));
    }

    [[nodiscard]] Light at(int x, int y) const override
    {
        const Place p{static_cast<float>(x) * m_pixel, static_cast<float>(y) * m_pixel};
        if (const Land *land = topmost(m_front, x, p.v))
            return land->at(m_noise, x, p);
        if (water && p.v > water->shore)
            return waterAt(x, p);
        return dryAt(x, p);
    }

private:
    static const Land *topmost(const std::vector<Land> &lands, int x, float v)
    {
        for (auto land = lands.rbegin(); land != lands.rend(); ++land) {
            if (v >= land->line[static_cast<std::size_t>(x)])
                return &*land;
        }
        return nullptr;
    }

    [[nodiscard]] Light dryAt(int x, Place p) const
    {
        if (const Land *land = topmost(m_lands, x, p.v))
            return land->at(m_noise, x, p);
        return sky.at(m_noise, p);
    }

    [[nodiscard]] Light waterAt(int x, Place p) const
    {
        const float below = p.v - water->shore;
        const float depth = 1 / (below + 0.035F); // of the plane, towards the shore
        const float wx = (p.u - aspect() * 0.5F) * depth * 0.55F;
        const float wy = depth * 1.1F;
        const float swell = m_noise.at(wx * 0.5F + 0.3F, wy) + 0.5F * m_noise.at(wx * 2.3F, wy * 3.1F + 0.7F);
        const float shift = water->waves * (0.012F + 0.16F * below) * swell;
        const Place mirrored{p.u + shift * 0.3F,
                             std::max(0.0F, 2 * water->shore - p.v * 1.0F + shift - water->waves * below * 0.2F)};
        const int column = std::clamp(static_cast<int>(mirrored.u / m_pixel), 0, m_width - 1);
        Light light = dryAt(std::clamp((column + x) / 2, 0, m_width - 1),
                            {mirrored.u, std::min(mirrored.v, water->shore - m_pixel)});
        const float steep = water->tinted + 0.22F * water->waves * std::max(0.0F, -swell) + 0.3F * below;
        light = mixed(light, water->tint, std::clamp(steep, 0.0F, 0.9F));
        light = mixed(light, water->shallow, water->clear * stepped(0.02F, 0.3F, below) * (0.85F + 0.15F * swell));
        if (water->glitter > 0) {
            const float aside = (p.u - sky.sun.u) / (0.035F + 0.35F * below);
            const float spark = stepped(0.18F, 0.75F, swell + 0.45F * m_noise.at(wx * 9, wy * 13));
            light = light + sky.sunLight * (water->glitter * spark / (1 + aside * aside * aside * aside));
        }
        return light;
    }

    std::vector<Land> m_lands;
    std::vector<Land> m_front;
    NoiseTile m_noise;
    int m_width;
    int m_height;
    float m_pixel = 1;
};

void sunsetAtSea(Landscape &scene)
{
    Random &random = scene.random;
    const float warmth = random.between(0, 1);
    Sky &sky = scene.sky;
    sky.horizon = random.between(0.54F, 0.63F);
    sky.zenith = mixed({0.13F, 0.20F, 0.42F}, {0.25F, 0.16F, 0.38F}, warmth);
    sky.middle = mixed({0.72F, 0.42F, 0.42F}, {0.80F, 0.36F, 0.34F}, warmth);
    sky.low = mixed({1.0F, 0.70F, 0.38F}, {1.0F, 0.58F, 0.28F}, warmth);
    sky.sun = {random.between(0.3F, 1.0F) * scene.aspect() * 0.8F, sky.horizon - random.between(0.03F, 0.12F)};
    sky.sunLight = {1.0F, 0.78F, 0.45F};
    sky.sunSize = random.between(0.022F, 0.034F);
    sky.glow = 0.42F;
    sky.cloudCover = random.between(0.42F, 0.62F);
    sky.cloudScale = random.between(0.35F, 0.6F);
    sky.cloudLight = {1.0F, 0.66F, 0.42F};
    sky.cloudShade = {0.36F, 0.23F, 0.36F};
    sky.drift = scene.anywhere();
    for (int i = 0; i < 2; ++i) {
        Land land;
        land.line = scene.outline({.base = sky.horizon + 0.035F - 0.012F * static_cast<float>(i),
                                   .amplitude = 0.05F,
                                   .frequency = random.between(0.5F, 1.1F),
                                   .roughness = 0.42F});
        land.bright = {0.24F, 0.15F, 0.22F};
        land.dark = {0.13F, 0.09F, 0.16F};
        land.haze = mixed(sky.low, sky.middle, 0.5F);
        land.distance = 0.55F - 0.3F * static_cast<float>(i);
        scene.add(std::move(land));
    }
    scene.water = Water{.shore = sky.horizon,
                        .tint = {0.16F, 0.15F, 0.27F},
                        .tinted = 0.22F,
                        .waves = 0.9F,
                        .glitter = 0.9F,
                        .shallow = {},
                        .clear = 0};
}

void mistyMountains(Landscape &scene, bool golden)
{
    Random &random = scene.random;
    Sky &sky = scene.sky;
    sky.horizon = 0.6F;
    sky.zenith = golden ? Light{0.45F, 0.52F, 0.68F} : Light{0.36F, 0.52F, 0.72F};
    sky.middle = golden ? Light{0.93F, 0.76F, 0.60F} : Light{0.66F, 0.77F, 0.88F};
    sky.low = golden ? Light{1.0F, 0.86F, 0.62F} : Light{0.90F, 0.92F, 0.93F};
    sky.sun = {random.between(0.25F, 1.05F), random.between(0.22F, 0.36F)};
    sky.sunLight = {1.0F, 0.88F, 0.66F};
    sky.sunSize = golden ? 0.03F : 0.0F;
    sky.glow = golden ? 0.5F : 0.25F;
    sky.cloudCover = random.between(0.15F, 0.4F);
    sky.drift = scene.anywhere();
    const Light far = golden ? Light{0.86F, 0.70F, 0.60F} : Light{0.66F, 0.76F, 0.86F};
    const Light near = golden ? Light{0.13F, 0.11F, 0.13F} : Light{0.06F, 0.14F, 0.15F};
    constexpr int layers = 7;
    for (int i = 0; i < layers; ++i) {
        const float nearness = static_cast<float>(i) / (layers - 1);
        Land land;
        land.line = scene.outline({.base = 0.40F + 0.50F * nearness * (0.75F + 0.25F * nearness),
                                   .amplitude = 0.13F - 0.06F * nearness,
                                   .frequency = random.between(0.9F, 1.7F),
                                   .roughness = 0.46F,
                                   .peaks = i < 4});
        land.ground = land.line;
        if (i >= 3)
            scene.plant(land.line, 0.012F + 0.11F * nearness * nearness, 0.9F);
        land.dark = mixed(far, near, 0.18F + 0.82F * nearness);
        land.bright = land.dark * 1.35F;
        land.haze = golden ? Light{1.0F, 0.87F, 0.70F} : Light{0.86F, 0.90F, 0.93F};
        land.distance = 0.30F * (1 - nearness);
        land.mistDepth = 0.34F - 0.04F * nearness;
        scene.add(std::move(land));
    }
}

void alpineLake(Landscape &scene)
{
    Random &random = scene.random;
    const float evening = random.between(0, 1);
    Sky &sky = scene.sky;
    sky.horizon = 0.62F;
    sky.zenith = mixed({0.16F, 0.38F, 0.72F}, {0.24F, 0.32F, 0.58F}, evening);
    sky.middle = mixed({0.42F, 0.63F, 0.88F}, {0.66F, 0.60F, 0.72F}, evening);
    sky.low = mixed({0.80F, 0.88F, 0.95F}, {0.98F, 0.78F, 0.66F}, evening);
    sky.sun = {-0.3F, 0.1F};
    sky.sunLight = {1.0F, 0.92F, 0.8F};
    sky.glow = 0.15F;
    sky.cloudCover = random.between(0.40F, 0.62F);
    sky.cloudScale = random.between(0.3F, 0.5F);
    sky.cloudShade = mixed({0.66F, 0.71F, 0.80F}, {0.62F, 0.52F, 0.62F}, evening);
    sky.cloudLight = mixed({1.0F, 1.0F, 1.0F}, {1.0F, 0.85F, 0.74F}, evening);
    sky.drift = scene.anywhere();
    const Light sunny = mixed({0.64F, 0.60F, 0.56F}, {0.80F, 0.58F, 0.46F}, evening);
    for (int i = 0; i < 3; ++i) {
        const float nearness = static_cast<float>(i) / 2;
        Land rock;
        rock.line = scene.outline({.base = 0.39F + 0.10F * nearness,
                                   .amplitude = 0.19F - 0.05F * nearness,
                                   .frequency = random.between(0.9F, 1.5F),
                                   .roughness = 0.44F,
                                   .peaks = true});
        rock.cover = Cover::rock;
        rock.bright = sunny;
        rock.dark = {0.22F, 0.24F, 0.32F};
        rock.haze = mixed(sky.middle, sky.low, 0.5F);
        rock.distance = 0.48F - 0.36F * nearness;
        rock.scale = 0.9F - 0.2F * nearness;
        rock.snow = 0.36F + 0.03F * nearness;
        scene.add(std::move(rock));
    }
    for (int i = 0; i < 2; ++i) {
        Land forest;
        forest.line
            = scene.outline({.base = 0.575F + 0.03F * static_cast<float>(i), .amplitude = 0.045F, .frequency = 1.1F});
        scene.plant(forest.line, 0.030F + 0.012F * static_cast<float>(i), 1.2F);
        forest.cover = Cover::canopy;
        forest.bright = {0.24F, 0.36F, 0.17F};
        forest.dark = {0.05F, 0.11F, 0.09F};
        forest.other = {0.15F, 0.29F, 0.20F};
        forest.haze = sky.low;
        forest.distance = 0.16F - 0.1F * static_cast<float>(i);
        forest.scale = 3;
        scene.add(std::move(forest));
    }
    scene.water = Water{.shore = 0.65F,
                        .tint = {0.07F, 0.22F, 0.27F},
                        .tinted = 0.16F,
                        .waves = random.between(0.12F, 0.4F),
                        .glitter = 0,
                        .shallow = {0.20F, 0.42F, 0.42F},
                        .clear = 0.35F};
    Land bank;
    bank.line = scene.outline({.base = 0.96F, .amplitude = 0.05F, .frequency = 1.6F});
    bank.cover = Cover::meadow;
    bank.bright = {0.46F, 0.52F, 0.20F};
    bank.dark = {0.12F, 0.18F, 0.07F};
    scene.add(std::move(bank), true);
}

void nightSky(Landscape &scene)
{
    Random &random = scene.random;
    const bool aurora = random.chance(0.5F);
    Sky &sky = scene.sky;
    sky.horizon = 0.82F;
    sky.zenith = {0.03F, 0.05F, 0.135F};
    sky.middle = {0.06F, 0.105F, 0.24F};
    sky.low = aurora ? Light{0.07F, 0.24F, 0.29F} : Light{0.40F, 0.28F, 0.36F};
    sky.stars = true;
    sky.aurora = aurora ? 0.85F : 0;
    sky.sun = {random.between(0.2F, 1.1F), 0.9F};
    sky.sunLight = aurora ? Light{0.1F, 0.3F, 0.3F} : Light{0.75F, 0.42F, 0.22F};
    sky.glow = 0.3F;
    sky.drift = scene.anywhere();
    for (int i = 0; i < 3; ++i) {
        const float nearness = static_cast<float>(i) / 2;
        Land land;
        land.line = scene.outline({.base = 0.70F + 0.20F * nearness,
                                   .amplitude = 0.09F - 0.05F * nearness,
                                   .frequency = random.between(0.8F, 1.5F),
                                   .roughness = 0.45F,
                                   .peaks = i == 0});
        if (i > 0)
            scene.plant(land.line, 0.04F + 0.10F * nearness, 0.8F);
        land.dark = Light{0.07F, 0.095F, 0.16F} * (1.15F - nearness * 0.9F);
        land.bright = land.dark * 1.6F;
        land.haze = sky.low;
        land.distance = 0.22F * (1 - nearness);
        scene.add(std::move(land));
    }
    if (aurora)
        scene.water = Water{.shore = 0.86F,
                            .tint = {0.01F, 0.03F, 0.06F},
                            .tinted = 0.25F,
                            .waves = 0.25F,
                            .glitter = 0,
                            .shallow = {},
                            .clear = 0};
}

void hills(Landscape &scene, bool autumn)
{
    Random &random = scene.random;
    Sky &sky = scene.sky;
    sky.horizon = 0.58F;
    sky.zenith = {0.17F, 0.40F, 0.76F};
    sky.middle = {0.42F, 0.65F, 0.92F};
    sky.low = autumn ? Light{0.95F, 0.90F, 0.80F} : Light{0.82F, 0.91F, 0.97F};
    sky.sun = {-0.2F, 0.0F};
    sky.sunLight = {1.0F, 0.95F, 0.85F};
    sky.glow = 0.2F;
    sky.cloudCover = random.between(0.46F, 0.66F);
    sky.cloudScale = random.between(0.32F, 0.5F);
    sky.cloudShade = {0.68F, 0.73F, 0.82F};
    sky.drift = scene.anywhere();
    constexpr int layers = 6;
    for (int i = 0; i < layers; ++i) {
        const float nearness = static_cast<float>(i) / (layers - 1);
        Land land;
        land.line = scene.outline({.base = 0.50F + 0.36F * nearness,
                                   .amplitude = 0.08F,
                                   .frequency = random.between(0.6F, 1.1F),
                                   .roughness = 0.30F});
        land.cover = autumn || i % 2 == 0 ? Cover::canopy : Cover::meadow;
        if (land.cover == Cover::canopy && i > 0)
            scene.plant(land.line, 0.018F + 0.035F * nearness, 0.5F);
        const float hue = random.between(0, 1);
        land.bright = autumn ? mixed({0.86F, 0.50F, 0.12F}, {0.70F, 0.26F, 0.10F}, hue)
                             : mixed({0.46F, 0.60F, 0.20F}, {0.62F, 0.64F, 0.26F}, hue);
        land.other = autumn ? mixed({0.80F, 0.66F, 0.18F}, {0.34F, 0.42F, 0.16F}, random.between(0, 1))
                            : Light{0.30F, 0.50F, 0.18F};
        land.dark = autumn ? Light{0.20F, 0.12F, 0.07F} : Light{0.09F, 0.20F, 0.08F};
        land.haze = {0.72F, 0.82F, 0.92F};
        land.distance = 0.52F * (1 - nearness) * (1 - 0.3F * nearness);
        land.scale = 2.2F - 1.2F * nearness;
        scene.add(std::move(land));
    }
}

void desert(Landscape &scene)
{
    Random &random = scene.random;
    const float warmth = random.between(0, 1);
    Sky &sky = scene.sky;
    sky.horizon = 0.52F;
    sky.zenith = mixed({0.20F, 0.42F, 0.74F}, {0.34F, 0.36F, 0.60F}, warmth);
    sky.middle = mixed({0.54F, 0.72F, 0.90F}, {0.88F, 0.66F, 0.56F}, warmth);
    sky.low = mixed({0.94F, 0.88F, 0.78F}, {1.0F, 0.78F, 0.52F}, warmth);
    sky.sun = {random.between(0.2F, 1.1F), random.between(0.30F, 0.40F)};
    sky.sunLight = {1.0F, 0.90F, 0.70F};
    sky.sunSize = warmth > 0.5F ? 0.026F : 0;
    sky.glow = 0.35F;
    sky.cloudCover = random.between(0.05F, 0.3F);
    sky.drift = scene.anywhere();
    constexpr int layers = 6;
    for (int i = 0; i < layers; ++i) {
        const float nearness = static_cast<float>(i) / (layers - 1);
        Land land;
        land.line = scene.outline({.base = 0.48F + 0.40F * nearness,
                                   .amplitude = 0.10F,
                                   .frequency = random.between(0.5F, 1.0F),
                                   .roughness = 0.22F,
                                   .peaks = i % 2 == 1});
        land.cover = Cover::dune;
        land.bright = mixed({0.96F, 0.76F, 0.48F}, {0.95F, 0.60F, 0.34F}, warmth);
        land.dark = mixed({0.44F, 0.27F, 0.17F}, {0.34F, 0.15F, 0.14F}, warmth);
        land.haze = sky.low;
        land.distance = 0.45F * (1 - nearness);
        scene.add(std::move(land));
    }
}

void beach(Landscape &scene)
{
    Random &random = scene.random;
    Sky &sky = scene.sky;
    sky.horizon = random.between(0.42F, 0.52F);
    sky.zenith = {0.10F, 0.38F, 0.78F};
    sky.middle = {0.36F, 0.66F, 0.94F};
    sky.low = {0.80F, 0.92F, 0.98F};
    sky.sun = {random.between(0.2F, 1.0F), -0.3F};
    sky.sunLight = {1.0F, 0.97F, 0.9F};
    sky.glow = 0.2F;
    sky.cloudCover = random.between(0.44F, 0.62F);
    sky.cloudScale = 0.42F;
    sky.cloudShade = {0.72F, 0.78F, 0.86F};
    sky.drift = scene.anywhere();
    Land island;
    island.line = scene.outline({.base = sky.horizon + 0.015F,
                                 .amplitude = 0.075F,
                                 .frequency = random.between(0.5F, 0.9F),
                                 .roughness = 0.4F});
    island.cover = Cover::canopy;
    island.bright = {0.34F, 0.50F, 0.22F};
    island.dark = {0.07F, 0.18F, 0.13F};
    island.other = {0.22F, 0.42F, 0.24F};
    island.haze = {0.66F, 0.82F, 0.93F};
    island.distance = 0.30F;
    island.scale = 3;
    scene.add(std::move(island));
    scene.water = Water{.shore = sky.horizon,
                        .tint = {0.02F, 0.30F, 0.48F},
                        .tinted = 0.55F,
                        .waves = 0.7F,
                        .glitter = 0.12F,
                        .shallow = {0.25F, 0.80F, 0.76F},
                        .clear = 0.88F};
    const float shore = random.between(0.80F, 0.86F);
    const std::vector<float> edge
        = scene.outline({.base = shore, .amplitude = 0.05F, .frequency = 0.6F, .roughness = 0.25F});
    struct Strip {
        float lower;
        Light bright;
        Light dark;
    };
    const Strip strips[] = {{0.0F, {0.97F, 0.99F, 0.98F}, {0.80F, 0.93F, 0.92F}},
                            {0.018F, {0.72F, 0.62F, 0.47F}, {0.58F, 0.49F, 0.37F}},
                            {0.05F, {0.97F, 0.89F, 0.73F}, {0.82F, 0.70F, 0.52F}}};
    for (const Strip &strip : strips) {
        Land land;
        land.line = edge;
        const std::vector<float> wobble = scene.outline({.base = strip.lower, .amplitude = 0.007F, .frequency = 5});
        for (std::size_t x = 0; x < land.line.size(); ++x)
            land.line[x] += wobble[x];
        land.cover = Cover::meadow;
        land.bright = strip.bright;
        land.dark = strip.dark;
        land.scale = 2.5F;
        scene.add(std::move(land), true);
    }
}

} // namespace

std::unique_ptr<Scene> makeScene(int width, int height, std::uint64_t seed)
{
    auto scene = std::make_unique<Landscape>(width, height, seed);
    switch (seed % 8) {
    case 0:
        sunsetAtSea(*scene);
        break;
    case 1:
        alpineLake(*scene);
        break;
    case 2:
        hills(*scene, false);
        break;
    case 3:
        nightSky(*scene);
        break;
    case 4:
        beach(*scene);
        break;
    case 5:
        mistyMountains(*scene, scene->random.chance(0.5F));
        break;
    case 6:
        desert(*scene);
        break;
    default:
        hills(*scene, true);
        break;
    }
    return scene;
}

} // namespace steadyframe::imaging
