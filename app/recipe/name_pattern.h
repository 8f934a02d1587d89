#pragma once

#include "imaging/imaging_error.h"

#include <isolate_core/result.h>

#include <chrono>
#include <string>
#include <string_view>

namespace steadyframe::recipe {

/// What a pattern's parts are replaced by.
struct NameFacts {
    std::string name; ///< of the original, without its extension
    int width = 0; ///< of the result
    int height = 0;
    int quality = 0; ///< that was written; 0 where the pixels are the original's: then it reads "original"
    std::chrono::sys_seconds changed{}; ///< the original, last
};

/// An error of code `badSettings` for a pattern that has an unknown part, a "/" or nothing in it. @thread any
[[nodiscard]] isolate::Result<void, imaging::ImagingError> checkPattern(std::string_view pattern);
/// The name that a checked pattern gives, without an extension; never empty, "." or "..". @thread any
[[nodiscard]] std::string expanded(std::string_view pattern, const NameFacts &facts);
/// Whether the name is known before the result is. @thread any
[[nodiscard]] bool knownBeforehand(std::string_view pattern);

} // namespace steadyframe::recipe
