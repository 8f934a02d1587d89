#include "upload/http_client.h"

#include "upload/encoding.h"
#include "upload/stall_watch.h"
#include "upload/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <ctime>
#include <mutex>
#include <new>
#include <string_view>
#include <utility>

namespace steadyframe::upload {

namespace {

constexpr std::size_t maximumAnswerBytes = 8 * 1024;
constexpr long sendBufferBytes = 1024 * 1024;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

UploadError networkError(CURLcode code)
{
    UploadError error;
    const std::string reason = curl_easy_strerror(code);
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        error.code = UploadErrc::certificate;
        error.message = "The server could not prove who it is (" + reason
            + "). Nothing was sent. Check its address, or ask who runs it for a valid certificate.";
        return error;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        error.code = UploadErrc::request;
        error.message = "The address of the server can't be used (" + reason
            + "). Enter one that starts with https:// in the settings.";
        return error;
    default:
        error.code = UploadErrc::network;
        error.retryable = true;
        error.message
            = "The server can't be reached (" + reason + "). It will be tried again; check the network if this stays.";
        return error;
    }
}

} // namespace

struct HttpClient::Handles {
    CURLM *multi = nullptr;
    CURL *easy = nullptr;

    ~Handles()
    {
        curl_easy_cleanup(easy);
        curl_multi_cleanup(multi);
    }
};

/// One exchange, reached from libcurl's callbacks.
struct HttpClient::Transfer {
    CURL *easy = nullptr;
    const HttpBody *body = nullptr;
    const std::function<void(std::string_view)> *sink = nullptr;
    SendRate *rate = nullptr;
    bool isPaused = false; // by the rate
    std::uint64_t sent = 0;
    std::optional<UploadError> bodyError;
    HttpResponse response;
    curl_slist *headers = nullptr;

    ~Transfer() { curl_slist_free_all(headers); }

    static std::size_t read(char *target, std::size_t size, std::size_t count, void *context)
    {
        auto &self = *static_cast<Transfer *>(context);
        auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size * count, self.body->bytes - self.sent));
        if (wanted == 0)
            return 0;
        if (self.rate)
            wanted = self.rate->take(wanted, std::chrono::steady_clock::now());
        if (wanted == 0) {
            self.isPaused = true;
            return CURL_READFUNC_PAUSE;
        }
        auto got = self.body->read(self.sent, target, wanted);
        if (!got) {
            self.bodyError = std::move(got).error();
            return CURL_READFUNC_ABORT;
        }
        self.sent += *got;
        return *got;
    }

    static std::size_t write(const char *bytes, std::size_t size, std::size_t count, void *context)
    {
        auto &self = *static_cast<Transfer *>(context);
        long status = 0;
        curl_easy_getinfo(self.easy, CURLINFO_RESPONSE_CODE, &status);
        if (self.sink && *self.sink && status == 200) {
            (*self.sink)({bytes, size * count});
            return size * count;
        }
        auto &text = self.response.body;
        text.append(bytes, std::min(size * count, maximumAnswerBytes - text.size()));
        return size * count;
    }

    static std::size_t header(const char *bytes, std::size_t size, std::size_t count, void *context)
    {
        auto &headers = static_cast<Transfer *>(context)->response.headers;
        const std::string_view line(bytes, size * count);
        if (line.starts_with("HTTP/")) {
            headers.clear(); // those before were of an interim answer
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            std::string name(line.substr(0, colon));
            for (char &c : name) {
                if (c >= 'A' && c <= 'Z')
                    c = static_cast<char>(c - 'A' + 'a');
            }
            headers[std::move(name)] = trimmed(line.substr(colon + 1));
        }
        return size * count;
    }
};

