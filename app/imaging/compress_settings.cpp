#include "imaging/compress_settings.h"

namespace steadyframe::imaging {

isolate::Result<void, ImagingError> validate(const CompressSettings &settings)
{
    if (settings.quality < 1 || settings.quality > 100)
        return ImagingError{ImagingErrc::badSettings,
                            "The quality is " + std::to_string(settings.quality) + ". Choose one from 1 to 100."};
    if (settings.longestSide < 0 || settings.longestSide > 65500)
        return ImagingError{ImagingErrc::badSettings,
                            "The longest side is " + std::to_string(settings.longestSide)
                                + " pixels. Choose one up to 65500, or 0 to keep the size."};
    return {};
}

} // namespace steadyframe::imaging
