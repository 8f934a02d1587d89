#include "feed/json_string.h"

#include <cstdint>
#include <cstring>

namespace steadyframe::feed {

namespace {

constexpr std::size_t unicodeEscapeLength = 6;

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isUnicodeEscape(std::string_view text)
{
    if (text.size() < unicodeEscapeLength || text[0] != '\\' || text[1] != 'u')
        return false;
    for (std::size_t i = 2; i < unicodeEscapeLength; ++i) {
        if (hexDigit(text[i]) < 0)
            return false;
    }
    return true;
}

std::uint32_t codeUnit(const char *escape)
{
    std::uint32_t unit = 0;
    for (std::size_t i = 2; i < unicodeEscapeLength; ++i)
        unit = unit << 4 | static_cast<std::uint32_t>(hexDigit(escape[i]));
    return unit;
}

bool isHighSurrogate(std::uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool isLowSurrogate(std::uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

char *appendUtf8(char *out, std::uint32_t codePoint)
{
    const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
    if (codePoint < 0x80) {
        put(codePoint);
    } else if (codePoint < 0x800) {
        put(0xC0 | codePoint >> 6);
        put(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        put(0xE0 | codePoint >> 12);
        put(0x80 | (codePoint >> 6 & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    } else {
        put(0xF0 | codePoint >> 18);
        put(0x80 | (codePoint >> 12 & 0x3F));
        put(0x80 | (codePoint >> 6 & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }
    return out;
}

char simpleEscape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

} // namespace

std::size_t firstBadEscape(std::string_view text)
{
    constexpr std::string_view simple = "\"\\/bfnrt";
    std::size_t offset = text.find('\\');
    while (offset != std::string_view::npos) {
        if (isUnicodeEscape(text.substr(offset)))
            offset += unicodeEscapeLength;
        else if (offset + 1 < text.size() && simple.find(text[offset + 1]) != std::string_view::npos)
            offset += 2;
        else
            return offset;
        offset = text.find('\\', offset);
    }
    return text.size();
}

std::size_t unescapeInPlace(char *text, std::size_t length)
{
    constexpr std::uint32_t replacementCharacter = 0xFFFD;
    const char *in = text;
    const char *const end = text + length;
    char *out = text;
    while (in < end) {
        const auto left = static_cast<std::size_t>(end - in);
        const void *found = std::memchr(in, '\\', left);
        const std::size_t plain = found ? static_cast<std::size_t>(static_cast<const char *>(found) - in) : left;
        std::memmove(out, in, plain);
        out += plain;
        in += plain;
        if (in == end)
            break;
        if (in[1] != 'u') {
            *out++ = simpleEscape(in[1]);
            in += 2;
            continue;
        }
        std::uint32_t codePoint = codeUnit(in);
        in += unicodeEscapeLength;
        if (isHighSurrogate(codePoint) && isUnicodeEscape({in, static_cast<std::size_t>(end - in)})
            && isLowSurrogate(codeUnit(in))) {
            codePoint = 0x10000 + ((codePoint - 0xD800) << 10) + (codeUnit(in) - 0xDC00);
            in += unicodeEscapeLength;
        } else if (isHighSurrogate(codePoint) || isLowSurrogate(codePoint)) {
            codePoint = replacementCharacter;
        }
        out = appendUtf8(out, codePoint);
    }
    return static_cast<std::size_t>(out - text);
}

} // namespace steadyframe::feed
