#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace steadyframe::receiver {

/// A hash of bytes as they come. Copies continue on their own from the same state.
/// @thread isolate; one thread at a time
class Digest {
public:
    enum class Algorithm { sha1, sha256 };

    explicit Digest(Algorithm algorithm);
    Digest(const Digest &other);
    Digest &operator=(const Digest &other);
    Digest(Digest &&) noexcept = default;
    Digest &operator=(Digest &&) noexcept = default;
    ~Digest();

    void update(const char *bytes, std::size_t count);

    /// The hash, as bytes; the object is spent afterwards.
    [[nodiscard]] std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

/// By the names of the tus checksum extension, `sha1` and `sha256`.
[[nodiscard]] std::optional<Digest::Algorithm> digestAlgorithm(std::string_view name);

/// Lower-case hexadecimal.
[[nodiscard]] std::string toHex(std::string_view bytes);

} // namespace steadyframe::receiver
