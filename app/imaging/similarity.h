#pragma once

#include "imaging/block_coder.h"

#include <cstdint>
#include <vector>

namespace steadyframe::imaging {

/// Structural similarity (SSIM) of two pictures' brightness, from 0 (nothing in common) to 1 (the same), as defined by
/// Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity", IEEE
/// Transactions on Image Processing 13(4), 2004, equation 13:
///
///     (2 mx my + C1) (2 cxy + C2) / ((mx² + my² + C1) (vx + vy + C2)),  C1 = (0.01 * 255)², C2 = (0.03 * 255)²
///
/// with means, variances and covariance of windows of 8 by 8 samples, one every 4 samples in each direction, evenly
/// weighted; the similarity is the mean over all windows that lie within the picture. One scale: that of the result.
/// Each picture goes in row by row. @thread one at a time
class SimilarityMeter {
public:
    explicit SimilarityMeter(int width);

    /// The next row of both.
    void put(const std::uint8_t *a, const std::uint8_t *b);
    /// The next row does not follow the last one: no window spans both.
    void breakOff() noexcept;
    /// The mean so far; 1 where there is no window, in pictures of fewer than 8 samples.
    [[nodiscard]] double mean() const noexcept;

private:
    /// Of 4 by 4 samples.
    struct Sums {
        std::uint32_t a = 0;
        std::uint32_t b = 0;
        std::uint32_t squares = 0; ///< of both
        std::uint32_t products = 0;
    };
    void finishBand();

    int m_width;
    int m_rowsInBand = 0;
    bool m_hasAbove = false;
    std::vector<Sums> m_band;
    std::vector<Sums> m_above;
    double m_total = 0;
    std::uint64_t m_windows = 0;
};

/// How alike a picture is to itself after a quality's rounding: goes by the coefficients, so nothing is decoded twice.
/// Hands each row on to `next`, if there is one. @thread one at a time
class SimilaritySink final : public BlockSink {
public:
    SimilaritySink(const BlockGrid &stored, Orientation orientation, int quality, BlockSink *next);

    [[nodiscard]] isolate::Result<void, ImagingError> put(BlockRow &row) override;
    /// The next row does not follow the last one.
    void skipTo(int unitRow) noexcept;
    [[nodiscard]] double mean() const noexcept { return m_meter.mean(); }

private:
    BlockGrid m_grid;
    BlockSink *m_next;
    Quantiser m_quantiser;
    std::array<std::uint16_t, blockCoefficients> m_stepsByPlace{};
    int m_left = 0; ///< samples before the picture's first, as it is stored
    int m_top = 0;
    int m_unitRow = 0;
    SimilarityMeter m_meter;
    std::vector<std::int16_t> m_levels;
    std::vector<std::int16_t> m_rounded;
    std::vector<std::uint64_t> m_masks;
    std::vector<std::uint8_t> m_before;
    std::vector<std::uint8_t> m_after;
};

} // namespace steadyframe::imaging
