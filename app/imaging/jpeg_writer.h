#pragma once

#include "imaging/block_coder.h"
#include "imaging/byte_stream.h"
#include "imaging/imaging_error.h"
#include "imaging/jpeg_reader.h"
#include "imaging/photo_metadata.h"
#include "imaging/plane.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// What a JPEG is to be.
struct JpegLayout {
    int width = 0; ///< upright, like all that follows
    int height = 0;
    bool gray = false;
    ChromaStep chroma{2, 2}; ///< 1 or 2 in each direction
    int quality = 80;
    bool progressive = false;
    std::vector<JpegMarker> markers; ///< after the one that says it is a JPEG
    std::vector<std::uint8_t> icc;
    std::optional<PixelDensity> density;
    Orientation orientation = Orientation::upright; ///< of the blocks that are put in
    std::filesystem::path temporary; ///< folder for what does not fit into memory; empty: it has to
};

/// The blocks that a writer of this layout takes: turned as stored.
[[nodiscard]] BlockGrid gridOf(const JpegLayout &layout);

/// Encodes one JPEG from blocks, with Huffman tables made for it. The same input gives the same bytes.
/// A progressive one needs memory for all of its coefficients, 2 bytes each; another needs 8 MB, then the disk.
/// @thread one at a time
class JpegWriter {
public:
    JpegWriter(ByteSink &sink, std::stop_token stop, JpegLayout layout);
    JpegWriter(const JpegWriter &) = delete;
    JpegWriter &operator=(const JpegWriter &) = delete;
    ~JpegWriter();

    /// Takes all rows of units before `finish`.
    [[nodiscard]] BlockSink &blocks() noexcept { return m_coder; }
    [[nodiscard]] const BlockGrid &grid() const noexcept { return m_grid; }
    /// All of it, from upright planes of the right sizes. `step` is called with the fraction that is done.
    [[nodiscard]] isolate::Result<void, ImagingError> putAll(const std::vector<Plane> &planes,
                                                             const std::function<void(double)> &step = {});
    /// Writes the file.
    [[nodiscard]] isolate::Result<void, ImagingError> finish(const std::function<void(double)> &step = {});

private:
    [[nodiscard]] isolate::Result<void, ImagingError> writeBaseline(const std::function<void(double)> &step);
    [[nodiscard]] isolate::Result<void, ImagingError> writeProgressive();

    ByteSink &m_sink;
    std::stop_token m_stop;
    JpegLayout m_layout;
    BlockGrid m_grid;
    TokenPool m_pool;
    BlockCoder m_coder;
};

/// How long a file of this layout with the blocks that `coder` counted is, but for the zeros that are stuffed into it.
[[nodiscard]] std::uint64_t baselineBytes(const JpegLayout &layout, const BlockCoder &coder);

} // namespace steadyframe::imaging
