#pragma once

#include "recipe/place_result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace steadyframe::command_line {

/// What the program around the command brings along.
struct CompressCommand {
    std::vector<std::string> arguments; ///< after "compress"
    std::filesystem::path presetFile; ///< the person's own presets
    recipe::Workshop workshop;
};

/// `steadyframe compress`: needs no window, no event loop and no Qt but what the workshop brings. Prints to the
/// standard streams and gives the exit status, as `--help` tells it. Takes SIGINT and SIGTERM, and stops within a file.
/// @thread the first, before there are others
[[nodiscard]] int runCompress(CompressCommand command);

} // namespace steadyframe::command_line
