#pragma once

#include "imaging/byte_stream.h"
#include "imaging/imaging_error.h"
#include "imaging/jpeg_reader.h"
#include "imaging/photo_metadata.h"
#include "imaging/plane.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// What a JPEG is to be.
struct JpegLayout {
    int width = 0;
    int height = 0;
    bool gray = false;
    ChromaStep chroma{2, 2}; ///< 1 or 2 in each direction
    int quality = 80;
    bool progressive = false;
    std::vector<JpegMarker> markers; ///< after the one that says it is a JPEG
    std::vector<std::uint8_t> icc;
    std::optional<PixelDensity> density;
};

/// Encodes one JPEG from planes, with Huffman tables made for it. The same input gives the same bytes.
/// @thread the one that made it, until it is gone
class JpegWriter {
public:
    JpegWriter(ByteSink &sink, const std::stop_token &stop);
    JpegWriter(const JpegWriter &) = delete;
    JpegWriter &operator=(const JpegWriter &) = delete;
    ~JpegWriter();

    [[nodiscard]] isolate::Result<void, ImagingError> start(const JpegLayout &layout);
    [[nodiscard]] int stripes() const noexcept;
    [[nodiscard]] int rowsInStripe(std::size_t channel) const noexcept;
    /// `rows[c]` holds `rowsInStripe(c)` pointers to rows that reach to the end of their last block of 8.
    [[nodiscard]] isolate::Result<void, ImagingError> writeStripe(std::uint8_t **const *rows);
    /// All stripes, from planes of the right sizes. `step` is called after every stripe with the fraction that is done.
    [[nodiscard]] isolate::Result<void, ImagingError> writeAll(std::vector<Plane> &planes,
                                                               const std::function<void(double)> &step);
    [[nodiscard]] isolate::Result<void, ImagingError> finish();

private:
    struct Codec;
    std::unique_ptr<Codec> m_codec;
};

} // namespace steadyframe::imaging
