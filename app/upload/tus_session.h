#pragma once

#include "upload/chunk_size.h"
#include "upload/destination.h"
#include "upload/file_source.h"
#include "upload/http_client.h"
#include "upload/retry.h"
#include "upload/tus_destination.h"
#include "upload/tus_server_features.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

namespace steadyframe::upload {

/// One upload to a tus server, from its creation or where it was left to its end: a small state machine, whose steps
/// are one request each.
/// @thread isolate; one thread at a time
class TusSession {
public:
    /// All references must outlive it. `features` is filled by the first session that asks.
    TusSession(const TusOptions &options, HttpClient &client, std::optional<TusServerFeatures> &features,
               const UploadRequest &request, const FileSource &file, const UploadObserver &observer,
               std::stop_token stop);

    [[nodiscard]] isolate::Result<UploadReceipt, UploadError> run();

private:
    enum class Step { discover, lookUp, create, locate, send, done, found };
    /// The next step, or the fault that kept this one from being done.
    using Outcome = isolate::Result<Step, UploadError>;

    [[nodiscard]] Outcome take(Step step);
    [[nodiscard]] Outcome discover();
    /// Whether the server still has what it once had.
    [[nodiscard]] Outcome lookUp();
    [[nodiscard]] Outcome create();
    [[nodiscard]] Outcome locate();
    [[nodiscard]] Outcome send();
    [[nodiscard]] Outcome afterSent(const HttpResponse &response, std::uint64_t sent);
    /// The server found that bytes don't match their hash: they changed here, or on the way.
    [[nodiscard]] Outcome damaged();
    [[nodiscard]] Outcome startAnew();
    [[nodiscard]] Outcome disagreement(const std::string &what);
    [[nodiscard]] UploadError stopped();
    void removeAtServer();

    [[nodiscard]] HttpRequest request(const char *method, const std::string &url) const;
    [[nodiscard]] std::string metadata() const;
    [[nodiscard]] std::optional<Hash::Algorithm> chunkChecksum() const;
    [[nodiscard]] Step firstStep() const;
    void acknowledge(std::uint64_t offset);

    const TusOptions &m_options;
    HttpClient &m_client;
    std::optional<TusServerFeatures> &m_features;
    const UploadRequest &m_request;
    const FileSource &m_file;
    const UploadObserver &m_observer;
    const std::stop_token m_stop;

    BackOff m_backOff;
    ChunkSize m_chunkSize;
    std::string m_url; // absolute; empty while there is no upload at the server
    std::uint64_t m_offset = 0; // what the server has
    std::uint64_t m_confirmed = 0; // the largest offset that this upload was confirmed at
    std::uint64_t m_furthest = 0; // the largest offset of any, which is what counts as progress
    unsigned m_disagreements = 0; // answers that contradict each other, since the last progress
    unsigned m_restarts = 0; // uploads that the server forgot
};

} // namespace steadyframe::upload
