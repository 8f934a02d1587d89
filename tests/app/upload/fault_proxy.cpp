#include "fault_proxy.h"

#include <algorithm>
#include <cctype>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace steadyframe::tests {

namespace {

constexpr std::size_t blockBytes = 64 * 1024;
constexpr std::string_view headEnd = "\r\n\r\n";

bool sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool readMore(int socket, std::string &pending)
{
    const std::size_t before = pending.size();
    pending.resize(before + blockBytes);
    const auto count = ::recv(socket, pending.data() + before, blockBytes, 0);
    pending.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return count > 0;
}

/// Takes the next head, its end included, off what is pending; empty when the connection ended.
std::string takeHead(int socket, std::string &pending)
{
    std::size_t end = 0;
    while ((end = pending.find(headEnd)) == std::string::npos) {
        if (!readMore(socket, pending))
            return {};
    }
    std::string head = pending.substr(0, end + headEnd.size());
    pending.erase(0, head.size());
    return head;
}

std::map<std::string, std::string> headersOf(const std::string &head)
{
    std::map<std::string, std::string> headers;
    for (auto at = head.find("\r\n"); at + headEnd.size() < head.size(); at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        const auto colon = line.find(':');
        if (colon == std::string::npos)
            continue;
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        headers[name] = line.substr(std::min(colon + 2, line.size()));
    }
    return headers;
}

std::uint64_t lengthIn(const std::map<std::string, std::string> &headers)
{
    const auto found = headers.find("content-length");
    return found == headers.end() ? 0 : std::stoull(found->second);
}

} // namespace

FaultProxy::FaultProxy(std::uint16_t targetPort)
    : m_targetPort(targetPort), m_server([this](int client) { serve(client); })
{
}

FaultProxy::~FaultProxy()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    m_server.stop();
}

void FaultProxy::cutAfter(std::uint64_t bodyBytes)
{
    const std::lock_guard lock(m_mutex);
    m_cutAt = bodyBytes;
}

void FaultProxy::stallAfter(std::uint64_t bodyBytes)
{
    const std::lock_guard lock(m_mutex);
    m_stallAt = bodyBytes;
}

void FaultProxy::slowDown(std::uint64_t bytesPerSecond)
{
    const std::lock_guard lock(m_mutex);
    m_bytesPerSecond = bytesPerSecond;
}

void FaultProxy::waitUntilStalled()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_stalled > 0; });
}

void FaultProxy::loseAnswerOf(const std::string &method)
{
    const std::lock_guard lock(m_mutex);
    m_lost.insert(method);
}

void FaultProxy::answerInstead(const std::string &method, std::vector<std::string> answers)
{
    const std::lock_guard lock(m_mutex);
    m_answers[method] = std::move(answers);
}

void FaultProxy::changeHeader(const std::string &method, const std::string &name, const std::string &value)
{
    const std::lock_guard lock(m_mutex);
    m_changes[method] = {name, value};
}

std::vector<SeenRequest> FaultProxy::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

int FaultProxy::count(const std::string &method) const
{
    const auto seen = requests();
    return static_cast<int>(
        std::count_if(seen.begin(), seen.end(), [&](const SeenRequest &request) { return request.method == method; }));
}

std::uint64_t FaultProxy::bodyBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_passed;
}

std::string FaultProxy::sentAgain() const
{
    std::string words;
    for (const SeenRequest &request : requests()) {
        if (request.method == "PATCH" && request.uploadOffset() < request.acknowledgedBefore)
            words += request.path + " was acknowledged to " + std::to_string(request.acknowledgedBefore)
                + ", and sent from " + std::to_string(request.uploadOffset()) + " again. ";
    }
    return words;
}

void FaultProxy::serve(int client)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    m_server.track(server);
    const int on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto address = loopback(m_targetPort);
    std::string pending;
    std::size_t index = 0;
    if (::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0) {
        while (passRequest(client, server, pending, index)) {}
    }
    m_server.drop(server);
    m_server.drop(client);
}

std::optional<std::string> FaultProxy::ownAnswer(const std::string &method)
{
    const std::lock_guard lock(m_mutex);
    auto &answers = m_answers[method];
    if (answers.empty())
        return std::nullopt;
    auto answer = answers.front();
    answers.erase(answers.begin());
    return answer;
}

