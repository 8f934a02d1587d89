#pragma once

#include "upload/destination.h"
#include "upload/file_source.h"
#include "upload/http_client.h"
#include "upload/retry.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

namespace steadyframe::upload {

/// One upload to a place that goes by names and knows PUT: finds a name, sends, and verifies what arrived. The protocol
/// fills in how a request is made and how the bytes go.
/// @thread isolate; one thread at a time
class NamedSession {
public:
    /// All references must outlive it. `folder` is a URL.
    NamedSession(std::string folder, HttpClient &client, const RetryLimits &retry, const UploadRequest &request,
                 const FileSource &file, const UploadObserver &observer, std::stop_token stop);
    virtual ~NamedSession() = default;
    NamedSession(const NamedSession &) = delete;
    NamedSession &operator=(const NamedSession &) = delete;

    [[nodiscard]] isolate::Result<UploadReceipt, UploadError> run();

protected:
    enum class Step { lookUp, prepare, choose, send, recover, verify, done, found, skipped };
    /// The next step, or the fault that kept this one from being done.
    using Outcome = isolate::Result<Step, UploadError>;

    /// A request with whatever proves who asks. `query` starts with a question mark, or is empty.
    [[nodiscard]] virtual HttpRequest makeRequest(const char *method, const std::string &url) const = 0;
    /// Makes the folder, where that is needed.
    [[nodiscard]] virtual Outcome prepare() { return Step::choose; }
    /// Sends the file to `url()`, with `If-None-Match: *` unless `mayReplace`; `verify` comes next.
    [[nodiscard]] virtual Outcome send() = 0;
    /// After a fault or a restart: what is there of ours. Here: all of it, the beginning of it, or nothing.
    [[nodiscard]] virtual Outcome recover();
    /// Takes away what was sent, unless it may be another's; as well as can be done.
    virtual void removeAtServer();
    /// The error for an answer that is not a success.
    [[nodiscard]] virtual UploadError errorOf(const HttpResponse &response) const;
    /// Whether the answer to a look at a name says that nobody may look; then it may be there, or not.
    [[nodiscard]] virtual bool forbidsLooking(const HttpResponse &) const { return false; }

    /// Whether what is at the URL may be written over: the person wants it so, or it is the beginning of this file.
    [[nodiscard]] bool mayReplace() const { return m_isPart || m_request.namePolicy == NamePolicy::replace; }
    /// The last look at a name was forbidden.
    [[nodiscard]] bool isBlind() const { return m_isBlind; }
    /// What to do next when the name turned out to be taken by another file.
    [[nodiscard]] Outcome takenByAnother();
    /// What to do next when the server would not write over what is there (412).
    [[nodiscard]] Outcome refusedToReplace();
    /// Looks once more before the last step of a long upload: that step when the name is free still, or can't be seen.
    [[nodiscard]] Outcome lookAgain(Step last);

    [[nodiscard]] isolate::Result<HttpResponse, UploadError> exchange(const HttpRequest &request)
    {
        return m_client.exchange(request, m_stop);
    }
    /// The file's bytes from an offset on, as a body.
    [[nodiscard]] HttpBody bodyOf(std::uint64_t offset, std::uint64_t bytes) const;
    /// The name is chosen: told before anything is sent. `query` is kept with it for a later `recover`.
    void tellCreated(const std::string &query = {});
    void acknowledge(std::uint64_t offset);

    [[nodiscard]] const std::string &url() const { return m_url; }
    [[nodiscard]] const UploadRequest &request() const { return m_request; }
    [[nodiscard]] const FileSource &file() const { return m_file; }
    [[nodiscard]] const std::string &resumedQuery() const { return m_resumedQuery; }
    [[nodiscard]] const std::stop_token &stopToken() const { return m_stop; }

private:
    /// What is at a URL, seen from the file that is to go there.
    enum class Found {
        nothing,
        unseen, ///< nobody may look
        same,
        part, ///< its beginning, so that nothing is lost when it is written over
        another,
    };
    /// Which answers of `lookAt` are wanted: comparing costs the reading of what is there.
    enum class Parts { areOthers, areTold };

    [[nodiscard]] Outcome take(Step step);
    /// Whether the place still has what it once had.
    [[nodiscard]] Outcome lookUp();
    [[nodiscard]] Outcome choose();
    [[nodiscard]] Outcome verify();
    [[nodiscard]] isolate::Result<Found, UploadError> lookAt(const std::string &url, Parts parts);
    /// Nothing when there is no such file; its length otherwise, which is the file's own when the server says none.
    [[nodiscard]] isolate::Result<std::optional<std::uint64_t>, UploadError> lengthAt(const std::string &url);
    /// Reads what is there.
    [[nodiscard]] isolate::Result<Found, UploadError> compare(const std::string &url);
    [[nodiscard]] UploadError stopped();

    const std::string m_folder;
    HttpClient &m_client;
    const UploadRequest &m_request;
    const FileSource &m_file;
    const UploadObserver &m_observer;
    std::stop_token m_stop; ///< Replaced by one that never comes for what is done after it came.
    std::chrono::milliseconds m_limit{0}; ///< For each request.
    BackOff m_backOff;
    std::string m_url; ///< Absolute, without a query; empty before a name was chosen.
    std::string m_resumedQuery;
    Step m_next = Step::prepare; ///< After the name was looked up in vain.
    bool m_sending = false; ///< Something of ours may be at the URL.
    bool m_isPart = false; ///< What is at the URL is the beginning of ours.
    bool m_isConfirmed = false; ///< What is at the URL is ours.
    bool m_isBlind = false; ///< The last look was forbidden.
    unsigned m_attempt = 1; ///< Of the name: its number.
};

/// The error of an exchange that brought no answer, or one that is no success. @thread any
[[nodiscard]] isolate::Result<void, UploadError> successOf(const isolate::Result<HttpResponse, UploadError> &answer);

} // namespace steadyframe::upload
