#include "feed/text_place.h"

#include <bit>
#include <cassert>
#include <cstring>

namespace steadyframe::feed {

namespace {

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

std::size_t countCharacters(std::string_view text)
{
    // Eight bytes at a time: a feed can be one line of many megabytes.
    std::size_t continuations = 0;
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
        std::uint64_t bytes;
        std::memcpy(&bytes, text.data() + i, sizeof(bytes));
        continuations += static_cast<std::size_t>(std::popcount(bytes >> 7 & ~bytes >> 6 & 0x0101'0101'0101'0101));
    }
    for (; i < text.size(); ++i)
        continuations += isContinuation(text[i]) ? 1 : 0;
    return text.size() - continuations;
}

/// The length of the well-formed UTF-8 character that @p text begins with; 0 when there is none.
std::size_t characterLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!isContinuation(text[i]))
            return 0;
    }
    // Overlong forms, halves of surrogate pairs, and what lies beyond U+10FFFF.
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF0 && byte(1) < 0x90)
        || (lead == 0xF4 && byte(1) > 0x8F))
        return 0;
    return length;
}

} // namespace

TextPlace PlaceCursor::advanceTo(std::size_t offset)
{
    assert(offset >= m_offset && "PlaceCursor goes forward only");
    while (m_offset < offset) {
        const void *newline = std::memchr(m_text + m_offset, '\n', offset - m_offset);
        if (!newline)
            break;
        m_offset = static_cast<std::size_t>(static_cast<const char *>(newline) - m_text) + 1;
        m_place = {m_place.line + 1, 1};
    }
    m_place.column += countCharacters({m_text + m_offset, offset - m_offset});
    m_offset = offset;
    return m_place;
}

std::size_t validUtf8Prefix(std::string_view text)
{
    std::size_t offset = 0;
    while (offset < text.size()) {
        const std::size_t length = characterLength(text.substr(offset));
        if (length == 0)
            break;
        offset += length;
    }
    return offset;
}

StringFaults findStringFaults(std::string_view text)
{
    StringFaults faults;
    std::size_t openQuote = StringFaults::none;
    bool escaped = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool isControl = static_cast<unsigned char>(c) < 0x20;
        if (isControl && openQuote != StringFaults::none && faults.controlCharacter == StringFaults::none)
            faults.controlCharacter = i;
        // As simdjson does, outside of strings too: a backslash hides the quote after it.
        if (c == '"' && !escaped)
            openQuote = openQuote == StringFaults::none ? i : StringFaults::none;
        escaped = c == '\\' && !escaped;
    }
    faults.unclosedQuote = openQuote;
    return faults;
}

} // namespace steadyframe::feed
