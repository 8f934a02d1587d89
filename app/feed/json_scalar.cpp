#include "feed/json_scalar.h"

#include <cstddef>
#include <limits>

namespace steadyframe::feed {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool endsValue(std::string_view text, std::size_t offset)
{
    if (offset >= text.size())
        return true;
    switch (text[offset]) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case ',':
    case ':':
    case '[':
    case ']':
    case '{':
    case '}':
        return true;
    default:
        return false;
    }
}

/// Skips digits; false when there is none.
bool skipDigits(std::string_view text, std::size_t &offset)
{
    const std::size_t start = offset;
    while (offset < text.size() && isDigit(text[offset]))
        ++offset;
    return offset > start;
}

} // namespace

Number readNumber(std::string_view text)
{
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::size_t offset = 0;
    const bool negative = !text.empty() && text[0] == '-';
    offset += negative ? 1 : 0;

    const std::size_t firstDigit = offset;
    std::uint64_t magnitude = 0;
    bool tooLarge = false;
    for (; offset < text.size() && isDigit(text[offset]); ++offset) {
        const auto digit = static_cast<std::uint64_t>(text[offset] - '0');
        tooLarge = tooLarge || magnitude > most / 10;
        magnitude = magnitude * 10 + digit;
        tooLarge = tooLarge || magnitude > most + (negative ? 1 : 0);
    }
    const std::size_t digits = offset - firstDigit;
    if (digits == 0 || (digits > 1 && text[firstDigit] == '0'))
        return {};

    bool fraction = false;
    if (offset < text.size() && text[offset] == '.') {
        fraction = true;
        ++offset;
        if (!skipDigits(text, offset))
            return {};
    }
    if (offset < text.size() && (text[offset] == 'e' || text[offset] == 'E')) {
        fraction = true;
        ++offset;
        if (offset < text.size() && (text[offset] == '+' || text[offset] == '-'))
            ++offset;
        if (!skipDigits(text, offset))
            return {};
    }
    if (!endsValue(text, offset))
        return {};
    if (fraction)
        return {NumberKind::fraction, 0};
    if (tooLarge)
        return {NumberKind::outOfRange, 0};
    // Negated as unsigned: the smallest number has no positive counterpart.
    return {NumberKind::whole, static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude)};
}

bool isLiteral(std::string_view text)
{
    for (const std::string_view literal : {"true", "false", "null"}) {
        if (text.starts_with(literal))
            return endsValue(text, literal.size());
    }
    return false;
}

} // namespace steadyframe::feed
