#include "imaging/color_plan.h"

#include "imaging/colors.h"

namespace steadyframe::imaging {
namespace {

/// Of a profile's header: the first letter of "GRAY", "RGB " or "CMYK".
constexpr std::size_t colorSpaceAt = 16;

} // namespace

ColorPlan planColors(std::vector<std::uint8_t> icc, bool gray, ColorRule rule)
{
    ColorPlan plan;
    if (icc.empty())
        return plan;
    if (!isWholeProfile(icc)) {
        plan.warnings.emplace_back("Its colour profile is damaged and was left out; colours are taken for sRGB.");
        return plan;
    }
    // A picture of many colours that turned out to be gray may have a profile for the many.
    if (gray && icc[colorSpaceAt] != 'G')
        return plan;
    if (rule == ColorRule::keepProfile) {
        plan.icc = std::move(icc);
        return plan;
    }
    plan.transform = ColorTransform::toSrgb(icc, gray ? ColorTransform::From::gray : ColorTransform::From::rgb);
    if (!plan.transform) {
        plan.warnings.emplace_back("Its colour profile can't be converted to sRGB and was kept.");
        plan.icc = std::move(icc);
    } else if (!gray && isSrgb(icc)) {
        plan.transform.reset();
    }
    return plan;
}

bool convertColors(Picture &picture, const ColorTransform &transform, const std::stop_token &stop)
{
    std::vector<Channel> &channels = picture.channels;
    const int width = channels[0].plane.width();
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * 3);
    for (int y = 0; y < channels[0].plane.height(); ++y) {
        if (stop.stop_requested())
            return false;
        std::uint8_t *first = channels[0].plane.row(y);
        if (channels.size() == 1) {
            transform.convert(first, first, width);
            continue;
        }
        const YccRow row{first, channels[1].plane.row(y), channels[2].plane.row(y)};
        yccToRgb(row.y, row.cb, row.cr, width, pixels.data());
        transform.convert(pixels.data(), pixels.data(), width);
        rgbToYcc(pixels.data(), width, row);
    }
    return true;
}

} // namespace steadyframe::imaging
