#pragma once

#include "imaging/block_kernels.h"
#include "imaging/huffman_code.h"

#include <bit>
#include <cstdint>
#include <cstdlib>

/// A block's levels as words that can be counted now and coded later. Private to `BlockCoder`.
namespace steadyframe::imaging {

/// A word of a token holds the symbol, run of zeros and size, in its upper byte and the extra bits in its lower one;
/// extra bits that are more than 8 take a word of their own. Symbol 0 ends a block: with a lower byte of 0 the end has
/// to be coded, with 1 the block ended by itself, at its last coefficient.
inline constexpr std::uint16_t codedEnd = 0;
inline constexpr std::uint16_t silentEnd = 1;
inline constexpr std::uint16_t sixteenZeros = 0xF000;
inline constexpr int bitsInToken = 8;
inline constexpr std::size_t mostWordsInBlock = 2 * blockCoefficients;

inline int sizeOf(int level)
{
    return std::bit_width(static_cast<unsigned>(std::abs(level)));
}

/// JPEG's extra bits: negative numbers are one less, in as many bits.
inline unsigned extraBits(int level, int size)
{
    return static_cast<unsigned>(level < 0 ? level - 1 : level) & ((1U << size) - 1);
}

inline int levelOf(unsigned extra, int size)
{
    return static_cast<int>(extra) >= 1 << (size - 1) ? static_cast<int>(extra)
                                                      : static_cast<int>(extra) + 1 - (1 << size);
}

/// Counts the symbols of a block's AC levels; with `Keep` also writes its tokens.
template <bool Keep>
std::uint16_t *tokenise(const std::int16_t *levels, std::uint64_t mask, SymbolCounts &counts, std::uint16_t *to)
{
    const auto &order = zigzag();
    mask &= ~std::uint64_t{1};
    int previous = 0;
    while (mask != 0) {
        const int place = std::countr_zero(mask);
        mask &= mask - 1;
        int run = place - previous - 1;
        previous = place;
        for (; run > 15; run -= 16) {
            ++counts[sixteenZeros >> bitsInToken];
            if constexpr (Keep)
                *to++ = sixteenZeros;
        }
        const int level = levels[order[static_cast<std::size_t>(place)]];
        const int size = sizeOf(level);
        const auto symbol = static_cast<unsigned>(run << 4 | size);
        ++counts[symbol];
        if constexpr (Keep) {
            const unsigned extra = extraBits(level, size);
            *to++ = static_cast<std::uint16_t>(symbol << bitsInToken | (extra & 0xFF));
            if (size > bitsInToken)
                *to++ = static_cast<std::uint16_t>(extra);
        }
    }
    const bool coded = previous != blockCoefficients - 1;
    counts[0] += coded;
    if constexpr (Keep)
        *to++ = coded ? codedEnd : silentEnd;
    return to;
}

inline const std::uint16_t *skipBlock(const std::uint16_t *tokens)
{
    for (;;) {
        const unsigned symbol = *tokens++ >> bitsInToken;
        if (symbol == 0)
            return tokens;
        tokens += (symbol & 15) > bitsInToken;
    }
}

} // namespace steadyframe::imaging
