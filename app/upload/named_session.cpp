#include "upload/named_session.h"

#include "upload/file_names.h"
#include "upload/session_parts.h"
#include "upload/url.h"

#include <algorithm>

namespace steadyframe::upload {

namespace {

constexpr unsigned mostNames = 10'000;
constexpr std::chrono::milliseconds removalLimit{5000};

UploadError nameExistsError(const std::string &name)
{
    return {UploadErrc::nameExists,
            "The destination has another file that is named " + name
                + ". Choose whether to keep both, to replace it, or to leave yours out.",
            false, std::nullopt, 0};
}

} // namespace

NamedSession::NamedSession(std::string folder, HttpClient &client, const RetryLimits &retry,
                           const UploadRequest &request, const FileSource &file, const UploadObserver &observer,
                           std::stop_token stop)
    : m_folder(std::move(folder)), m_client(client), m_request(request), m_file(file), m_observer(observer),
      m_stop(std::move(stop)), m_backOff(retry)
{
}

isolate::Result<UploadReceipt, UploadError> NamedSession::run()
{
    if (const auto url = m_request.resumeUrl.empty() ? std::nullopt : resolveUrl(m_folder, m_request.resumeUrl)) {
        const auto query = std::min(url->find('?'), url->size());
        m_url = url->substr(0, query);
        m_resumedQuery = url->substr(query);
        m_next = Step::recover;
    }
    Step step = m_request.arrivedUrl.empty() ? m_next : Step::lookUp;
    while (step != Step::done && step != Step::found && step != Step::skipped) {
        if (m_stop.stop_requested())
            return stopped();
        Outcome outcome = take(step);
        if (outcome) {
            step = *outcome;
            continue;
        }
        if (auto end = waitForNextTry(outcome.error(), m_backOff, m_observer, m_stop))
            return end->code == UploadErrc::cancelled ? stopped() : std::move(*end);
        if (step == Step::send || step == Step::verify)
            step = Step::recover; // only the server knows what it has
    }
    m_isConfirmed = step == Step::done;
    if (step != Step::found && !m_file.isUnchanged()) {
        removeAtServer();
        return fileChangedError();
    }
    UploadReceipt receipt;
    receipt.url = step == Step::found ? m_request.arrivedUrl : m_url;
    receipt.bytes = m_request.bytes;
    receipt.sha256 = m_request.sha256;
    receipt.skipped = step == Step::skipped;
    receipt.found = step == Step::found;
    if (step == Step::done)
        acknowledge(m_request.bytes);
    return receipt;
}

NamedSession::Outcome NamedSession::take(Step step)
{
    switch (step) {
    case Step::lookUp:
        return lookUp();
    case Step::prepare:
        return prepare();
    case Step::choose:
        return choose();
    case Step::send:
        m_sending = true;
        return send();
    case Step::recover:
        return recover();
    case Step::verify:
        return verify();
    case Step::done:
    case Step::found:
    case Step::skipped:
        break;
    }
    return step;
}

NamedSession::Outcome NamedSession::lookUp()
{
    const auto url = resolveUrl(m_folder, m_request.arrivedUrl);
    if (!url || !haveSameOrigin(*url, m_folder))
        return m_next;
    auto length = lengthAt(*url);
    if (!length)
        return std::move(length).error();
    return m_isBlind || *length == m_request.bytes ? Step::found : m_next;
}

NamedSession::Outcome NamedSession::takenByAnother()
{
    m_sending = false;
    switch (m_request.namePolicy) {
    case NamePolicy::keepBoth:
        ++m_attempt;
        return Step::choose;
    case NamePolicy::skip:
        return Step::skipped;
    case NamePolicy::ask:
    case NamePolicy::replace:
        break;
    }
    return nameExistsError(numberedFileName(m_request.fileName, m_attempt));
}

NamedSession::Outcome NamedSession::choose()
{
    m_isPart = false;
    for (; m_attempt <= mostNames; ++m_attempt) {
        const std::string name = numberedFileName(m_request.fileName, m_attempt);
        const std::string candidate = urlInFolder(m_folder, name);
        auto found = lookAt(candidate, Parts::areOthers);
        if (!found)
            return std::move(found).error();
        const bool taken = *found == Found::another;
        if (taken && m_request.namePolicy == NamePolicy::keepBoth)
            continue;
        if (taken && m_request.namePolicy == NamePolicy::ask)
            return nameExistsError(name);
        m_url = candidate;
        if (*found == Found::same)
            return Step::done; // there is nothing to send
        if (taken && m_request.namePolicy == NamePolicy::skip)
            return Step::skipped;
        tellCreated();
        return Step::send;
    }
    return nameExistsError(m_request.fileName);
}

NamedSession::Outcome NamedSession::recover()
{
    auto found = lookAt(m_url, Parts::areTold);
    if (!found)
        return std::move(found).error();
    m_isPart = *found == Found::part;
    if (*found == Found::same)
        return Step::done;
    if (*found == Found::another && m_sending && !mayReplace())
        return takenByAnother();
    // What this call has sent may be written over. Without that the name may be another's by now.
    return m_sending || m_isPart ? Step::send : Step::prepare;
}

NamedSession::Outcome NamedSession::refusedToReplace()
{
    auto found = lookAt(m_url, Parts::areOthers);
    if (!found)
        return std::move(found).error();
    if (*found == Found::same)
        return Step::done;
    if (*found != Found::nothing)
        return takenByAnother();
    return UploadError{UploadErrc::server, "The server says that it has a file of this name, and has none.", true,
                       std::nullopt, 412};
}

NamedSession::Outcome NamedSession::lookAgain(Step last)
{
    auto found = lookAt(m_url, Parts::areOthers);
    if (!found)
        return std::move(found).error();
    if (*found == Found::same)
        return Step::done;
    return *found == Found::another && !mayReplace() ? takenByAnother() : last;
}

NamedSession::Outcome NamedSession::verify()
{
    auto length = lengthAt(m_url);
    if (!length)
        return std::move(length).error();
    if (m_isBlind || *length == m_request.bytes)
        return Step::done; // the server has confirmed what can't be looked at
    return UploadError{UploadErrc::network,
                       "The file arrived damaged. It will be sent again; check the network if this stays.", true,
                       std::nullopt, 200};
}

isolate::Result<std::optional<std::uint64_t>, UploadError> NamedSession::lengthAt(const std::string &url)
{
    auto head = makeRequest("HEAD", url);
    head.limit = m_limit;
    auto response = exchange(head);
    if (!response)
        return std::move(response).error();
    m_isBlind = forbidsLooking(*response);
    if (response->status == 404 || response->status == 410 || m_isBlind)
        return std::optional<std::uint64_t>();
    if (response->status != 200 && response->status != 204)
        return errorOf(*response);
    return std::optional(response->number("content-length").value_or(m_request.bytes));
}

isolate::Result<NamedSession::Found, UploadError> NamedSession::lookAt(const std::string &url, Parts parts)
{
    auto length = lengthAt(url);
    if (!length)
        return std::move(length).error();
    if (m_isBlind || !length->has_value())
        return m_isBlind ? Found::unseen : Found::nothing;
    const bool comparable = parts == Parts::areTold ? **length <= m_request.bytes : **length == m_request.bytes;
    return comparable ? compare(url) : Found::another;
}

isolate::Result<NamedSession::Found, UploadError> NamedSession::compare(const std::string &url)
{
    Hash hash(Hash::Algorithm::sha256);
    std::uint64_t bytes = 0;
    auto get = makeRequest("GET", url);
    get.limit = m_limit;
    get.sink = [&](std::string_view piece) {
        hash.update(piece.data(), piece.size());
        bytes += piece.size();
    };
    auto response = exchange(get);
    if (!response)
        return std::move(response).error();
    if (response->status == 404)
        return Found::nothing;
    if (response->status != 200)
        return errorOf(*response);
    if (bytes > m_request.bytes)
        return Found::another;
    auto ours = m_file.hash(Hash::Algorithm::sha256, 0, bytes);
    if (!ours)
        return std::move(ours).error();
    if (*ours != hash.finish())
        return Found::another;
    return bytes == m_request.bytes ? Found::same : Found::part;
}

HttpBody NamedSession::bodyOf(std::uint64_t offset, std::uint64_t bytes) const
{
    HttpBody body;
    body.bytes = bytes;
    body.read = [this, offset](std::uint64_t at, char *target,
                               std::size_t count) -> isolate::Result<std::size_t, UploadError> {
        auto got = m_file.readAt(offset + at, target, count);
        if (got && *got == 0)
            return fileChangedError(); // it was cut short
        return got;
    };
    return body;
}

void NamedSession::tellCreated(const std::string &query)
{
    if (m_observer.onCreated)
        m_observer.onCreated(pathAndQuery(m_url) + query);
}

void NamedSession::acknowledge(std::uint64_t offset)
{
    m_backOff.reset();
    if (m_observer.onAcknowledged)
        m_observer.onAcknowledged(offset);
}

UploadError NamedSession::stopped()
{
    m_stop = {};
    m_limit = removalLimit;
    if (removesWhenStopped(m_observer) && !m_url.empty())
        removeAtServer();
    return cancelledError();
}

void NamedSession::removeAtServer()
{
    if (!m_sending || m_request.namePolicy == NamePolicy::replace)
        return; // what is there may be another's
    if (!m_isConfirmed) {
        const auto found = lookAt(m_url, Parts::areTold);
        if (!found || (*found != Found::same && *found != Found::part))
            return;
    }
    auto remove = makeRequest("DELETE", m_url);
    remove.limit = removalLimit;
    static_cast<void>(m_client.exchange(remove, std::stop_token()));
}

UploadError NamedSession::errorOf(const HttpResponse &response) const
{
    return errorOfStatus(response.status, response.body, response.retryAfter());
}

isolate::Result<void, UploadError> successOf(const isolate::Result<HttpResponse, UploadError> &answer)
{
    if (!answer)
        return answer.error();
    if (answer->status < 200 || answer->status > 299)
        return errorOfStatus(answer->status, answer->body, answer->retryAfter());
    return {};
}

} // namespace steadyframe::upload
