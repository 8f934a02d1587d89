#pragma once

#include "loopback_server.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace steadyframe::tests {

/// A request that passed the proxy, as it came from the client.
struct SeenRequest {
    std::string method;
    std::string path;
    std::map<std::string, std::string> headers; ///< By lower-case name.
    std::uint64_t bodyBytes = 0; ///< Of its body, those that were passed on.
    /// The largest offset that the server had told of this path when the request came.
    std::uint64_t acknowledgedBefore = 0;

    [[nodiscard]] std::uint64_t uploadOffset() const
    {
        const auto found = headers.find("upload-offset");
        return found == headers.end() ? 0 : std::stoull(found->second);
    }
};

/// A TCP proxy before a real server that breaks connections at the byte it is told, and keeps a record.
/// @thread any
class FaultProxy {
public:
    explicit FaultProxy(std::uint16_t targetPort);
    ~FaultProxy();
    FaultProxy(const FaultProxy &) = delete;
    FaultProxy &operator=(const FaultProxy &) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }
    [[nodiscard]] std::string endpoint() const
    {
        return "http://127.0.0.1:" + std::to_string(m_server.port()) + "/files";
    }

    /// Closes the connection, once, when so many bytes of bodies have passed in all.
    void cutAfter(std::uint64_t bodyBytes);
    /// Keeps the connection open and passes nothing more on, once, when so many bytes of bodies have passed in all.
    void stallAfter(std::uint64_t bodyBytes);
    /// Passes bodies on no faster than this; 0: as they come.
    void slowDown(std::uint64_t bytesPerSecond);
    /// Blocks until a stall holds a connection.
    void waitUntilStalled();
    /// Lets the server answer the next request of the method, but closes the connection instead of passing it on.
    void loseAnswerOf(const std::string &method);
    /// Answers the next requests of the method itself, each with one of these, and closes the connection.
    void answerInstead(const std::string &method, std::vector<std::string> answers);
    /// Adds a line to the answers of the server to requests of the method, in place of the header of that name.
    void changeHeader(const std::string &method, const std::string &name, const std::string &value);

    [[nodiscard]] std::vector<SeenRequest> requests() const;
    [[nodiscard]] int count(const std::string &method) const;
    /// Body bytes of all requests that were passed on.
    [[nodiscard]] std::uint64_t bodyBytes() const;
    /// What of tus uploads was sent again although the server had acknowledged it, in words; empty: nothing.
    [[nodiscard]] std::string sentAgain() const;

private:
    void serve(int client);
    bool passRequest(int client, int server, std::string &pending, std::size_t &index);
    bool passBody(int client, int server, std::string &pending, std::uint64_t length, std::size_t index);
    bool passAnswer(int client, int server, const SeenRequest &request);
    [[nodiscard]] std::optional<std::string> ownAnswer(const std::string &method);
    void holdHere();

    const std::uint16_t m_targetPort;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<SeenRequest> m_requests;
    std::map<std::string, std::vector<std::string>> m_answers;
    std::map<std::string, std::pair<std::string, std::string>> m_changes;
    std::set<std::string> m_lost;
    std::optional<std::uint64_t> m_cutAt;
    std::optional<std::uint64_t> m_stallAt;
    std::map<std::string, std::uint64_t> m_acknowledged; // by path
    std::uint64_t m_passed = 0;
    std::uint64_t m_bytesPerSecond = 0;
    int m_stalled = 0;
    bool m_stopping = false;
    LoopbackServer m_server; // last: its threads use the rest
};

} // namespace steadyframe::tests
