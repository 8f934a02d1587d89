#include "upload/webdav_destination.h"

#include "upload/encoding.h"
#include "upload/named_session.h"
#include "upload/url.h"

#include <string_view>

namespace steadyframe::upload {

namespace {

constexpr unsigned deepestFolder = 16; // that is made with all above it
constexpr std::chrono::milliseconds checkLimit{15'000};

HttpRequest requestTo(const WebDavOptions &options, const char *method, const std::string &url)
{
    HttpRequest request;
    request.method = method;
    request.url = url;
    if (!haveSameOrigin(url, options.folder))
        return request;
    if (!options.bearerToken.empty())
        request.headers.push_back("Authorization: Bearer " + options.bearerToken);
    else if (!options.user.empty())
        request.headers.push_back("Authorization: Basic " + toBase64(options.user + ':' + options.password));
    return request;
}

/// The folder above; empty when there is none within the server.
std::string folderAbove(std::string folder)
{
    while (folder.ends_with('/'))
        folder.pop_back();
    const auto slash = folder.rfind('/');
    return pathAndQuery(folder).size() <= 1 || slash == std::string::npos ? std::string() : folder.substr(0, slash);
}

/// MKCOL, also of the folders above where they are missing. A folder that is there is a success.
isolate::Result<void, UploadError> makeFolder(const WebDavOptions &options, HttpClient &client,
                                              const std::string &folder, unsigned depth, const std::stop_token &stop)
{
    const auto make = requestTo(options, "MKCOL", folder.ends_with('/') ? folder : folder + '/');
    auto response = client.exchange(make, stop);
    if (!response)
        return std::move(response).error();
    const std::string above = folderAbove(folder);
    if (response->status == 409 && depth < deepestFolder && pathAndQuery(above).size() > 1) {
        if (auto made = makeFolder(options, client, above, depth + 1, stop); !made)
            return made;
        response = client.exchange(make, stop);
        if (!response)
            return std::move(response).error();
    }
    // Some servers forbid to make what is there already: only the PUT can tell whether that is so.
    if (response->status == 401 || response->status >= 500)
        return errorOfStatus(response->status, response->body, response->retryAfter());
    return {};
}

class WebDavSession final : public NamedSession {
public:
    WebDavSession(const WebDavOptions &options, HttpClient &client, bool &hasFolder, const UploadRequest &request,
                  const FileSource &file, const UploadObserver &observer, std::stop_token stop)
        : NamedSession(options.folder, client, options.retry, request, file, observer, std::move(stop)),
          m_options(options), m_client(client), m_hasFolder(hasFolder)
    {
    }

private:
    HttpRequest makeRequest(const char *method, const std::string &url) const override
    {
        return requestTo(m_options, method, url);
    }

    Outcome prepare() override
    {
        if (!m_hasFolder) {
            if (auto made = makeFolder(m_options, m_client, m_options.folder, 0, stopToken()); !made)
                return std::move(made).error();
            m_hasFolder = true;
        }
        return Step::choose;
    }

    Outcome send() override
    {
        auto put = makeRequest("PUT", url());
        put.headers.push_back("Content-Type: " + std::string(mediaTypeOf(request().fileName)));
        if (!request().sha256.empty())
            put.headers.push_back("OC-Checksum: SHA256:" + request().sha256); // some servers compare it
        if (!mayReplace())
            put.headers.push_back("If-None-Match: *");
        const auto body = bodyOf(0, request().bytes);
        put.body = &body;
        auto response = exchange(put);
        if (!response)
            return std::move(response).error();
        if (response->status == 412)
            return refusedToReplace();
        if (response->status == 409 && !m_madeAgain) { // the folder was removed since
            m_madeAgain = true;
            m_hasFolder = false;
            return Step::prepare;
        }
        if (response->status != 200 && response->status != 201 && response->status != 204)
            return errorOf(*response);
        return Step::verify;
    }

    const WebDavOptions &m_options;
    HttpClient &m_client;
    bool &m_hasFolder;
    bool m_madeAgain = false;
};

} // namespace

WebDavDestination::WebDavDestination(WebDavOptions options) : m_options(std::move(options)), m_client(m_options.http) {}

isolate::Result<UploadReceipt, UploadError>
WebDavDestination::upload(const UploadRequest &request, const UploadObserver &observer, std::stop_token stop)
{
    auto file = FileSource::open(request);
    if (!file)
        return std::move(file).error();
    WebDavSession session(m_options, m_client, m_hasFolder, request, file.value(), observer, std::move(stop));
    return session.run();
}

isolate::Result<void, UploadError> WebDavDestination::check(std::stop_token stop)
{
    if (auto made = makeFolder(m_options, m_client, m_options.folder, 0, stop); !made)
        return made;
    const auto url = urlInFolder(m_options.folder, checkName());
    HttpBody body;
    body.bytes = 1;
    body.read = [](std::uint64_t, char *target, std::size_t) -> isolate::Result<std::size_t, UploadError> {
        *target = '?';
        return std::size_t(1);
    };
    auto put = requestTo(m_options, "PUT", url);
    put.body = &body;
    put.limit = checkLimit;
    if (auto stored = successOf(m_client.exchange(put, stop)); !stored)
        return stored;
    auto remove = requestTo(m_options, "DELETE", url);
    remove.limit = checkLimit;
    return successOf(m_client.exchange(remove, stop));
}

} // namespace steadyframe::upload
