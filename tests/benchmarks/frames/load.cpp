#include "benchmarks/frames/load.h"

#include "composition/receiver_isolate.h"
#include "feed/feed_maker.h"
#include "feed/feed_parser.h"
#include "imaging/compress.h"
#include "imaging/photo_maker.h"
#include "upload/upload_isolate.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/run.h>
#include <isolate_core/spawn.h>
#include <isolate_core/timer.h>

#include <atomic>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <random>

namespace steadyframe::benchmarks {

namespace {

using namespace std::chrono_literals;

constexpr int photos = 6;
constexpr int files = 500;
constexpr std::size_t fileBytes = 100'000;
constexpr int messagesInATick = 4'000; // with a tick of 10 ms: 400,000 a second

std::atomic<std::uint64_t> photosDone{0}, feedsDone{0}, filesDone{0}, messagesDone{0};
std::atomic<std::int64_t> photosTook{0}, feedsTook{0}; // nanoseconds of a processor

std::int64_t nanosecondsOf(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// Adds what this thread took meanwhile.
class Timed {
public:
    explicit Timed(std::atomic<std::int64_t> &sum) : m_sum(sum) {}
    ~Timed() { m_sum += nanosecondsOf(CLOCK_THREAD_CPUTIME_ID) - m_before; }
    Timed(const Timed &) = delete;
    Timed &operator=(const Timed &) = delete;

private:
    std::atomic<std::int64_t> &m_sum;
    const std::int64_t m_before = nanosecondsOf(CLOCK_THREAD_CPUTIME_ID);
};

std::filesystem::path photoPath(const std::filesystem::path &folder, int index)
{
    return folder / ("photo-" + std::to_string(index) + ".jpg");
}
std::filesystem::path filePath(const std::filesystem::path &folder, int index)
{
    return folder / "files" / ("file-" + std::to_string(index) + ".bin");
}

void complain(std::exception_ptr error)
{
    try {
        std::rethrow_exception(std::move(error));
    } catch (const std::exception &e) {
        std::fprintf(stderr, "the load failed: %s\n", e.what());
    } catch (...) {
        std::fprintf(stderr, "the load failed\n");
    }
}

bool compressOne(std::filesystem::path source, std::filesystem::path folder, std::string stem)
{
    const Timed timed(photosTook);
    isolate::setActivity("compressing " + source.filename().native());
    return imaging::compressFile(source, folder, stem, {}, {}).ok();
}

bool parseOne(std::filesystem::path feed)
{
    const Timed timed(feedsTook);
    isolate::setActivity("parsing " + feed.filename().native());
    return feed::parseFeedFile(feed).ok();
}

void removeStored(std::filesystem::path folder)
{
    isolate::setActivity("removing what arrived");
    std::error_code error;
    std::vector<std::filesystem::path> stored;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.is_regular_file(error) && entry.path().extension() == ".bin")
            stored.push_back(entry.path());
    }
    for (const auto &path : stored)
        std::filesystem::remove(path, error);
}

/// Keeps each kind of work going. Lives in the isolate "load".
class Driver : public std::enable_shared_from_this<Driver> {
public:
    explicit Driver(LoadPlan plan) : m_plan(std::move(plan)) {}

    void start()
    {
        const unsigned cores = std::max(2u, std::thread::hardware_concurrency());
        for (unsigned i = 0; m_plan.compress && i < cores; ++i)
            compressNext();
        if (m_plan.parse)
            parseNext();
        if (m_plan.upload)
            startUploads();
    }

private:
    void compressNext()
    {
        const int index = m_nextPhoto++;
        m_compression
            .submit(compressOne, photoPath(m_plan.inputs, index % photos), m_plan.outputs / "results",
                    "result-" + std::to_string(index % 64))
            .then(
                [self = shared_from_this()](bool done) {
                    photosDone += done ? 1 : 0;
                    self->compressNext();
                },
                complain);
    }
    void parseNext()
    {
        m_parsing.submit(parseOne, m_plan.inputs / "feed.json")
            .then(
                [self = shared_from_this()](bool done) {
                    feedsDone += done ? 1 : 0;
                    self->parseNext();
                },
                complain);
    }

