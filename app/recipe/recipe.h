#pragma once

#include "imaging/compress_settings.h"
#include "imaging/imaging_limits.h"
#include "recipe/output_rule.h"

#include <string>

namespace steadyframe::recipe {

/// All that the person asks of what becomes of a photo. @thread any
struct Recipe {
    imaging::CompressSettings settings;
    OutputRule output;
    imaging::ImagingLimits limits; ///< belong to a machine, too, and so to no preset

    friend bool operator==(const Recipe &, const Recipe &) = default;
};

/// Settings with a name, to be chosen again and given to others. Where results go is no part of it: that belongs to a
/// machine, and a preset that somebody sends must not be able to replace originals. @thread any
struct Preset {
    std::string name; ///< UTF-8
    imaging::CompressSettings settings;
    NamingRule naming;

    friend bool operator==(const Preset &, const Preset &) = default;
};

} // namespace steadyframe::recipe
