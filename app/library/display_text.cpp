#include "library/display_text.h"

#include <cstddef>

namespace steadyframe::library {

namespace {

/// The length of the well-formed UTF-8 character that begins at @p bytes; 0 when there is none.
std::size_t characterLength(std::string_view bytes)
{
    struct Form {
        unsigned char firstLead, lastLead, firstSecond, lastSecond;
        std::size_t length;
    };
    // Table 3-7 of the Unicode standard.
    static constexpr Form forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (byte(0) < 0x80)
        return 1;
    for (const Form &form : forms) {
        if (byte(0) < form.firstLead || byte(0) > form.lastLead)
            continue;
        if (bytes.size() < form.length || byte(1) < form.firstSecond || byte(1) > form.lastSecond)
            return 0;
        for (std::size_t i = 2; i < form.length; ++i) {
            if (byte(i) < 0x80 || byte(i) > 0xBF)
                return 0;
        }
        return form.length;
    }
    return 0;
}

} // namespace

std::string displayText(std::string_view bytes)
{
    constexpr std::string_view replacementCharacter = "\xEF\xBF\xBD";
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = characterLength(bytes);
        text += length == 0 ? replacementCharacter : bytes.substr(0, length);
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return text;
}

} // namespace steadyframe::library
