#pragma once

#include "feed/feed_error.h"

#include <isolate_core/result.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace steadyframe::feed {

/// Whether a text is an address of http or https. @thread any
[[nodiscard]] bool isHttpAddress(std::string_view text);

/// What a server says about the bytes that follow.
struct HttpHead {
    std::string contentType; ///< as sent, in lower case and without parameters: `image/jpeg`; may be empty
};

/// How far a download has come.
struct HttpProgress {
    std::uint64_t bytes = 0; ///< over the network
    std::optional<std::uint64_t> total{}; ///< when the server has told
};

/// What to fetch, and who takes it. The functions are called on the thread that fetches.
struct HttpFetch {
    std::string url; ///< absolute
    std::uint64_t mostBytes = 0; ///< More is an error, also when it only becomes more by being unpacked.
    /// Takes the next bytes, which were unpacked if they came with a content encoding. An error ends the download and
    /// becomes its own.
    std::function<isolate::Result<void, FeedError>(const HttpHead &head, std::string_view piece)> sink;
    std::function<void(const HttpProgress &)> onProgress{}; ///< may be empty
};

/// How a fetcher connects.
struct HttpLimits {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds stall{30'000}; ///< given up when not a byte of the file came for so long
};

/// Downloads by libcurl, one at a time over kept connections. TLS is always verified; redirects are followed to
/// addresses of http and https alone, and from one of https to such alone. (From http to https and back is allowed.)
/// @thread isolate: one at a time, which it blocks
class HttpFetcher {
public:
    explicit HttpFetcher(const HttpLimits &limits = {});
    ~HttpFetcher();
    HttpFetcher(const HttpFetcher &) = delete;
    HttpFetcher &operator=(const HttpFetcher &) = delete;

    /// Downloads; the token ends it at once. Gives what the server said of the file, which may have been empty.
    [[nodiscard]] isolate::Result<HttpHead, FeedError> get(const HttpFetch &fetch, const std::stop_token &stop);

private:
    struct Handles;
    struct Transfer;
    void configure(const HttpFetch &fetch, Transfer &transfer);

    const HttpLimits m_limits;
    std::unique_ptr<Handles> m_handles;
};

/// Everything at an address, in memory. Blocks; for more than one use an HttpFetcher, which keeps its connections.
/// @thread isolate
[[nodiscard]] isolate::Result<std::string, FeedError>
httpGet(const std::string &url, std::stop_token stop, std::uint64_t mostBytes,
        const std::function<void(const HttpProgress &)> &onProgress = {});

} // namespace steadyframe::feed
