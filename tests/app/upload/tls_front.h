#pragma once

#include "loopback_server.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace steadyframe::tests {

/// TLS before a plain server on this machine, with a certificate of its own that nobody has signed. @thread any
class TlsFront {
public:
    /// The certificate is for `host`, a DNS name or `127.0.0.1`, and is written to `certificateFile` for those who want
    /// to trust it.
    TlsFront(std::uint16_t targetPort, const std::string &host, const std::filesystem::path &certificateFile);
    ~TlsFront() { m_server->stop(); } // its threads use it to their end
    TlsFront(const TlsFront &) = delete;
    TlsFront &operator=(const TlsFront &) = delete;

    [[nodiscard]] std::string endpoint() const
    {
        return "https://127.0.0.1:" + std::to_string(m_server->port()) + "/files";
    }
    /// Bytes that clients sent inside TLS.
    [[nodiscard]] std::uint64_t received() const;

private:
    struct FreeContext {
        void operator()(ssl_ctx_st *context) const;
    };
    void serve(int client);
    void pass(ssl_st *session, int client, int server);

    const std::uint16_t m_targetPort;
    std::unique_ptr<ssl_ctx_st, FreeContext> m_context;
    mutable std::mutex m_mutex;
    std::uint64_t m_received = 0;
    std::optional<LoopbackServer> m_server;
};

} // namespace steadyframe::tests
