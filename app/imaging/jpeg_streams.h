#pragma once

#include "imaging/byte_stream.h"
#include "imaging/jpeg_guard.h"
#include "imaging/photo_metadata.h"

#include <array>
#include <vector>

namespace steadyframe::imaging {

/// Feeds libjpeg from a `ByteSource`. `base` is the first member, because libjpeg hands out a pointer to it. The end of
/// the source raises an error, instead of the made-up end of image that libjpeg suggests.
struct JpegSource {
    jpeg_source_mgr base{};
    ByteSource *bytes = nullptr;
    bool pretendEnd = false; ///< the end of the source is the end of the image after all
    bool endedEarly = false; ///< it was
    std::array<std::uint8_t, 64 * 1024> buffer{};

    explicit JpegSource(ByteSource &source);
};

/// Takes libjpeg's output to a `ByteSink`.
struct JpegSink {
    jpeg_destination_mgr base{};
    ByteSink *bytes = nullptr;
    std::array<std::uint8_t, 64 * 1024> buffer{};

    explicit JpegSink(ByteSink &sink);
};

/// Between the start of an image and its first scan.
void writeMarkers(jpeg_compress_struct &jpeg, const std::vector<JpegMarker> &markers,
                  const std::vector<std::uint8_t> &icc);

} // namespace steadyframe::imaging
