#pragma once

#include "imaging/imaging_error.h"
#include "imaging/metadata_rule.h"

#include <isolate_core/result.h>

#include <cstdint>

namespace steadyframe::imaging {

/// The longest side that a JPEG can have, in pixels.
inline constexpr int longestJpegSide = 65500;

/// What the result is to be: one thing at a time.
enum class TargetKind : std::uint8_t {
    quality, ///< this quality of JPEG
    bytes, ///< the best quality that is at most so long
    similarity, ///< the lowest quality that looks so much like the picture
    /// The same coefficients in fewer bytes: of JPEGs alone, at their size and in their colours. Turned upright where
    /// the turned edges lie on whole blocks; where they don't, every pixel stays, and so does the tag that tells how to
    /// show it. Nothing is trimmed.
    lossless,
};

/// A target, and what belongs to each kind. @thread any
struct Target {
    TargetKind kind = TargetKind::quality;
    int quality = 80; ///< `quality`: 1 to 100. Below 90 colour has half the resolution of brightness.
    std::uint64_t bytes = 0; ///< `bytes`: the result is at most that long; at least 1
    /// `similarity`: structural similarity (above 0, at most 1) of the result to the picture at the result's size, as
    /// `imaging/similarity.h` defines it.
    double similarity = 0.98;
    int floor = 30; ///< `bytes`, `similarity`: the lowest quality that may be written, 1 to `ceiling`
    int ceiling = 95; ///< `bytes`, `similarity`: the highest quality that may be written, up to 100

    friend bool operator==(const Target &, const Target &) = default;
};

/// By what the size of the result is told. Sizes are those of the picture as it is shown.
enum class ResizeKind : std::uint8_t {
    keep, ///< as large as the original
    longestSide, ///< the longer side becomes `width`
    box, ///< fits into `width` by `height`
    width, ///< becomes `width` wide
    height, ///< becomes `height` high
    percent, ///< each side becomes `percent` of what it was
};

/// The size of the result. The shape stays the same, and nothing is ever enlarged. @thread any
struct ResizeRule {
    ResizeKind kind = ResizeKind::keep;
    int width = 0; ///< pixels, 1 to `longestJpegSide` where it is used
    int height = 0; ///< pixels, 1 to `longestJpegSide` where it is used
    double percent = 100; ///< above 0, at most 100

    /// The longer side becomes `pixels`; 0 keeps the size.
    [[nodiscard]] static ResizeRule toLongestSide(int pixels);
    friend bool operator==(const ResizeRule &, const ResizeRule &) = default;
};

/// What the person asks of a compression. @thread any
struct CompressSettings {
    Target target{};
    ResizeRule resize{};
    bool progressive = false; ///< Shows a coarse picture early and is a few percent smaller; slower to write and read.
    MetadataRule metadata{};
    ColorRule colors = ColorRule::keepProfile;

    friend bool operator==(const CompressSettings &, const CompressSettings &) = default;
};

/// An error of code `badSettings` names the first value that is used and out of its range. @thread any
[[nodiscard]] isolate::Result<void, ImagingError> validate(const CompressSettings &settings);

} // namespace steadyframe::imaging
