#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace steadyframe::feed {

/// What the scan of a text found.
enum class ScanOutcome {
    good, ///< The index is filled.
    blank, ///< Nothing but blanks; the index is empty.
    unclosedString, ///< The text ends within a string.
    controlCharacter, ///< A string has a control character in it.
    invalidUtf8, ///< Bytes that are no UTF-8.
    outOfMemory, ///< There is no memory for the index.
};

/// simdjson's first stage: finds, by vector instructions, where the values, names and signs of a JSON text stand, and
/// checks its encoding. What the tokens mean, and whether their order makes sense, is left to the reader of the index.
class StructuralIndex {
public:
    StructuralIndex();
    ~StructuralIndex();

    /// Scans a text that begins and ends outside of a token. Takes about 0.3 ns a byte, and memory of up to four times
    /// the longest text so far.
    [[nodiscard]] ScanOutcome scan(std::string_view text);

    /// Offsets of `{ } [ ] : ,`, of the opening quotes of strings and of the first byte of everything else that is no
    /// blank, in order. Valid until the next scan.
    [[nodiscard]] std::span<const std::uint32_t> offsets() const;

private:
    struct Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace steadyframe::feed