const std::string *HttpResponse::header(const std::string &name) const
{
    const auto found = headers.find(name);
    return found == headers.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> HttpResponse::number(const std::string &name) const
{
    const auto *text = header(name);
    return text ? wholeNumber(*text) : std::nullopt;
}

std::optional<std::chrono::milliseconds> HttpResponse::retryAfter() const
{
    constexpr std::uint64_t longestSeconds = 24 * 60 * 60;
    const auto *text = header("retry-after");
    if (!text)
        return std::nullopt;
    if (const auto seconds = number("retry-after"))
        return std::chrono::seconds(std::min(*seconds, longestSeconds));
    const std::time_t date = curl_getdate(text->c_str(), nullptr);
    if (date < 0)
        return std::nullopt;
    const auto seconds = std::clamp<std::int64_t>(date - std::time(nullptr), 0, longestSeconds);
    return std::chrono::seconds(seconds);
}

HttpClient::HttpClient(HttpSettings settings) : m_settings(std::move(settings)), m_handles(std::make_unique<Handles>())
{
    static std::once_flag initialized;
    std::call_once(initialized, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    m_handles->multi = curl_multi_init();
    m_handles->easy = curl_easy_init();
    if (!m_handles->multi || !m_handles->easy)
        throw std::bad_alloc();
}

HttpClient::~HttpClient() = default;

void HttpClient::configure(const HttpRequest &request, Transfer &transfer)
{
    CURL *easy = m_handles->easy;
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Steadyframe");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_settings.connectLimit.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limit.count()));
    if (!m_settings.certificateFile.empty())
        curl_easy_setopt(easy, CURLOPT_CAINFO, m_settings.certificateFile.c_str());
    if (isLoopback(request.url))
        curl_easy_setopt(easy, CURLOPT_PROXY, ""); // a proxy of the environment is for other machines

    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);

    if (request.body) {
        transfer.body = request.body;
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body->bytes));
        curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, sendBufferBytes);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Transfer::read);
        curl_easy_setopt(easy, CURLOPT_READDATA, &transfer);
        // No function to rewind: after a cut only the server knows where to go on, so libcurl must not send again.
        if (!request.aws) // it would be signed, and is not sent
            transfer.headers = curl_slist_append(transfer.headers, "Expect:"); // saves a round trip for each chunk
    } else if (std::string_view(request.method) == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (std::string_view(request.method) == "POST" && !request.aws) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, 0L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
        transfer.headers = curl_slist_append(transfer.headers, "Content-Type:");
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method);
    if (request.aws) {
        const std::string scheme = "aws:amz:" + request.aws->region + ":s3";
        curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, scheme.c_str());
        curl_easy_setopt(easy, CURLOPT_USERNAME, request.aws->accessKey.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, request.aws->secretKey.c_str());
    }
    for (const auto &header : request.headers)
        transfer.headers = curl_slist_append(transfer.headers, header.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers);
}

isolate::Result<HttpResponse, UploadError> HttpClient::exchange(const HttpRequest &request, std::stop_token stop)
{
    Transfer transfer;
    configure(request, transfer);
    CURLM *multi = m_handles->multi;
    CURL *easy = m_handles->easy;

    // Waking is the one call that libcurl allows from another thread.
    const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
    curl_multi_add_handle(multi, easy);
    StallWatch watch(easy, m_settings.stallLimit);
    transfer.easy = easy;
    transfer.sink = &request.sink;
    transfer.rate = m_settings.rate.get();
    int running = 1;
    CURLMcode state = CURLM_OK;
    CURLcode result = CURLE_ABORTED_BY_CALLBACK;
    while (running > 0 && state == CURLM_OK && !stop.stop_requested()) {
        state = curl_multi_perform(multi, &running);
        if (transfer.isPaused)
            watch.restart(); // nothing moves because nothing may
        if (running > 0 && watch.isStalled()) {
            result = CURLE_OPERATION_TIMEDOUT;
            break;
        }
        auto wait = watch.interval();
        if (transfer.isPaused)
            wait = std::min(wait, transfer.rate->pause(std::chrono::steady_clock::now()));
        if (running > 0 && state == CURLM_OK)
            state = curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
        if (std::exchange(transfer.isPaused, false))
            curl_easy_pause(easy, CURLPAUSE_CONT);
    }
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE)
            result = message->data.result;
    }
    curl_multi_remove_handle(multi, easy);

    if (running > 0 && stop.stop_requested())
        return cancelledError();
    if (transfer.bodyError)
        return std::move(*transfer.bodyError);
    if (state != CURLM_OK)
        return networkError(CURLE_FAILED_INIT);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    // A server may answer and close before it has read a whole body; its answer says more than the broken pipe.
    if (result != CURLE_OK && (result != CURLE_SEND_ERROR || status < 400))
        return networkError(result);
    curl_off_t ready = 0;
    curl_off_t first = 0;
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
    transfer.response.roundTrip = std::chrono::microseconds(std::max<curl_off_t>(first - ready, 0));
    transfer.response.status = static_cast<int>(status);
    return std::move(transfer.response);
}

} // namespace steadyframe::upload
