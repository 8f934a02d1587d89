#pragma once

#include "upload/send_rate.h"
#include "upload/upload_error.h"

#include <isolate_core/result.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace steadyframe::upload {

/// Bytes to send, read while they are sent.
struct HttpBody {
    std::uint64_t bytes = 0;
    /// Fills `target` with up to `count` bytes from `offset` on, which is below `bytes`; at least one.
    std::function<isolate::Result<std::size_t, UploadError>(std::uint64_t offset, char *target, std::size_t count)>
        read;
};

/// Signs a request as Amazon's stores want it (Signature Version 4). The request needs the header
/// `x-amz-content-sha256`, and its query sorted.
struct AwsKeys {
    std::string accessKey;
    std::string secretKey;
    std::string region;
};

struct HttpRequest {
    const char *method = "GET";
    std::string url; ///< Absolute; http or https.
    std::vector<std::string> headers; ///< Each as `Name: value`.
    const HttpBody *body = nullptr; ///< Null: none.
    const AwsKeys *aws = nullptr; ///< Null: not signed.
    /// Takes the body of an answer with status 200, piece by piece; empty: `HttpResponse::body` has its beginning.
    std::function<void(std::string_view)> sink{};
    std::chrono::milliseconds limit{0}; ///< For the whole exchange; 0: only connecting and stalling are limited.
};

struct HttpResponse {
    int status = 0;
    std::map<std::string, std::string> headers; ///< By lower-case name; the last of a name counts.
    std::string body; ///< The first bytes of it, enough for the words of an error.
    std::chrono::nanoseconds roundTrip{0}; ///< From the request being sent to the first byte of the answer.

    /// Null when the server sent none. `name` in lower case.
    [[nodiscard]] const std::string *header(const std::string &name) const;
    /// Nothing when the header is not there or not a whole number.
    [[nodiscard]] std::optional<std::uint64_t> number(const std::string &name) const;
    /// What `Retry-After` says, in seconds or as a date.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retryAfter() const;
};

/// How the client connects.
struct HttpSettings {
    std::chrono::milliseconds connectLimit{10'000};
    std::chrono::milliseconds stallLimit{30'000}; ///< Broken off when not a byte moved for so long.
    std::shared_ptr<SendRate> rate; ///< Limits what is sent, together with others who share it; null: no limit.
    std::string certificateFile; ///< Authorities to trust instead of the system's; empty: the system's.
};

/// One request at a time over kept connections; TLS is always verified, redirects are never followed.
/// @thread isolate: one thread at a time, which it blocks
class HttpClient {
public:
    explicit HttpClient(HttpSettings settings);
    ~HttpClient();
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    /// Sends the request and reads the answer, whatever its status. The token ends it at once, without polling. Errors
    /// are `network`, `certificate`, `request` (a URL that can't be used), `cancelled`, and those of the body.
    [[nodiscard]] isolate::Result<HttpResponse, UploadError> exchange(const HttpRequest &request, std::stop_token stop);

private:
    struct Handles;
    struct Transfer;
    void configure(const HttpRequest &request, Transfer &transfer);

    const HttpSettings m_settings;
    std::unique_ptr<Handles> m_handles;
};

} // namespace steadyframe::upload
