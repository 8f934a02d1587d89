// How well the model of one thread foretells what the main isolate really misses, for each kind of work, in the real
// window. The bound is 10 % of the measured missed frames.
#include "benchmarks/figures.h"

#include "composition/application.h"

#include <QApplication>
#include <QQuickStyle>
#include <QTemporaryDir>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace steadyframe;
using steadyframe::benchmarks::Figures;

namespace {

constexpr double bound = 0.10;
constexpr int rounds = 5;

/// What the model says of the run on the main isolate when it is given the jobs of that very run, as long as they took
/// by the clock: its own error, without that of foretelling how long they take.
double modelOfItself(composition::ComparisonRound round)
{
    round.isolates.work = round.mainIsolate.work;
    round.isolates.alone.clear();
    for (jank::WorkInterval &job : round.isolates.work) {
        job.cpu = job.end - job.start;
        job.start = round.isolates.phase.span.start; // all were waiting
    }
    return static_cast<double>(composition::predictOf(round).framesMissed);
}

/// Milliseconds that the jobs took by the clock.
double lengthOf(const std::vector<jank::WorkInterval> &work)
{
    std::int64_t sum = 0;
    for (const jank::WorkInterval &job : work)
        sum += job.end - job.start;
    return static_cast<double>(sum) / 1e6;
}

bool compare(Figures &figures, composition::Application &application, ui::ComparisonModel::Kind kind,
             const std::string &name)
{
    QEventLoop loop;
    bool succeeded = false;
    QObject::connect(&application, &composition::Application::comparisonEnded, &loop, [&](bool good) {
        succeeded = good;
        loop.quit();
    });
    application.comparison().chooseKind(kind);
    application.comparison().chooseRounds(rounds);
    QMetaObject::invokeMethod(&application.comparison(), &ui::ComparisonModel::start, Qt::QueuedConnection);
    loop.exec();
    if (!succeeded) {
        std::printf("  %s: %s\n", name.c_str(), qUtf8Printable(application.comparison().text()));
        return false;
    }
    const composition::ComparisonResult &result = application.comparisonResult();
    std::vector<double> predicted, modelled, measured, beside, idle, waited, alone, onMain;
    for (const composition::ComparisonRound &round : result.rounds) {
        predicted.push_back(static_cast<double>(round.predicted.framesMissed));
        modelled.push_back(modelOfItself(round));
        measured.push_back(round.mainIsolate.phase.statistics.framesMissed);
        beside.push_back(round.isolates.phase.statistics.framesMissed);
        idle.push_back(round.idle.phase.statistics.framesMissed);
        waited.push_back(round.mainIsolate.waitedMs);
        alone.push_back(lengthOf(round.isolates.alone));
        onMain.push_back(lengthOf(round.mainIsolate.work));
    }
    figures.add(name + ": missed, predicted", "frames", predicted);
    figures.add(name + ": missed, modelled from its own jobs", "frames", modelled);
    figures.add(name + ": missed on the main isolate", "frames", measured);
    figures.add(name + ": missed in isolates", "frames", beside);
    figures.add(name + ": missed idle", "frames", idle);
    figures.add(name + ": main isolate waited for a processor", "ms", waited);
    figures.add(name + ": its jobs one at a time beside the window", "ms", alone);
    figures.add(name + ": its jobs on the main isolate", "ms", onMain);
    const double error = result.predictionError();
    figures.add(name + ": error of the prediction", "%", {100 * error});
    std::printf("  %-42s %s\n", (name + ": within 10 %").c_str(), std::abs(error) <= bound ? "yes" : "NO");
    return std::abs(error) <= bound;
}

} // namespace

int main(int argc, char **argv)
{
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QGuiApplication::setApplicationName(QStringLiteral("steadyframe-bench"));
    QApplication qt(argc, argv);
    Figures figures("prediction", argc, argv);

    const QTemporaryDir folder;
    composition::AppFolders folders;
    folders.root = folder.path().toStdString();
    composition::Application application(folders);
    bool ready = false;
    QEventLoop starting;
    QObject::connect(&application, &composition::Application::ready, &starting, [&] {
        ready = true;
        starting.quit();
    });
    QObject::connect(&application, &composition::Application::failed, &starting, &QEventLoop::quit);
    if (!application.start())
        return 1;
    starting.exec();
    if (!ready)
        return 1;
    application.window()->setProperty("currentPage", 2); // where a person would see it

    using Model = ui::ComparisonModel;
    bool within = true;
    for (const auto &[kind, name] : {std::pair{Model::Compression, "compression"}, std::pair{Model::Parsing, "parsing"},
                                     std::pair{Model::Mix, "mix"}})
        within = compare(figures, application, kind, name) && within;
    application.shutDown();
    const int written = figures.finish();
    return within ? written : 1;
}
