#pragma once

#include "receiver/http_server.h"
#include "receiver/upload_store.h"

#include <memory>
#include <optional>
#include <string>

namespace steadyframe::receiver {

/// The tus 1.0 protocol over an `UploadStore`: requests in, answers out. @thread isolate: any of the server's threads
class TusService {
public:
    TusService(UploadStore &store, std::string token);

    /// Adds the handlers to the server, which must not outlive this.
    void install(HttpServer &server);

private:
    using Request = httplib::Request;
    using Response = httplib::Response;

    /// Answers what has no body, or must be refused before one is read; false when the body is needed.
    [[nodiscard]] bool answerWithoutBody(const Request &request, Response &response);
    void answerOptions(Response &response) const;
    /// A file that arrived, to whoever knows its address; false when there is none.
    [[nodiscard]] bool answerGet(const Request &request, Response &response) const;
    void answerHead(const Request &request, Response &response) const;
    void answerDelete(const Request &request, Response &response);
    void answerPost(const Request &request, Response &response, const httplib::ContentReader &reader);
    void answerPatch(const Request &request, Response &response, const httplib::ContentReader &reader);
    /// Stores the body at the upload's offset and finishes the upload when it is complete.
    void receive(const Request &request, Response &response, StoredUpload &upload,
                 const httplib::ContentReader &reader);
    [[nodiscard]] bool isAuthorized(const Request &request) const;
    void setExpiry(Response &response) const;

    UploadStore &m_store;
    const std::string m_authorization;
};

} // namespace steadyframe::receiver
