#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace steadyframe::imaging {

/// How often each symbol of JPEG's entropy coding occurs.
using SymbolCounts = std::array<std::uint64_t, 256>;

/// The best code for some counts that JPEG allows: no code is longer than 16 bits or all ones. @thread any
class HuffmanCode {
public:
    explicit HuffmanCode(const SymbolCounts &counts);

    /// How many codes there are of each length, from 1 to 16 bits.
    [[nodiscard]] const std::array<std::uint8_t, 16> &codesOfLength() const noexcept { return m_codesOfLength; }
    /// The symbols, shortest code first.
    [[nodiscard]] const std::vector<std::uint8_t> &symbols() const noexcept { return m_symbols; }
    /// In bits; 0 for a symbol that does not occur.
    [[nodiscard]] int length(std::uint8_t symbol) const noexcept { return m_lengths[symbol]; }
    [[nodiscard]] std::uint32_t code(std::uint8_t symbol) const noexcept { return m_codes[symbol]; }
    /// Bits that all of these symbols take, with the extra bits that their low halves tell.
    [[nodiscard]] std::uint64_t bits(const SymbolCounts &counts) const noexcept;
    /// Bytes of the table in a file.
    [[nodiscard]] std::size_t tableBytes() const noexcept { return 17 + m_symbols.size(); }

private:
    std::array<std::uint8_t, 16> m_codesOfLength{};
    std::vector<std::uint8_t> m_symbols;
    std::array<std::uint8_t, 256> m_lengths{};
    std::array<std::uint16_t, 256> m_codes{};
};

} // namespace steadyframe::imaging
