#include "receiver/safe_name.h"

namespace steadyframe::receiver {

namespace {

constexpr std::size_t maximumExtensionBytes = 16;
constexpr char replacement = '_';

bool isControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

/// Where the extension starts, its dot included; the end when there is none worth keeping.
std::size_t extensionStart(std::string_view name)
{
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > maximumExtensionBytes)
        return name.size();
    return dot;
}

/// Takes whole UTF-8 sequences off the end until at most `limit` bytes are left; other bytes count one by one.
std::string_view shortened(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return text;
    constexpr std::size_t longestSequence = 4;
    std::size_t end = limit;
    while (end > 0 && limit - end < longestSequence && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    const bool atLead = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    return text.substr(0, atLead ? end : limit);
}

} // namespace

std::string safeFileName(std::string_view requested)
{
    while (!requested.empty() && requested.back() == '/')
        requested.remove_suffix(1);
    if (const auto slash = requested.rfind('/'); slash != std::string_view::npos)
        requested.remove_prefix(slash + 1);

    std::string name(requested);
    for (char &c : name) {
        if (isControl(c) || c == '\\')
            c = replacement;
    }
    // Other systems that share the folder drop spaces and dots at the end, and hide what starts with a dot.
    while (!name.empty() && (name.back() == ' ' || name.back() == '.'))
        name.pop_back();
    if (!name.empty() && name.front() == '.')
        name.front() = replacement;
    if (name.empty())
        return "upload";
    if (name.size() > maximumNameBytes) {
        const auto start = extensionStart(name);
        const std::string extension = name.substr(start);
        name = std::string(shortened(std::string_view(name).substr(0, start), maximumNameBytes - extension.size()))
            + extension;
    }
    return name;
}

std::string numberedName(std::string_view name, unsigned attempt)
{
    if (attempt <= 1)
        return std::string(name);
    const auto start = extensionStart(name);
    std::string result(name.substr(0, start));
    result += " (" + std::to_string(attempt) + ')';
    result += name.substr(start);
    return result;
}

} // namespace steadyframe::receiver
