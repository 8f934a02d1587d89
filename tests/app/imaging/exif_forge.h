#pragma once

#include "imaging/jpeg_forge.h"

#include <string>

namespace steadyframe::tests {

/// What an EXIF block is to tell, beside a camera ("Forge", "Model 1", a lens "LENS"), dates ("2024:05:06",
/// "2023:01:02", and "2022:03:04" by satellite), a place ("48NORTH8"), and words ("A day at the sea", by "Ann Example",
/// with a "remark").
struct ExifRecipe {
    bool bigEndian = true;
    unsigned orientation = 1;
    std::string note = "the note of the maker";
    bool adobeRgb = false;
    Bytes thumbnail{}; ///< at the end of the block
};
/// Written byte by byte, apart from the code under test.
Bytes forgeExif(const ExifRecipe &recipe);

} // namespace steadyframe::tests
