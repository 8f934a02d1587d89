#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace steadyframe::tests {

/// An answer as it came over the wire; status 0 when the connection ended without one.
struct RawAnswer {
    int status = 0;
    std::string reason; ///< The words behind the status.
    std::map<std::string, std::string> headers; ///< By lower-case name.
    std::string body;

    [[nodiscard]] std::string header(const std::string &name) const
    {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

/// HTTP by hand over one socket, so that tests can break every rule of it.
class RawHttp {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// Connects; `isConnected` tells.
    explicit RawHttp(std::uint16_t port, const std::string &address = "127.0.0.1");
    ~RawHttp();
    RawHttp(const RawHttp &) = delete;
    RawHttp &operator=(const RawHttp &) = delete;

    [[nodiscard]] bool isConnected() const { return m_socket >= 0; }

    /// Sends a whole request, with `Content-Length` where there is a body, and reads the answer.
    RawAnswer exchange(const std::string &method, const std::string &path, const Headers &headers,
                       std::string_view body = {});
    /// Sends the bytes as they are; false when the peer is gone.
    bool send(std::string_view bytes);
    /// Reads one answer. `withBody` is false after HEAD.
    RawAnswer receive(bool withBody = true);
    /// True once the peer has closed its side.
    bool waitForEnd();
    void close();

private:
    bool readMore();

    int m_socket = -1;
    std::string m_pending;
};

/// Base64 by RFC 4648, for headers.
std::string base64(std::string_view bytes);

} // namespace steadyframe::tests
