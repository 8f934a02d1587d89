#include "receiver/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace steadyframe::receiver {

namespace {

constexpr std::size_t bufferBytes = std::size_t(512) << 10;
constexpr timeval stallLimit{60, 0}; // a peer that neither sends nor takes bytes for so long is gone
constexpr std::uint64_t lingerBytes = std::uint64_t(16) << 20;
constexpr timeval lingerLimit{1, 0};

} // namespace

Connection::Connection(int socket, int wake) : m_socket(socket), m_wake(wake), m_buffer(bufferBytes)
{
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &stallLimit, sizeof stallLimit);
    ::setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &stallLimit, sizeof stallLimit);
}

Connection::~Connection()
{
    ::close(m_socket);
}

bool Connection::waitForRequest(std::chrono::milliseconds limit)
{
    if (hasPending())
        return true;
    std::array<pollfd, 2> waits{{{m_socket, POLLIN, 0}, {m_wake, POLLIN, 0}}};
    int ready = 0;
    do {
        ready = ::poll(waits.data(), waits.size(), static_cast<int>(limit.count()));
    } while (ready < 0 && errno == EINTR);
    return ready > 0 && waits[1].revents == 0 && fill();
}

void Connection::beginBody(std::uint64_t length, bool isChunked)
{
    m_bodyLeft = isChunked ? 0 : length;
    m_isChunked = isChunked;
}

void Connection::answerWith(PosixFile file, ByteRange range)
{
    m_file = std::move(file);
    m_range = range;
}

bool Connection::sendFile()
{
    const PosixFile file = std::exchange(m_file, PosixFile());
    if (!file.isOpen())
        return true;
    std::vector<char> piece(static_cast<std::size_t>(std::min<std::uint64_t>(m_range.count, bufferBytes)));
    while (m_range.count > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(m_range.count, piece.size()));
        const auto got = ::pread(file.descriptor(), piece.data(), wanted, static_cast<off_t>(m_range.first));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || !send({piece.data(), static_cast<std::size_t>(got)}))
            return false;
        m_range.first += static_cast<std::uint64_t>(got);
        m_range.count -= static_cast<std::uint64_t>(got);
    }
    return true;
}

std::string_view Connection::nextBodyBytes()
{
    if (m_bodyLeft == 0 || (m_begin == m_end && !fill()))
        return {};
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(m_end - m_begin, m_bodyLeft));
    const std::string_view bytes(m_buffer.data() + m_begin, count);
    m_begin += count;
    m_bodyLeft -= count;
    return bytes;
}

void Connection::closeGently()
{
    ::shutdown(m_socket, SHUT_WR);
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &lingerLimit, sizeof lingerLimit);
    std::uint64_t seen = 0;
    m_begin = m_end = 0;
    while (seen < lingerBytes && fill()) {
        seen += m_end;
        m_begin = m_end = 0;
    }
}

void Connection::shutdown() noexcept
{
    ::shutdown(m_socket, SHUT_RDWR);
}

bool Connection::is_readable() const
{
    return true; // the socket's own time limit applies
}

bool Connection::is_writable() const
{
    return true;
}

ssize_t Connection::read(char *target, size_t size)
{
    if (m_begin == m_end && !fill())
        return 0;
    const std::size_t count = std::min(size, m_end - m_begin);
    std::memcpy(target, m_buffer.data() + m_begin, count);
    m_begin += count;
    return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char *bytes, size_t size)
{
    std::string_view rest(bytes, size);
    // The library knows no words for this status of tus, and takes those of 500.
    constexpr std::string_view wrong = "HTTP/1.1 460 Internal Server Error";
    if (rest.starts_with(wrong)) {
        if (!send("HTTP/1.1 460 Checksum Mismatch"))
            return -1;
        rest.remove_prefix(wrong.size());
    }
    return send(rest) ? static_cast<ssize_t>(size) : -1;
}

bool Connection::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void Connection::get_remote_ip_and_port(std::string &ip, int &port) const
{
    ip = "127.0.0.1"; // it is bound to loopback
    sockaddr_in address{};
    socklen_t length = sizeof address;
    port = ::getpeername(m_socket, reinterpret_cast<sockaddr *>(&address), &length) == 0 ? ntohs(address.sin_port) : 0;
}

void Connection::get_local_ip_and_port(std::string &ip, int &port) const
{
    ip = "127.0.0.1";
    sockaddr_in address{};
    socklen_t length = sizeof address;
    port = ::getsockname(m_socket, reinterpret_cast<sockaddr *>(&address), &length) == 0 ? ntohs(address.sin_port) : 0;
}

bool Connection::fill()
{
    ssize_t count = 0;
    do {
        count = ::recv(m_socket, m_buffer.data(), m_buffer.size(), 0);
    } while (count < 0 && errno == EINTR);
    m_begin = 0;
    m_end = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count > 0;
}

} // namespace steadyframe::receiver
