#pragma once

#include <cstdint>
#include <vector>

namespace steadyframe::imaging {

/// A stream of numbers that depends on its seed alone, on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed * 0x9E3779B97F4A7C15ull + 0x1234567) {}
    [[nodiscard]] std::uint64_t bits();
    /// Evenly from `low` to below `high`.
    [[nodiscard]] float between(float low, float high);
    [[nodiscard]] bool chance(float probability) { return between(0, 1) < probability; }

private:
    std::uint64_t m_state;
};

/// A well-mixed number for a place, from 0 to 1.
[[nodiscard]] float hashed(int x, int y, std::uint32_t seed);

/// Fractal noise that repeats without a seam, from about -1 to 1, looked up instead of computed.
class NoiseTile {
public:
    explicit NoiseTile(std::uint64_t seed);
    /// A coordinate of 1 is one tile, which holds four of the largest bumps.
    [[nodiscard]] float at(float x, float y) const;
    /// Bumps `scale` times finer, turned and bent so that the eye finds no repetition.
    [[nodiscard]] float fine(float x, float y, float scale) const;
    /// All sizes from a tile's down to a fortieth of it, for places seen from near.
    [[nodiscard]] float detailed(float x, float y) const;

private:
    static constexpr int side = 512;
    std::vector<float> m_values;
};

/// The outline of a landscape: how much it rises, for each column.
struct Outline {
    float base = 0.5F; ///< mean height of the line, 0 at the top of the picture and 1 at the bottom
    float amplitude = 0.1F; ///< how far it goes up and down
    float frequency = 2; ///< large bumps in a stretch as long as the picture is high
    float roughness = 0.5F; ///< the share that each finer bump has of the one before
    bool peaks = false; ///< sharp upwards, as mountains are
};
[[nodiscard]] std::vector<float> outlined(Random &random, int width, int height, const Outline &outline);

/// Plants firs on a line: up to `tallest` high, as a share of the picture's height.
void plantFirs(Random &random, std::vector<float> &line, int height, float tallest, float density);

} // namespace steadyframe::imaging
