#pragma once

#include "imaging/block_rows.h"
#include "imaging/jpeg_streams.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace steadyframe::imaging {

/// Decodes the one scan of an ordinary JPEG (sequential, Huffman, 8 bits, all channels in it) to coefficients, a row of
/// units at a time.
///
/// It knows well-formed files only: at the first thing that it does not expect it gives up, and libjpeg, which knows
/// every kind of file and damage, has to begin again. @thread one at a time
class ScanDecoder {
public:
    /// For a file whose header libjpeg has read from `source`, up to the scan; none when it is of another kind.
    static std::optional<ScanDecoder> make(const jpeg_decompress_struct &header, JpegSource &source);
    ScanDecoder(ScanDecoder &&other) noexcept;
    ~ScanDecoder();

    /// Of each block, no more than the `frequencies` lowest of both directions will be looked at, 1 to 8: the others are
    /// passed over faster, and what stands in their place is undefined. Before the first `read`; 8 without.
    void keepLowest(int frequencies);
    /// How the picture is cut as stored. A single channel has units of one block.
    [[nodiscard]] const BlockGrid &grid() const noexcept;
    /// The next row of units; false when something is not as expected.
    [[nodiscard]] bool read(BlockRow &row);
    /// After the last row: true when the file's picture ends here.
    [[nodiscard]] bool finish();

private:
    struct State;
    explicit ScanDecoder(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace steadyframe::imaging
