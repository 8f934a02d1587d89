#include "upload/file_names.h"

#include <algorithm>

namespace steadyframe::upload {

namespace {

/// Where a number goes: before the ending.
std::size_t endOfStem(std::string_view name)
{
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool areEqual(std::string_view first, std::string_view second)
{
    return std::equal(first.begin(), first.end(), second.begin(), second.end(),
                      [](char a, char b) { return lowered(a) == lowered(b); });
}

bool isNumberOf(std::string_view numbered, std::string_view plain)
{
    const auto end = endOfStem(numbered);
    const auto plainEnd = endOfStem(plain);
    if (end < plainEnd || !areEqual(numbered.substr(end), plain.substr(plainEnd))
        || !areEqual(numbered.substr(0, plainEnd), plain.substr(0, plainEnd)))
        return false;
    const auto number = numbered.substr(plainEnd, end - plainEnd); // " (2)"
    return number.size() > 3 && number.starts_with(" (") && number.ends_with(')')
        && std::all_of(number.begin() + 2, number.end() - 1, isDigit);
}

} // namespace

std::string numberedFileName(const std::string &name, unsigned attempt)
{
    if (attempt <= 1)
        return name;
    const auto end = endOfStem(name);
    return name.substr(0, end) + " (" + std::to_string(attempt) + ')' + name.substr(end);
}

bool mayBecomeOneName(std::string_view first, std::string_view second)
{
    return areEqual(first, second) || isNumberOf(first, second) || isNumberOf(second, first);
}

} // namespace steadyframe::upload
