#include "receiver/tus_service.h"

#include "receiver/byte_range.h"
#include "receiver/safe_name.h"
#include "receiver/upload_metadata.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace steadyframe::receiver {

namespace {

constexpr std::string_view collectionPath = "/files";
constexpr const char *tusVersion = "1.0.0";
constexpr const char *tusExtensions = "creation,creation-with-upload,checksum,expiration,termination";
constexpr const char *bodyType = "application/offset+octet-stream";
constexpr std::chrono::seconds finishLimit{20}; // for one who is interrupted: a flush of a large file to a slow disk
constexpr int statusChecksumMismatch = 460; // of the tus checksum extension

void refuse(httplib::Response &response, int status, const char *reason)
{
    response.status = status;
    response.set_content(std::string(reason) + '\n', "text/plain");
}

void refuse(httplib::Response &response, WriteStatus status)
{
    switch (status) {
    case WriteStatus::stored:
        return;
    case WriteStatus::tooLong:
        return refuse(response, 413, "More bytes than Upload-Length says.");
    case WriteStatus::noSpace:
        return refuse(response, 507, "The disk of the receiver is full.");
    case WriteStatus::mismatch:
        return refuse(response, statusChecksumMismatch, "The bytes do not have the declared checksum.");
    case WriteStatus::failed:
        return refuse(response, 500, "The disk of the receiver failed.");
    }
}

bool isCollection(std::string_view path)
{
    return path == collectionPath
        || (path.size() == collectionPath.size() + 1 && path.starts_with(collectionPath) && path.back() == '/');
}

/// The upload a path names; empty when it names none.
std::string uploadId(std::string_view path)
{
    if (!path.starts_with(collectionPath) || path.size() <= collectionPath.size() + 1
        || path[collectionPath.size()] != '/')
        return {};
    return std::string(path.substr(collectionPath.size() + 1));
}

/// Of what a browser may show by itself; anything else is just bytes.
std::string_view mediaTypeOf(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> types{{{".jpg", "image/jpeg"},
                                                                                  {".jpeg", "image/jpeg"},
                                                                                  {".png", "image/png"},
                                                                                  {".webp", "image/webp"},
                                                                                  {".gif", "image/gif"},
                                                                                  {".avif", "image/avif"}}};
    const auto type
        = std::find_if(types.begin(), types.end(), [&](const auto &known) { return name.ends_with(known.first); });
    return type == types.end() ? "application/octet-stream" : type->second;
}

bool hasBody(const httplib::Request &request)
{
    return request.has_header("Transfer-Encoding") || request.get_header_value("Content-Length", 0) != "";
}

bool isBodyType(const httplib::Request &request)
{
    return request.get_header_value("Content-Type") == bodyType && !request.has_header("Content-Encoding");
}

/// False when the header is there and can't be used; `checksum` stays empty when it is not there.
bool readChecksum(const httplib::Request &request, std::optional<ChunkChecksum> &checksum)
{
    const auto header = request.get_header_value("Upload-Checksum");
    if (header.empty())
        return true;
    const auto space = header.find(' ');
    if (space == std::string::npos)
        return false;
    const auto algorithm = digestAlgorithm(std::string_view(header).substr(0, space));
    auto value = decodeBase64(std::string_view(header).substr(space + 1));
    if (!algorithm || !value)
        return false;
    checksum = ChunkChecksum{*algorithm, std::move(*value)};
    return true;
}

/// Hands the body to `store` piece by piece until it ends or `store` refuses; true when all of it came.
template <class Store>
bool readBody(const httplib::Request &request, const httplib::ContentReader &reader, Store store)
{
    if (request.has_header("Transfer-Encoding"))
        return reader([&](const char *bytes, std::size_t count) { return store(std::string_view(bytes, count)); });
    auto &connection = *HttpServer::current();
    while (true) {
        const auto bytes = connection.nextBodyBytes();
        if (bytes.empty())
            return connection.bodyLeft() == 0;
        if (!store(bytes))
            return false;
    }
}

void setLocation(httplib::Response &response, const StoredUpload &upload)
{
    response.status = 201;
    response.set_header("Location", std::string(collectionPath) + '/' + upload.id());
}

/// Interrupts the request that this thread handles.
std::function<void()> interruptHere()
{
    return [connection = HttpServer::current()] { connection->shutdown(); };
}

} // namespace

