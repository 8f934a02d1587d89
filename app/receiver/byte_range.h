#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace steadyframe::receiver {

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};

/// What the header `Range` asks of a file: all of it when there is none, or one that may be passed over, such as
/// several ranges; nothing when the file has no such bytes (416). @thread any
[[nodiscard]] std::optional<ByteRange> byteRange(std::string_view header, std::uint64_t length);

} // namespace steadyframe::receiver
