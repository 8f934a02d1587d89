#include "composition/comparison_work.h"

#include "composition/feed_service.h"
#include "feed/feed_parser.h"
#include "imaging/compress.h"
#include "imaging/photo_maker.h"

#include "jank_monitor/frame_clock.h"

#include <isolate_core/isolate.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace steadyframe::composition {

namespace {

constexpr int madePhotos = 6;
constexpr int parsesAlone = 12; // a pass; about as long as the photos take
constexpr int parsesInMix = 4; // likewise

std::int64_t processorNanoseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// How long this thread has waited for a processor that others had, since it began; -1 where the system does not say.
std::int64_t waitedForProcessor()
{
    std::FILE *file = std::fopen("/proc/thread-self/schedstat", "re");
    if (!file)
        return -1;
    long long ran = 0;
    long long waited = 0;
    const int read = std::fscanf(file, "%lld %lld", &ran, &waited);
    std::fclose(file);
    return read == 2 ? waited : -1;
}

void compress(const WorkTask &task, std::stop_token stop, TaskReport &report)
{
    const auto result = imaging::compressFile(task.source, task.results, task.stem, task.settings, stop);
    if (result)
        report.bytes = static_cast<std::int64_t>(result->sourceBytes);
    else
        report.problem = result.error().message;
}

void parse(const WorkTask &task, std::stop_token stop, TaskReport &report)
{
    const auto table = feed::parseFeedFile(task.source, stop);
    if (table)
        report.bytes = static_cast<std::int64_t>((*table)->facts().textBytes);
    else
        report.problem = feed::describe(table.error());
}

} // namespace

std::filesystem::path comparisonResults(const std::filesystem::path &samples)
{
    return samples / "compared";
}

WorkSources prepareSources(std::filesystem::path samples, std::stop_token stop)
{
    isolate::setActivity("preparing the comparison");
    WorkSources sources;
    std::error_code error;
    std::filesystem::remove_all(comparisonResults(samples), error);
    std::filesystem::create_directories(samples, error);
    for (int i = 0; i < madePhotos && !stop.stop_requested(); ++i) {
        const auto path = samples / ("landscape-" + std::to_string(i + 1) + ".jpg");
        if (!std::filesystem::exists(path, error)) {
            const auto made = imaging::makePhoto(path, 4000, 3000, static_cast<std::uint64_t>(i) + 1, 92, 1, stop);
            if (!made)
                sources.problem = made.error().message;
        }
        sources.photos.push_back(path);
    }
    sources.feed = samples / "photos_211640.json";
    if (auto problem = makeSampleFeed(sources.feed, stop); !problem.empty())
        sources.problem = std::move(problem);
    return sources;
}

TaskReport perform(WorkTask task, std::stop_token stop)
{
    const bool photo = task.sort == WorkTask::Sort::compress;
    TaskReport report;
    report.work.label = (photo ? "compressing " : "parsing ") + task.source.filename().native();
    isolate::setActivity(report.work.label);
    const std::int64_t waitedBefore = waitedForProcessor();
    const std::int64_t processorBefore = processorNanoseconds();
    report.work.start = jank::SteadyFrameClock::instance().now();
    (photo ? compress : parse)(task, stop, report);
    report.work.end = jank::SteadyFrameClock::instance().now();
    report.work.cpu = processorNanoseconds() - processorBefore;
    if (const std::int64_t waited = waitedForProcessor(); waitedBefore >= 0 && waited >= 0)
        report.waited = waited - waitedBefore;
    isolate::setActivity({});
    return report;
}

std::vector<WorkTask> tasksOf(WorkKind kind, const WorkSources &sources, const std::filesystem::path &results,
                              const imaging::CompressSettings &settings)
{
    std::vector<WorkTask> tasks;
    const WorkTask parsing{WorkTask::Sort::parse, sources.feed, results, {}, settings};
    for (int pass = 0; pass < passesOverSources; ++pass) {
        if (kind == WorkKind::parsing) {
            tasks.insert(tasks.end(), parsesAlone, parsing);
            continue;
        }
        for (std::size_t i = 0; i < sources.photos.size(); ++i) {
            if (kind == WorkKind::mix && static_cast<int>(i) < parsesInMix)
                tasks.push_back(parsing);
            tasks.push_back({WorkTask::Sort::compress, sources.photos[i], results,
                             "photo-" + std::to_string(tasks.size()), settings});
        }
    }
    return tasks;
}

std::vector<WorkTask> runInOf(const std::vector<WorkTask> &tasks, std::size_t times)
{
    std::vector<WorkTask> first;
    for (const auto sort : {WorkTask::Sort::compress, WorkTask::Sort::parse}) {
        const auto found = std::find_if(tasks.begin(), tasks.end(), [sort](const auto &t) { return t.sort == sort; });
        for (std::size_t i = 0; found != tasks.end() && i < times; ++i) {
            first.push_back(*found);
            first.back().stem = "run-in-" + std::to_string(i);
        }
    }
    return first;
}

} // namespace steadyframe::composition
