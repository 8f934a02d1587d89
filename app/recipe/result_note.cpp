#include "recipe/place_result.h"

#include <array>
#include <cstdio>

namespace steadyframe::recipe {

std::string readableBytes(std::uint64_t bytes)
{
    constexpr std::array<const char *, 5> units{"bytes", "KB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), unit < 2 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text.data();
}

std::string noteOn(const imaging::CompressResult &result)
{
    std::string note;
    const auto say = [&](const std::string &sentence) { note += (note.empty() ? "" : " ") + sentence; };
    if (!result.reachedTarget && result.smallestBytes > 0)
        say("Can't reach the size that was wanted: the smallest is " + readableBytes(result.smallestBytes) + ".");
    else if (!result.reachedTarget)
        say("No quality that may be chosen reaches the target; this is the nearest.");
    if (result.keptOriginalBytes)
        say("Kept the original's bytes: nothing smaller came out.");
    for (const std::string &warning : result.warnings)
        say(warning);
    return note;
}

} // namespace steadyframe::recipe
