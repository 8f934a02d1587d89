#pragma once

#include "recipe/recipe.h"

#include <isolate_core/result.h>

#include <filesystem>
#include <string>
#include <vector>

namespace steadyframe::recipe {

/// What the application brings along, for common wishes. @thread any
[[nodiscard]] const std::vector<Preset> &builtInPresets();

/// The presets of a file, one or many; none of a file that is not there. An error is a sentence that names what to
/// do. @thread any; blocks on the disk
[[nodiscard]] isolate::Result<std::vector<Preset>, std::string> loadPresets(const std::filesystem::path &file);

/// Writes one preset, to be given to others, or all of one's own; a file is never left half written. @thread any;
/// blocks on the disk
[[nodiscard]] isolate::Result<void, std::string> savePreset(const std::filesystem::path &file, const Preset &preset);
[[nodiscard]] isolate::Result<void, std::string> savePresets(const std::filesystem::path &file,
                                                             const std::vector<Preset> &presets);

/// Keeps the recipe that is in use for the next start. That originals are replaced is not kept: it is chosen anew each
/// time, and until then results go into the application's folder. @thread any; blocks on the disk
[[nodiscard]] isolate::Result<void, std::string> saveRecipe(const std::filesystem::path &file, const Recipe &recipe);
/// The default where there is no file; the error is a sentence about one that can't be used. @thread any; blocks on the
/// disk
[[nodiscard]] isolate::Result<Recipe, std::string> loadRecipe(const std::filesystem::path &file);

/// That of a name, built in or of `own`, or null; one's own come first. @thread any
[[nodiscard]] const Preset *findPreset(const std::vector<Preset> &own, std::string_view name);

} // namespace steadyframe::recipe
