#include "imaging/photo_parts.h"

#include <algorithm>
#include <cmath>

namespace steadyframe::imaging {
namespace {

constexpr float starCells = 110; // in a stretch as long as the picture is high

Light starlight(const NoiseTile &noise, Place p, Place drift)
{
    const float band = (p.v - 0.08F) - (p.u - 0.75F) * 0.55F + 0.10F * noise.at(p.u * 0.4F + drift.u, p.v * 0.4F);
    const float milky = 1 / (1 + band * band * 60);
    const float dust = stepped(-0.15F, 0.5F, noise.detailed(p.u * 0.7F + drift.u, p.v * 0.7F + drift.v));
    Light light = Light{0.42F, 0.38F, 0.52F} * (milky * (0.25F + 0.9F * dust) * 0.8F);
    // Two sizes of cells, one star in each that has one.
    for (int layer = 0; layer < 2; ++layer) {
        const float cells = starCells * (layer == 0 ? 0.5F : 1.4F);
        const float x = p.u * cells;
        const float y = p.v * cells;
        const int cellX = static_cast<int>(x);
        const int cellY = static_cast<int>(y);
        const auto seed = static_cast<std::uint32_t>(layer) + static_cast<std::uint32_t>(drift.u * 4096);
        const float chance = hashed(cellX, cellY, seed);
        if (chance > (layer == 0 ? 0.28F : 0.45F + 0.4F * milky))
            continue;
        const float dx = x - static_cast<float>(cellX) - (0.2F + 0.6F * hashed(cellX, cellY, seed + 11));
        const float dy = y - static_cast<float>(cellY) - (0.2F + 0.6F * hashed(cellX, cellY, seed + 23));
        const float bright = hashed(cellX, cellY, seed + 37);
        const float radius = (layer == 0 ? 0.010F + 0.055F * bright * bright * bright : 0.04F);
        const float spread = (dx * dx + dy * dy) / (radius * radius);
        if (spread > 12)
            continue;
        const float strength = (0.35F + bright) / (1 + spread * spread);
        const float warmth = hashed(cellX, cellY, seed + 51);
        light = light + Light{0.8F + 0.2F * warmth, 0.88F, 1.0F - 0.25F * warmth} * strength;
    }
    return light;
}

Light auroraAt(const NoiseTile &noise, Place p, Place drift)
{
    const float wave = 0.36F + 0.13F * noise.at(p.u * 0.35F + drift.u, drift.v);
    const float below = wave - p.v; // positive above the lower edge
    if (below < -0.03F)
        return {};
    const float rays = 0.55F + 0.45F * noise.at(p.u * 3.1F + drift.v, 0.05F * p.v);
    const float fade = stepped(-0.03F, 0.015F, below) * std::exp(-std::max(0.0F, below) * 5.5F);
    const float height = stepped(0, 0.3F, below);
    return mixed({0.10F, 0.95F, 0.50F}, {0.45F, 0.20F, 0.75F}, height) * (fade * rays * 0.75F);
}

} // namespace

Light Sky::at(const NoiseTile &noise, Place p) const
{
    const float t = std::clamp(p.v / horizon, 0.0F, 1.0F);
    Light light = t < 0.6F ? mixed(zenith, middle, stepped(0, 0.6F, t)) : mixed(middle, low, stepped(0.55F, 1, t));
    if (stars)
        light = light + starlight(noise, p, drift) * (1 - 0.85F * stepped(0.6F, 1, t));
    if (aurora > 0)
        light = light + auroraAt(noise, p, drift) * aurora;
    const float du = p.u - sun.u;
    const float dv = p.v - sun.v;
    const float distance = du * du + dv * dv;
    light = light + sunLight * (glow / (1 + distance * 14) * 0.6F + glow / (1 + distance * 160) * 0.7F);
    if (cloudCover > 0) {
        // A ceiling seen from below: smaller and denser towards the horizon.
        const float depth = 1 / (1.12F - t);
        const float x = (p.u - 0.7F) * depth * cloudScale + drift.u;
        const float y = depth * cloudScale * 0.9F + drift.v;
        const float density = noise.detailed(x, y);
        const float edge = 0.75F - 1.2F * cloudCover;
        const float opacity = stepped(edge, edge + 0.42F, density) * (1 - 0.6F * stepped(0.85F, 1, t));
        if (opacity > 0) {
            const float towards = noise.at(x + (du > 0 ? -0.03F : 0.03F), y + 0.05F);
            const float lit
                = std::clamp(0.62F + 1.1F * (noise.at(x, y) - towards) - 0.35F * (density - edge - 0.3F), 0.0F, 1.0F);
            light = mixed(light, mixed(cloudShade, cloudLight, lit), opacity * 0.94F);
        }
    }
    if (sunSize > 0)
        light = light + sunLight * (1.2F * (1 - stepped(sunSize * 0.85F, sunSize * 1.15F, std::sqrt(distance))));
    return light;
}

Light Land::at(const NoiseTile &noise, int x, Place p) const
{
    const float depth = p.v - line[static_cast<std::size_t>(x)];
    const float tx = p.u * scale + drift.u;
    const float ty = p.v * scale + drift.v;
    Light light;
    switch (cover) {
    case Cover::mist: {
        const float grain = noise.fine(tx, ty, 7);
        light = mixed(dark, bright, std::clamp(0.30F + 0.35F * grain, 0.0F, 1.0F));
        break;
    }
    case Cover::rock: {
        // Light from the upper left on a surface whose height is the noise.
        const float here = noise.detailed(tx, ty);
        const float slope = here - noise.detailed(tx - 0.018F, ty - 0.012F);
        const float lit = std::clamp(0.48F + 2.2F * slope, 0.0F, 1.0F);
        light = mixed(dark, bright, lit);
        const float white
            = stepped(0.02F, -0.05F, 0) + stepped(-0.10F, 0.10F, (snow - p.v) * 2.2F + 0.22F * here + 0.5F * slope);
        light = mixed(light, mixed({0.50F, 0.58F, 0.74F}, {0.98F, 0.98F, 0.97F}, lit), std::clamp(white, 0.0F, 1.0F));
        break;
    }
    case Cover::canopy: {
        // Rounded crowns, darker between them and below, in drifts of different green or of autumn.
        const float crown = noise.fine(tx, ty * 1.7F, 6);
        const float leaf = noise.fine(ty * 1.2F, tx, 33);
        const float hue = noise.at(tx * 0.9F + 0.4F, ty * 1.6F) + 0.5F * noise.fine(tx, ty * 1.5F, 5);
        const float lit = std::clamp(0.42F + 0.75F * crown + 0.42F * leaf, 0.0F, 1.0F);
        light = mixed(dark, mixed(bright, other, stepped(-0.35F, 0.45F, hue)), lit);
        break;
    }
    case Cover::meadow: {
        const float blades = noise.fine(tx * 3, ty, 9);
        const float patches = noise.at(tx * 1.4F, ty * 4.0F);
        light = mixed(dark, bright, std::clamp(0.66F + 0.30F * blades + 0.45F * patches - depth * 0.3F, 0.0F, 1.0F));
        break;
    }
    case Cover::dune: {
        // The wind blew from the left: slopes that fall to the right lie in shadow, most of all below the crest.
        const float bend = noise.at(tx * 0.7F, ty * 0.9F);
        const float ripple = std::sin(ty * 150 + 30 * bend + tx * 25) * (1 - distance) * (1 - distance);
        // The foot of a shadow lies to the side of the crest that throws it.
        const int last = static_cast<int>(line.size()) - 1;
        const int reach = std::max(1, static_cast<int>(0.05F * pixels));
        const int crest = x + static_cast<int>((1.3F + 0.5F * bend) * depth * pixels);
        const auto height = [&](int column) { return line[static_cast<std::size_t>(std::clamp(column, 0, last))]; };
        const float fall = (height(crest + reach) - height(crest - reach)) * 10;
        const float shadow = stepped(-0.05F, 0.45F, fall + 0.15F * bend) * (1 - 0.9F * stepped(0, 0.26F, depth));
        const float lit = std::clamp(
            0.74F - 0.72F * shadow + 0.18F * bend + 0.05F * ripple + 0.06F * noise.fine(tx, ty, 40), 0.0F, 1.0F);
        light = mixed(dark, bright, lit);
        break;
    }
    }
    float hidden = distance;
    if (mistDepth > 0)
        hidden = std::min(1.0F,
                          hidden
                              + 0.8F
                                  * stepped(0, mistDepth,
                                            p.v - ground[static_cast<std::size_t>(x)]
                                                + 0.05F * noise.at(p.u * 0.8F + drift.u, p.v * 1.6F)));
    return mixed(light, haze, hidden);
}

} // namespace steadyframe::imaging
