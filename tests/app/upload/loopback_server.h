#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <netinet/in.h>

namespace steadyframe::tests {

/// A port of this machine, as an address.
[[nodiscard]] sockaddr_in loopback(std::uint16_t port);

/// Takes connections on a free port of the loopback address, and has a thread serve each. @thread any
class LoopbackServer {
public:
    /// `serve` has the connection's socket until it drops it.
    explicit LoopbackServer(std::function<void(int client)> serve);
    ~LoopbackServer() { stop(); }
    LoopbackServer(const LoopbackServer &) = delete;
    LoopbackServer &operator=(const LoopbackServer &) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    /// Another socket of a connection: shut down, like its own, when the server stops.
    void track(int socket);
    /// Closes a socket that is done with.
    void drop(int socket);
    /// Shuts every socket down and waits for all threads.
    void stop();

private:
    void acceptLoop();

    const std::function<void(int)> m_serve;
    std::uint16_t m_port = 0;
    int m_listener = -1;
    std::mutex m_mutex;
    bool m_stopping = false;
    std::set<int> m_sockets;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

} // namespace steadyframe::tests
