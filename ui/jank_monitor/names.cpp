#include "jank_monitor/names.h"

#include <cstring>

namespace jank {

namespace {

/// Whether this is all that QML added to a name.
bool isQmlSuffix(const char *text) noexcept
{
    const char *rest = nullptr;
    if (std::strncmp(text, "_QMLTYPE_", 9) == 0)
        rest = text + 9;
    else if (std::strncmp(text, "_QML_", 5) == 0)
        rest = text + 5;
    if (rest == nullptr || *rest == '\0')
        return false;
    // A type that is made from another one gets a second number: Main_QMLTYPE_3_QML_14.
    while (*rest >= '0' && *rest <= '9')
        ++rest;
    return *rest == '\0' || isQmlSuffix(rest);
}

} // namespace

void copyClassName(char (&to)[LoopBlock::NameSize], const char *name) noexcept
{
    std::size_t length = 0;
    while (length < LoopBlock::NameSize - 1 && name[length] != '\0') {
        if (name[length] == '_' && length > 0 && isQmlSuffix(name + length))
            break;
        to[length] = name[length];
        ++length;
    }
    to[length] = '\0';
}

void copyUtf8(char (&to)[LoopBlock::NameSize], std::u16string_view text) noexcept
{
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t c = text[i];
        if (c >= 0xd800 && c < 0xe000) {
            const bool isPair = c < 0xdc00 && i + 1 < text.size() && text[i + 1] >= 0xdc00 && text[i + 1] < 0xe000;
            c = isPair ? 0x10000 + ((c - 0xd800) << 10) + (text[++i] - 0xdc00u) : 0xfffd;
        }
        const std::size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        if (length + size > LoopBlock::NameSize - 1)
            break;
        if (size == 1) {
            to[length++] = static_cast<char>(c);
            continue;
        }
        static constexpr unsigned char Lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        to[length++] = static_cast<char>(Lead[size] | (c >> (6 * (size - 1))));
        for (std::size_t left = size - 1; left-- > 0;)
            to[length++] = static_cast<char>(0x80 | ((c >> (6 * left)) & 0x3f));
    }
    to[length] = '\0';
}

} // namespace jank
