#include "recipe/name_pattern.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace steadyframe::recipe {
namespace {

using imaging::ImagingErrc;
using imaging::ImagingError;

constexpr std::array<std::string_view, 5> parts{"name", "width", "height", "quality", "date"};

std::string dateOf(std::chrono::sys_seconds time)
{
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()));
    return text;
}

std::string valueOf(std::string_view part, const NameFacts &facts)
{
    if (part == "name")
        return facts.name;
    if (part == "width")
        return std::to_string(facts.width);
    if (part == "height")
        return std::to_string(facts.height);
    if (part == "quality")
        return facts.quality > 0 ? std::to_string(facts.quality) : "original";
    return dateOf(facts.changed);
}

/// Calls `text` for what stands for itself and `part` for what stands in braces; false where a brace has no partner.
template <class Text, class Part>
bool walk(std::string_view pattern, Text text, Part part)
{
    while (!pattern.empty()) {
        const auto brace = pattern.find_first_of("{}");
        text(pattern.substr(0, brace));
        if (brace == std::string_view::npos)
            return true;
        pattern.remove_prefix(brace);
        const auto end = pattern.find('}');
        if (pattern.front() == '}' || end == std::string_view::npos)
            return false;
        part(pattern.substr(1, end - 1));
        pattern.remove_prefix(end + 1);
    }
    return true;
}

ImagingError bad(std::string message)
{
    return {ImagingErrc::badSettings, std::move(message)};
}

} // namespace

isolate::Result<void, ImagingError> checkPattern(std::string_view pattern)
{
    constexpr const char *known = "It can have {name}, {width}, {height}, {quality} and {date}.";
    std::string unknown;
    bool something = false;
    const bool whole = walk(
        pattern, [&](std::string_view text) { something = something || text.find_first_not_of(". ") != text.npos; },
        [&](std::string_view part) {
            something = true;
            if (std::find(parts.begin(), parts.end(), part) == parts.end())
                unknown = part;
        });
    if (!whole)
        return bad("The naming pattern has a brace without its partner. " + std::string(known));
    if (!unknown.empty())
        return bad("The naming pattern has {" + unknown + "}. " + known);
    if (!something)
        return bad("The naming pattern gives no name. Write {name} for the original's.");
    if (pattern.find('/') != pattern.npos || pattern.find('\0') != pattern.npos)
        return bad("The naming pattern has a \"/\". Folders are named by the sub-folder.");
    return {};
}

std::string expanded(std::string_view pattern, const NameFacts &facts)
{
    std::string name;
    walk(
        pattern, [&](std::string_view text) { name += text; },
        [&](std::string_view part) { name += valueOf(part, facts); });
    return name.empty() || name == "." || name == ".." ? "photo" : name;
}

bool knownBeforehand(std::string_view pattern)
{
    bool known = true;
    walk(
        pattern, [](std::string_view) {},
        [&](std::string_view part) { known = known && (part == "name" || part == "date"); });
    return known;
}

} // namespace steadyframe::recipe
