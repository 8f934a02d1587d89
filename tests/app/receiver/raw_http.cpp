#include "raw_http.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace steadyframe::tests {

namespace {

constexpr timeval hangLimit{20, 0}; // a test that hangs should say where

} // namespace

RawHttp::RawHttp(std::uint16_t port, const std::string &address)
{
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &hangLimit, sizeof hangLimit);
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &peer.sin_addr);
    if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&peer), sizeof peer) != 0)
        close();
}

RawHttp::~RawHttp()
{
    close();
}

void RawHttp::close()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

bool RawHttp::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool RawHttp::readMore()
{
    char buffer[16 * 1024];
    const auto count = ::recv(m_socket, buffer, sizeof buffer, 0);
    if (count <= 0)
        return false;
    m_pending.append(buffer, static_cast<std::size_t>(count));
    return true;
}

bool RawHttp::waitForEnd()
{
    char buffer[4096];
    ssize_t count = 0;
    do {
        count = ::recv(m_socket, buffer, sizeof buffer, 0);
    } while (count > 0);
    return count == 0;
}

RawAnswer RawHttp::receive(bool withBody)
{
    RawAnswer answer;
    std::size_t end = 0;
    while ((end = m_pending.find("\r\n\r\n")) == std::string::npos) {
        if (!readMore())
            return answer;
    }
    const std::string head = m_pending.substr(0, end);
    m_pending.erase(0, end + 4);
    answer.status = std::stoi(head.substr(head.find(' ') + 1, 3));
    answer.reason = head.substr(head.find(' ') + 5, head.find("\r\n") - head.find(' ') - 5);
    for (auto at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        const auto colon = line.find(": ");
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        answer.headers[name] = line.substr(colon + 2);
    }
    const auto length = answer.header("content-length");
    const std::size_t bytes = withBody && !length.empty() ? std::stoul(length) : 0;
    while (m_pending.size() < bytes && readMore()) {}
    answer.body = m_pending.substr(0, bytes);
    m_pending.erase(0, bytes);
    return answer;
}

RawAnswer RawHttp::exchange(const std::string &method, const std::string &path, const Headers &headers,
                            std::string_view body)
{
    std::string request = method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n";
    bool lengthGiven = false;
    for (const auto &[name, value] : headers) {
        request += name + ": " + value + "\r\n";
        lengthGiven = lengthGiven || name == "Content-Length" || name == "Transfer-Encoding";
    }
    if (!lengthGiven && (!body.empty() || method == "PATCH" || method == "POST"))
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    request += "\r\n";
    request += body;
    send(request);
    return receive(method != "HEAD");
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    unsigned bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6)
            text += digits[(bits >> (count - 6)) & 0x3f];
    }
    if (count > 0)
        text += digits[(bits << (6 - count)) & 0x3f];
    while (text.size() % 4 != 0)
        text += '=';
    return text;
}

} // namespace steadyframe::tests
