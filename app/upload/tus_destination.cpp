#include "upload/tus_destination.h"

#include "upload/encoding.h"
#include "upload/file_source.h"
#include "upload/tus_session.h"
#include "upload/url.h"

namespace steadyframe::upload {

namespace {

constexpr std::chrono::milliseconds checkLimit{15'000};

}

TusDestination::TusDestination(TusOptions options) : m_options(std::move(options)), m_client(m_options.http) {}

TusDestination::~TusDestination() = default;

isolate::Result<UploadReceipt, UploadError> TusDestination::upload(const UploadRequest &request,
                                                                   const UploadObserver &observer, std::stop_token stop)
{
    auto file = FileSource::open(request);
    if (!file)
        return std::move(file).error();
    TusSession session(m_options, m_client, m_features, request, file.value(), observer, std::move(stop));
    return session.run();
}

isolate::Result<void, UploadError> TusDestination::check(std::stop_token stop)
{
    HttpRequest post;
    post.method = "POST";
    post.url = m_options.endpoint;
    post.limit = checkLimit;
    post.headers = {"Tus-Resumable: 1.0.0", "Upload-Length: 1", "Upload-Metadata: filename " + toBase64(checkName())};
    if (!m_options.bearerToken.empty())
        post.headers.push_back("Authorization: Bearer " + m_options.bearerToken);
    auto created = m_client.exchange(post, stop);
    if (!created)
        return std::move(created).error();
    if (created->status != 201)
        return errorOfStatus(created->status, created->body, created->retryAfter());
    const auto *location = created->header("location");
    const auto url = location ? resolveUrl(m_options.endpoint, *location) : std::nullopt;
    if (!url)
        return tusError("it created an upload and did not say where");
    if (!haveSameOrigin(*url, m_options.endpoint))
        return {};
    auto remove = post;
    remove.method = "DELETE";
    remove.url = *url;
    remove.headers.erase(remove.headers.begin() + 1, remove.headers.begin() + 3);
    // A server without the extension for this forgets an empty upload by itself.
    static_cast<void>(m_client.exchange(remove, stop));
    return {};
}

} // namespace steadyframe::upload
