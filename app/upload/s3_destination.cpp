#include "upload/s3_destination.h"

#include "upload/encoding.h"
#include "upload/named_session.h"
#include "upload/s3_xml.h"
#include "upload/url.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace steadyframe::upload {

namespace {

constexpr std::uint64_t mostParts = 10'000; // of the protocol
constexpr unsigned mostRestarts = 2; // of one upload, each of which sends all of it again
constexpr std::uint64_t megabyte = std::uint64_t(1) << 20;
constexpr std::size_t largestList = 4 * 1024 * 1024; // bytes of XML
constexpr std::chrono::milliseconds checkLimit{15'000};
constexpr std::string_view uploadIdKey = "?uploadId=";

std::string sha256Of(std::string_view bytes)
{
    Hash hash(Hash::Algorithm::sha256);
    hash.update(bytes.data(), bytes.size());
    return toHex(hash.finish());
}

/// A signed request; `payload` is the hash of the body.
HttpRequest signedRequest(const S3Options &options, const char *method, const std::string &url,
                          const std::string &payload)
{
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.aws = &options.keys;
    request.headers.push_back("x-amz-content-sha256: " + payload);
    return request;
}

HttpBody bodyOfText(const std::string &text)
{
    HttpBody body;
    body.bytes = text.size();
    body.read
        = [&text](std::uint64_t offset, char *target, std::size_t count) -> isolate::Result<std::size_t, UploadError> {
        return text.copy(target, count, static_cast<std::size_t>(offset));
    };
    return body;
}

/// The size of all parts but the last: the wanted one, or more where there would be too many.
std::uint64_t partBytesOf(std::uint64_t fileBytes, std::uint64_t wanted)
{
    const std::uint64_t least = (fileBytes + mostParts - 1) / mostParts;
    return least <= wanted ? wanted : (least + megabyte - 1) / megabyte * megabyte;
}

/// The store says in XML what is wrong.
UploadError errorOfS3(const HttpResponse &response)
{
    const auto words = elementText(response.body, "Message");
    auto error = errorOfStatus(response.status, words.value_or(std::string()), response.retryAfter());
    const auto code = elementText(response.body, "Code").value_or(std::string());
    if (code == "ConditionalRequestConflict") {
        error.code = UploadErrc::server; // somebody removed a file of the name at the same time
        error.retryable = true;
    }
    if (code == "RequestTimeTooSkewed") {
        error.code = UploadErrc::request;
        error.message = "The store does not accept the time of this computer. Set its clock, then retry.";
    }
    return error;
}

class S3Session final : public NamedSession {
public:
    S3Session(const S3Options &options, HttpClient &client, bool &knowsConditions, const UploadRequest &request,
              const FileSource &file, const UploadObserver &observer, std::stop_token stop)
        : NamedSession(options.folder, client, options.retry, request, file, observer, std::move(stop)),
          m_options(options), m_client(client), m_knowsConditions(knowsConditions),
          m_partBytes(partBytesOf(request.bytes, options.partBytes))
    {
    }

private:
    HttpRequest makeRequest(const char *method, const std::string &url) const override
    {
        return signedRequest(m_options, method, url, sha256Of({}));
    }
    UploadError errorOf(const HttpResponse &response) const override
    {
        if (isBlind() && !mayReplace() && response.status == 501)
            return {UploadErrc::request,
                    "The key may not see which names the store has, and the store can't keep a file of the same name "
                    "from being replaced. Give the key the right to list the bucket (s3:ListBucket), then retry.",
                    false, std::nullopt, response.status};
        return errorOfS3(response);
    }
    /// What a store says of a name that is not there to a key without the right to list the bucket, and of every name
    /// to one without the right to read. A key that is wrong altogether is told so when it writes.
    bool forbidsLooking(const HttpResponse &response) const override { return response.status == 403; }
    void keepWhatIsThere(HttpRequest &request) const
    {
        if (!mayReplace() && (m_knowsConditions || isBlind()))
            request.headers.push_back("If-None-Match: *");
    }
    /// Whether to ask once more without the condition, which not all stores know: the name was looked at, too.
    bool dropsCondition(const HttpResponse &response)
    {
        return response.status == 501 && !mayReplace() && !isBlind() && std::exchange(m_knowsConditions, false);
    }

    Outcome send() override { return request().bytes > m_partBytes ? sendParts() : sendWhole(); }

    Outcome sendWhole()
    {
        auto hash = file().hash(Hash::Algorithm::sha256, 0, request().bytes);
        if (!hash)
            return std::move(hash).error();
        const auto payload = toHex(*hash);
        if (!request().sha256.empty() && payload != request().sha256)
            return fileChangedError();
        const auto body = bodyOf(0, request().bytes);
        auto put = signedRequest(m_options, "PUT", url(), payload);
        put.headers.push_back("Content-Type: " + std::string(mediaTypeOf(request().fileName)));
        keepWhatIsThere(put);
        put.body = &body;
        auto response = exchange(put);
        if (!response)
            return std::move(response).error();
        if (dropsCondition(*response))
            return Step::send;
        if (response->status == 412)
            return refusedToReplace();
        if (response->status != 200)
            return errorOf(*response);
        return Step::verify;
    }

    Outcome sendParts()
    {
        if (m_uploadId.empty()) {
            if (auto begun = begin(); !begun)
                return std::move(begun).error();
        }
        while (true) {
            const std::uint64_t offset = m_tags.size() * m_partBytes;
            if (offset >= request().bytes)
                return complete();
            if (stopToken().stop_requested())
                return cancelledError();
            auto tag = sendPart(offset, std::min(m_partBytes, request().bytes - offset));
            if (!tag)
                return std::move(tag).error();
            m_tags.push_back(std::move(*tag));
            acknowledge(std::min(offset + m_partBytes, request().bytes));
        }
    }

    /// It expired, or was completed already: `recover` finds out what is there.
    UploadError forgotten()
    {
        m_uploadId.clear();
        const bool again = ++m_restarts <= mostRestarts;
        return {UploadErrc::server,
                again ? "The store forgot the upload. It starts anew."
                      : "The store keeps forgetting the upload. Ask who runs it, or retry later.",
                again, std::nullopt, 404};
    }

    /// The store has other parts than it confirmed: those are of no use, now or at a later try.
    UploadError uselessParts(const HttpResponse &response)
    {
        dropParts();
        if (++m_restarts > mostRestarts)
            return errorOf(response);
        return {UploadErrc::server, "The store did not find the parts that it was sent. They are sent anew.", true,
                std::nullopt, response.status};
    }

    isolate::Result<void, UploadError> begin()
    {
        auto post = signedRequest(m_options, "POST", url() + "?uploads=", sha256Of({}));
        post.headers.push_back("Content-Type: " + std::string(mediaTypeOf(request().fileName)));
        auto response = exchange(withBody(post, m_nothing));
        if (!response)
            return std::move(response).error();
        if (response->status != 200)
            return errorOf(*response);
        const auto id = elementText(response->body, "UploadId");
        if (!id || id->empty())
            return protocolError("S3", "it began an upload and did not say which");
        m_uploadId = *id;
        m_tags.clear();
        tellCreated(std::string(uploadIdKey) + percentEncoded(m_uploadId));
        return {};
    }

    isolate::Result<std::string, UploadError> sendPart(std::uint64_t offset, std::uint64_t bytes)
    {
        auto hash = file().hash(Hash::Algorithm::sha256, offset, bytes);
        if (!hash)
            return std::move(hash).error();
        const auto body = bodyOf(offset, bytes);
        const std::string query
            = "?partNumber=" + std::to_string(m_tags.size() + 1) + "&uploadId=" + percentEncoded(m_uploadId);
        auto put = signedRequest(m_options, "PUT", url() + query, toHex(*hash));
        put.body = &body;
        auto response = exchange(put);
        if (!response)
            return std::move(response).error();
        if (response->status == 404)
            return forgotten();
        if (response->status != 200)
            return errorOf(*response);
        const auto *tag = response->header("etag");
        if (!tag)
            return protocolError("S3", "it took a part and gave no tag for it");
        return *tag;
    }

    Outcome complete()
    {
        // It may have taken hours, and not all stores keep what is there by themselves.
        auto look = lookAgain(Step::send);
        if (!look || *look != Step::send)
            return withoutParts(std::move(look));
        std::string xml = "<CompleteMultipartUpload>";
        for (std::size_t i = 0; i < m_tags.size(); ++i)
            xml += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" + escapedForXml(m_tags[i])
                + "</ETag></Part>";
        xml += "</CompleteMultipartUpload>";
        auto post = signedRequest(m_options, "POST", url() + uploadQuery(), sha256Of(xml));
        post.headers.push_back("Content-Type: application/xml");
        keepWhatIsThere(post);
        auto response = exchange(withBody(post, xml));
        if (!response)
            return std::move(response).error();
        if (response->status == 404)
            return forgotten();
        if (dropsCondition(*response))
            return Step::send;
        if (response->status == 412)
            return withoutParts(refusedToReplace());
        // The store begins its answer before it is done, and may have to say after all that it failed.
        if (response->status == 200 && elementText(response->body, "Code"))
            response->status = 500;
        const auto code = elementText(response->body, "Code").value_or(std::string());
        if (code == "InvalidPart" || code == "InvalidPartOrder" || code == "EntityTooSmall")
            return uselessParts(*response);
        if (response->status != 200)
            return errorOf(*response);
        m_uploadId.clear();
        return Step::verify;
    }

    Outcome recover() override
    {
        const bool resumed = m_uploadId.empty() && resumedQuery().starts_with(uploadIdKey);
        if (resumed && !m_isTakenUp)
            m_resumedQueryId = resumedQuery().substr(uploadIdKey.size());
        m_isTakenUp = true;
        if (m_uploadId.empty() && m_resumedQueryId.empty())
            return NamedSession::recover();
        auto parts = listParts();
        if (!parts)
            return std::move(parts).error();
        if (!*parts) { // completed, or aborted
            m_uploadId.clear();
            m_resumedQueryId.clear();
            m_tags.clear();
            return NamedSession::recover();
        }
        acknowledge(std::min(m_tags.size() * m_partBytes, request().bytes));
        return Step::send;
    }

    /// Takes over the parts that the store has; false when it does not know the upload.
    isolate::Result<bool, UploadError> listParts()
    {
        std::map<std::uint64_t, std::string> tags;
        for (std::string marker;;) {
            const std::string id = m_uploadId.empty() ? m_resumedQueryId : percentEncoded(m_uploadId);
            const std::string query
                = (marker.empty() ? std::string("?") : "?part-number-marker=" + marker + '&') + "uploadId=" + id;
            std::string xml;
            auto get = signedRequest(m_options, "GET", url() + query, sha256Of({}));
            get.sink = [&](std::string_view bytes) {
                xml.append(bytes.substr(0, largestList - std::min(xml.size(), largestList)));
            };
            auto response = exchange(get);
            if (!response)
                return std::move(response).error();
            if (response->status == 403 && !m_uploadId.empty())
                return true; // it may not be asked: what it confirmed in this session is there
            if (response->status == 403)
                abort(m_resumedQueryId);
            if (response->status == 404 || response->status == 403)
                return false;
            if (response->status != 200)
                return errorOf(*response);
            if (const auto told = elementText(xml, "UploadId"))
                m_uploadId = *told;
            for (const auto part : elements(xml, "Part"))
                takePart(part, tags);
            const auto next = elementText(xml, "NextPartNumberMarker");
            if (elementText(xml, "IsTruncated") != "true" || !next || *next == marker)
                break;
            marker = *next;
        }
        m_tags.clear();
        for (auto part = tags.find(1); part != tags.end() && part->first == m_tags.size() + 1; ++part)
            m_tags.push_back(part->second);
        return !m_uploadId.empty();
    }

    void takePart(std::string_view part, std::map<std::uint64_t, std::string> &tags) const
    {
        const auto number = wholeNumber(elementText(part, "PartNumber"));
        const auto size = wholeNumber(elementText(part, "Size"));
        const auto tag = elementText(part, "ETag");
        if (!number || !size || !tag || *number == 0 || *number > mostParts)
            return;
        const std::uint64_t offset = (*number - 1) * m_partBytes;
        if (offset < request().bytes && *size == std::min(m_partBytes, request().bytes - offset))
            tags[*number] = *tag;
    }

    void removeAtServer() override
    {
        if (m_uploadId.empty())
            return NamedSession::removeAtServer();
        abort(percentEncoded(m_uploadId));
    }

    /// Parts are of use under their name alone: they go when it is not to be had.
    Outcome withoutParts(Outcome outcome)
    {
        if (outcome || outcome.error().code == UploadErrc::nameExists)
            dropParts();
        return outcome;
    }

    void dropParts()
    {
        abort(percentEncoded(m_uploadId));
        m_uploadId.clear();
        m_tags.clear();
    }

    /// As well as can be done.
    void abort(const std::string &encodedId)
    {
        auto remove = signedRequest(m_options, "DELETE", url() + std::string(uploadIdKey) + encodedId, sha256Of({}));
        remove.limit = checkLimit;
        static_cast<void>(m_client.exchange(remove, std::stop_token()));
    }

    [[nodiscard]] std::string uploadQuery() const { return std::string(uploadIdKey) + percentEncoded(m_uploadId); }

    HttpRequest withBody(HttpRequest request, const std::string &text)
    {
        m_textBody = bodyOfText(text);
        request.body = &m_textBody;
        return request;
    }

    const S3Options &m_options;
    HttpClient &m_client;
    bool &m_knowsConditions;
    const std::uint64_t m_partBytes;
    const std::string m_nothing;
    HttpBody m_textBody; // of the request that is under way
    std::string m_uploadId; // empty: none is under way
    std::string m_resumedQueryId; // of an earlier run, encoded
    bool m_isTakenUp = false;
    unsigned m_restarts = 0;
    std::vector<std::string> m_tags; // of the parts that the store has, from the first on
};

} // namespace

S3Destination::S3Destination(S3Options options) : m_options(std::move(options)), m_client(m_options.http) {}

isolate::Result<UploadReceipt, UploadError> S3Destination::upload(const UploadRequest &request,
                                                                  const UploadObserver &observer, std::stop_token stop)
{
    auto file = FileSource::open(request);
    if (!file)
        return std::move(file).error();
    S3Session session(m_options, m_client, m_knowsConditions, request, file.value(), observer, std::move(stop));
    return session.run();
}

isolate::Result<void, UploadError> S3Destination::check(std::stop_token stop)
{
    const auto url = urlInFolder(m_options.folder, checkName());
    const std::string text = "?";
    const auto body = bodyOfText(text);
    auto put = signedRequest(m_options, "PUT", url, sha256Of(text));
    put.body = &body;
    put.limit = checkLimit;
    auto stored = m_client.exchange(put, stop);
    if (!stored)
        return std::move(stored).error();
    if (stored->status != 200)
        return errorOfS3(*stored);
    auto remove = signedRequest(m_options, "DELETE", url, sha256Of({}));
    remove.limit = checkLimit;
    return successOf(m_client.exchange(remove, stop));
}

} // namespace steadyframe::upload
