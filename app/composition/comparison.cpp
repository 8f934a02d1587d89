#include "composition/comparison.h"

#include "composition/feed_service.h"
#include "feed/feed_parser.h"
#include "imaging/compress.h"
#include "imaging/photo_maker.h"

#include <isolate_core/runtime.h>

#include <algorithm>
#include <ctime>

namespace steadyframe::composition {

namespace {

constexpr int madePhotos = 6;
constexpr std::size_t mostPhotos = 12;

std::int64_t threadCpuNanoseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::int64_t nowNanoseconds()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// What one task took, and what it did.
struct TaskReport {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t cpu = 0;
    std::int64_t bytes = 0;
    std::string label;
    std::string problem;
};

/// Times a piece of work where it runs.
template <class F>
TaskReport timed(std::string label, F work)
{
    isolate::setActivity(label);
    TaskReport report;
    report.label = std::move(label);
    report.start = nowNanoseconds();
    const std::int64_t cpu = threadCpuNanoseconds();
    work(report);
    report.cpu = threadCpuNanoseconds() - cpu;
    report.end = nowNanoseconds();
    isolate::setActivity({});
    return report;
}

TaskReport compressTask(std::filesystem::path source, std::filesystem::path folder, std::string stem,
                        imaging::CompressSettings settings, std::stop_token stop)
{
    return timed("compressing " + source.filename().native(), [&](TaskReport &report) {
        const auto result = imaging::compressFile(source, folder, stem, settings, stop);
        if (result)
            report.bytes = static_cast<std::int64_t>(result->sourceBytes);
        else
            report.problem = result.error().message;
    });
}

TaskReport parseTask(std::filesystem::path path, std::stop_token stop)
{
    return timed("parsing " + path.filename().native(), [&](TaskReport &report) {
        const auto table = feed::parseFeedFile(path, stop);
        if (table)
            report.bytes = static_cast<std::int64_t>((*table)->facts().textBytes);
        else
            report.problem = feed::describe(table.error());
    });
}

/// What a frame takes of the UI thread, nanoseconds: the median.
std::int64_t frameCost(const std::vector<jank::FrameSample> &samples)
{
    std::vector<std::int64_t> costs;
    for (const jank::FrameSample &sample : samples)
        costs.push_back(sample.uiBusy);
    if (costs.empty())
        return 0;
    const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
    std::nth_element(costs.begin(), middle, costs.end());
    return *middle;
}

} // namespace

struct Comparison::Prepared {
    std::vector<std::filesystem::path> photos;
    std::filesystem::path feed;
    std::string problem;
};

Comparison::Comparison(jank::JankMonitor &monitor, const AppFolders &folders, QObject *parent)
    : QObject(parent), m_monitor(monitor), m_folders(folders)
{
}

Comparison::~Comparison()
{
    m_stop.request_stop();
}

void Comparison::start()
{
    if (m_running)
        return;
    m_running = true;
    m_stop = std::stop_source();
    m_result = {};
    m_modeBefore = isolate::Runtime::current().executionMode();
    m_pool.emplace(isolate::PoolOptions{.name = "comparison"});
    emit progressed(tr("Preparing pictures and a feed"));
    const auto prepare = [](std::vector<std::filesystem::path> photos, std::filesystem::path samples,
                            std::stop_token stop) -> Prepared {
        isolate::setActivity("preparing the comparison");
        Prepared prepared{std::move(photos), samples / "photos_211640.json", {}};
        std::error_code error;
        std::filesystem::create_directories(samples, error);
        for (int i = 0; prepared.photos.size() < madePhotos && i < madePhotos && !stop.stop_requested(); ++i) {
            const auto path = samples / ("landscape-" + std::to_string(i + 1) + ".jpg");
            if (!std::filesystem::exists(path, error)) {
                if (auto made = imaging::makePhoto(path, 4000, 3000, static_cast<std::uint64_t>(i) + 1, 92, 1, stop);
                    !made)
                    prepared.problem = made.error().message;
            }
            prepared.photos.push_back(path);
        }
        if (auto problem = makeSampleFeed(prepared.feed, stop); !problem.empty())
            prepared.problem = std::move(problem);
        return prepared;
    };
    isolate::runWith({.name = "comparison samples"}, prepare, m_photos, m_folders.samples(), m_stop.get_token())
        .then(
            [this, stop = m_stop.get_token()](Prepared prepared) {
                if (stop.stop_requested())
                    return;
                if (!prepared.problem.empty())
                    return fail(QString::fromStdString(prepared.problem));
                m_sources = std::move(prepared.photos);
                m_sources.resize(std::min(m_sources.size(), mostPhotos));
                m_feed = std::move(prepared.feed);
                runIn(isolate::ExecutionMode::isolates);
            },
            [this, stop = m_stop.get_token()](std::exception_ptr) {
                if (!stop.stop_requested())
                    fail(tr("The samples for the comparison could not be made."));
            });
}

void Comparison::runIn(isolate::ExecutionMode mode)
{
    m_mode = mode;
    const bool inIsolates = mode == isolate::ExecutionMode::isolates;
    emit progressed(inIsolates ? tr("Working in isolates") : tr("The same work on the main isolate"));
    m_run = {};
    m_run.photos = static_cast<int>(m_sources.size());
    m_tasksLeft = m_sources.size() + 1;
    isolate::Runtime::current().setExecutionMode(mode);
    keepDrawing(true);
    m_monitor.beginPhase(inIsolates ? tr("in isolates") : tr("on the main isolate"));

    const auto ended = [this, stop = m_stop.get_token()](TaskReport report) {
        if (stop.stop_requested())
            return;
        m_run.work.push_back({.start = report.start, .end = report.end, .cpu = report.cpu, .label = report.label});
        m_run.megabytes += static_cast<double>(report.bytes) / 1e6;
        if (!report.problem.empty())
            m_problem = QString::fromStdString(report.problem);
        taskEnded();
    };
    const auto broken = [this, stop = m_stop.get_token()](std::exception_ptr) {
        if (stop.stop_requested())
            return;
        m_problem = tr("A task of the comparison ended without a result.");
        taskEnded();
    };
    const auto folder = m_folders.samples() / "compressed";
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        m_pool
            ->submit(0, m_stop.get_token(), compressTask, m_sources[i], folder, "compared-" + std::to_string(i),
                     m_settings)
            .then(ended, broken);
    }
    m_pool->submit(0, m_stop.get_token(), parseTask, m_feed).then(ended, broken);
}

