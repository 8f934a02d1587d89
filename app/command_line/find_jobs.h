#pragma once

#include "command_line/compress_options.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::command_line {

/// A file to be compressed, or one that can't be and why.
struct Job {
    std::string file;
    std::string problem;
    std::filesystem::path below; ///< its folder, as seen from the picked one
};

/// All there is to do.
struct Jobs {
    std::vector<Job> all;
    std::size_t leftOut = 0; ///< files that were found, but are results of earlier runs
};

/// All that was named, with the lists in place of their names; or a sentence about a list that can't be read.
/// @thread any; blocks on the standard input and on the disk
[[nodiscard]] isolate::Result<std::vector<std::string>, std::string> namedPaths(const CompressOptions &options);

/// The files of these paths, in order, each once. Left out is what lies in the folder of the results where that is
/// below a folder that was named, and what has the name that another one's result gets beside it.
/// @thread any; blocks on the disk
[[nodiscard]] Jobs findJobs(const std::vector<std::string> &paths, const recipe::OutputRule &output,
                            const std::stop_token &stop);

} // namespace steadyframe::command_line
