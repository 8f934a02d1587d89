#pragma once

#include "app/upload/loopback_server.h"

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace steadyframe::tests {

/// What a server answers to whoever asks for a path.
struct WebPage {
    std::string body{};
    std::string status = "200 OK";
    std::vector<std::string> headers{}; ///< each as `Name: value`
    bool hasLength = true; ///< else the end of the connection is the end of the body
    std::optional<std::size_t> cutAfter{}; ///< the connection breaks off behind so many bytes of the body
    bool waits = false; ///< nothing comes behind the headers and what `cutAfter` says, until release()
};

/// An HTTP server of this machine with fixed pages, over connections that are kept. @thread any
class WebServer {
public:
    explicit WebServer(std::map<std::string, WebPage> pages);
    ~WebServer();

    [[nodiscard]] std::string url(const std::string &path) const;
    /// Pages that wait go on.
    void release();
    /// Blocks until so many answers have begun.
    void waitForRequests(std::size_t count);
    /// The paths that were asked for, in order.
    [[nodiscard]] std::vector<std::string> requests() const;
    /// The most answers that were on their way at the same time.
    [[nodiscard]] std::size_t mostAtOnce() const;

private:
    void serve(int client);
    void answer(int client, const std::string &path, bool &keeps);

    const std::map<std::string, WebPage> m_pages;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_requests;
    std::size_t m_running = 0;
    std::size_t m_mostRunning = 0;
    bool m_released = false;
    LoopbackServer m_server;
};

} // namespace steadyframe::tests
