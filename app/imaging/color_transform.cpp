#include "imaging/color_transform.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include <lcms2.h>

namespace steadyframe::imaging {
namespace {

constexpr std::size_t headerSize = 128;
constexpr std::size_t tagSize = 12;
constexpr std::ptrdiff_t dateAt = 24;
/// Differences that no eye sees, in levels of 255.
constexpr int sameLevel = 1;

struct CloseProfile {
    void operator()(void *profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<std::remove_pointer_t<cmsHPROFILE>, CloseProfile>;

struct FreeCurve {
    void operator()(cmsToneCurve *curve) const { cmsFreeToneCurve(curve); }
};

std::uint32_t numberAt(std::span<const std::uint8_t> bytes, std::size_t at)
{
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8
        | bytes[at + 3];
}

Profile open(std::span<const std::uint8_t> icc)
{
    if (!isWholeProfile(icc))
        return nullptr;
    return Profile(cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size())));
}

void *transformTo(const Profile &from, cmsUInt32Number format, cmsColorSpaceSignature space, cmsUInt32Number toFormat)
{
    if (!from || cmsGetColorSpace(from.get()) != space)
        return nullptr;
    Profile to;
    if (toFormat == TYPE_GRAY_8) {
        // Gray stays one value: sRGB's own gray scale.
        const std::array<cmsFloat64Number, 5> parameters = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
        const std::unique_ptr<cmsToneCurve, FreeCurve> curve(
            cmsBuildParametricToneCurve(nullptr, 4, parameters.data()));
        to.reset(cmsCreateGrayProfile(cmsD50_xyY(), curve.get()));
    } else {
        to.reset(cmsCreate_sRGBProfile());
    }
    if (!to)
        return nullptr;
    // Without the cache of the last pixel a transform may be used by several threads.
    return cmsCreateTransform(from.get(), format, to.get(), toFormat, INTENT_RELATIVE_COLORIMETRIC,
                              cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE);
}

} // namespace

std::shared_ptr<const ColorTransform> ColorTransform::toSrgb(std::span<const std::uint8_t> icc, From from)
{
    const Profile profile = open(icc);
    void *transform = nullptr;
    switch (from) {
    case From::gray:
        transform = transformTo(profile, TYPE_GRAY_8, cmsSigGrayData, TYPE_GRAY_8);
        break;
    case From::rgb:
        transform = transformTo(profile, TYPE_RGB_8, cmsSigRgbData, TYPE_RGB_8);
        break;
    case From::cmyk:
        transform = transformTo(profile, TYPE_CMYK_8, cmsSigCmykData, TYPE_RGB_8);
        break;
    case From::invertedCmyk:
        transform = transformTo(profile, TYPE_CMYK_8_REV, cmsSigCmykData, TYPE_RGB_8);
        break;
    }
    if (!transform)
        return nullptr;
    return std::shared_ptr<const ColorTransform>(new ColorTransform(transform));
}

ColorTransform::~ColorTransform()
{
    cmsDeleteTransform(m_transform);
}

void ColorTransform::convert(const std::uint8_t *from, std::uint8_t *to, int width) const
{
    cmsDoTransform(m_transform, from, to, static_cast<cmsUInt32Number>(width));
}

bool isWholeProfile(std::span<const std::uint8_t> icc)
{
    if (icc.size() < headerSize + 4 || numberAt(icc, 0) > icc.size() || numberAt(icc, 36) != cmsMagicNumber)
        return false;
    const std::size_t tags = numberAt(icc, headerSize);
    if (tags > (icc.size() - headerSize - 4) / tagSize)
        return false;
    for (std::size_t i = 0; i < tags; ++i) {
        const std::size_t at = headerSize + 4 + i * tagSize;
        const std::size_t offset = numberAt(icc, at + 4);
        if (offset > icc.size() || numberAt(icc, at + 8) > icc.size() - offset)
            return false;
    }
    return true;
}

bool isSrgb(std::span<const std::uint8_t> icc)
{
    const auto transform = ColorTransform::toSrgb(icc, ColorTransform::From::rgb);
    if (!transform)
        return false;
    // A grid over all colours: a profile that leaves these where they are leaves all.
    for (int r = 0; r <= 255; r += 51) {
        for (int g = 0; g <= 255; g += 51) {
            for (int b = 0; b <= 255; b += 51) {
                const std::array from
                    = {static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g), static_cast<std::uint8_t>(b)};
                std::array<std::uint8_t, 3> to{};
                transform->convert(from.data(), to.data(), 1);
                for (std::size_t c = 0; c < 3; ++c) {
                    if (std::abs(from[c] - to[c]) > sameLevel)
                        return false;
                }
            }
        }
    }
    return true;
}

std::vector<std::uint8_t> adobeRgbProfile()
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    const std::unique_ptr<cmsToneCurve, FreeCurve> curve(cmsBuildGamma(nullptr, 563.0 / 256));
    cmsToneCurve *curves[] = {curve.get(), curve.get(), curve.get()};
    const Profile profile(cmsCreateRGBProfile(&white, &primaries, curves));
    cmsUInt32Number size = 0;
    if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size))
        return {};
    std::vector<std::uint8_t> bytes(size);
    if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size))
        return {};
    // The same bytes at any time.
    constexpr std::array<std::uint8_t, 12> firstOfMay1998 = {0x07, 0xCE, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0};
    std::copy(firstOfMay1998.begin(), firstOfMay1998.end(), bytes.begin() + dateAt);
    return bytes;
}

} // namespace steadyframe::imaging
