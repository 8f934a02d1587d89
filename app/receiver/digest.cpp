#include "receiver/digest.h"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace steadyframe::receiver {

namespace {

evp_md_ctx_st *newContext()
{
    auto *context = EVP_MD_CTX_new();
    if (!context)
        throw std::bad_alloc();
    return context;
}

} // namespace

void Digest::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Digest::Digest(Algorithm algorithm) : m_context(newContext())
{
    EVP_DigestInit_ex(m_context.get(), algorithm == Algorithm::sha1 ? EVP_sha1() : EVP_sha256(), nullptr);
}

Digest::Digest(const Digest &other) : m_context(newContext())
{
    EVP_MD_CTX_copy_ex(m_context.get(), other.m_context.get());
}

Digest &Digest::operator=(const Digest &other)
{
    if (this != &other)
        *this = Digest(other);
    return *this;
}

Digest::~Digest() = default;

void Digest::update(const char *bytes, std::size_t count)
{
    EVP_DigestUpdate(m_context.get(), bytes, count);
}

std::string Digest::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> buffer;
    unsigned length = 0;
    EVP_DigestFinal_ex(m_context.get(), buffer.data(), &length);
    return {buffer.begin(), buffer.begin() + length};
}

std::optional<Digest::Algorithm> digestAlgorithm(std::string_view name)
{
    if (name == "sha1")
        return Digest::Algorithm::sha1;
    if (name == "sha256")
        return Digest::Algorithm::sha256;
    return std::nullopt;
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

} // namespace steadyframe::receiver
