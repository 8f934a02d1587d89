#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace steadyframe::feed {

/// Whether two letters are the same but for their case. Of ASCII alone: for the names of schemes, servers and endings.
[[nodiscard]] constexpr bool isSameIgnoringCase(char a, char b) noexcept
{
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return small(a) == small(b);
}

[[nodiscard]] constexpr bool startsWithIgnoringCase(std::string_view text, std::string_view start) noexcept
{
    return text.size() >= start.size() && std::equal(start.begin(), start.end(), text.begin(), isSameIgnoringCase);
}

[[nodiscard]] constexpr bool endsWithIgnoringCase(std::string_view text, std::string_view end) noexcept
{
    return text.size() >= end.size()
        && std::equal(end.begin(), end.end(), text.end() - static_cast<std::ptrdiff_t>(end.size()), isSameIgnoringCase);
}

} // namespace steadyframe::feed
