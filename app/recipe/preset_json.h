#pragma once

#include "recipe/recipe.h"

#include <isolate_core/result.h>

#include <string>
#include <string_view>
#include <vector>

/// Presets as JSON: one in a file that is given to others, or a list in the file of a person's own.
namespace steadyframe::recipe {

/// One object, indented, with every setting. @thread any
[[nodiscard]] std::string toJson(const Preset &preset);
/// A list. @thread any
[[nodiscard]] std::string toJson(const std::vector<Preset> &presets);

/// One object with every setting and where results go, for this machine alone. A folder whose name is not UTF-8 does
/// not come back. @thread any
[[nodiscard]] std::string toJson(const Recipe &recipe);

/// Reads one preset or a list. What is left out has its default. An unknown member, a value of the wrong kind or out of
/// its range is an error, a sentence that names it: "resize.width is -3. Choose one from 1 to 65500." @thread any
[[nodiscard]] isolate::Result<std::vector<Preset>, std::string> presetsFromJson(std::string_view text);
/// The same for a recipe. @thread any
[[nodiscard]] isolate::Result<Recipe, std::string> recipeFromJson(std::string_view text);

} // namespace steadyframe::recipe