TusService::TusService(UploadStore &store, std::string token)
    : m_store(store), m_authorization("Bearer " + std::move(token))
{
}

void TusService::install(HttpServer &server)
{
    using Handled = httplib::Server::HandlerResponse;
    server.set_pre_routing_handler([this](const Request &request, Response &response) {
        if (request.method != "OPTIONS")
            response.set_header("Tus-Resumable", tusVersion);
        return answerWithoutBody(request, response) ? Handled::Handled : Handled::Unhandled;
    });
    server.set_post_routing_handler([](const Request &, Response &response) {
        if (HttpServer::current()->mustClose())
            response.set_header("Connection", "close");
    });
    server.set_exception_handler(
        [](const Request &, Response &response, std::exception_ptr) { refuse(response, 500, "The receiver failed."); });
    server.Post(".*", [this](const Request &request, Response &response, const httplib::ContentReader &reader) {
        answerPost(request, response, reader);
    });
    server.Patch(".*", [this](const Request &request, Response &response, const httplib::ContentReader &reader) {
        answerPatch(request, response, reader);
    });
}

bool TusService::isAuthorized(const Request &request) const
{
    const auto given = request.get_header_value("Authorization");
    return given.size() == m_authorization.size()
        && CRYPTO_memcmp(given.data(), m_authorization.data(), given.size()) == 0;
}

bool TusService::answerWithoutBody(const Request &request, Response &response)
{
    if (const int status = HttpServer::current()->unreadable())
        return refuse(response, status, "The headers do not say where the request ends."), true;
    // Before the token: who opens a manifest has none. The address holds 128 random bits, told to the sender alone.
    if (request.method == "GET" && answerGet(request, response))
        return true;
    if (!isAuthorized(request)) {
        response.set_header("WWW-Authenticate", "Bearer");
        return refuse(response, 401, "The bearer token is missing or wrong."), true;
    }
    const auto &method = request.method;
    if (method == "OPTIONS")
        return answerOptions(response), true;
    if (request.get_header_value("Tus-Resumable") != tusVersion) {
        response.set_header("Tus-Version", tusVersion);
        return refuse(response, 412, "The header Tus-Resumable must be 1.0.0."), true;
    }
    if (method == "HEAD")
        return answerHead(request, response), true;
    if (method == "DELETE")
        return answerDelete(request, response), true;
    const bool known
        = (method == "POST" && isCollection(request.path)) || (method == "PATCH" && !uploadId(request.path).empty());
    if (!known) {
        const bool wrongMethod = isCollection(request.path) || !uploadId(request.path).empty();
        return refuse(response, wrongMethod ? 405 : 404, "There is nothing like this here."), true;
    }
    return false;
}

void TusService::answerOptions(Response &response) const
{
    response.status = 204;
    response.set_header("Tus-Resumable", tusVersion);
    response.set_header("Tus-Version", tusVersion);
    response.set_header("Tus-Extension", tusExtensions);
    response.set_header("Tus-Checksum-Algorithm", "sha1,sha256");
    response.set_header("Tus-Max-Size", std::to_string(m_store.maximumBytes()));
}

