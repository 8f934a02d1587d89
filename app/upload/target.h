#pragma once

#include <cstdint>
#include <string>

namespace steadyframe::upload {

enum class Protocol : std::uint8_t {
    tus, ///< tus 1.0
    webDav,
    s3, ///< Amazon's S3 and what is compatible with it
};

/// Where jobs are uploaded to.
struct Target {
    /// Absolute, http or https: tus: where uploads are created; WebDAV: the folder that photos go to; S3: the bucket,
    /// with the folder in it, such as `https://s3.example.org/bucket/photos`.
    std::string endpoint{};
    std::string token{}; ///< The bearer token; empty: none.
    Protocol protocol = Protocol::tus;
    std::string user{}; ///< WebDAV: of basic authentication; S3: the access key. Empty: none.
    std::string password{}; ///< WebDAV: the password; S3: the secret key.
    std::string region{}; ///< S3 alone.
    /// What tells this destination from others for ever, also when its address changes; empty: its address.
    std::string name{};

    bool operator==(const Target &) const = default;
};

/// Under which the library records what arrived there. Holds no secret. @thread any
[[nodiscard]] inline std::string identityOf(const Target &target)
{
    return target.name.empty() ? target.endpoint : target.name;
}

} // namespace steadyframe::upload
