#pragma once

#include "imaging/compress.h"
#include "library/library_isolate.h"
#include "pipeline/file_finder.h"
#include "pipeline/manifest.h"
#include "pipeline/messages.h"
#include "pipeline/pace_meter.h"
#include "pipeline/publisher.h"
#include "recipe/place_result.h"
#include "upload/parallel_uploads.h"
#include "upload/upload_isolate.h"

#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>

#include <deque>
#include <filesystem>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace steadyframe::pipeline {

/// What a pipeline works with.
struct Config {
    isolate::SendPort<library::LibraryMessage> library;
    std::filesystem::path resultFolder; ///< the application's own, for compressed files; made when it is missing
    recipe::Recipe recipe; ///< how photos are compressed, and where results go
    /// Of photos that the application itself keeps, absolute and normal: nobody would look for a result beside them, or
    /// miss them in the trash, and so their results go into `resultFolder` instead.
    std::vector<std::filesystem::path> ownSources{};
    recipe::Workshop workshop; ///< reads formats other than JPEG, and moves originals to the trash
    unsigned compressions = 0; ///< at once; 0: one for each core
    unsigned uploads = 0; ///< at once; 0: found out by trying
    std::size_t mostWaitingUploads = 64; ///< compressed photos that may wait for an upload before compression does
    upload::Patience patience{}; ///< with the destination
};

/// Before the library is asked again for what it could not record.
inline constexpr std::chrono::seconds libraryPause{1};

/// Takes photos from picked to uploaded. It decides; compression, uploading, searching and recording are done by other
/// isolates. Every state is recorded by the library before anybody hears of it. @thread isolate
class Pipeline {
public:
    /// `ended` is completed once it was told to stop and everything has.
    Pipeline(Config config, isolate::Completer<void> ended);

    void handle(Command command);

private:
    /// A photo that is not done: what the library knows of it, and what stops the work on it.
    struct Active {
        explicit Active(library::PhotoRecord p) : photo(std::move(p)) {}
        library::PhotoRecord photo;
        std::stop_source cancel;
        std::stop_source suspend;
        bool working = false;
        bool removing = false;
        bool madeAgain = false; ///< since it was taken up
        upload::Protocol protocol{}; ///< by which it is sent
        unsigned mends = 0; ///< as many as there were when it was sent
        std::string fileName{}; ///< at the destination; since it is compressed
        std::string waitsFor{}; ///< why its upload does not move; empty while it does
    };
    /// When the turn of a photo is.
    struct Turn {
        std::int32_t priority = 0;
        std::int64_t position = 0;
        PhotoId id = 0;
        friend bool operator<(const Turn &a, const Turn &b)
        {
            return std::tuple(-std::int64_t(a.priority), a.position, a.id)
                < std::tuple(-std::int64_t(b.priority), b.position, b.id);
        }
    };
    /// Files that a search found, and how often everything had been cancelled when it began.
    struct Found {
        std::vector<FoundFile> files;
        unsigned cancels = 0;
    };
    struct Uploader {
        upload::Uploader isolate;
        std::optional<PhotoId> current;
    };

    void on(Pick pick);
    void on(Pause pause);
    void on(Resume resume);
    void on(Cancel cancel);
    void on(Retry retry);
    void on(UploadAgain again);
    void on(Remove remove);
    void on(Prioritize prioritize);
    void on(Arrange arrange);
    void on(UseRecipe use);
    void on(UseTarget use);
    void on(UseUploads use);
    void on(AnswerName answer);
    void on(WriteManifest write);
    void on(UseMainIsolate use);
    void on(Subscribe subscribe);
    void on(Stop stop);

    void on(upload::Created event);
    void on(upload::Acknowledged event);
    void on(upload::Waiting event);
    void on(upload::Arrived event);
    void on(upload::NotArrived event);

