#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steadyframe::feed {

/// A place in a text as an editor shows it: both count from 1, the column in characters (Unicode code points).
struct TextPlace {
    std::uint64_t line = 1;
    std::uint64_t column = 1;
};

/// Turns byte offsets into places, going through the text once however many are asked for.
class PlaceCursor {
public:
    /// @p start: where the first line begins, after a byte order mark.
    PlaceCursor(const char *text, std::size_t start) : m_text(text), m_offset(start) {}

    /// The place of the byte at @p offset. @pre offset is not before one that was asked for earlier
    TextPlace advanceTo(std::size_t offset);

private:
    const char *m_text;
    std::size_t m_offset;
    TextPlace m_place;
};

/// How many bytes at the start of @p text are UTF-8: all of them, or the offset of the first that isn't.
[[nodiscard]] std::size_t validUtf8Prefix(std::string_view text);

/// What a text that begins outside of a string has in its strings.
struct StringFaults {
    static constexpr std::size_t none = std::string_view::npos;
    /// The first control character within a string.
    std::size_t controlCharacter = none;
    /// The opening quote of the string in which the text ends.
    std::size_t unclosedQuote = none;
};
[[nodiscard]] StringFaults findStringFaults(std::string_view text);

} // namespace steadyframe::feed
