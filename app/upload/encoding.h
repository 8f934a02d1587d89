#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace steadyframe::upload {

/// RFC 4648, padded. @thread any
[[nodiscard]] std::string toBase64(std::string_view bytes);

/// Lower-case hexadecimal. @thread any
[[nodiscard]] std::string toHex(std::string_view bytes);

/// A decimal number without a sign; nothing when it is none, or too large. @thread any
[[nodiscard]] std::optional<std::uint64_t> wholeNumber(const std::optional<std::string> &text);

/// The media type that goes with the extension of a name; `application/octet-stream` when it is unknown. @thread any
[[nodiscard]] std::string_view mediaTypeOf(std::string_view fileName);

/// A hash of bytes as they come.
class Hash {
public:
    enum class Algorithm { sha1, sha256 };

    explicit Hash(Algorithm algorithm);
    void update(const char *bytes, std::size_t count);
    /// The hash, as bytes; the object is spent afterwards.
    [[nodiscard]] std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

} // namespace steadyframe::upload
