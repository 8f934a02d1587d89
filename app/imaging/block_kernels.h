#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace steadyframe::imaging {

/// The arithmetic of JPEG's blocks of 8 by 8, on rows of blocks.
///
/// Coefficients are those of JPEG's transform times 8, as 16-bit numbers. The 64 of a block lie with the vertical
/// frequency running fastest, so that neither transform has to turn its result. Each function does the same arithmetic,
/// to the last bit, with and without AVX2; which is chosen when the program runs. @thread any

inline constexpr int blockSide = 8;
inline constexpr int blockCoefficients = 64;
/// One in a unit of a coefficient.
inline constexpr int coefficientScale = 8;

/// The places of a block's coefficients in the order in which JPEG writes them.
[[nodiscard]] const std::array<std::uint8_t, blockCoefficients> &zigzag();

/// Steps of a quantisation, prepared; by place, as coefficients lie.
struct Quantiser {
    std::array<float, blockCoefficients> factor{};
    std::array<float, blockCoefficients> bias{};

    /// `steps` in JPEG's natural order, row by row, each at least 1.
    explicit Quantiser(const std::array<std::uint16_t, blockCoefficients> &steps);
};

/// The transform of `count` blocks side by side; `rows` are 8 pointers to 8 samples for each block.
void forwardBlocks(const std::uint8_t *const *rows, int count, std::int16_t *blocks);

/// Back to samples, `eighths` by `eighths` for each block (1 to 8), rounded and clamped.
void inverseBlocks(const std::int16_t *blocks, int count, int eighths, std::uint8_t *const *rows);

/// Rounds each coefficient to its step, halves towards 0, at most 1023 in size. Bit n of a block's mask tells that the
/// coefficient `zigzag()[n]` is not 0.
void quantiseBlocks(const std::int16_t *blocks, int count, const Quantiser &quantiser, std::int16_t *levels,
                    std::uint64_t *masks);

/// Coefficients from levels: `steps` by place.
void dequantiseBlocks(const std::int16_t *levels, int count,
                      const std::array<std::uint16_t, blockCoefficients> &stepsByPlace, std::int16_t *blocks);

} // namespace steadyframe::imaging
