#include "imaging/photo_noise.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace steadyframe::imaging {
namespace {

float smooth(float t)
{
    return t * t * (3 - 2 * t);
}

float mixed(float a, float b, float t)
{
    return a + (b - a) * t;
}

/// std::floor is a call where SSE 4.1 can't be taken for granted.
int floored(float x)
{
    const int whole = static_cast<int>(x);
    return whole - (x < static_cast<float>(whole) ? 1 : 0);
}

/// Smooth noise along a line, from -1 to 1.
float noiseAlong(float x, std::uint32_t seed)
{
    const int i = floored(x);
    return 2 * mixed(hashed(i, 0, seed), hashed(i + 1, 0, seed), smooth(x - static_cast<float>(i))) - 1;
}

} // namespace

std::uint64_t Random::bits()
{
    std::uint64_t z = m_state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

float Random::between(float low, float high)
{
    return low + (high - low) * static_cast<float>(bits() >> 40) * 0x1p-24F;
}

float hashed(int x, int y, std::uint32_t seed)
{
    std::uint32_t h = static_cast<std::uint32_t>(x) * 0x85EBCA6Bu ^ static_cast<std::uint32_t>(y) * 0xC2B2AE35u ^ seed;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    h ^= h >> 15;
    return static_cast<float>(h >> 8) * 0x1p-24F;
}

NoiseTile::NoiseTile(std::uint64_t seed) : m_values(static_cast<std::size_t>(side) * side)
{
    float amplitude = 0.55F;
    for (int cells = 4; cells <= side / 4; cells *= 2, amplitude *= 0.52F) {
        const auto layer = static_cast<std::uint32_t>(seed * 31 + static_cast<std::uint64_t>(cells));
        std::vector<float> corners;
        for (int i = 0; i < cells * cells; ++i)
            corners.push_back(hashed(i % cells, i / cells, layer));
        const float scale = static_cast<float>(cells) / side;
        for (int y = 0; y < side; ++y) {
            const float fy = static_cast<float>(y) * scale;
            const int y0 = static_cast<int>(fy);
            const int y1 = (y0 + 1) % cells;
            const float ty = smooth(fy - static_cast<float>(y0));
            for (int x = 0; x < side; ++x) {
                const float fx = static_cast<float>(x) * scale;
                const int x0 = static_cast<int>(fx);
                const int x1 = (x0 + 1) % cells;
                const float tx = smooth(fx - static_cast<float>(x0));
                const auto corner = [&](int cx, int cy) { return corners[static_cast<std::size_t>(cy * cells + cx)]; };
                const float top = mixed(corner(x0, y0), corner(x1, y0), tx);
                const float bottom = mixed(corner(x0, y1), corner(x1, y1), tx);
                m_values[static_cast<std::size_t>(y * side + x)] += amplitude * (2 * mixed(top, bottom, ty) - 1);
            }
        }
    }
}

float NoiseTile::at(float x, float y) const
{
    x *= side;
    y *= side;
    const int cellX = floored(x);
    const int cellY = floored(y);
    const int x0 = cellX & (side - 1);
    const int y0 = cellY & (side - 1);
    const int x1 = (x0 + 1) & (side - 1);
    const int y1 = (y0 + 1) & (side - 1);
    const float *top = m_values.data() + y0 * side;
    const float *bottom = m_values.data() + y1 * side;
    const float tx = x - static_cast<float>(cellX);
    return mixed(mixed(top[x0], top[x1], tx), mixed(bottom[x0], bottom[x1], tx), y - static_cast<float>(cellY));
}

float NoiseTile::fine(float x, float y, float scale) const
{
    const float warp = at(x, y);
    const float u = x + 0.35F * warp / scale * 8;
    const float v = y - 0.35F * warp / scale * 8;
    return at(scale * (0.80F * u + 0.60F * v), scale * (0.80F * v - 0.60F * u));
}

float NoiseTile::detailed(float x, float y) const
{
    return at(x, y) + 0.30F * fine(x, y, 7.3F) + 0.12F * fine(y, -x, 37.0F);
}

std::vector<float> outlined(Random &random, int width, int height, const Outline &outline)
{
    const auto seed = static_cast<std::uint32_t>(random.bits());
    std::vector<float> line(static_cast<std::size_t>(width));
    for (int x = 0; x < width; ++x) {
        float frequency = outline.frequency;
        float amplitude = outline.amplitude;
        float rise = 0;
        for (std::uint32_t octave = 0; octave < 9; ++octave) {
            const float noise
                = noiseAlong(static_cast<float>(x) / static_cast<float>(height) * frequency, seed + octave * 77);
            rise += amplitude * (outline.peaks ? 1 - 2 * std::abs(noise) : noise);
            frequency *= 2.1F;
            amplitude *= outline.roughness;
        }
        line[static_cast<std::size_t>(x)] = outline.base - rise;
    }
    return line;
}

void plantFirs(Random &random, std::vector<float> &line, int height, float tallest, float density)
{
    const std::vector<float> ground = line;
    const int width = static_cast<int>(line.size());
    const float size = tallest * static_cast<float>(height);
    const float step = size * 0.22F / density;
    const auto seed = static_cast<std::uint32_t>(random.bits());
    for (float at = -size; at < static_cast<float>(width) + size; at += step * random.between(0.4F, 1.6F)) {
        const float tall = size * random.between(0.45F, 1.0F);
        const float half = tall * random.between(0.17F, 0.24F);
        const int middle = std::clamp(static_cast<int>(at), 0, width - 1);
        const float foot = ground[static_cast<std::size_t>(middle)] + 0.012F;
        const float branches = random.between(9, 15);
        for (int x = std::max(0, static_cast<int>(at - half)); x < std::min(width, static_cast<int>(at + half) + 1);
             ++x) {
            const float side = std::abs(static_cast<float>(x) - at) / half;
            // Branches hang in tiers, so the outline is a staircase with drooping ends.
            const float tiers = (1 - side) * branches;
            const float tier = std::floor(tiers);
            const float droop = 0.55F * smooth(tiers - tier) + 0.3F * hashed(x / 2, static_cast<int>(at), seed);
            const float top = foot - tall * std::max(0.0F, (tier + droop) / branches) / static_cast<float>(height);
            float &here = line[static_cast<std::size_t>(x)];
            here = std::min(here, top);
        }
    }
}

} // namespace steadyframe::imaging
