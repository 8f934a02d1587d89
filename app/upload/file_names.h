#pragma once

#include <string>
#include <string_view>

namespace steadyframe::upload {

/// `photo.jpg` for 1, then `photo (2).jpg`. @thread any
[[nodiscard]] std::string numberedFileName(const std::string &name, unsigned attempt);

/// Whether uploads of two names could come to use one: they are the same, also to a server that tells no capitals from
/// small letters, or one is the other with a number. @thread any
[[nodiscard]] bool mayBecomeOneName(std::string_view first, std::string_view second);

} // namespace steadyframe::upload
