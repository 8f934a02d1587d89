#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::pipeline {

/// A file that a pick led to, or one that it did not lead to and why.
struct FoundFile {
    std::string path; ///< native bytes, absolute
    std::int64_t bytes = -1; ///< its size; -1 when it could not be asked
    std::string problem; ///< empty, or a sentence for the person: then there is nothing to compress
};

/// Whether a folder's file of this name is taken for a picture, by its extension. @thread any
[[nodiscard]] bool looksLikePicture(const std::string &name);

/// Follows picks to files: a file stands for itself, whatever its name; a folder for the pictures in it and below it,
/// in the order of their names. Links to folders are not followed, so that a loop ends. A folder that can't be read or
/// has no picture gives one entry that says so. Calls `found` with up to `batch` files at a time. @thread any; blocks
/// on the disk
void findFiles(const std::vector<std::string> &picks, std::size_t batch,
               const std::function<void(std::vector<FoundFile>)> &found, const std::stop_token &stop);

} // namespace steadyframe::pipeline
