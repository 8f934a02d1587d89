#pragma once

#include <string>
#include <string_view>

namespace steadyframe::imaging {

/// How many bytes a name may have on the file systems of Linux.
inline constexpr std::size_t longestFileName = 255;

/// `stem` followed by `ending`, as a name in one folder: a "/" becomes "_", and a name that is too long loses bytes in
/// the middle of its stem, never half a character of UTF-8. @thread any
[[nodiscard]] std::string fileName(std::string stem, std::string_view ending);

} // namespace steadyframe::imaging
