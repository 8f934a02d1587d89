#include "upload/tus_session.h"

#include "upload/session_parts.h"
#include "upload/url.h"

#include <algorithm>

namespace steadyframe::upload {

namespace {

constexpr unsigned maximumDisagreements = 5;
constexpr unsigned maximumRestarts = 3;
constexpr unsigned removalAttempts = 3;
constexpr std::chrono::milliseconds removalLimit{5000};
constexpr std::chrono::milliseconds removalPause{50};
constexpr int statusChecksumMismatch = 460; // of the tus checksum extension
constexpr const char *removedHeader = "steadyframe-removed"; // the built-in receiver's, of a file that it had

bool isGone(int status)
{
    return status == 404 || status == 410;
}

UploadError errorOf(const HttpResponse &response)
{
    return errorOfStatus(response.status, response.body, response.retryAfter());
}

} // namespace

TusSession::TusSession(const TusOptions &options, HttpClient &client, std::optional<TusServerFeatures> &features,
                       const UploadRequest &request, const FileSource &file, const UploadObserver &observer,
                       std::stop_token stop)
    : m_options(options), m_client(client), m_features(features), m_request(request), m_file(file),
      m_observer(observer), m_stop(std::move(stop)), m_backOff(options.retry), m_chunkSize(options.chunks)
{
}

isolate::Result<UploadReceipt, UploadError> TusSession::run()
{
    if (!m_request.resumeUrl.empty()) {
        // One that can't be resolved names no upload that could be resumed.
        m_url = resolveUrl(m_options.endpoint, m_request.resumeUrl).value_or(std::string());
    }
    Step step = m_features ? firstStep() : Step::discover;
    while (step != Step::done && step != Step::found) {
        if (m_stop.stop_requested())
            return stopped();
        const Outcome outcome = take(step);
        if (outcome) {
            step = *outcome;
            continue;
        }
        if (auto end = waitForNextTry(outcome.error(), m_backOff, m_observer, m_stop))
            return end->code == UploadErrc::cancelled ? stopped() : std::move(*end);
        // After a fault only the server knows how much of a chunk it has.
        if (step == Step::send)
            step = Step::locate;
    }
    if (step == Step::found)
        return UploadReceipt{m_request.arrivedUrl, m_request.bytes, m_request.sha256, false, true};
    if (!m_file.isUnchanged()) {
        removeAtServer();
        return fileChangedError();
    }
    return UploadReceipt{m_url, m_request.bytes, m_request.sha256, false, false};
}

TusSession::Outcome TusSession::take(Step step)
{
    switch (step) {
    case Step::discover:
        return discover();
    case Step::lookUp:
        return lookUp();
    case Step::create:
        return create();
    case Step::locate:
        return locate();
    case Step::send:
        return send();
    case Step::done:
    case Step::found:
        break;
    }
    return step;
}

TusSession::Outcome TusSession::discover()
{
    auto response = m_client.exchange(request("OPTIONS", m_options.endpoint), m_stop);
    if (!response)
        return std::move(response).error();
    if (response->status >= 500 || response->status == 429 || response->status == 401)
        return errorOf(*response);
    const auto features = TusServerFeatures::of(*response);
    if (!features.speaksVersion1)
        return tusError("it offers other versions only");
    m_features = features;
    return firstStep();
}

TusSession::Step TusSession::firstStep() const
{
    if (!m_request.arrivedUrl.empty())
        return Step::lookUp;
    return m_url.empty() ? Step::create : Step::locate;
}

TusSession::Outcome TusSession::lookUp()
{
    const Step otherwise = m_url.empty() ? Step::create : Step::locate;
    const auto url = resolveUrl(m_options.endpoint, m_request.arrivedUrl);
    if (!url)
        return otherwise;
    auto response = m_client.exchange(request("HEAD", *url), m_stop);
    if (!response)
        return std::move(response).error();
    const bool isThere = response->status == 200 || response->status == 204;
    const auto offset = response->number("upload-offset");
    if (response->status == 410 || (isThere && (offset != m_request.bytes || response->header(removedHeader))))
        return otherwise;
    // Many servers forget an upload that is complete, and have the file: what was recorded stays true.
    if (isThere || response->status == 404 || response->status == 403)
        return Step::found;
    return errorOf(*response);
}

TusSession::Outcome TusSession::create()
{
    if (!m_features->canCreate)
        return tusError("it does not let clients create uploads");
    if (m_features->maximumBytes && m_request.bytes > *m_features->maximumBytes)
        return errorOfStatus(413, {}, std::nullopt);
    auto post = request("POST", m_options.endpoint);
    post.headers.push_back("Upload-Length: " + std::to_string(m_request.bytes));
    post.headers.push_back("Upload-Metadata: " + metadata());
    auto response = m_client.exchange(post, m_stop);
    if (!response)
        return std::move(response).error();
    if (response->status != 201)
        return errorOf(*response);
    const auto *location = response->header("location");
    auto url = location ? resolveUrl(m_options.endpoint, *location) : std::nullopt;
    if (!url)
        return tusError("it created an upload and did not say where");
    if (m_options.endpoint.starts_with("https:") && !url->starts_with("https:"))
        return tusError("it wants the file over a connection that is not encrypted");
    m_url = std::move(*url);
    m_offset = 0;
    m_chunkSize.setRoundTrip(response->roundTrip);
    if (m_observer.onCreated)
        m_observer.onCreated(haveSameOrigin(m_url, m_options.endpoint) ? pathAndQuery(m_url) : m_url);
    if (m_request.bytes == 0)
        return Step::done;
    // The server knows the key from a try whose answer was lost, and may have bytes of it.
    return response->number("upload-offset").value_or(0) > 0 ? Step::locate : Step::send;
}

TusSession::Outcome TusSession::locate()
{
    auto response = m_client.exchange(request("HEAD", m_url), m_stop);
    if (!response)
        return std::move(response).error();
    if (isGone(response->status))
        return startAnew();
    if (response->status != 200 && response->status != 204)
        return errorOf(*response);
    const auto offset = response->number("upload-offset");
    if (!offset)
        return tusError("it does not say how much of the file it has");
    const auto length = response->number("upload-length");
    if (length && *length != m_request.bytes)
        return startAnew(); // the upload of another file
    if (*offset > m_request.bytes)
        return tusError("it says it has more bytes than the file");
    m_chunkSize.setRoundTrip(response->roundTrip);
    if (*offset < m_confirmed && ++m_disagreements > maximumDisagreements)
        return tusError("it keeps losing bytes that it confirmed");
    acknowledge(*offset);
    return m_offset == m_request.bytes ? Step::done : Step::send;
}

TusSession::Outcome TusSession::send()
{
    const std::uint64_t bytes = m_chunkSize.next(m_request.bytes - m_offset);
    auto patch = request("PATCH", m_url);
    patch.headers.push_back("Upload-Offset: " + std::to_string(m_offset));
    patch.headers.push_back("Content-Type: application/offset+octet-stream");
    if (const auto algorithm = chunkChecksum()) {
        auto hash = m_file.hash(*algorithm, m_offset, bytes);
        if (!hash)
            return std::move(hash).error();
        patch.headers.push_back(std::string("Upload-Checksum: ") + checksumName(*algorithm) + ' ' + toBase64(*hash));
    }
    HttpBody body;
    body.bytes = bytes;
    body.read
        = [this](std::uint64_t offset, char *target, std::size_t count) -> isolate::Result<std::size_t, UploadError> {
        auto got = m_file.readAt(m_offset + offset, target, count);
        if (got && *got == 0)
            return fileChangedError(); // it was cut short
        return got;
    };
    patch.body = &body;
    const auto start = std::chrono::steady_clock::now();
    auto response = m_client.exchange(patch, m_stop);
    if (!response) {
        m_chunkSize.recordLoss();
        return std::move(response).error();
    }
    if (response->status == 204 || response->status == 200)
        m_chunkSize.record(bytes, std::chrono::steady_clock::now() - start);
    return afterSent(*response, bytes);
}

TusSession::Outcome TusSession::afterSent(const HttpResponse &response, std::uint64_t sent)
{
    if (isGone(response.status))
        return startAnew();
    if (response.status == 409)
        return disagreement("it refuses the offset that it gave");
    if (response.status == statusChecksumMismatch)
        return damaged();
    if (response.status != 204 && response.status != 200)
        return errorOf(response);
    const auto offset = response.number("upload-offset");
    if (!offset || *offset <= m_offset || *offset > m_offset + sent)
        return disagreement("it does not confirm the bytes it was sent");
    acknowledge(*offset);
    return m_offset == m_request.bytes ? Step::done : Step::send;
}

TusSession::Outcome TusSession::damaged()
{
    if (!m_request.sha256.empty()) {
        auto hash = m_file.hash(Hash::Algorithm::sha256, 0, m_request.bytes);
        if (!hash)
            return std::move(hash).error();
        if (toHex(*hash) != m_request.sha256)
            return fileChangedError();
    }
    return UploadError{UploadErrc::network,
                       "The file arrived damaged. It will be sent again; check the network if this stays.", true,
                       std::nullopt, statusChecksumMismatch};
}

TusSession::Outcome TusSession::startAnew()
{
    if (++m_restarts > maximumRestarts)
        return tusError("it keeps forgetting the upload");
    m_url.clear();
    m_offset = 0;
    m_confirmed = 0;
    return Step::create;
}

TusSession::Outcome TusSession::disagreement(const std::string &what)
{
    if (++m_disagreements > maximumDisagreements)
        return tusError(what);
    return Step::locate;
}

UploadError TusSession::stopped()
{
    if (removesWhenStopped(m_observer))
        removeAtServer();
    return cancelledError();
}

void TusSession::removeAtServer()
{
    if (m_url.empty() || (m_features && !m_features->canTerminate))
        return;
    // As well as can be done: a server that can't be reached now lets the upload expire.
    for (unsigned attempt = 1; attempt <= removalAttempts; ++attempt) {
        auto remove = request("DELETE", m_url);
        remove.limit = removalLimit;
        const auto response = m_client.exchange(remove, std::stop_token());
        if (!response || response->status != 423)
            return;
        static_cast<void>(waitUnlessStopped(removalPause * attempt, std::stop_token()));
    }
}

HttpRequest TusSession::request(const char *method, const std::string &url) const
{
    HttpRequest result;
    result.method = method;
    result.url = url;
    result.headers.push_back("Tus-Resumable: 1.0.0");
    if (!m_options.bearerToken.empty() && haveSameOrigin(url, m_options.endpoint))
        result.headers.push_back("Authorization: Bearer " + m_options.bearerToken);
    return result;
}

std::string TusSession::metadata() const
{
    std::string text = "filename " + toBase64(m_request.fileName);
    text += ",filetype ";
    text += toBase64(mediaTypeOf(m_request.fileName));
    if (!m_request.sha256.empty())
        text += ",sha256 " + toBase64(m_request.sha256);
    if (!m_request.key.empty())
        text += ",key " + toBase64(m_request.key);
    return text;
}

std::optional<Hash::Algorithm> TusSession::chunkChecksum() const
{
    const bool wanted = m_options.checksums == ChunkChecksums::always
        || (m_options.checksums == ChunkChecksums::offMachine && !isLoopback(m_url));
    return wanted ? m_features->checksum : std::nullopt;
}

void TusSession::acknowledge(std::uint64_t offset)
{
    m_offset = offset;
    m_confirmed = std::max(m_confirmed, offset);
    if (offset > m_furthest) {
        m_furthest = offset;
        m_backOff.reset();
        m_disagreements = 0;
    }
    if (m_observer.onAcknowledged)
        m_observer.onAcknowledged(offset);
}

} // namespace steadyframe::upload
