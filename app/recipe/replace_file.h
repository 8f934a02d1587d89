#pragma once

#include "imaging/imaging_error.h"
#include "recipe/place_result.h"

#include <filesystem>
#include <sys/stat.h>

/// A new file takes the place of one that goes into the trash; for this room alone. @thread any; blocks on the disk
namespace steadyframe::recipe {

/// Gives `unnamed` the name `path`, whose file `old` goes into the trash first, whose place there is the result. At
/// each moment, also if the process or the machine ends then, `path` is one of the two, whole, as long as the file
/// system has second names for files; where it has none, the old one may lie in the trash and `path` be missing. On an
/// error all is as it was, or the sentence says what is not. A file that another program put under the name meanwhile
/// stays.
[[nodiscard]] isolate::Result<std::filesystem::path, imaging::ImagingError>
replaceFile(const std::filesystem::path &unnamed, const std::filesystem::path &path, const struct stat &old,
            MoveToTrash moveToTrash);

/// Gives `unnamed` the name `path`, which is free, and puts `old` into the trash after that: at each moment one of the
/// two is there. When the trash does not take it, all is as it was.
[[nodiscard]] isolate::Result<std::filesystem::path, imaging::ImagingError>
replaceUnderAnotherName(const std::filesystem::path &unnamed, const std::filesystem::path &path,
                        const std::filesystem::path &old, MoveToTrash moveToTrash);

[[nodiscard]] imaging::ImagingError changedMeanwhileError(const std::filesystem::path &path);
[[nodiscard]] imaging::ImagingError nameTakenError(const std::filesystem::path &path);

} // namespace steadyframe::recipe
