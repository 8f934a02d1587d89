#include "upload/stall_watch.h"

#include <curl/curl.h>

#include <algorithm>
#ifdef __linux__
#include <linux/sockios.h>
#include <sys/ioctl.h>
#endif

namespace steadyframe::upload {

namespace {

constexpr std::chrono::milliseconds longestInterval{1000};
constexpr int looksPerLimit = 8;

/// Bytes the system has and the peer has not confirmed.
std::int64_t unconfirmed([[maybe_unused]] CURL *easy)
{
    int bytes = 0;
#ifdef __linux__
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD
        || ::ioctl(socket, SIOCOUTQ, &bytes) != 0)
        return 0;
#endif
    return bytes;
}

} // namespace

StallWatch::StallWatch(void *easy, std::chrono::milliseconds limit)
    : m_easy(easy), m_limit(limit), m_since(std::chrono::steady_clock::now())
{
}

bool StallWatch::isStalled()
{
    const auto now = std::chrono::steady_clock::now();
    if (const auto bytes = moved(); bytes != m_moved) {
        m_moved = bytes;
        m_since = now;
    }
    return now - m_since >= m_limit;
}

std::chrono::milliseconds StallWatch::interval() const
{
    return std::clamp(m_limit / looksPerLimit, std::chrono::milliseconds(1), longestInterval);
}

std::int64_t StallWatch::moved() const
{
    curl_off_t sent = 0;
    curl_off_t received = 0;
    long headers = 0;
    curl_easy_getinfo(m_easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    curl_easy_getinfo(m_easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
    curl_easy_getinfo(m_easy, CURLINFO_HEADER_SIZE, &headers);
    return sent + received + headers - unconfirmed(m_easy);
}

} // namespace steadyframe::upload
