#pragma once

#include <cstddef>
#include <string_view>

namespace steadyframe::feed {

/// The offset of the first escape in @p text, the inside of a JSON string, that the standard does not have;
/// `text.size()` when there is none. `\u` and any four hex digits are one, whatever they mean.
[[nodiscard]] std::size_t firstBadEscape(std::string_view text);

/// Decodes the escapes of the inside of a JSON string where it stands, and returns the length that is left: a decoded
/// escape is never longer than what it is written as. Surrogate pairs become one character, and a half without its
/// other half U+FFFD. @pre firstBadEscape() found none
std::size_t unescapeInPlace(char *text, std::size_t length);

} // namespace steadyframe::feed
