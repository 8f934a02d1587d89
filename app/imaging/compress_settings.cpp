#include "imaging/compress_settings.h"

#include <locale>
#include <sstream>

namespace steadyframe::imaging {
namespace {

ImagingError bad(const std::string &message)
{
    return {ImagingErrc::badSettings, message};
}

std::string worded(double number)
{
    std::ostringstream words;
    words.imbue(std::locale::classic());
    words << number;
    return words.str();
}

bool isQuality(int quality)
{
    return quality >= 1 && quality <= 100;
}

isolate::Result<void, ImagingError> validate(const Target &target)
{
    switch (target.kind) {
    case TargetKind::quality:
        if (!isQuality(target.quality))
            return bad("The quality is " + std::to_string(target.quality) + ". Choose one from 1 to 100.");
        return {};
    case TargetKind::lossless:
        return {};
    case TargetKind::bytes:
        if (target.bytes == 0)
            return bad("The largest size is 0 bytes. Choose one of at least 1 byte.");
        break;
    case TargetKind::similarity:
        if (!(target.similarity > 0 && target.similarity <= 1))
            return bad("The similarity is " + worded(target.similarity) + ". Choose one above 0 and up to 1.");
        break;
    }
    if (!isQuality(target.floor) || !isQuality(target.ceiling) || target.floor > target.ceiling)
        return bad("The quality may be from " + std::to_string(target.floor) + " to " + std::to_string(target.ceiling)
                   + ". Choose two that rise, from 1 to 100.");
    return {};
}

isolate::Result<void, ImagingError> validateSide(int side, const char *name)
{
    if (side >= 1 && side <= longestJpegSide)
        return {};
    return bad(std::string("The ") + name + " is " + std::to_string(side) + " pixels. Choose one from 1 to 65500.");
}

isolate::Result<void, ImagingError> validate(const ResizeRule &resize)
{
    switch (resize.kind) {
    case ResizeKind::keep:
        return {};
    case ResizeKind::longestSide:
        return validateSide(resize.width, "longest side");
    case ResizeKind::width:
        return validateSide(resize.width, "width");
    case ResizeKind::height:
        return validateSide(resize.height, "height");
    case ResizeKind::box:
        if (auto valid = validateSide(resize.width, "width"); !valid)
            return valid;
        return validateSide(resize.height, "height");
    case ResizeKind::percent:
        if (!(resize.percent > 0 && resize.percent <= 100))
            return bad("The size is " + worded(resize.percent) + " percent. Choose one above 0 and up to 100.");
        return {};
    }
    return {};
}

} // namespace

ResizeRule ResizeRule::toLongestSide(int pixels)
{
    if (pixels == 0)
        return {};
    return {ResizeKind::longestSide, pixels};
}

isolate::Result<void, ImagingError> validate(const CompressSettings &settings)
{
    if (auto valid = validate(settings.target); !valid)
        return valid;
    const bool lossless = settings.target.kind == TargetKind::lossless;
    if (lossless && settings.resize.kind != ResizeKind::keep)
        return bad("Without loss a picture keeps its size. Choose a quality to resize it, or keep the size.");
    if (lossless && settings.colors != ColorRule::keepProfile)
        return bad("Without loss a picture keeps its colours. Choose a quality to convert them, or keep the profile.");
    return validate(settings.resize);
}

} // namespace steadyframe::imaging
