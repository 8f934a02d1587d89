#pragma once

#include <string>
#include <string_view>

namespace steadyframe::library {

/// Bytes of a path as text to be shown: what is no UTF-8 in them is replaced by U+FFFD, byte by byte. @thread any
[[nodiscard]] std::string displayText(std::string_view bytes);

} // namespace steadyframe::library
