#include "upload/encoding.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <new>
#include <utility>

namespace steadyframe::upload {

std::string toBase64(std::string_view bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = (group << 8) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            text.push_back(k <= count ? digits[(group >> (18 - 6 * k)) & 0x3f] : '=');
    }
    return text;
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 0xf]);
    }
    return text;
}

std::optional<std::uint64_t> wholeNumber(const std::optional<std::string> &text)
{
    std::uint64_t value = 0;
    if (!text || text->empty())
        return std::nullopt;
    const char *end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        return std::nullopt;
    return value;
}

std::string_view mediaTypeOf(std::string_view fileName)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> types{{
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"png", "image/png"},
        {"webp", "image/webp"},
        {"avif", "image/avif"},
        {"heic", "image/heic"},
        {"gif", "image/gif"},
        {"tiff", "image/tiff"},
        {"json", "application/json"},
    }};
    const auto dot = fileName.rfind('.');
    std::string extension(dot == std::string_view::npos ? std::string_view() : fileName.substr(dot + 1));
    for (char &c : extension) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    for (const auto &[known, type] : types) {
        if (known == extension)
            return type;
    }
    return "application/octet-stream";
}

void Hash::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Hash::Hash(Algorithm algorithm) : m_context(EVP_MD_CTX_new())
{
    if (!m_context)
        throw std::bad_alloc();
    EVP_DigestInit_ex(m_context.get(), algorithm == Algorithm::sha1 ? EVP_sha1() : EVP_sha256(), nullptr);
}

void Hash::update(const char *bytes, std::size_t count)
{
    EVP_DigestUpdate(m_context.get(), bytes, count);
}

std::string Hash::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> buffer;
    unsigned length = 0;
    EVP_DigestFinal_ex(m_context.get(), buffer.data(), &length);
    return {buffer.begin(), buffer.begin() + length};
}

} // namespace steadyframe::upload
