#include "imaging/profile_forge.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <lcms2.h>

namespace steadyframe::tests {
namespace {

Bytes saved(cmsHPROFILE profile)
{
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(profile, nullptr, &size);
    Bytes bytes(size);
    if (!cmsSaveProfileToMem(profile, bytes.data(), &size))
        std::abort();
    cmsCloseProfile(profile);
    std::fill_n(bytes.begin() + 24, 12, std::uint8_t{1}); // the date: the same at any time
    return bytes;
}

struct Sampler {
    cmsHTRANSFORM srgbToLab = nullptr;
    bool inks = false;
};

cmsInt32Number sample(const cmsUInt16Number in[], cmsUInt16Number out[], void *cargo)
{
    const auto *sampler = static_cast<const Sampler *>(cargo);
    const auto share = [in](int i) { return in[i] / 65535.0; };
    std::array<double, 3> rgb{};
    for (int i = 0; i < 3; ++i) {
        const int from = (i + 1) % 3;
        rgb[static_cast<std::size_t>(i)] = sampler->inks ? (1 - share(from)) * (1 - share(3)) : share(from);
    }
    cmsCIELab lab;
    cmsDoTransform(sampler->srgbToLab, rgb.data(), &lab, 1);
    cmsFloat2LabEncoded(out, &lab);
    return TRUE;
}

Bytes tableProfile(bool inks)
{
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
    cmsSetProfileVersion(profile, 4.3);
    cmsSetDeviceClass(profile, inks ? cmsSigOutputClass : cmsSigInputClass);
    cmsSetColorSpace(profile, inks ? cmsSigCmykData : cmsSigRgbData);
    cmsSetPCS(profile, cmsSigLabData);
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    cmsHPROFILE lab = cmsCreateLab4Profile(nullptr);
    Sampler sampler{cmsCreateTransform(srgb, TYPE_RGB_DBL, lab, TYPE_Lab_DBL, INTENT_RELATIVE_COLORIMETRIC, 0), inks};
    const cmsUInt32Number channels = inks ? 4 : 3;
    cmsStage *table = cmsStageAllocCLut16bit(nullptr, inks ? 9 : 17, channels, 3, nullptr);
    cmsStageSampleCLut16bit(table, sample, &sampler, 0);
    cmsPipeline *pipeline = cmsPipelineAlloc(nullptr, channels, 3);
    cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, cmsStageAllocToneCurves(nullptr, channels, nullptr));
    cmsPipelineInsertStage(pipeline, cmsAT_END, table);
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
    if (!cmsWriteTag(profile, cmsSigAToB0Tag, pipeline))
        std::abort();
    cmsPipelineFree(pipeline);
    cmsDeleteTransform(sampler.srgbToLab);
    cmsCloseProfile(srgb);
    cmsCloseProfile(lab);
    return saved(profile);
}

} // namespace

Bytes displayP3()
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
    const std::array<cmsFloat64Number, 5> parameters = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    cmsToneCurve *curve = cmsBuildParametricToneCurve(nullptr, 4, parameters.data());
    cmsToneCurve *curves[] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsFreeToneCurve(curve);
    return saved(profile);
}

Bytes linearGray()
{
    cmsToneCurve *curve = cmsBuildGamma(nullptr, 1);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsFreeToneCurve(curve);
    return saved(profile);
}

Bytes rotatedRgb()
{
    return tableProfile(false);
}

Bytes rotatedInks()
{
    return tableProfile(true);
}

} // namespace steadyframe::tests
