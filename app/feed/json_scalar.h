#pragma once

#include <cstdint>
#include <string_view>

namespace steadyframe::feed {

/// What a JSON number is to a field that wants a whole one.
enum class NumberKind {
    malformed, ///< No JSON number.
    whole, ///< A whole number of 64 bits, in `value`.
    fraction, ///< With a fraction or an exponent.
    outOfRange, ///< Whole, but too large for 64 bits.
};
struct Number {
    NumberKind kind = NumberKind::malformed;
    std::int64_t value = 0;
};

/// Reads the number that @p text begins with. It has to end where a value may end in JSON: at a blank, a comma, a
/// colon, a bracket, or the end of the text. Not at a quote: the index has no token there.
[[nodiscard]] Number readNumber(std::string_view text);

/// Whether @p text begins with `true`, `false` or `null`, ended as above.
[[nodiscard]] bool isLiteral(std::string_view text);

} // namespace steadyframe::feed
