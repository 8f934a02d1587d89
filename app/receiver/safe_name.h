#pragma once

#include <string>
#include <string_view>

namespace steadyframe::receiver {

/// The longest name `safeFileName` returns, in bytes: below the 255 of common file systems, so that a number fits.
inline constexpr std::size_t maximumNameBytes = 240;

/// A file name made of what a stranger asked for: one component, not hidden, no control characters, at most
/// `maximumNameBytes` bytes, never empty. The extension survives shortening. Bytes that are not UTF-8 are kept: they
/// are legal in a name. @thread any
[[nodiscard]] std::string safeFileName(std::string_view requested);

/// The name for the `attempt`-th try: the name itself for 1, then `photo (2).jpg`, `photo (3).jpg`. @thread any
[[nodiscard]] std::string numberedName(std::string_view name, unsigned attempt);

} // namespace steadyframe::receiver
