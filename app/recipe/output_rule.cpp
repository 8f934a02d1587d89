#include "recipe/output_rule.h"

#include "recipe/name_pattern.h"

namespace steadyframe::recipe {

using imaging::ImagingErrc;
using imaging::ImagingError;

isolate::Result<void, ImagingError> validate(const NamingRule &naming)
{
    if (auto pattern = checkPattern(naming.pattern); !pattern)
        return pattern;
    const std::filesystem::path folder(naming.subFolder);
    bool leaves = folder.is_absolute() || naming.subFolder.find('\0') != std::string::npos;
    for (const auto &part : folder)
        leaves = leaves || part == "..";
    if (leaves)
        return ImagingError{ImagingErrc::badSettings,
                            "The sub-folder leads out of the folder of the results. Write a name like small."};
    return {};
}

isolate::Result<void, ImagingError> validate(const OutputRule &output)
{
    if (output.place == OutputPlace::folder && !output.folder.is_absolute())
        return ImagingError{ImagingErrc::badSettings, "No folder is named for the results. Choose one."};
    return validate(output.naming);
}

} // namespace steadyframe::recipe
