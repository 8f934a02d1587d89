#pragma once

#include "imaging/imaging_error.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace steadyframe::recipe {

/// Where a result goes.
enum class OutputPlace : std::uint8_t {
    ownFolder, ///< the application's own folder; names are its own too
    besideOriginal, ///< the folder of the original
    folder, ///< one that the person named
    replaceOriginal, ///< the original's place; the original goes into the trash
};

/// What happens when a name is taken, by another file or by a result of the same run.
enum class IfExists : std::uint8_t {
    number, ///< "photo-2.jpg"
    skip, ///< nothing is written
    overwrite, ///< the file that is there is lost; an original never is
    fail, ///< an error
};

/// How results are named: what a preset may carry from one machine to another. @thread any
struct NamingRule {
    /// `{name}`, `{width}`, `{height}`, `{quality}` and `{date}` (of the file's last change) are replaced; the
    /// extension is added.
    std::string pattern = "{name}";
    std::string subFolder; ///< below the folder of the results; relative, may have several parts; empty: none
    IfExists ifExists = IfExists::number;
    bool keepDates = false; ///< the times of the last change and access are the original's
    bool keepPermissions = false; ///< the mode bits are the original's

    friend bool operator==(const NamingRule &, const NamingRule &) = default;
};

/// Where results go, and under which names. @thread any
struct OutputRule {
    OutputPlace place = OutputPlace::ownFolder;
    std::filesystem::path folder; ///< for `OutputPlace::folder`; absolute
    NamingRule naming;

    friend bool operator==(const OutputRule &, const OutputRule &) = default;
};

/// An error of code `badSettings` says what is wrong with a pattern or a sub-folder, and what to write. @thread any
[[nodiscard]] isolate::Result<void, imaging::ImagingError> validate(const NamingRule &naming);
[[nodiscard]] isolate::Result<void, imaging::ImagingError> validate(const OutputRule &output);

} // namespace steadyframe::recipe
