// Files of presets and of remembered settings, and naming patterns.
#include "fuzz/scratch.h"
#include "recipe/name_pattern.h"
#include "recipe/preset_json.h"

using namespace steadyframe;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    if (const auto presets = recipe::presetsFromJson(text)) {
        // What was accepted is valid, and comes back as it is.
        for (const recipe::Preset &preset : *presets) {
            require(imaging::validate(preset.settings).ok() && recipe::validate(preset.naming).ok());
            const auto again = recipe::presetsFromJson(recipe::toJson(preset));
            require(again.ok() && again->size() == 1 && again->front() == preset);
        }
        const auto again = recipe::presetsFromJson(recipe::toJson(*presets));
        require(again.ok() && *again == *presets);
    }
    if (const auto settings = recipe::recipeFromJson(text)) {
        const auto again = recipe::recipeFromJson(recipe::toJson(*settings));
        require(again.ok() && *again == *settings);
    }
    if (recipe::checkPattern(text)) {
        recipe::NameFacts facts;
        facts.name = "photo";
        const std::string name = recipe::expanded(text, facts);
        require(!name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos);
        static_cast<void>(recipe::knownBeforehand(text));
    }
    return 0;
}
