#include "upload/url.h"

#include <curl/curl.h>

#include <memory>

namespace steadyframe::upload {

namespace {

struct FreeUrl {
    void operator()(CURLU *url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

Url parse(const std::string &text)
{
    Url url(curl_url());
    if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
        return nullptr;
    return url;
}

/// Empty when the URL has no such part.
std::string part(const Url &url, CURLUPart which, unsigned flags = 0)
{
    char *text = nullptr;
    if (!url || curl_url_get(url.get(), which, &text, flags) != CURLUE_OK)
        return {};
    std::string result(text);
    curl_free(text);
    return result;
}

std::string origin(const Url &url)
{
    return part(url, CURLUPART_SCHEME) + "://" + part(url, CURLUPART_HOST) + ':'
        + part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

} // namespace

std::optional<std::string> resolveUrl(const std::string &base, const std::string &reference)
{
    const Url url = parse(base);
    if (!url || curl_url_set(url.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK)
        return std::nullopt;
    const auto scheme = part(url, CURLUPART_SCHEME);
    auto text = part(url, CURLUPART_URL);
    if (text.empty() || (scheme != "http" && scheme != "https"))
        return std::nullopt;
    return text;
}

bool haveSameOrigin(const std::string &first, const std::string &second)
{
    const Url a = parse(first);
    const Url b = parse(second);
    return a && b && origin(a) == origin(b);
}

std::string pathAndQuery(const std::string &url)
{
    const Url parsed = parse(url);
    const auto query = part(parsed, CURLUPART_QUERY);
    const auto path = part(parsed, CURLUPART_PATH);
    return query.empty() ? path : path + '?' + query;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain)
            result += c;
        else
            result.append({'%', digits[byte >> 4], digits[byte & 0xf]});
    }
    return result;
}

std::string urlInFolder(const std::string &folder, std::string_view name)
{
    return (folder.ends_with('/') ? folder : folder + '/') + percentEncoded(name);
}

bool isLoopback(const std::string &url)
{
    const auto host = part(parse(url), CURLUPART_HOST);
    return host == "localhost" || host == "[::1]"
        || (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

} // namespace steadyframe::upload