    void startUploads()
    {
        m_events = std::make_unique<isolate::RawReceivePort<upload::Event>>(
            [self = shared_from_this()](upload::Event event) { self->uploadEvent(std::move(event)); });
        composition::startReceiver(m_plan.outputs / "received")
            .then(
                [self = shared_from_this()](const upload::Target &target) {
                    self->m_target = target;
                    for (std::size_t i = 0; i < self->m_uploaders.size(); ++i)
                        self->startUploader(i);
                },
                complain);
    }
    void startUploader(std::size_t index)
    {
        upload::startUploader("upload " + std::to_string(index + 1),
                              m_plan.onMainIsolate ? isolate::Placement::main : isolate::Placement::dedicated,
                              m_events->sendPort(), {})
            .then(
                [self = shared_from_this(), index](upload::Uploader uploader) {
                    self->m_uploaders[index] = std::move(uploader);
                    self->uploadNext(index);
                },
                complain);
    }
    void uploadNext(std::size_t uploader)
    {
        const int index = m_nextFile++;
        if (index % files == 0)
            isolate::run(removeStored, m_plan.outputs / "received").then([] {}, complain);
        upload::Job job;
        job.id = static_cast<upload::JobId>(uploader);
        job.target = m_target;
        job.request.file = filePath(m_plan.inputs, index % files);
        job.request.fileName = "sent-" + std::to_string(index) + ".bin";
        job.request.bytes = fileBytes;
        m_uploaders[uploader]->jobs.send(std::move(job));
    }
    void uploadEvent(upload::Event event)
    {
        if (auto *created = std::get_if<upload::Created>(&event)) {
            created->recorded.complete();
        } else if (const auto *arrived = std::get_if<upload::Arrived>(&event)) {
            ++filesDone;
            uploadNext(static_cast<std::size_t>(arrived->id));
        } else if (const auto *not_ = std::get_if<upload::NotArrived>(&event)) {
            std::fprintf(stderr, "the load failed: %s\n", not_->error.message.c_str());
        }
    }

    const LoadPlan m_plan;
    isolate::Pool m_compression{{.name = "compress"}};
    isolate::Pool m_parsing{{.name = "parse", .workers = 1}};
    int m_nextPhoto = 0;
    int m_nextFile = 0;
    upload::Target m_target;
    std::array<std::optional<upload::Uploader>, 2> m_uploaders;
    std::unique_ptr<isolate::RawReceivePort<upload::Event>> m_events;
};

void drive(LoadPlan plan)
{
    std::make_shared<Driver>(std::move(plan))->start();
}

/// Sends what the time that went by calls for, so that a late tick loses nothing.
void flood(isolate::SendPort<std::int64_t> toMain)
{
    static std::int64_t sent = 0;
    static const auto began = std::chrono::steady_clock::now();
    static isolate::Timer tick;
    tick = isolate::Timer::periodic(10ms, [toMain] {
        const auto due = (std::chrono::steady_clock::now() - began) / 10ms * messagesInATick;
        while (sent < due)
            toMain.send(sent++);
    });
}

} // namespace

LoadDone loadDone() noexcept
{
    const double photos = 1e-9 * static_cast<double>(photosTook.load());
    const double feeds = 1e-9 * static_cast<double>(feedsTook.load());
    const double rest
        = 1e-9 * static_cast<double>(nanosecondsOf(CLOCK_PROCESS_CPUTIME_ID) - nanosecondsOf(CLOCK_THREAD_CPUTIME_ID));
    return {photosDone.load(),    feedsDone.load(), filesDone.load(), messagesDone.load(), photos, feeds,
            rest - photos - feeds};
}

std::string makeInputs(const std::filesystem::path &folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder / "files", error);
    for (int i = 0; i < photos; ++i) {
        if (std::filesystem::exists(photoPath(folder, i), error))
            continue;
        if (auto made = imaging::makePhoto(photoPath(folder, i), 4000, 3000, static_cast<std::uint64_t>(i) + 1); !made)
            return made.error().message;
    }
    const auto feed = folder / "feed.json";
    if (!std::filesystem::exists(feed, error) && !feed::makeFeed(feed))
        return feed.native() + " can't be written";
    std::mt19937_64 random(1);
    for (int i = 0; i < files; ++i) {
        if (std::filesystem::exists(filePath(folder, i), error))
            continue;
        std::vector<std::uint64_t> words(fileBytes / sizeof(std::uint64_t));
        for (auto &word : words)
            word = random();
        std::ofstream out(filePath(folder, i), std::ios::binary);
        out.write(reinterpret_cast<const char *>(words.data()), fileBytes);
        if (!out)
            return filePath(folder, i).native() + " can't be written";
    }
    return {};
}

void countMessage() noexcept
{
    messagesDone.fetch_add(1, std::memory_order_relaxed);
}

bool startLoad(const LoadPlan &plan, isolate::SendPort<std::int64_t> toMain)
{
    std::error_code error;
    std::filesystem::create_directories(plan.outputs / "results", error);
    std::filesystem::create_directories(plan.outputs / "received", error);
    if (!isolate::spawnWith({.name = "load"}, drive, plan).ok())
        return false;
    return !plan.messages || isolate::spawnWith({.name = "flood"}, flood, std::move(toMain)).ok();
}

} // namespace steadyframe::benchmarks
