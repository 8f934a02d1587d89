#include "receiver/upload_record.h"

#include <charconv>

namespace steadyframe::receiver {

namespace {

constexpr std::string_view heading = "steadyframe upload 2";
constexpr std::string_view headingWithoutKey = "steadyframe upload 1";

/// The next field, which starts with its length in bytes so that a value may hold any byte.
std::optional<std::string> takeField(std::string_view &text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const auto length = parseNumber(text.substr(0, colon));
    text.remove_prefix(colon + 1);
    if (!length || text.size() <= *length || text[*length] != '\n')
        return std::nullopt;
    std::string value(text.substr(0, *length));
    text.remove_prefix(*length + 1);
    return value;
}

void addField(std::string &text, std::string_view value)
{
    text += std::to_string(value.size());
    text += ':';
    text += value;
    text += '\n';
}

} // namespace

std::optional<std::uint64_t> parseNumber(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::string recordText(const UploadRecord &record)
{
    std::string text;
    addField(text, heading);
    addField(text, std::to_string(record.length));
    addField(text, record.safeName);
    addField(text, record.requestedName);
    addField(text, record.sha256);
    addField(text, record.key);
    return text;
}

std::optional<UploadRecord> parseRecord(std::string_view text)
{
    const auto version = takeField(text);
    if (!version || (*version != heading && *version != headingWithoutKey))
        return std::nullopt;
    const auto lengthText = takeField(text);
    auto safeName = takeField(text);
    auto requestedName = takeField(text);
    auto sha256 = takeField(text);
    if (!lengthText || !safeName || safeName->empty() || !requestedName || !sha256)
        return std::nullopt;
    const auto length = parseNumber(*lengthText);
    if (!length)
        return std::nullopt;
    auto key = *version == heading ? takeField(text) : std::string();
    if (!key)
        return std::nullopt;
    return UploadRecord{*length, std::move(*safeName), std::move(*requestedName), std::move(*sha256), std::move(*key)};
}

} // namespace steadyframe::receiver
