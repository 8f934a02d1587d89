#pragma once

#include "imaging/photo_scenes.h"

#include <cstdint>
#include <vector>

namespace steadyframe::imaging {

/// A place as a share of the picture's height: `u` from the left, `v` from the top.
struct Place {
    float u = 0;
    float v = 0;
};

/// From the zenith to the horizon, with a sun or a moon, clouds, or stars.
struct Sky {
    Light zenith;
    Light middle;
    Light low;
    float horizon = 0.6F; ///< its `v`
    Place sun;
    Light sunLight;
    float sunSize = 0; ///< radius; 0 is none
    float glow = 0.3F;
    float cloudCover = 0; ///< 0 none to 1 overcast
    float cloudScale = 0.5F;
    Light cloudLight{1, 1, 1};
    Light cloudShade{0.6F, 0.62F, 0.68F};
    bool stars = false;
    float aurora = 0;
    Place drift; ///< where in the noise it begins

    [[nodiscard]] Light at(const NoiseTile &noise, Place p) const;
};

/// What covers a layer of land.
enum class Cover { mist, rock, canopy, meadow, dune };

/// Land from an outline downwards.
struct Land {
    std::vector<float> line;
    std::vector<float> ground; ///< the outline without its trees; needed where mist lies
    Cover cover = Cover::mist;
    Light bright;
    Light dark;
    Light other; ///< what `bright` is mixed with in drifts, in a canopy
    Light haze;
    float distance = 0; ///< 0 is near, 1 is hidden in the haze
    float scale = 1; ///< of the texture: more is finer
    float snow = -1; ///< above this `v` rock is white; -1 nowhere
    float pixels = 1; ///< the picture's height in pixels
    float mistDepth = 0; ///< how far below the outline the mist lies; 0 is no mist
    Place drift;

    [[nodiscard]] Light at(const NoiseTile &noise, int x, Place p) const;
};

} // namespace steadyframe::imaging
