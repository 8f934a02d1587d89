#pragma once

#include "imaging/jpeg_guard.h"
#include "imaging/jpeg_reader.h"
#include "imaging/jpeg_streams.h"

namespace steadyframe::imaging {

/// libjpeg's decoder with what surrounds it; for those few who need more of it than pixels. @thread the reader's
struct JpegReader::Codec {
    JpegErrors errors;
    JpegSource source;
    const RandomBytes &file;
    jpeg_decompress_struct jpeg{};
    bool created = false;
    bool converts = false; ///< from RGB or CMYK, or by a transform
    bool manyScans = false;
    ImagingLimits limits;
    int rowsDone = 0;
    bool endedInMarker = false;
    int lastPass = 0; ///< in which a file of several ended early; 0 while it did not
    int lastPassRows = 0; ///< block rows of it that are there
    int rowsWhole = -1; ///< those before the early end; -1 while there was none
    int stripeCount = 0;
    std::vector<ChannelLayout> channels;
    std::vector<std::uint8_t> pixels; ///< one row, for conversion
    std::vector<std::uint8_t> converted; ///< the same in red, green and blue
    std::shared_ptr<const ColorTransform> transform;

    Codec(ByteSource &bytes, const RandomBytes &all) : source(bytes), file(all)
    {
        jpeg.err = &errors.base;
        created = guarded(errors, [this] { jpeg_create_decompress(&jpeg); });
        jpeg.src = &source.base;
        jpeg.progress = &errors.progress;
    }
    Codec(const Codec &) = delete;
    Codec &operator=(const Codec &) = delete;
    ~Codec() { jpeg_destroy_decompress(&jpeg); }

    [[nodiscard]] ImagingError error() const;
    [[nodiscard]] ImagingError truncatedError() const;
    [[nodiscard]] ImagingError libraryError() const;
    [[nodiscard]] std::optional<ImagingError> damage() const;
    [[nodiscard]] std::string place() const;
    [[nodiscard]] std::optional<ImagingError> excess() const;
    [[nodiscard]] std::optional<ImagingError> emptyClaim() const;
    /// Memory for all coefficients at once.
    [[nodiscard]] std::uint64_t coefficientBytes() const;
    /// That is more than it may be.
    [[nodiscard]] std::optional<ImagingError> tooManyCoefficients() const;
    [[nodiscard]] isolate::Result<void, ImagingError> readPasses(const std::function<void()> &step);
    /// After an early end: the pass in which it came is there in full.
    [[nodiscard]] bool passIsWhole() const;
    [[nodiscard]] bool hasAllChannels() const;
    [[nodiscard]] bool hasAllDetail() const;
    std::optional<bool> allDetail; ///< once the end was read, when libjpeg has freed what tells it
    [[nodiscard]] std::string loss() const;
    [[nodiscard]] bool isYcc() const;
    /// Remembers, once, what is whole where the file has ended early.
    void noteEarlyEnd();
    void layOut();
};

} // namespace steadyframe::imaging