bool FaultProxy::passRequest(int client, int server, std::string &pending, std::size_t &index)
{
    const auto head = takeHead(client, pending);
    if (head.empty())
        return false;
    SeenRequest request;
    request.method = head.substr(0, head.find(' '));
    request.path
        = head.substr(request.method.size() + 1, head.find(' ', request.method.size() + 1) - request.method.size() - 1);
    request.headers = headersOf(head);
    {
        const std::lock_guard lock(m_mutex);
        index = m_requests.size();
        request.acknowledgedBefore = m_acknowledged[request.path];
        m_requests.push_back(request);
    }
    if (const auto answer = ownAnswer(request.method)) {
        std::uint64_t left = lengthIn(request.headers);
        while (pending.size() < left && readMore(client, pending)) {} // a client reads its answer after it has sent
        sendAll(client, *answer);
        return false;
    }
    auto passed = head;
    if (const auto expect = passed.find("Expect: 100-continue\r\n"); expect != std::string::npos) {
        // The proxy takes the body in any case.
        passed.erase(expect, std::string_view("Expect: 100-continue\r\n").size());
        sendAll(client, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (!sendAll(server, passed) || !passBody(client, server, pending, lengthIn(request.headers), index))
        return false;
    return passAnswer(client, server, request);
}

bool FaultProxy::passBody(int client, int server, std::string &pending, std::uint64_t length, std::size_t index)
{
    std::uint64_t left = length;
    while (left > 0) {
        if (pending.empty() && !readMore(client, pending))
            return false;
        auto count = static_cast<std::size_t>(std::min<std::uint64_t>(pending.size(), left));
        bool cut = false;
        bool stall = false;
        {
            std::unique_lock lock(m_mutex);
            if (m_bytesPerSecond > 0) {
                // The line's own speed: a tenth of a second at a time.
                count = static_cast<std::size_t>(std::clamp<std::uint64_t>(m_bytesPerSecond / 10, 1, count));
                m_changed.wait_for(lock, std::chrono::milliseconds(100), [this] { return m_stopping; });
            }
            const auto within = [&](std::optional<std::uint64_t> &limit) {
                if (!limit || m_passed + count < *limit)
                    return false;
                count = static_cast<std::size_t>(*limit - std::min(*limit, m_passed));
                limit.reset();
                return true;
            };
            cut = within(m_cutAt);
            stall = !cut && within(m_stallAt);
        }
        if (!sendAll(server, std::string_view(pending).substr(0, count)))
            return false;
        pending.erase(0, count);
        left -= count;
        {
            const std::lock_guard lock(m_mutex);
            m_passed += count;
            m_requests[index].bodyBytes += count;
        }
        if (cut)
            return false;
        if (stall) {
            holdHere();
            char byte = 0;
            while (::recv(client, &byte, 1, 0) > 0) {} // until the client gives up
            return false;
        }
    }
    return true;
}

void FaultProxy::holdHere()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_stalled;
    }
    m_changed.notify_all();
}

bool FaultProxy::passAnswer(int client, int server, const SeenRequest &request)
{
    const std::string &method = request.method;
    std::string pending;
    auto head = takeHead(server, pending);
    if (head.empty())
        return false;
    const std::uint64_t length = method == "HEAD" ? 0 : lengthIn(headersOf(head));
    while (pending.size() < length && readMore(server, pending)) {}
    {
        const std::lock_guard lock(m_mutex);
        const auto headers = headersOf(head);
        if (const auto offset = headers.find("upload-offset"); offset != headers.end()) {
            auto &acknowledged = m_acknowledged[request.path];
            acknowledged = std::max<std::uint64_t>(acknowledged, std::stoull(offset->second));
        }
        if (m_lost.erase(method) > 0)
            return false;
        if (const auto change = m_changes.find(method); change != m_changes.end()) {
            const auto &[name, value] = change->second;
            if (const auto at = head.find(name + ": "); at != std::string::npos)
                head.replace(at, head.find("\r\n", at) - at, name + ": " + value);
            m_changes.erase(change);
        }
    }
    return sendAll(client, head + pending);
}

} // namespace steadyframe::tests
