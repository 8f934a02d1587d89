#pragma once

#include "recipe/recipe.h"

#include <isolate_core/result.h>

#include <filesystem>
#include <string>
#include <vector>

namespace steadyframe::command_line {

/// What `steadyframe compress` was called with.
struct CompressOptions {
    recipe::Recipe recipe;
    std::vector<std::string> paths; ///< files and folders, native bytes; "-" is a list on the standard input
    std::string listFile; ///< of paths, one a line; "-" is the standard input; empty: none
    bool listByNul = false; ///< the list's paths end with a zero byte
    bool keepFolders = false; ///< what is below a picked folder stays so below that of the results
    unsigned jobs = 0; ///< pictures at once; 0: one for each core
    bool json = false;
    bool quiet = false;
    bool progress = true; ///< if there is a terminal
    bool help = false;
    bool listPresets = false;
};

/// What `--help` prints. @thread any
[[nodiscard]] std::string compressUsage();

/// Reads the arguments after "compress". `presetFile` has the person's own presets. The error is a sentence that says
/// what to write instead. @thread any; reads the files of presets
[[nodiscard]] isolate::Result<CompressOptions, std::string>
parseCompressOptions(const std::vector<std::string> &arguments, const std::filesystem::path &presetFile);

} // namespace steadyframe::command_line
