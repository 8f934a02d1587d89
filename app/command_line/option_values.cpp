#include "command_line/option_values.h"

#include <charconv>
#include <cmath>

namespace steadyframe::command_line {
namespace {

template <class T>
bool parse(const std::string &text, T &value)
{
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end;
}

} // namespace

int wholeNumber(const std::string &text, int from, int to)
{
    int value = 0;
    if (!parse(text, value) || value < from || value > to)
        throw WrongValue("a whole number from " + std::to_string(from) + " to " + std::to_string(to));
    return value;
}

double realNumber(const std::string &text, double above, double to)
{
    double value = 0;
    if (!parse(text, value) || !(value > above) || !(value <= to))
        throw WrongValue("a number above " + std::to_string(static_cast<int>(above)) + ", at most "
                         + std::to_string(static_cast<int>(to)));
    return value;
}

std::uint64_t byteCount(const std::string &text)
{
    const auto unit = text.find_first_not_of("0123456789.");
    std::string letters;
    for (const char c : unit == std::string::npos ? std::string() : text.substr(unit)) {
        if (c != ' ')
            letters += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    double factor = 1;
    if (!letters.empty() && letters != "B") {
        const auto power = std::string("KMG").find(letters.front());
        const std::string rest = letters.substr(1);
        if (power == std::string::npos || (!rest.empty() && rest != "B" && rest != "IB"))
            factor = 0;
        else
            factor = std::pow(rest == "IB" ? 1024 : 1000, static_cast<double>(power + 1));
    }
    double value = 0;
    if (!parse(text.substr(0, unit), value) || factor == 0 || !(value * factor >= 1) || !(value * factor < 1e18))
        throw WrongValue("a number like 200000, 200KB or 1.5MB");
    return static_cast<std::uint64_t>(value * factor);
}

std::pair<int, int> widthAndHeight(const std::string &text, int to)
{
    const auto cross = text.find('x');
    int width = 0, height = 0;
    if (cross == std::string::npos || !parse(text.substr(0, cross), width) || !parse(text.substr(cross + 1), height)
        || width < 1 || height < 1 || width > to || height > to)
        throw WrongValue("a width and a height, like 1920x1080");
    return {width, height};
}

std::vector<std::string> splitByComma(const std::string &text)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto comma = std::min(text.find(',', begin), text.size());
        parts.push_back(text.substr(begin, comma - begin));
        begin = comma + 1;
    }
    return parts;
}

} // namespace steadyframe::command_line
