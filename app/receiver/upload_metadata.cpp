#include "receiver/upload_metadata.h"

#include <algorithm>
#include <cstdint>

namespace steadyframe::receiver {

namespace {

constexpr std::size_t sha256HexDigits = 64;

int base64Value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    if (c == '/')
        return 63;
    return -1;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The lower-case form of a SHA-256 in hexadecimal; nothing when it is something else.
std::optional<std::string> sha256Text(std::string text)
{
    if (text.size() != sha256HexDigits)
        return std::nullopt;
    for (char &c : text) {
        if (c >= 'A' && c <= 'F')
            c = static_cast<char>(c - 'A' + 'a');
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return std::nullopt;
    }
    return text;
}

} // namespace

std::optional<std::string> decodeBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    text.remove_suffix(padding);

    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = base64Value(c);
        if (value < 0)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>((bits >> count) & 0xff));
        }
    }
    return bytes;
}

std::optional<UploadMetadata> parseUploadMetadata(std::string_view header)
{
    UploadMetadata metadata;
    while (!trimmed(header).empty()) {
        const auto comma = std::min(header.find(','), header.size());
        const std::string_view pair = trimmed(header.substr(0, comma));
        header.remove_prefix(std::min(comma + 1, header.size()));

        const auto space = std::min(pair.find(' '), pair.size());
        const std::string_view key = pair.substr(0, space);
        auto value = decodeBase64(trimmed(pair.substr(space)));
        if (key.empty() || !value)
            return std::nullopt;
        // "name" is what some clients send instead of "filename".
        if (key == "filename" || (key == "name" && metadata.fileName.empty())) {
            metadata.fileName = std::move(*value);
        } else if (key == "key") {
            metadata.key = std::move(*value);
        } else if (key == "sha256") {
            auto sha256 = sha256Text(std::move(*value));
            if (!sha256)
                return std::nullopt;
            metadata.sha256 = std::move(*sha256);
        }
    }
    return metadata;
}

} // namespace steadyframe::receiver
