#pragma once

#include "imaging/arrange.h"
#include "imaging/color_plan.h"
#include "imaging/compress_settings.h"
#include "imaging/gain_map.h"
#include "imaging/imaging_limits.h"
#include "imaging/jpeg_reader.h"
#include "imaging/memory_bytes.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::imaging {

/// What goes into a result beside its main picture.
struct Companions {
    std::vector<JpegMarker> markers;
    std::vector<std::uint8_t> icc;
    std::vector<std::uint8_t> gainMap; ///< a JPEG that follows the main one; often empty
    bool leftOut = false; ///< the original's bytes tell more than the rule allows, so they can't be the result
    std::vector<std::string> warnings; ///< sentences for the person
};

/// What becomes of an original's main picture.
struct NewPicture {
    PictureSize size; ///< as the result stores it
    Orientation turn = Orientation::upright; ///< of its pixels
    Orientation left = Orientation::upright; ///< that its EXIF block still tells
    bool samePixels = false; ///< it keeps its own colours
};

/// Metadata by kind, the profile and the gain map of a JPEG, for a result. The profile is that of `colors`.
[[nodiscard]] isolate::Result<Companions, ImagingError> companionsOf(const RandomBytes &file, const JpegHeader &header,
                                                                     const CompressSettings &settings,
                                                                     const NewPicture &picture, const ColorPlan &colors,
                                                                     const ImagingLimits &limits,
                                                                     const std::stop_token &stop);

/// Where an encoder writes a main picture that companions follow: to `result`, and at the end the companions with the
/// list that tells where they are. With no gain map every byte goes straight through. @thread one at a time
class CompanionSink final : public ByteSink {
public:
    CompanionSink(ByteSink &result, const std::vector<std::uint8_t> &gainMap) : m_result(result), m_gainMap(gainMap) {}

    [[nodiscard]] bool write(std::span<const std::uint8_t> bytes) noexcept override;
    [[nodiscard]] ImagingError error() const override;
    /// After the encoder has written its last byte.
    [[nodiscard]] isolate::Result<void, ImagingError> finish();

private:
    ByteSink &m_result;
    const std::vector<std::uint8_t> &m_gainMap;
    MemorySink m_main;
};

/// Writes the original's main picture byte by byte, with these companions in place of its own. Whatever follows it in
/// the file, but for the gain map of `companions`, is left out.
[[nodiscard]] isolate::Result<void, ImagingError> writeSpliced(const RandomBytes &file, const Companions &companions,
                                                               ByteSink &result, const std::stop_token &stop);

} // namespace steadyframe::imaging
