// One measurement in a process of its own, whose peak of memory is then its own:
//   upload_measure one ENDPOINT TOKEN FILE SHA256       a file, by the upload room's client
//   upload_measure many ENDPOINT TOKEN FOLDER PARALLEL  every file of a folder, by upload isolates
//   upload_measure photos ENDPOINT TOKEN FOLDER         FOLDER/photos through the whole pipeline
// The first two print seconds and the peak in kilobytes; the last one what the pipeline's and the library's isolates
// were busy, in seconds, for all photos together.
#include "library/library_isolate.h"
#include "pipeline/pipeline.h"
#include "upload/tus_destination.h"
#include "upload/upload_isolate.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace steadyframe;
namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;
std::vector<std::string> g_arguments; // entries of isolates can't capture

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// `waited`: of these, for a core.
void printAndEnd(double seconds, double waited = 0)
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("%f %ld %f\n", seconds, usage.ru_maxrss, waited);
    std::fflush(stdout);
    std::_Exit(0);
}

[[noreturn]] void fail(const std::string &message)
{
    std::fprintf(stderr, "%s\n", message.c_str());
    std::_Exit(1);
}

void uploadOne()
{
    upload::TusOptions options;
    options.endpoint = g_arguments.at(1);
    options.bearerToken = g_arguments.at(2);
    upload::UploadRequest request;
    request.file = g_arguments.at(3);
    request.fileName = "one.bin";
    request.bytes = fs::file_size(request.file);
    request.sha256 = g_arguments.at(4);
    const auto start = Clock::now();
    const auto arrived = upload::TusDestination(options).upload(request, {}, {});
    if (!arrived)
        fail(arrived.error().message);
    printAndEnd(secondsSince(start));
}

isolate::Task<> uploadMany()
{
    std::vector<fs::path> files;
    for (const auto &entry : fs::directory_iterator(g_arguments.at(3)))
        files.push_back(entry.path());
    const auto parallel = std::stoul(g_arguments.at(4));
    isolate::ReceivePort<upload::Event> events;
    std::vector<upload::Uploader> uploaders;
    for (std::size_t i = 0; i < parallel; ++i)
        uploaders.push_back(
            co_await upload::startUploader("upload", isolate::Placement::dedicated, events.sendPort(), {}));
    std::size_t next = 0;
    std::size_t done = 0;
    const auto give = [&](std::size_t uploader) {
        upload::Job job;
        job.id = static_cast<upload::JobId>(uploader);
        job.target.endpoint = g_arguments.at(1);
        job.target.token = g_arguments.at(2);
        job.request.file = files[next];
        job.request.fileName = files[next].filename().native();
        job.request.bytes = fs::file_size(files[next++]);
        uploaders[uploader].jobs.send(std::move(job));
    };
    const auto start = Clock::now();
    while (next < std::min<std::size_t>(parallel, files.size()))
        give(next);
    while (done < files.size()) {
        auto event = co_await events.next();
        if (auto *created = std::get_if<upload::Created>(&*event)) {
            created->recorded.complete();
        } else if (const auto *failed = std::get_if<upload::NotArrived>(&*event)) {
            fail(failed->error.message);
        } else if (const auto *arrived = std::get_if<upload::Arrived>(&*event)) {
            ++done;
            if (next < files.size())
                give(static_cast<std::size_t>(arrived->id));
        }
    }
    printAndEnd(secondsSince(start));
}

isolate::Task<> uploadPhotos()
{
    const fs::path folder = g_arguments.at(3);
    auto library = co_await library::startLibrary(folder / "library.sqlite");
    if (!library)
        fail(library.error().message);
    pipeline::Config config;
    config.library = library->port;
    config.resultFolder = folder / "results";
    auto port = co_await pipeline::startPipeline(std::move(config));
    pipeline::UseTarget use;
    use.target.endpoint = g_arguments.at(1);
    use.target.token = g_arguments.at(2);
    port.send(std::move(use));
    port.send(pipeline::Pick{{(folder / "photos").native()}});
    isolate::ReceivePort<pipeline::Update> updates;
    port.send(pipeline::Subscribe{updates.sendPort()});
    while (auto update = co_await updates.next()) {
        std::uint64_t all = 0;
        for (const auto &state : update->totals.byState)
            all += state.count;
        const auto uploaded = update->totals[library::PhotoState::uploaded].count;
        if (all > 0 && uploaded == all)
            break;
        update->applied.complete();
    }
    const auto isCounted
        = [](const std::string &name) { return name == "pipeline" || name == "library" || name == "search"; };
    std::chrono::nanoseconds busy{};
    for (const auto &info : isolate::Runtime::current().snapshot()) {
        if (isCounted(info.name))
            busy += info.busy;
    }
    // Compressing and sending keep every core busy: what had to wait for them is no cost of the pipeline.
    std::chrono::nanoseconds waited{};
    for (const auto &slice : isolate::Runtime::current().trace()) {
        if (isCounted(slice.name) && slice.undelayed.count() > 0)
            waited += slice.end - slice.start - slice.undelayed;
    }
    printAndEnd(std::chrono::duration<double>(busy).count(), std::chrono::duration<double>(waited).count());
}

} // namespace

int main(int argc, char **argv)
{
    g_arguments.assign(argv + 1, argv + argc);
    if (g_arguments.size() < 4)
        return 2;
    if (g_arguments[0] == "one")
        uploadOne();
    isolate::Runtime runtime;
    runtime.runMain([]() -> isolate::Task<> {
        if (g_arguments[0] == "many")
            co_await uploadMany();
        else
            co_await uploadPhotos();
    });
    return 1;
}