bool TusService::answerGet(const Request &request, Response &response) const
{
    const auto stored = m_store.findStored(uploadId(request.path));
    if (!stored)
        return false;
    PosixFile file(stored->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    struct stat status {};
    if (!file.isOpen() || ::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)
        || static_cast<std::uint64_t>(status.st_size) != stored->bytes)
        return refuse(response, 410, "The file is not where it was put any more."), true;
    response.set_header("Accept-Ranges", "bytes");
    const auto range = byteRange(request.get_header_value("Range"), stored->bytes);
    const std::string ofAll = '/' + std::to_string(stored->bytes);
    if (!range) {
        response.set_header("Content-Range", "bytes *" + ofAll);
        return refuse(response, 416, "The file is not so long."), true;
    }
    response.status = 200;
    if (range->count < stored->bytes) {
        response.status = 206;
        response.set_header("Content-Range",
                            "bytes " + std::to_string(range->first) + '-'
                                + std::to_string(range->first + range->count - 1) + ofAll);
    }
    response.set_header("Content-Type", std::string(mediaTypeOf(stored->path.native())));
    response.set_header("X-Content-Type-Options", "nosniff"); // a browser is to show it as a picture, or not at all
    response.set_header("Content-Length", std::to_string(range->count));
    HttpServer::current()->answerWith(std::move(file), *range);
    return true;
}

void TusService::answerHead(const Request &request, Response &response) const
{
    response.set_header("Cache-Control", "no-store");
    const auto id = uploadId(request.path);
    if (const auto upload = m_store.find(id)) {
        // Who asks is about to go on from the answer, so nobody else may still be adding bytes.
        if (!upload->takeOver(finishLimit, {}))
            return refuse(response, 423, "The upload is in use.");
        const UploadLock lock(*upload);
        if (!upload->isGone() && upload->offset() < upload->record().length) {
            response.status = 200;
            response.set_header("Upload-Offset", std::to_string(upload->offset()));
            response.set_header("Upload-Length", std::to_string(upload->record().length));
            return setExpiry(response);
        }
        // All bytes are here, which is not yet a file that arrived: that was just done, or failed and is tried again.
        const auto status = upload->isGone() ? WriteStatus::stored : m_store.finish(*upload);
        if (status != WriteStatus::stored && status != WriteStatus::mismatch)
            return refuse(response, status);
    }
    const auto length = m_store.findFinished(id);
    if (!length) {
        response.status = 404;
        return;
    }
    response.status = 200;
    response.set_header("Upload-Offset", std::to_string(*length));
    response.set_header("Upload-Length", std::to_string(*length));
    // The upload is complete all the same, so who resumes it must not send it again.
    if (m_store.isTakenAway(id))
        response.set_header("Steadyframe-Removed", "1");
}

void TusService::answerDelete(const Request &request, Response &response)
{
    switch (m_store.remove(uploadId(request.path))) {
    case UploadStore::Removal::removed:
        response.status = 204;
        return;
    case UploadStore::Removal::unknown:
        return refuse(response, 404, "There is no such upload.");
    case UploadStore::Removal::busy:
        return refuse(response, 423, "The upload is in use.");
    }
}

void TusService::answerPost(const Request &request, Response &response, const httplib::ContentReader &reader)
{
    m_store.removeExpired();
    const auto length = parseNumber(request.get_header_value("Upload-Length"));
    if (!length)
        return refuse(response, 400, "The header Upload-Length must be a number.");
    auto metadata = parseUploadMetadata(request.get_header_value("Upload-Metadata"));
    if (!metadata)
        return refuse(response, 400, "The header Upload-Metadata is malformed.");
    const bool withUpload = request.has_header("Content-Type") && hasBody(request);
    if (withUpload && !isBodyType(request))
        return refuse(response, 415, "The body must be application/offset+octet-stream.");

    UploadRecord record;
    record.length = *length;
    record.safeName = safeFileName(metadata->fileName);
    record.requestedName = std::move(metadata->fileName);
    record.sha256 = std::move(metadata->sha256);
    record.key = std::move(metadata->key);
    // A sender that never heard the answer to its first try. One with a body starts at byte 0, so it gets a new upload.
    if (const auto earlier = withUpload ? nullptr : m_store.findByKey(record)) {
        setLocation(response, *earlier);
        response.set_header("Upload-Offset", std::to_string(earlier->offset()));
        return setExpiry(response);
    }
    const auto created = m_store.create(std::move(record));
    if (!created) {
        switch (created.error()) {
        case UploadStore::CreateErrc::tooLarge:
            return refuse(response, 413, "The file is larger than the receiver accepts.");
        case UploadStore::CreateErrc::noSpace:
            return refuse(response, 507, "The disk of the receiver has not enough free space.");
        case UploadStore::CreateErrc::failed:
            return refuse(response, 500, "The disk of the receiver failed.");
        }
    }
    StoredUpload &upload = *created.value();
    setLocation(response, upload);
    if (!withUpload && *length > 0)
        return setExpiry(response);
    if (!upload.takeOver(finishLimit, interruptHere()))
        return refuse(response, 423, "The upload is in use.");
    const UploadLock lock(upload);
    receive(request, response, upload, reader);
}

