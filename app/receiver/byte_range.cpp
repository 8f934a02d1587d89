#include "receiver/byte_range.h"

#include "receiver/upload_record.h"

#include <algorithm>

namespace steadyframe::receiver {

std::optional<ByteRange> byteRange(std::string_view header, std::uint64_t length)
{
    constexpr std::string_view unit = "bytes=";
    const ByteRange all{0, length};
    if (!header.starts_with(unit))
        return all;
    header.remove_prefix(unit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos)
        return all;
    const auto first = parseNumber(header.substr(0, dash));
    const auto last = parseNumber(header.substr(dash + 1));
    const bool hasLast = dash + 1 < header.size();
    if ((dash > 0 && !first) || (hasLast && !last) || (dash == 0 && !hasLast) || (first && last && *last < *first))
        return all;
    if (dash == 0) { // so many from the end
        const std::uint64_t count = std::min(*last, length);
        return count > 0 ? std::optional(ByteRange{length - count, count}) : std::nullopt;
    }
    if (*first >= length)
        return std::nullopt;
    return ByteRange{*first, last ? std::min(*last - *first, length - *first - 1) + 1 : length - *first};
}

} // namespace steadyframe::receiver
