#include "imaging/color_plan.h"

#include "imaging/colors.h"

#include <algorithm>

namespace steadyframe::imaging {
namespace {

/// Of a profile's header: the first letter of "GRAY", "RGB " or "CMYK".
constexpr std::size_t colorSpaceAt = 16;

/// The mean of the samples that each new one covers; those beyond the edge are the edge's.
Plane reduced(const Plane &plane, ChromaStep step)
{
    Plane small((plane.width() + step.x - 1) / step.x, (plane.height() + step.y - 1) / step.y);
    const int count = step.x * step.y;
    for (int y = 0; y < small.height(); ++y) {
        for (int x = 0; x < small.width(); ++x) {
            int sum = count / 2;
            for (int dy = 0; dy < step.y; ++dy) {
                const std::uint8_t *row = plane.row(std::min(y * step.y + dy, plane.height() - 1));
                for (int dx = 0; dx < step.x; ++dx)
                    sum += row[std::min(x * step.x + dx, plane.width() - 1)];
            }
            small.row(y)[x] = static_cast<std::uint8_t>(sum / count);
        }
    }
    return small;
}

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

bool convertColors(std::vector<Plane> &planes, const ColorTransform &transform, ChromaStep chroma,
                   const std::stop_token &stop)
{
    const int width = planes[0].width();
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * 3);
    for (int y = 0; y < planes[0].height(); ++y) {
        if (stop.stop_requested())
            return false;
        if (planes.size() == 1) {
            transform.convert(planes[0].row(y), planes[0].row(y), width);
            continue;
        }
        const YccRow row{planes[0].row(y), planes[1].row(y), planes[2].row(y)};
        yccToRgb(row.y, row.cb, row.cr, width, pixels.data());
        transform.convert(pixels.data(), pixels.data(), width);
        rgbToYcc(pixels.data(), width, row);
    }
    for (std::size_t c = 1; c < planes.size(); ++c) {
        if (chroma != ChromaStep{1, 1})
            planes[c] = reduced(planes[c], chroma);
    }
    return !stop.stop_requested();
}

} // namespace steadyframe::imaging
