#include "feed/http_fetch.h"

#include "feed/ascii_case.h"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

namespace steadyframe::feed {

namespace {

constexpr long mostRedirects = 10;
constexpr long receiveBytes = 256 * 1024; // at once at most
using Clock = std::chrono::steady_clock;

/// Whether the address is of this machine, which a proxy of the environment is not for.
bool isOfThisMachine(std::string_view url)
{
    const auto host = url.substr(url.find("//") + 2);
    return startsWithIgnoringCase(host, "localhost") || host.starts_with("127.") || host.starts_with("[::1]");
}

FeedError networkError(CURLcode code)
{
    const std::string reason = std::string(" (") + curl_easy_strerror(code) + ").";
    switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return {FeedErrorCode::badAddress,
                "This address can't be used" + reason + " It has to begin with https:// or http://."};
    case CURLE_COULDNT_RESOLVE_HOST:
        return {FeedErrorCode::network,
                "No server of this name is known. Check the address, and whether this computer is online."};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return {
            FeedErrorCode::untrusted,
            "The server could not prove who it is" + reason
                + " Check the address, the clock of this computer, and whether its network wants a login; or ask who "
                  "runs the server for a valid certificate."};
    case CURLE_TOO_MANY_REDIRECTS:
        return {FeedErrorCode::refused,
                "The server sends from one address to the next without an end. Ask who runs it for the right one."};
    case CURLE_OPERATION_TIMEDOUT:
        return {FeedErrorCode::network,
                "The server stopped answering. Check the network, then try again; the server may be overloaded."};
    case CURLE_BAD_CONTENT_ENCODING:
        return {FeedErrorCode::damaged, "What the server sent can't be unpacked. Try again, or ask who runs it."};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
        return {FeedErrorCode::network, "The connection broke off before everything had come. Try again."};
    default:
        return {FeedErrorCode::network,
                "The server can't be reached" + reason + " Check the address and the network, then try again."};
    }
}

FeedError statusError(long status)
{
    const std::string number = " (status " + std::to_string(status) + ").";
    switch (status) {
    case 401:
    case 403:
        return {FeedErrorCode::refused,
                "The server does not give this to everybody" + number + " Ask who runs it, or download it by browser."};
    case 404:
    case 410:
        return {FeedErrorCode::refused,
                "The server has nothing at this address" + number + " Check how it is spelled."};
    case 429:
    case 503:
        return {FeedErrorCode::network, "The server is too busy" + number + " Wait a while, then try again."};
    default:
        if (status >= 500)
            return {FeedErrorCode::network, "The server has a fault of its own" + number + " Try again later."};
        return {FeedErrorCode::refused, "The server answered, but sent no file" + number + " Check the address."};
    }
}

FeedError tooLarge(std::uint64_t most)
{
    constexpr std::uint64_t million = 1'000'000;
    return {FeedErrorCode::tooLarge,
            "There is more at this address than the " + std::to_string(most / million)
                + " MB that are taken. Nothing of it was kept."};
}

} // namespace

bool isHttpAddress(std::string_view text)
{
    return startsWithIgnoringCase(text, "http://") || startsWithIgnoringCase(text, "https://");
}

struct HttpFetcher::Handles {
    CURLM *multi = nullptr;
    CURL *easy = nullptr;
    CURLU *url = nullptr; ///< of the transfer that runs

    ~Handles()
    {
        curl_easy_cleanup(easy);
        curl_url_cleanup(url);
        curl_multi_cleanup(multi);
    }
};

/// One download, reached from libcurl's callbacks.
struct HttpFetcher::Transfer {
    const HttpFetch &fetch;
    CURL *easy = nullptr;
    HttpHead head{};
    bool hasBegun = false;
    std::uint64_t taken = 0;
    std::optional<FeedError> error{};
    Clock::time_point moved = Clock::now();

    [[nodiscard]] long status() const
    {
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        return status;
    }

    void begin()
    {
        hasBegun = true;
        const char *type = nullptr;
        curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
        const std::string_view whole(type ? type : "");
        head.contentType = whole.substr(0, whole.find_first_of("; \t"));
        for (char &c : head.contentType)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }

    static std::size_t write(const char *bytes, std::size_t size, std::size_t count, void *context)
    {
        auto &self = *static_cast<Transfer *>(context);
        const std::size_t given = size * count;
        self.moved = Clock::now();
        if (self.status() / 100 != 2)
            return given; // what a server says about its error
        if (!self.hasBegun)
            self.begin();
        self.taken += given;
        if (self.taken > self.fetch.mostBytes) {
            self.error = tooLarge(self.fetch.mostBytes);
            return 0;
        }
        if (auto kept = self.fetch.sink(self.head, {bytes, given}); !kept) {
            self.error = std::move(kept).error();
            return 0;
        }
        return given;
    }

