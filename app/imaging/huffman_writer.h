#pragma once

#include "imaging/huffman_code.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace steadyframe::imaging {

/// Packs codes into bytes, a zero after each byte of all ones. A copy of it is worked on, which fits into registers.
struct HuffmanWriter {
    struct Entry {
        std::uint32_t code = 0;
        int length = 0; ///< with the extra bits
    };
    using Table = std::array<Entry, 256>;

    std::uint8_t *next;
    std::uint64_t bits = 0;
    int count = 0;

    static Table tableOf(const HuffmanCode &code)
    {
        Table table;
        for (std::size_t symbol = 0; symbol < table.size(); ++symbol) {
            const auto name = static_cast<std::uint8_t>(symbol);
            const int size = static_cast<int>(symbol & 15);
            table[symbol] = {code.code(name) << size, code.length(name) + size};
        }
        return table;
    }
    [[gnu::always_inline]] void put(const Entry &entry, unsigned extra)
    {
        bits = bits << entry.length | entry.code | extra;
        count += entry.length;
        if (count < 32)
            return;
        count -= 32;
        const auto word = static_cast<std::uint32_t>(bits >> count);
        // Adding 1 to a byte of all ones carries out of it.
        if (((word & ~(word + 0x01010101U)) & 0x80808080U) != 0) [[unlikely]] {
            next = stuffed(word, next);
            return;
        }
        const std::uint8_t bytes[] = {static_cast<std::uint8_t>(word >> 24), static_cast<std::uint8_t>(word >> 16),
                                      static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)};
        std::memcpy(next, bytes, sizeof bytes);
        next += sizeof bytes;
    }
    /// Fills the last byte with ones, as the standard asks.
    void finish()
    {
        put({0x7F, 7}, 0);
        for (; count >= 8; count -= 8)
            next = stuffedByte(static_cast<std::uint8_t>(bits >> (count - 8)), next);
    }
    [[gnu::noinline]] static std::uint8_t *stuffed(std::uint32_t word, std::uint8_t *to)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
            to = stuffedByte(static_cast<std::uint8_t>(word >> shift), to);
        return to;
    }
    static std::uint8_t *stuffedByte(std::uint8_t byte, std::uint8_t *to)
    {
        *to++ = byte;
        if (byte == 0xFF)
            *to++ = 0;
        return to;
    }
};

} // namespace steadyframe::imaging
