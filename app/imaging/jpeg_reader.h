#pragma once

#include "imaging/byte_stream.h"
#include "imaging/color_transform.h"
#include "imaging/imaging_error.h"
#include "imaging/imaging_limits.h"
#include "imaging/orientation.h"
#include "imaging/photo_metadata.h"
#include "imaging/plane.h"
#include "imaging/scan_decoder.h"

#include <isolate_core/result.h>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::imaging {

/// Dots per unit, as the file tells.
struct PixelDensity {
    std::uint8_t unit = 0; ///< 0 is an aspect ratio, 1 per inch, 2 per centimetre
    std::uint16_t x = 1;
    std::uint16_t y = 1;
};

/// What is known before the first pixel.
struct JpegHeader {
    int width = 0;
    int height = 0;
    bool gray = false;
    bool cmyk = false;
    bool invertedInks = false; ///< 255 is no ink, as Adobe stores it
    ChromaStep chroma; ///< {1, 1} for what is not stored as Y, Cb and Cr
    bool plainBlocks = false; ///< its blocks are laid out as our own writer would for this `chroma`
    Orientation orientation = Orientation::upright;
    PhotoMetadata metadata;
    std::vector<std::uint8_t> icc; ///< empty when there is none, or only a part of one
    std::optional<PixelDensity> density;
};

/// One channel as it comes out.
struct ChannelLayout {
    int width = 0;
    int height = 0;
    int rowsInStripe = 0;
    double coveredWidth = 0;
    double coveredHeight = 0;
};

/// Decodes one JPEG to brightness, or to Y, Cb and Cr, stripe by stripe, in whatever resolution each is stored: colour
/// is neither interpolated nor converted without need. RGB and CMYK are converted, in full resolution.
///
/// Any damage that loses pixels is an error, but for an early end when `takeWhatIsThere` was called. @thread the one
/// that made it, until it is gone
class JpegReader {
public:
    /// `source` is read from its beginning, once, and looked into before.
    template <class Source>
    JpegReader(Source &source, const std::stop_token &stop) : JpegReader(source, source, stop)
    {
    }
    JpegReader(const JpegReader &) = delete;
    JpegReader &operator=(const JpegReader &) = delete;
    ~JpegReader();

    [[nodiscard]] isolate::Result<JpegHeader, ImagingError> readHeader(const ImagingLimits &limits);
    /// From now on the end of the file is the end of the picture; what is missing is gray, or coarse. Call it before
    /// `start`.
    void takeWhatIsThere() noexcept;
    /// A sentence about what is missing, after `finish`; empty when nothing is.
    [[nodiscard]] std::string loss() const;
    /// Pixels come out converted: CMYK, which needs a transform from CMYK, gray, or colours, then in full resolution.
    /// Call it before `start`.
    void convertBy(std::shared_ptr<const ColorTransform> transform);
    /// Decodes the coefficients of a file of the ordinary kind, in place of all that follows; none for another.
    [[nodiscard]] std::optional<ScanDecoder> scanDecoder();
    /// At `eighths` / 8 of the size: 1, 2, 4 or 8. A file of several scans is read here; `step` is called meanwhile.
    [[nodiscard]] isolate::Result<void, ImagingError> start(int eighths, const std::function<void()> &step = {});
    [[nodiscard]] const std::vector<ChannelLayout> &channels() const noexcept;
    [[nodiscard]] int stripes() const noexcept;
    /// `rows[c]` holds `rowsInStripe` pointers to rows with room for the width rounded up to `Plane::alignment`.
    [[nodiscard]] isolate::Result<void, ImagingError> readStripe(std::uint8_t **const *rows);
    /// Instead of `start` and all that follows it: everything up to the end of the file's picture, as coefficients.
    /// `step` is called with the fraction that is done.
    [[nodiscard]] isolate::Result<void, ImagingError> readCoefficients(const std::function<void(double)> &step);
    /// All that is left, as a picture. `step` is called after every stripe with the fraction that is done.
    [[nodiscard]] isolate::Result<Picture, ImagingError> readAll(const std::function<void(double)> &step = {});
    /// Reads to the end of the file's picture: an end that is missing is found here.
    [[nodiscard]] isolate::Result<void, ImagingError> finish();

    struct Codec;
    /// For what recodes a file without decoding it to pixels.
    [[nodiscard]] Codec &codec() noexcept { return *m_codec; }

private:
    JpegReader(ByteSource &source, const RandomBytes &file, const std::stop_token &stop);

    std::unique_ptr<Codec> m_codec;
};

} // namespace steadyframe::imaging
