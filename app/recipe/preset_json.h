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

/// Reads either. What is left out has its default. An unknown member, a value of the wrong kind or out of its range
/// is an error, a sentence that names it: "resize.width is -3. Choose one from 1 to 65500." @thread any
[[nodiscard]] isolate::Result<std::vector<Preset>, std::string> presetsFromJson(std::string_view text);

} // namespace steadyframe::recipe