    static int progress(void *context, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t)
    {
        const auto &self = *static_cast<Transfer *>(context);
        HttpProgress progress{static_cast<std::uint64_t>(now)};
        if (total > 0)
            progress.total = static_cast<std::uint64_t>(total);
        if (now > 0)
            self.fetch.onProgress(progress);
        return 0;
    }
};

HttpFetcher::HttpFetcher(const HttpLimits &limits) : m_limits(limits), m_handles(std::make_unique<Handles>())
{
    static std::once_flag initialized;
    std::call_once(initialized, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    m_handles->multi = curl_multi_init();
    m_handles->easy = curl_easy_init();
    m_handles->url = curl_url();
    if (!m_handles->multi || !m_handles->easy || !m_handles->url)
        throw std::bad_alloc();
}

HttpFetcher::~HttpFetcher() = default;

void HttpFetcher::configure(const HttpFetch &fetch, Transfer &transfer)
{
    CURL *easy = m_handles->easy;
    transfer.easy = easy;
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_CURLU, m_handles->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    const bool isSecure = startsWithIgnoringCase(fetch.url, "https:");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, isSecure ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, mostRedirects);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); // all that libcurl can unpack
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, receiveBytes);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (isOfThisMachine(fetch.url))
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Steadyframe");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_limits.connect.count()));
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(fetch.mostBytes));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    if (fetch.onProgress) {
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Transfer::progress);
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
    }
}

isolate::Result<HttpHead, FeedError> HttpFetcher::get(const HttpFetch &fetch, const std::stop_token &stop)
{
    if (!isHttpAddress(fetch.url))
        return FeedError{FeedErrorCode::badAddress, "An address has to begin with https:// or http://."};
    // People write blanks and letters of all scripts into addresses, which are not sent as they are.
    const bool ends = fetch.url.find('\0') != std::string::npos;
    if (const CURLUcode code = curl_url_set(m_handles->url, CURLUPART_URL, fetch.url.c_str(), CURLU_URLENCODE);
        ends || code != CURLUE_OK)
        return FeedError{FeedErrorCode::badAddress,
                         std::string("This address can't be used (")
                             + (ends ? "it has a character of number 0" : curl_url_strerror(code))
                             + "). Check how it is spelled."};
    Transfer transfer{fetch};
    configure(fetch, transfer);
    CURLM *multi = m_handles->multi;
    CURL *easy = m_handles->easy;

    // Waking is the one call that libcurl allows from another thread.
    const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
    curl_multi_add_handle(multi, easy);
    int running = 1;
    CURLMcode state = CURLM_OK;
    CURLcode result = CURLE_FAILED_INIT;
    while (running > 0 && state == CURLM_OK && !stop.stop_requested()) {
        state = curl_multi_perform(multi, &running);
        if (running == 0 || state != CURLM_OK)
            break;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(transfer.moved + m_limits.stall - Clock::now());
        if (left.count() <= 0) {
            result = CURLE_OPERATION_TIMEDOUT;
            break;
        }
        state = curl_multi_poll(multi, nullptr, 0, static_cast<int>(left.count()), nullptr);
    }
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE)
            result = message->data.result;
    }
    curl_multi_remove_handle(multi, easy);

    if (transfer.error)
        return std::move(*transfer.error);
    if (running > 0 && stop.stop_requested())
        return FeedError{FeedErrorCode::cancelled, "The download was cancelled."};
    if (result == CURLE_FILESIZE_EXCEEDED)
        return tooLarge(fetch.mostBytes);
    if (result != CURLE_OK)
        return networkError(result);
    if (const long status = transfer.status(); status / 100 != 2)
        return statusError(status);
    if (!transfer.hasBegun)
        transfer.begin();
    return std::move(transfer.head);
}

isolate::Result<std::string, FeedError> httpGet(const std::string &url, std::stop_token stop, std::uint64_t mostBytes,
                                                const std::function<void(const HttpProgress &)> &onProgress)
{
    std::string bytes;
    HttpFetch fetch{url, mostBytes,
                    [&](const HttpHead &, std::string_view piece) {
                        bytes += piece;
                        return isolate::Result<void, FeedError>();
                    },
                    onProgress};
    if (auto head = HttpFetcher().get(fetch, stop); !head)
        return std::move(head).error();
    return bytes;
}

} // namespace steadyframe::feed