void Comparison::taskEnded()
{
    if (--m_tasksLeft > 0)
        return;
    // Not from within the last task's event: on the main isolate its frame is still owed, and it counts.
    QMetaObject::invokeMethod(this, &Comparison::endRun, Qt::QueuedConnection);
}

void Comparison::endRun()
{
    m_run.phase = m_monitor.endPhase();
    keepDrawing(false);
    if (!m_problem.isEmpty())
        return fail(m_problem);
    if (m_mode == isolate::ExecutionMode::isolates) {
        m_result.isolates = std::move(m_run);
        runIn(isolate::ExecutionMode::mainIsolate);
        return;
    }
    m_result.mainIsolate = std::move(m_run);
    isolate::Runtime::current().setExecutionMode(m_modeBefore);
    const auto &measured = m_result.isolates.phase;
    const jank::PredictionOptions options{
        .interval = measured.interval, .frameCost = frameCost(measured.samples), .wantedUntilDone = true};
    m_result.predicted = jank::predictJankAvoided(m_result.isolates.work, std::span(&measured.span, 1), options);
    m_running = false;
    m_pool.reset();
    emit finished(m_result);
}

void Comparison::fail(const QString &problem)
{
    const QString message = problem; // it may be the member that is cleared here
    isolate::Runtime::current().setExecutionMode(m_modeBefore);
    keepDrawing(false);
    m_problem.clear();
    m_running = false;
    m_pool.reset();
    emit failed(message);
}

void Comparison::keepDrawing(bool yes)
{
    disconnect(m_drawing);
    QQuickWindow *window = m_monitor.window();
    if (!yes || !window)
        return;
    m_drawing = connect(window, &QQuickWindow::afterAnimating, window, &QQuickWindow::update);
    window->update();
}

} // namespace steadyframe::composition
