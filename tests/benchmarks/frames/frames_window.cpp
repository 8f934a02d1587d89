// One stretch of the frames benchmark, in a process of its own: the application's window scrolls 211,640 rows while
// the machine is kept busy, or is not; or compares a photo of 24 megapixels while its quality is moved. Prints
// "name<TAB>value" lines.
#include "benchmarks/frames/load.h"

#include "composition/application.h"
#include "composition/freed_memory.h"
#include "imaging/photo_maker.h"
#include "jank_monitor/trace_names.h"

#include <isolate_core/qt/main_isolate.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <QAbstractAnimation>
#include <QApplication>
#include <QFile>
#include <QQuickItem>
#include <QQuickStyle>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

using namespace steadyframe;
using namespace steadyframe::benchmarks;

namespace {

constexpr int rowsAFrame = 3;
constexpr int warmUp = 2'000; // milliseconds

void print(const char *name, double value)
{
    std::printf("%s\t%.6g\n", name, value);
}

void printThroughput(const LoadPlan &plan, const LoadDone &before, const LoadDone &after, double seconds)
{
    const auto rate
        = [seconds](std::uint64_t from, std::uint64_t to) { return static_cast<double>(to - from) / seconds; };
    if (plan.compress)
        print("photos", rate(before.photos, after.photos));
    if (plan.parse)
        print("feeds", rate(before.feeds, after.feeds));
    if (plan.upload)
        print("files", rate(before.files, after.files));
    if (plan.messages)
        print("messages", rate(before.messages, after.messages));
    if (plan.compress)
        print("cpu photos", (after.photoSeconds - before.photoSeconds) / seconds);
    if (plan.parse)
        print("cpu feeds", (after.feedSeconds - before.feedSeconds) / seconds);
    if (plan.upload)
        print("cpu files", (after.fileSeconds - before.fileSeconds) / seconds);
}

void printFrames(const jank::PhaseSummary &phase, bool worst)
{
    const jank::FrameStatistics &figures = phase.statistics;
    double longest = 0;
    int beyondTwo = 0;
    for (const jank::FrameSample &frame : phase.samples) {
        longest = std::max(longest, jank::toMilliseconds(frame.frameTime()));
        beyondTwo += frame.missed >= 2 ? 1 : 0;
    }
    print("drawn", figures.framesDrawn);
    print("missed", figures.framesMissed);
    print("missed by ui", figures.missedByUi);
    print("hitch ratio", figures.hitchRatio);
    print("p50", figures.p50);
    print("p99", figures.p99);
    print("longest", longest);
    print("two late", beyondTwo);
    print("stall", figures.longestStall);
    if (!worst)
        return;
    auto samples = phase.samples;
    std::sort(samples.begin(), samples.end(), [](auto &a, auto &b) { return a.frameTime() > b.frameTime(); });
    for (std::size_t i = 0; i < std::min<std::size_t>(samples.size(), 25); ++i) {
        const jank::FrameSample &s = samples[i];
        const auto ms = [](std::int64_t ns) { return jank::toMilliseconds(ns); };
        std::fprintf(
            stderr,
            "  %6.1f ms at %.1f s, missed %d: ui %.1f (busy %.1f), wait %.1f, sync %.1f, to render %.1f, render %.1f, "
            "swap %.1f\n",
            ms(s.frameTime()), ms(s.swapEnd - phase.span.start) / 1000, s.missed, ms(s.uiEnd - s.uiStart), ms(s.uiBusy),
            ms(s.syncStart - s.uiEnd), ms(s.syncEnd - s.syncStart), ms(s.renderStart - s.syncEnd),
            ms(s.renderEnd - s.renderStart), ms(s.swapEnd - s.renderEnd));
    }
}

/// What held the event loop for longer than two intervals since then, and where: to standard error.
void printStalls(const jank::JankMonitor &monitor, std::int64_t since)
{
    for (const jank::Stall &stall : monitor.stalls()) {
        if (stall.block.end < since)
            continue;
        std::fprintf(
            stderr, "  stall of %.1f ms at %.1f s in %s\n", jank::toMilliseconds(stall.block.end - stall.block.start),
            jank::toMilliseconds(stall.block.end - since) / 1000, qUtf8Printable(jank::culpritText(stall.block)));
        for (const std::string &function : stall.stack)
            std::fprintf(stderr, "    %s\n", function.c_str());
    }
}

struct Arguments {
    LoadPlan plan;
    int seconds = 60;
    bool window = true;
    bool mainIsolate = false;
    bool worst = false;
    bool preview = false;
};

/// FOLDER SECONDS WORD...: compress, parse, upload, messages, main, no-window, worst, preview
Arguments parse(int argc, char **argv)
{
    Arguments arguments;
    const std::filesystem::path folder = argc > 1 ? argv[1] : "";
    arguments.plan.inputs = folder / "inputs";
    arguments.plan.outputs = folder / "outputs";
    arguments.seconds = argc > 2 ? std::atoi(argv[2]) : 60;
    const auto given = [&](const char *word) {
        return std::any_of(argv + std::min(argc, 3), argv + argc, [word](char *a) { return !std::strcmp(a, word); });
    };
    arguments.plan.compress = given("compress");
    arguments.plan.parse = given("parse");
    arguments.plan.upload = given("upload");
    arguments.plan.messages = given("messages");
    arguments.plan.onMainIsolate = arguments.mainIsolate = given("main");
    arguments.window = !given("no-window");
    arguments.worst = given("worst");
    arguments.preview = given("preview");
    return arguments;
}

int withoutWindow(const Arguments &arguments)
{
    isolate::qt::MainIsolate mainIsolate(isolate::Runtime::instance());
    isolate::RawReceivePort<std::int64_t> messages([](std::int64_t) { countMessage(); });
    if (!startLoad(arguments.plan, messages.sendPort()))
        return 1;
    QTimer::singleShot(warmUp, [&arguments] {
        static LoadDone before;
        before = loadDone();
        QTimer::singleShot(arguments.seconds * 1000, [&arguments] {
            printThroughput(arguments.plan, before, loadDone(), arguments.seconds);
            std::fflush(stdout);
            std::_Exit(0);
        });
    });
    return QCoreApplication::exec();
}

/// Scrolls the list down and up again, three rows a frame: an animation, so that a frame is wanted at each vsync.
class Scroller final : public QAbstractAnimation {
public:
    explicit Scroller(composition::Application &application)
        : m_list(application.window()->findChild<QQuickItem *>(QStringLiteral("feedList")))
    {
    }
    [[nodiscard]] bool ok() const { return m_list != nullptr; }
    [[nodiscard]] int duration() const override { return -1; }

protected:
    void updateCurrentTime(int) override
    {
        const double end = m_list->property("contentHeight").toDouble() - m_list->height();
        const double y = m_list->property("contentY").toDouble() + m_direction * rowsAFrame * rowHeight;
        if (y < 0 || y > end)
            m_direction = -m_direction;
        m_list->setProperty("contentY", std::clamp(y, 0.0, end));
    }

private:
    static constexpr double rowHeight = 60;
    QQuickItem *m_list;
    int m_direction = 1;
};

/// Moves the quality to and fro, as somebody who drags its slider; a frame is wanted at each vsync.
class QualityMover final : public QAbstractAnimation {
public:
    explicit QualityMover(composition::Application &application) : m_application(application) {}
    [[nodiscard]] int duration() const override { return -1; }

protected:
    void updateCurrentTime(int) override
    {
        m_application.window()->update();
        if (++m_frame % framesAStep != 0)
            return;
        const int quality = m_application.settings().quality + m_direction;
        if (quality < 40 || quality > 95)
            m_direction = -m_direction;
        m_application.settings().setProperty("quality", quality);
    }

private:
    static constexpr int framesAStep = 4;
    composition::Application &m_application;
    int m_frame = 0;
    int m_direction = 1;
};

/// Picks the photo and opens its comparison; then `begin`.
void openComparison(composition::Application &application, const std::filesystem::path &photo,
                    const std::function<void()> &begin)
{
    constexpr int previewPage = 6;
    application.session().pick({QUrl::fromLocalFile(QFile::decodeName(photo.c_str()))});
    auto *poll = new QTimer(application.window());
    QObject::connect(poll, &QTimer::timeout, application.window(), [&application, poll, begin] {
        if (application.photos().countIn(ui::PhotoState::Uploaded) == 0)
            return;
        application.window()->setProperty("currentPage", previewPage);
        if (application.preview().state() == ui::PreviewModel::Empty)
            application.preview().show(static_cast<double>(application.photos().at(0).id));
        if (application.preview().state() != ui::PreviewModel::Ready)
            return;
        poll->deleteLater();
        begin();
    });
    poll->start(100);
}

int withWindow(const Arguments &arguments)
{
    composition::AppFolders folders;
    folders.root = arguments.plan.outputs / "application";
    std::error_code error;
    std::filesystem::create_directories(folders.samples(), error);
    std::filesystem::copy_file(arguments.plan.inputs / "feed.json", folders.samples() / "photos_211640.json",
                               std::filesystem::copy_options::skip_existing, error);
    composition::Application application(folders);
    if (!application.start())
        return 1;
    std::unique_ptr<Scroller> scroller;
    QualityMover mover(application);
    isolate::RawReceivePort<std::int64_t> messages([](std::int64_t) { countMessage(); });

    const auto measure = [&] {
        static LoadDone before;
        static std::chrono::steady_clock::time_point began;
        before = loadDone();
        began = std::chrono::steady_clock::now();
        application.monitor().beginPhase(QStringLiteral("measured"));
        QTimer::singleShot(arguments.seconds * 1000, application.window(), [&] {
            const jank::PhaseSummary phase = application.monitor().endPhase();
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
            printFrames(phase, arguments.worst);
            if (arguments.worst)
                printStalls(application.monitor(), phase.span.start);
            print("monitor ui", application.monitor().uiCost() / 1000);
            printThroughput(arguments.plan, before, loadDone(), took.count());
            std::fflush(stdout);
            std::_Exit(0); // the load never ends
        });
    };
    const auto begin = [&] {
        scroller = std::make_unique<Scroller>(application);
        if (!scroller->ok())
            std::_Exit(1);
        scroller->start();
        if (arguments.mainIsolate)
            isolate::Runtime::current().setExecutionMode(isolate::ExecutionMode::mainIsolate);
        if (!startLoad(arguments.plan, messages.sendPort()))
            std::_Exit(1);
        QTimer::singleShot(warmUp, application.window(), measure);
    };
    QObject::connect(&application, &composition::Application::failed, [] { std::_Exit(1); });
    QObject::connect(&application, &composition::Application::ready, [&] {
        application.window()->setProperty("overlayVisible", true);
        if (arguments.preview)
            return openComparison(application, arguments.plan.inputs / "large.jpg", [&] {
                mover.start();
                QTimer::singleShot(warmUp, application.window(), measure);
            });
        application.window()->setProperty("currentPage", 1);
        application.session().generateFeed();
    });
    QObject::connect(&application.feed(), &ui::FeedModel::busyChanged, [&] {
        if (!application.feed().busy() && application.feed().count() > 0 && !scroller)
            QTimer::singleShot(0, application.window(), begin);
    });
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const Arguments arguments = parse(argc, argv);
    if (std::string problem = makeInputs(arguments.plan.inputs); !problem.empty()) {
        std::fprintf(stderr, "%s\n", problem.c_str());
        return 1;
    }
    const std::filesystem::path large = arguments.plan.inputs / "large.jpg";
    if (arguments.preview && !std::filesystem::exists(large) && !imaging::makePhoto(large, 6000, 4000, 24))
        return 1;
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    composition::keepFreedMemory(); // both ways alike
    if (!arguments.window) {
        QCoreApplication qt(argc, argv);
        return withoutWindow(arguments);
    }
    QApplication qt(argc, argv);
    return withWindow(arguments);
}
