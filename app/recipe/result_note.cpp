#include "recipe/place_result.h"

namespace steadyframe::recipe {

using imaging::readableBytes;

std::string noteOn(const imaging::CompressResult &result)
{
    std::string note;
    const auto say = [&](const std::string &sentence) { note += (note.empty() ? "" : " ") + sentence; };
    if (!result.reachedTarget && result.smallestBytes > 0) {
        std::string sentence
            = "Can't reach the size that was wanted: the smallest is " + readableBytes(result.smallestBytes);
        sentence += result.quality > 1 ? ", at quality " + std::to_string(result.quality)
                + ", the lowest that may be chosen. Allow a lower one, or choose fewer pixels."
                                       : ". Choose fewer pixels.";
        say(sentence);
    }
    if (!result.reachedTarget && result.smallestBytes == 0)
        say("No quality that may be chosen reaches the target; this is the nearest.");
    if (result.keptOriginalBytes)
        say("Kept the original's bytes: nothing smaller came out.");
    for (const std::string &warning : result.warnings)
        say(warning);
    return note;
}

} // namespace steadyframe::recipe
