#include "upload/s3_xml.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace steadyframe::upload {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> entities{{
    {"&quot;", '"'},
    {"&apos;", '\''},
    {"&lt;", '<'},
    {"&gt;", '>'},
    {"&amp;", '&'},
}};

void appendUtf8(std::string &text, std::uint32_t code)
{
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
    } else if (code < 0x10000) {
        text += {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
                 static_cast<char>(0x80 | (code & 0x3f))};
    } else {
        text += {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3f)),
                 static_cast<char>(0x80 | (code >> 6 & 0x3f)), static_cast<char>(0x80 | (code & 0x3f))};
    }
}

/// The number in `#34` or `#x22`, when it is a character's.
std::optional<std::uint32_t> characterCode(std::string_view reference)
{
    constexpr std::uint32_t last = 0x10ffff;
    if (!reference.starts_with('#'))
        return std::nullopt;
    const bool isHex = reference.substr(1).starts_with('x');
    const auto digits = reference.substr(isHex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, isHex ? 16 : 10);
    const bool isSurrogate = code >= 0xd800 && code < 0xe000;
    if (error != std::errc() || end != digits.data() + digits.size() || code == 0 || code > last || isSurrogate)
        return std::nullopt;
    return code;
}

/// Appends what a reference at the beginning of `rest` stands for, or the ampersand of one that is none. How many bytes
/// of `rest` that was.
std::size_t appendReference(std::string &text, std::string_view rest)
{
    const std::size_t length = rest.find(';') + 1; // 0: there is none
    for (const auto &[entity, plain] : entities) {
        if (rest.substr(0, length) == entity) {
            text += plain;
            return length;
        }
    }
    if (const auto code = length > 2 ? characterCode(rest.substr(1, length - 2)) : std::nullopt) {
        appendUtf8(text, *code);
        return length;
    }
    text += '&';
    return 1;
}

} // namespace

std::vector<std::string_view> elements(std::string_view xml, std::string_view name)
{
    const std::string open = '<' + std::string(name);
    const std::string close = "</" + std::string(name) + '>';
    std::vector<std::string_view> found;
    std::size_t at = 0;
    while ((at = xml.find(open, at)) != std::string_view::npos) {
        const std::size_t after = at + open.size();
        const std::size_t begin = xml.find('>', after);
        const std::size_t end = xml.find(close, after);
        if (begin == std::string_view::npos || end == std::string_view::npos || begin > end)
            break;
        // The name may be the beginning of a longer one; attributes come after a blank.
        if (xml[after] == '>' || xml[after] == ' ')
            found.push_back(xml.substr(begin + 1, end - begin - 1));
        at = xml[after] == '>' || xml[after] == ' ' ? end + close.size() : after;
    }
    return found;
}

std::optional<std::string> elementText(std::string_view xml, std::string_view name)
{
    const auto all = elements(xml, name);
    if (all.empty())
        return std::nullopt;
    std::string text;
    for (std::string_view rest = all.front(); !rest.empty();) {
        std::size_t taken = 1;
        if (rest.front() == '&')
            taken = appendReference(text, rest);
        else
            text += rest.front();
        rest.remove_prefix(taken);
    }
    return text;
}

std::string escapedForXml(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        std::string_view written(&c, 1);
        for (const auto &[entity, plain] : entities) {
            if (plain == c)
                written = entity;
        }
        result += written;
    }
    return result;
}

} // namespace steadyframe::upload
