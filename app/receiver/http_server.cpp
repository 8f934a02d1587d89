#include "receiver/http_server.h"

#include "receiver/upload_record.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>
#include <utility>

namespace steadyframe::receiver {

namespace {

constexpr int backlog = 512;
constexpr std::size_t requestsPerConnection = 1'000'000; // what the library tells clients; nothing here counts them
constexpr std::chrono::milliseconds firstRequestLimit{10'000}; // who connects has something to say
constexpr int retryAcceptMilliseconds = 100; // when the process has no descriptor left

thread_local Connection *t_current = nullptr;

void setThreadNice([[maybe_unused]] int niceValue)
{
#ifdef __linux__
    // Linux keeps a nice value for each thread, addressed by its id.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), niceValue);
#endif
}

ReceiverError addressError(std::uint16_t port, int error)
{
    std::string message = "The receiver can't listen on 127.0.0.1";
    if (port != 0)
        message += ", port " + std::to_string(port);
    message += ": ";
    message += std::strerror(error);
    message += port != 0 ? ". Close the program that uses the port, or let the receiver choose one (port 0)."
                         : ". Check that the loopback network interface is up.";
    return {ReceiverErrc::address, message};
}

/// The listening socket; errno when -1.
int listenOnLoopback(std::uint16_t port)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return -1;
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0
        && ::listen(listener, backlog) == 0)
        return listener;
    const int error = errno;
    ::close(listener);
    errno = error;
    return -1;
}

std::uint16_t portOf(int socket)
{
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &length);
    return ntohs(address.sin_port);
}

/// Nothing when the headers contradict each other, or say no number.
std::optional<std::uint64_t> contentLength(const httplib::Request &request)
{
    const auto count = request.get_header_value_count("Content-Length");
    const auto first = request.get_header_value("Content-Length");
    for (std::size_t i = 1; i < count; ++i) {
        if (request.get_header_value("Content-Length", i) != first)
            return std::nullopt;
    }
    return count == 0 ? std::optional<std::uint64_t>(0) : parseNumber(first);
}

bool isChunked(std::string_view encoding)
{
    constexpr std::string_view chunked = "chunked";
    return std::equal(encoding.begin(), encoding.end(), chunked.begin(), chunked.end(),
                      [](char given, char wanted) { return (given | 0x20) == wanted; });
}

/// What the library does not do with a request: find out where it ends, or that nobody can tell; and tus clients behind
/// strict proxies send PATCH, HEAD and DELETE as POST.
void prepare(Connection &connection, httplib::Request &request)
{
    request.ranges.clear(); // of files that are read here
    const auto encodings = request.get_header_value_count("Transfer-Encoding");
    const auto length = contentLength(request);
    connection.beginBody(length.value_or(0), encodings > 0);
    if (!length)
        connection.setUnreadable(400);
    else if (encodings > 1 || (encodings == 1 && !isChunked(request.get_header_value("Transfer-Encoding"))))
        connection.setUnreadable(501);
    if (const auto method = request.get_header_value("X-HTTP-Method-Override"); !method.empty())
        request.method = method;
}

} // namespace

HttpServer::HttpServer() = default;

HttpServer::~HttpServer()
{
    stop();
}

isolate::Result<std::uint16_t, ReceiverError> HttpServer::start(const Settings &settings)
{
    m_settings = settings;
    set_keep_alive_timeout(std::chrono::duration_cast<std::chrono::seconds>(settings.idleTimeout).count());
    set_keep_alive_max_count(requestsPerConnection);
    std::array<int, 2> wake{};
    if (::pipe2(wake.data(), O_CLOEXEC) != 0)
        return addressError(settings.port, errno);
    m_wakeRead = wake[0];
    m_wakeWrite = wake[1];
    if (settings.port == 0 && settings.preferredPort != 0)
        m_listener = listenOnLoopback(settings.preferredPort);
    if (m_listener < 0)
        m_listener = listenOnLoopback(settings.port);
    if (m_listener < 0)
        return addressError(settings.port, errno);
    m_port = portOf(m_listener);
    m_acceptor = std::thread([this] { acceptLoop(); });
    return m_port;
}

void HttpServer::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_stopping, true))
            return;
        for (auto *connection : m_connections)
            connection->shutdown();
    }
    m_work.notify_all();
    if (m_wakeWrite >= 0) {
        ::close(m_wakeWrite); // the read end becomes ready, for good and for all who wait
        m_wakeWrite = -1;
    }
    if (m_acceptor.joinable())
        m_acceptor.join();
    for (auto &worker : m_workers)
        worker.join();
    for (const int socket : m_accepted)
        ::close(socket);
    m_accepted.clear();
    for (const int descriptor : {m_listener, m_wakeRead}) {
        if (descriptor >= 0)
            ::close(descriptor);
    }
}

Connection *HttpServer::current() noexcept
{
    return t_current;
}

void HttpServer::acceptLoop()
{
    setThreadNice(m_settings.niceValue);
    std::array<pollfd, 2> waits{{{m_listener, POLLIN, 0}, {m_wakeRead, POLLIN, 0}}};
    while (true) {
        if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR)
            return;
        if (waits[1].revents != 0)
            return;
        if ((waits[0].revents & POLLIN) == 0)
            continue;
        const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0)
            enqueue(socket);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            ::poll(&waits[1], 1, retryAcceptMilliseconds);
    }
}

void HttpServer::enqueue(int socket)
{
    const std::lock_guard lock(m_mutex);
    m_accepted.push_back(socket);
    if (m_accepted.size() > m_freeWorkers) {
        if (m_workers.size() < std::max(1U, m_settings.maximumThreads))
            m_workers.emplace_back([this] { workLoop(); });
        else if (!m_idle.empty())
            m_idle.extract(m_idle.begin()).value()->shutdown();
    }
    m_work.notify_one();
}

bool HttpServer::waitForNext(Connection &connection)
{
    if (connection.hasPending())
        return true;
    {
        const std::lock_guard lock(m_mutex);
        if (m_accepted.size() > m_freeWorkers)
            return false;
        m_idle.insert(&connection);
    }
    const bool ready = connection.waitForRequest(m_settings.idleTimeout);
    const std::lock_guard lock(m_mutex);
    m_idle.erase(&connection);
    return ready;
}

void HttpServer::workLoop()
{
    setThreadNice(m_settings.niceValue);
    std::unique_lock lock(m_mutex);
    while (true) {
        ++m_freeWorkers;
        m_work.wait(lock, [this] { return m_stopping || !m_accepted.empty(); });
        --m_freeWorkers;
        if (m_stopping)
            return;
        const int socket = m_accepted.front();
        m_accepted.pop_front();
        Connection connection(socket, m_wakeRead);
        m_connections.insert(&connection);
        lock.unlock();
        serve(connection);
        lock.lock();
        m_connections.erase(&connection);
    }
}

void HttpServer::serve(Connection &connection)
{
    t_current = &connection;
    bool goesOn = connection.waitForRequest(std::min(m_settings.idleTimeout, firstRequestLimit));
    while (goesOn) {
        bool closed = false;
        const bool answered = process_request(connection, false, closed,
                                              [&](httplib::Request &request) { prepare(connection, request); });
        goesOn = answered && connection.sendFile() && !closed && !connection.mustClose() && waitForNext(connection);
    }
    if (connection.mustClose())
        connection.closeGently();
    t_current = nullptr;
}

} // namespace steadyframe::receiver
