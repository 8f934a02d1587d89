#pragma once

#include "imaging/photo_noise.h"

#include <cstdint>
#include <memory>

namespace steadyframe::imaging {

/// Light, 0 to 1 in each channel; more than 1 is white in the end.
struct Light {
    float r = 0;
    float g = 0;
    float b = 0;

    friend Light operator+(Light a, Light c) { return {a.r + c.r, a.g + c.g, a.b + c.b}; }
    friend Light operator*(Light a, float f) { return {a.r * f, a.g * f, a.b * f}; }
};
[[nodiscard]] inline Light mixed(Light a, Light b, float t)
{
    return a * (1 - t) + b * t;
}
[[nodiscard]] inline float stepped(float low, float high, float x)
{
    const float t = x <= low ? 0 : x >= high ? 1 : (x - low) / (high - low);
    return t * t * (3 - 2 * t);
}

/// A landscape. Coordinates are pixels. @thread any; holds no state that `at` changes
class Scene {
public:
    virtual ~Scene() = default;
    [[nodiscard]] virtual Light at(int x, int y) const = 0;
};

/// The seed decides the kind of landscape, its shapes and its light.
[[nodiscard]] std::unique_ptr<Scene> makeScene(int width, int height, std::uint64_t seed);

} // namespace steadyframe::imaging
