#include "upload/upload_isolate.h"

#include "upload/destinations.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/spawn.h>

namespace steadyframe::upload {

namespace {

/// Ends with whichever of two tokens is triggered first.
class EitherStop {
public:
    EitherStop(const std::stop_token &first, const std::stop_token &second)
        : m_first(first, Trigger{m_source}), m_second(second, Trigger{m_source})
    {
    }
    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

private:
    struct Trigger {
        std::stop_source source;
        void operator()() { source.request_stop(); }
    };
    std::stop_source m_source;
    std::stop_callback<Trigger> m_first;
    std::stop_callback<Trigger> m_second;
};

/// When it goes on, where that is worth telling.
std::string nextTry(std::chrono::milliseconds wait)
{
    constexpr std::int64_t worthTelling = 10; // seconds
    constexpr std::int64_t minute = 60;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    if (seconds < worthTelling)
        return {};
    if (seconds < 2 * minute)
        return " Next try in " + std::to_string(seconds) + " seconds.";
    return " Next try in " + std::to_string((seconds + minute / 2) / minute) + " minutes.";
}

/// Uploads one file and tells what happens to it.
void work(Destination &destination, Job job, const isolate::SendPort<Event> &events)
{
    isolate::setActivity("uploading " + job.request.fileName);
    EitherStop stop(job.cancel, job.suspend);
    UploadObserver observer;
    observer.onCreated = [&](const std::string &resumeUrl) {
        isolate::Completer<void> recorded;
        auto isRecorded = recorded.future();
        events.send(Created{job.id, resumeUrl, std::move(recorded)});
        try {
            isRecorded.get();
        } catch (const isolate::EndedWithoutResult &) {
            // Nobody is left to record it: the token is about to end the upload.
        }
    };
    observer.onAcknowledged = [&](std::uint64_t offset) { events.send(Acknowledged{job.id, offset}); };
    observer.onWaiting = [&](const UploadError &error, std::chrono::milliseconds wait) {
        events.send(Waiting{job.id, error.message + nextTry(wait), error.code == UploadErrc::network});
    };
    observer.whenStopped = [&] { return job.cancel.stop_requested() ? WhenStopped::remove : WhenStopped::keep; };

    auto arrived = destination.upload(job.request, observer, stop.token());
    if (arrived)
        events.send(Arrived{job.id, std::move(arrived).value()});
    else
        events.send(NotArrived{job.id, std::move(arrived).error()});
    isolate::setActivity({});
}

isolate::Task<> uploadFiles(isolate::SendPort<Event> events, SharedRate rate, Patience patience,
                            isolate::Completer<Uploader> started)
{
    isolate::ReceivePort<Job> jobs;
    started.complete(Uploader{isolate::Isolate::current(), jobs.sendPort()});
    Target target;
    std::unique_ptr<Destination> destination;
    while (auto job = co_await jobs.next()) {
        if (!destination || target != job->target) {
            target = job->target;
            destination = makeDestination(target, patience, rate.get());
        }
        work(*destination, std::move(*job), events);
    }
}

} // namespace

isolate::Future<Uploader> startUploader(const std::string &name, isolate::Placement placement,
                                        isolate::SendPort<Event> events, SharedRate rate, const Patience &patience)
{
    isolate::Completer<Uploader> started;
    auto uploader = started.future();
    // A spawn that failed drops the completer, and the future tells.
    static_cast<void>(isolate::spawnWith({.name = name, .placement = placement}, uploadFiles, std::move(events),
                                         std::move(rate), patience, std::move(started))
                          .ok());
    return uploader;
}

} // namespace steadyframe::upload