void TusService::answerPatch(const Request &request, Response &response, const httplib::ContentReader &reader)
{
    if (!isBodyType(request))
        return refuse(response, 415, "The body must be application/offset+octet-stream.");
    const auto offset = parseNumber(request.get_header_value("Upload-Offset"));
    if (!offset)
        return refuse(response, 400, "The header Upload-Offset must be a number.");
    if (!hasBody(request))
        return refuse(response, 411, "The header Content-Length is missing.");
    const auto id = uploadId(request.path);
    if (const auto upload = m_store.find(id)) {
        // One who sends already has lost its connection unnoticed, or should not send any more.
        if (!upload->takeOver(finishLimit, interruptHere()))
            return refuse(response, 423, "The upload is in use.");
        const UploadLock lock(*upload);
        if (!upload->isGone()) {
            if (*offset != upload->offset())
                return refuse(response, 409, "Upload-Offset is not the upload's offset.");
            response.status = 204;
            return receive(request, response, *upload, reader);
        }
    }
    const auto finished = m_store.findFinished(id);
    if (!finished)
        return refuse(response, 404, "There is no such upload.");
    if (*offset != *finished)
        return refuse(response, 409, "Upload-Offset is not the upload's offset.");
    response.status = 204;
    response.set_header("Upload-Offset", std::to_string(*finished));
}

void TusService::receive(const Request &request, Response &response, StoredUpload &upload,
                         const httplib::ContentReader &reader)
{
    const int success = response.status;
    std::optional<ChunkChecksum> checksum;
    if (!readChecksum(request, checksum))
        return refuse(response, 400, "The header Upload-Checksum is malformed or its algorithm is not offered.");
    if (HttpServer::current()->bodyLeft() > upload.record().length - upload.offset())
        return refuse(response, WriteStatus::tooLong);

    auto status = upload.beginChunk(std::move(checksum));
    if (status != WriteStatus::stored)
        return refuse(response, status);
    const bool whole = readBody(request, reader, [&](std::string_view bytes) {
        status = upload.write(bytes);
        return status == WriteStatus::stored;
    });
    const auto ended = upload.endChunk(whole);
    if (status == WriteStatus::stored)
        status = ended;
    if (status == WriteStatus::stored && !whole)
        return refuse(response, 400, "The body ended early.");
    if (status == WriteStatus::stored && upload.offset() == upload.record().length)
        status = m_store.finish(upload);
    if (status != WriteStatus::stored)
        return refuse(response, status);
    response.status = success;
    response.set_header("Upload-Offset", std::to_string(upload.offset()));
    if (upload.offset() < upload.record().length)
        setExpiry(response);
}

void TusService::setExpiry(Response &response) const
{
    const std::time_t time = std::chrono::system_clock::to_time_t(m_store.expiry());
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    char text[64];
    const auto length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    response.set_header("Upload-Expires", std::string(text, length));
}

} // namespace steadyframe::receiver
