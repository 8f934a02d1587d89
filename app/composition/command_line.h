#pragma once

#include "composition/app_folders.h"

#include <isolate_core/result.h>

#include <string>
#include <vector>

namespace steadyframe::composition {

/// What the program was called with.
struct CommandLine {
    AppFolders folders = AppFolders::standard();
    std::vector<std::string> picks; ///< files and folders, native bytes
    bool demo = false;
    std::filesystem::path demoOutput = "steadyframe-demo"; ///< where the demo's report goes
    bool help = false;
    bool version = false;

    /// What `--help` prints.
    static const char *usage();
};

/// Reads the arguments after Qt has taken its own. The error is a sentence for the person. @thread any
[[nodiscard]] isolate::Result<CommandLine, std::string> parseCommandLine(const std::vector<std::string> &arguments);

} // namespace steadyframe::composition
