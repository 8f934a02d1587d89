#pragma once

#include "receiver/connection.h"
#include "receiver/receiver_error.h"

#include <isolate_core/result.h>

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

namespace steadyframe::receiver {

/// cpp-httplib's parser and router on an accept loop and threads of our own.
///
/// The library's own loop looks at idle connections a hundred times a second, holds a stop up until they time out,
/// has a backlog of five, and hands bodies over in pieces of 4 KiB.
class HttpServer : private httplib::Server {
public:
    struct Settings {
        std::uint16_t port = 0;
        std::uint16_t preferredPort = 0; ///< Where `port` is 0: tried before any other.
        unsigned maximumThreads = 64;
        std::chrono::milliseconds idleTimeout{60'000};
        int niceValue = 0;
    };

    HttpServer();
    ~HttpServer() override;

    using Server::Patch;
    using Server::Post;
    using Server::set_exception_handler;
    using Server::set_post_routing_handler;
    using Server::set_pre_routing_handler;

    /// Binds to 127.0.0.1 and starts the threads. Set the handlers before.
    [[nodiscard]] isolate::Result<std::uint16_t, ReceiverError> start(const Settings &settings);

    /// Closes all connections and joins all threads. A second call does nothing. @thread any but its own
    void stop();

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }

    /// The connection whose request this thread handles; null in any other thread. @thread isolate
    [[nodiscard]] static Connection *current() noexcept;

private:
    void acceptLoop();
    void workLoop();
    void serve(Connection &connection);
    void enqueue(int socket);
    /// Waits for the next request of a connection, unless others wait for its thread.
    [[nodiscard]] bool waitForNext(Connection &connection);

    Settings m_settings;
    std::uint16_t m_port = 0;
    int m_listener = -1;
    int m_wakeRead = -1;
    int m_wakeWrite = -1;

    std::mutex m_mutex;
    std::condition_variable m_work;
    std::deque<int> m_accepted;
    std::unordered_set<Connection *> m_connections;
    std::unordered_set<Connection *> m_idle; // those that were served and may give up their thread
    std::vector<std::thread> m_workers;
    unsigned m_freeWorkers = 0;
    bool m_stopping = false;
    std::thread m_acceptor;
};

} // namespace steadyframe::receiver
