#include "loopback_server.h"

#include <sys/socket.h>
#include <unistd.h>

namespace steadyframe::tests {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

LoopbackServer::LoopbackServer(std::function<void(int)> serve) : m_serve(std::move(serve))
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    ::bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    ::listen(m_listener, 64);
    socklen_t length = sizeof address;
    ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &length);
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { acceptLoop(); });
}

void LoopbackServer::stop()
{
    if (!m_acceptor.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        for (const int socket : m_sockets)
            ::shutdown(socket, SHUT_RDWR);
    }
    ::shutdown(m_listener, SHUT_RDWR);
    m_acceptor.join();
    for (auto &thread : m_threads)
        thread.join();
    ::close(m_listener);
}

void LoopbackServer::acceptLoop()
{
    while (true) {
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(m_mutex);
        if (client < 0 || m_stopping) {
            if (client >= 0)
                ::close(client);
            return;
        }
        m_sockets.insert(client);
        m_threads.emplace_back([this, client] { m_serve(client); });
    }
}

void LoopbackServer::track(int socket)
{
    const std::lock_guard lock(m_mutex);
    m_sockets.insert(socket);
    if (m_stopping)
        ::shutdown(socket, SHUT_RDWR);
}

void LoopbackServer::drop(int socket)
{
    const std::lock_guard lock(m_mutex);
    m_sockets.erase(socket);
    ::close(socket);
}

} // namespace steadyframe::tests
