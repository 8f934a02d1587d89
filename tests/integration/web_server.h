#pragma once

#include "app/upload/loopback_server.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace steadyframe::tests {

/// A small web server on the loopback address: gives what was put under a path, 404 for the rest, and remembers who
/// asked for what. @thread any
class WebServer {
public:
    WebServer() : m_server([this](int client) { serve(client); }) {}
    ~WebServer()
    {
        hold(false);
        m_server.stop();
    }

    [[nodiscard]] std::string address(const std::string &path) const
    {
        return "http://127.0.0.1:" + std::to_string(m_server.port()) + path;
    }
    void put(const std::string &path, std::string bytes, std::string type = "image/jpeg")
    {
        const std::lock_guard lock(m_mutex);
        m_files[path] = {std::move(bytes), std::move(type)};
    }
    /// Answers wait as long as this is so; what is asked for is remembered.
    void hold(bool on)
    {
        const std::lock_guard lock(m_mutex);
        m_held = on;
        m_changed.notify_all();
    }
    /// Answers break off, as long as this is so.
    void fail(bool on)
    {
        const std::lock_guard lock(m_mutex);
        m_failing = on;
    }
    /// The paths, in the order in which they were asked for.
    [[nodiscard]] std::vector<std::string> asked() const
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }

private:
    struct File {
        std::string bytes;
        std::string type;
    };

    void serve(int client)
    {
        std::string request;
        char bytes[4096];
        for (;;) {
            const auto end = request.find("\r\n\r\n");
            if (end == std::string::npos) {
                const ssize_t got = ::recv(client, bytes, sizeof bytes, 0);
                if (got <= 0)
                    break;
                request.append(bytes, static_cast<std::size_t>(got));
                continue;
            }
            const auto path = request.substr(4, request.find(' ', 4) - 4); // GET PATH HTTP/1.1
            request.erase(0, end + 4);
            const std::string answer = answerTo(path);
            if (answer.empty() || ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL) < 0)
                break;
        }
        m_server.drop(client);
    }
    std::string answerTo(const std::string &path)
    {
        std::unique_lock lock(m_mutex);
        m_asked.push_back(path);
        m_changed.wait(lock, [this] { return !m_held; });
        if (m_failing)
            return {};
        const auto file = m_files.find(path);
        const File given = file == m_files.end() ? File{"no", "text/plain"} : file->second;
        return std::string("HTTP/1.1 ") + (file == m_files.end() ? "404 Not Found" : "200 OK") + "\r\nContent-Type: "
            + given.type + "\r\nContent-Length: " + std::to_string(given.bytes.size()) + "\r\n\r\n" + given.bytes;
    }

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, File> m_files;
    std::vector<std::string> m_asked;
    bool m_held = false;
    bool m_failing = false;
    LoopbackServer m_server; ///< last: its threads use the others
};

} // namespace steadyframe::tests
