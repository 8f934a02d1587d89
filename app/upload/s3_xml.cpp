#include "upload/s3_xml.h"

#include <array>
#include <utility>

namespace steadyframe::upload {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> entities{{
    {"&quot;", '"'},
    {"&apos;", '\''},
    {"&lt;", '<'},
    {"&gt;", '>'},
    {"&amp;", '&'},
}};

} // namespace

std::vector<std::string_view> elements(std::string_view xml, std::string_view name)
{
    const std::string open = '<' + std::string(name);
    const std::string close = "</" + std::string(name) + '>';
    std::vector<std::string_view> found;
    std::size_t at = 0;
    while ((at = xml.find(open, at)) != std::string_view::npos) {
        const std::size_t after = at + open.size();
        const std::size_t begin = xml.find('>', after);
        const std::size_t end = xml.find(close, after);
        if (begin == std::string_view::npos || end == std::string_view::npos || begin > end)
            break;
        // The name may be the beginning of a longer one; attributes come after a blank.
        if (xml[after] == '>' || xml[after] == ' ')
            found.push_back(xml.substr(begin + 1, end - begin - 1));
        at = xml[after] == '>' || xml[after] == ' ' ? end + close.size() : after;
    }
    return found;
}

std::optional<std::string> elementText(std::string_view xml, std::string_view name)
{
    const auto all = elements(xml, name);
    if (all.empty())
        return std::nullopt;
    std::string text;
    for (std::string_view rest = all.front(); !rest.empty();) {
        std::size_t taken = 1;
        char c = rest.front();
        for (const auto &[entity, plain] : entities) {
            if (rest.starts_with(entity)) {
                taken = entity.size();
                c = plain;
            }
        }
        text += c;
        rest.remove_prefix(taken);
    }
    return text;
}

std::string escapedForXml(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        std::string_view written(&c, 1);
        for (const auto &[entity, plain] : entities) {
            if (plain == c)
                written = entity;
        }
        result += written;
    }
    return result;
}

} // namespace steadyframe::upload
