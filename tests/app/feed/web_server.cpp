#include "web_server.h"

#include <array>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

namespace steadyframe::tests {

namespace {

bool sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

} // namespace

WebServer::WebServer(std::map<std::string, WebPage> pages)
    : m_pages(std::move(pages)), m_server([this](int client) { serve(client); })
{
}

WebServer::~WebServer()
{
    release();
    m_server.stop();
}

std::string WebServer::url(const std::string &path) const
{
    return "http://127.0.0.1:" + std::to_string(m_server.port()) + path;
}

void WebServer::release()
{
    const std::lock_guard lock(m_mutex);
    m_released = true;
    m_changed.notify_all();
}

void WebServer::waitForRequests(std::size_t count)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_requests.size() >= count; });
}

std::vector<std::string> WebServer::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

std::size_t WebServer::mostAtOnce() const
{
    const std::lock_guard lock(m_mutex);
    return m_mostRunning;
}

void WebServer::serve(int client)
{
    std::string request;
    std::array<char, 4096> buffer;
    for (bool keeps = true; keeps;) {
        const std::size_t end = request.find("\r\n\r\n");
        if (end == std::string::npos) {
            const ssize_t count = ::recv(client, buffer.data(), buffer.size(), 0);
            if (count <= 0)
                break;
            request.append(buffer.data(), static_cast<std::size_t>(count));
            continue;
        }
        const std::size_t begin = request.find(' ') + 1;
        const std::string path = request.substr(begin, request.find(' ', begin) - begin);
        request.erase(0, end + 4);
        answer(client, path, keeps);
    }
    m_server.drop(client);
}

void WebServer::answer(int client, const std::string &path, bool &keeps)
{
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(path);
        m_mostRunning = std::max(m_mostRunning, ++m_running);
        m_changed.notify_all();
    }
    const auto found = m_pages.find(path);
    const WebPage page = found != m_pages.end() ? found->second : WebPage{"nothing here", "404 Not Found"};
    std::string head = "HTTP/1.1 " + page.status + "\r\n";
    for (const std::string &header : page.headers)
        head += header + "\r\n";
    if (page.hasLength)
        head += "Content-Length: " + std::to_string(page.body.size()) + "\r\n";
    const std::string_view body = std::string_view(page.body).substr(0, page.cutAfter.value_or(page.body.size()));
    keeps = sendAll(client, head + "\r\n") && sendAll(client, body) && page.hasLength && !page.cutAfter;
    std::unique_lock lock(m_mutex);
    if (page.waits)
        m_changed.wait(lock, [this] { return m_released; });
    --m_running;
}

} // namespace steadyframe::tests
