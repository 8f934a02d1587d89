#pragma once

#include <string>
#include <string_view>

namespace steadyframe::recipe {

/// A text in quotes. Bytes that are no UTF-8 become U+FFFD, so that what reads it can. @thread any
[[nodiscard]] std::string jsonText(std::string_view text);
/// A number as short as it can be without losing anything; null for what is no number. @thread any
[[nodiscard]] std::string jsonNumber(double value);

} // namespace steadyframe::recipe