    isolate::Task<> takeUpUnfinished();
    isolate::Task<> tellEverything(isolate::SendPort<Update> port);
    isolate::Task<> record(Found found);
    isolate::Task<> retryAll(std::vector<PhotoId> ids, library::PhotoState state);
    /// Those that were uploaded, or those that were not.
    isolate::Task<> retryThese(std::vector<PhotoId> ids, bool uploaded);
    isolate::Task<> retryOne(PhotoId id);
    isolate::Task<> removeAll(std::vector<PhotoId> ids);
    isolate::Task<> orderAll(std::vector<library::PhotoOrder> orders);
    isolate::Task<> arrangeAll(std::vector<PhotoId> ids);
    isolate::Task<> useTarget(upload::Target target);
    isolate::Task<> rememberName(upload::NamePolicy policy);
    isolate::Task<> uploadOne(PhotoId id);
    isolate::Task<> makeManifest(WriteManifest wanted);
    void sendManifest();
    void manifestEnded(const std::string &text);
    void manifestNotArrived(const upload::UploadError &error);
    isolate::Task<> flushChanges();
    void news(library::LibraryNews news);
    void takeUp(library::PhotoRecord photo);
    void enqueue(Active &active);
    void startWhatCan();
    void startCompression(PhotoId id);
    void compressed(PhotoId id, isolate::Result<recipe::Placed, imaging::ImagingError> outcome);
    void startUploads();
    [[nodiscard]] Uploader *freeUploader();
    /// The first whose turn it is, and whose content is not on its way with another photo; nothing when there is none.
    [[nodiscard]] std::optional<PhotoId> nextToUpload() const;
    /// Whether a photo on its way could come to the same name where files have the names that they are given: a name
    /// is looked at first and taken later, and between the two another must not take it.
    [[nodiscard]] bool isNameUnderWay(const std::string &fileName) const;
    /// `arrivedUrl` is where the destination had the content; empty when it never had.
    void sendJob(Active &active, const std::string &arrivedUrl);
    /// What is to be uploaded turned out to be gone, or another file: it is made again, once. False when it can't be.
    [[nodiscard]] bool makeAgain(Active &active);
    /// The upload did not begin, or ended, because of a wish.
    void endedByWish(Active &active);
    void needsAttention(Attention kind, Active &active, std::string text);
    void attentionIsOver();
    void startUploader(const std::string &name, isolate::Placement placement, std::vector<Uploader> &to);
    Active *endUpload(PhotoId id);
    void stopWork(PhotoId id);
    static void search(std::vector<std::string> picks, unsigned cancels, isolate::SendPort<Found> to,
                       std::stop_token stop);
    void forgetQueued(const library::PhotoRecord &photo);
    /// Takes over what changed of a photo beside the work on it.
    void reorder(const std::vector<library::PhotoRecord> &photos);
    void fail(Active &active, std::string message, bool forgetResult = false);

    void change(library::PhotoChange change);
    void flush();
    void libraryFailed(const library::LibraryError &error);
    /// Asks again until the library has answered or everything ends; the error of the last time.
    template <class Request>
    isolate::Task<typename Request::Answer> askUntilAnswered(Request request);
    /// Its isolate has ended, so that nothing can be recorded any more.
    void libraryIsGone();
    /// Runs a coroutine beside the others; the end waits for it.
    void begin(isolate::Task<> task);
    void finishStopping();
    void complete(Update &update);

    Config m_config;
    isolate::Pool m_pool;
    isolate::RawReceivePort<upload::Event> m_uploadEvents;
    isolate::RawReceivePort<Found> m_foundFiles;
    isolate::RawReceivePort<Progress> m_progress;
    isolate::RawReceivePort<library::LibraryNews> m_news;
    Publisher m_publisher;
    PaceMeter m_pace;
    library::LibraryTotals m_totals;

    std::unordered_map<PhotoId, Active> m_active;
    std::set<Turn> m_toCompress;
    std::set<Turn> m_toUpload;
    std::set<PhotoId> m_held; ///< whose turn does not come before the person says so
    std::set<std::string> m_underWay; ///< hashes of what is being uploaded, until its arrival is recorded
    std::vector<std::string> m_arrived; ///< hashes whose arrival is not given to the library yet
    /// Cancelled or removed (true) when they were known to the person, but not taken up yet.
    std::unordered_map<PhotoId, bool> m_stoppedEarly;
    std::set<PhotoId> m_retrying;
    unsigned m_cancels = 0; ///< how often everything was cancelled
    std::vector<Uploader> m_uploaders;
    std::vector<Uploader> m_mainUploaders;
    std::optional<upload::Target> m_target;
    unsigned m_targetsToCome = 0; ///< asked for, and not taken over yet; nothing begins to go to the former one
    upload::NamePolicy m_namePolicy = upload::NamePolicy::ask;
    upload::SharedRate m_rate;
    upload::ParallelUploads m_parallel{mostUploads};
    /// A manifest on its way.
    struct ManifestUpload {
        Manifest manifest;
        std::string resumeUrl{};
        std::string destination{}; ///< that the URL belongs to
    };
    std::deque<ManifestUpload> m_manifests; ///< that are to be uploaded
    std::optional<ManifestUpload> m_manifest; ///< that is being uploaded
    std::stop_source m_suspendManifest;
    Attention m_attention = Attention::none;
    std::string m_attentionText;
    unsigned m_mends = 0; ///< how often the person has done something about it
    bool m_mainIsolate = false;
    bool m_paused = false;
    unsigned m_compressing = 0;
    unsigned m_tasks = 0; ///< coroutines under way

    std::vector<library::PhotoChange> m_changes; ///< not given to the library yet
    std::vector<isolate::Completer<void>> m_whenRecorded;
    bool m_flushing = false;
    bool m_libraryStuck = false; ///< it can't record at the moment; nothing is begun until it can
    bool m_libraryGone = false;
    std::stop_source m_stopSearching;
    std::optional<isolate::Completer<void>> m_stopping;
    isolate::Completer<void> m_ended;
};

/// Starts the pipeline as an isolate of the pool. @thread any
[[nodiscard]] isolate::Future<isolate::SendPort<Command>> startPipeline(Config config);

} // namespace steadyframe::pipeline
