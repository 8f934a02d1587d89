#include "command_line/compress_command.h"

#include "command_line/compress_options.h"
#include "command_line/find_jobs.h"
#include "command_line/report.h"
#include "command_line/stop_signals.h"
#include "recipe/preset_store.h"

#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <thread>

namespace steadyframe::command_line {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using imaging::ImagingErrc;
using imaging::ImagingError;

enum Exit { allDone = 0, someFailed = 1, calledWrongly = 2, missedTarget = 3, signalled = 128 };

struct Progress {
    std::size_t index = 0;
    double fraction = 0;
};

/// What a task gives back: a result without a name, or one that needs none.
struct Made {
    std::optional<recipe::Staged> staged;
    fs::path inTheWay; ///< what is there already, so that nothing was made
};
using Outcome = isolate::Result<Made, ImagingError>;

/// What all tasks share.
struct Setup {
    CompressOptions options;
    recipe::Workshop workshop;
};

recipe::OutputRule outputFor(const Job &job, const CompressOptions &options)
{
    recipe::OutputRule output = options.recipe.output;
    if (options.keepFolders)
        output.naming.subFolder = (fs::path(output.naming.subFolder) / job.below).native();
    return output;
}

Outcome compressOne(std::size_t index, Job job, std::shared_ptr<const Setup> setup, isolate::SendPort<Progress> to,
                    std::stop_token stop)
{
    if (!job.problem.empty())
        return ImagingError{ImagingErrc::io, job.problem};
    recipe::Recipe recipe = setup->options.recipe;
    recipe.output = outputFor(job, setup->options);
    if (fs::path existing = recipe::alreadyThere(job.file, recipe.output); !existing.empty())
        return Made{.staged = {}, .inTheWay = std::move(existing)};
    double told = 0;
    auto staged = recipe::stage(job.file, recipe, setup->workshop, std::move(stop), [&](double fraction) {
        if (fraction - told >= 0.05) {
            told = fraction;
            to.send({index, fraction});
        }
    });
    if (!staged)
        return std::move(staged).error();
    Made made;
    made.staged.emplace(std::move(*staged));
    return made;
}

/// Gives results their names in the order of the files, so that who gets which name does not hang on who was first.
FileOutcome nameResult(Outcome made, const Job &job, const Setup &setup)
{
    if (!made)
        return std::move(made).error();
    if (!made->staged) {
        recipe::Placed placed;
        placed.skipped = true;
        placed.result.path = std::move(made->inTheWay);
        return placed;
    }
    return recipe::place(std::move(*made->staged), outputFor(job, setup.options), setup.workshop);
}

isolate::Task<> compressAll(std::shared_ptr<const Setup> setup, std::vector<Job> jobs, std::stop_token cancelled,
                            isolate::Completer<RunTotals> done)
{
    std::stop_source stop;
    const std::stop_callback chain(cancelled, [stop]() mutable { stop.request_stop(); });
    Report report(setup->options);
    isolate::RawReceivePort<Progress> progress([&](Progress p) { report.progress(p.index, p.fraction); });
    isolate::Pool pool({.name = "compress", .workers = setup->options.jobs});
    report.begin(jobs.size());
    std::vector<isolate::Future<Outcome>> outcomes;
    outcomes.reserve(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i)
        outcomes.push_back(pool.submit(0, stop.get_token(), compressOne, i, jobs[i], setup, progress.sendPort()));
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        std::optional<Outcome> made;
        try {
            made.emplace(co_await std::move(outcomes[i]));
        } catch (const std::exception &) {
            made.emplace(imaging::cancelledError()); // before it began
        }
        report.finished(i, jobs[i].file, nameResult(std::move(*made), jobs[i], *setup));
        if (report.outputLost())
            stop.request_stop();
    }
    progress.close();
    report.end();
    done.complete(report.totals());
}

int exitCodeFor(const RunTotals &totals, int signal)
{
    if (signal != 0)
        return signalled + signal;
    if (totals.failed > 0 || totals.cancelled > 0)
        return someFailed;
    return totals.missed > 0 ? missedTarget : allDone;
}

/// The folder of the results is there in the end; otherwise a sentence, once, instead of one for each file.
std::string makeFolder(const recipe::OutputRule &output)
{
    if (output.place != recipe::OutputPlace::folder)
        return {};
    std::error_code error;
    fs::create_directories(output.folder, error);
    if (!error && !fs::is_directory(output.folder, error) && !error)
        error = std::make_error_code(std::errc::not_a_directory);
    return error ? output.folder.native() + ": " + imaging::writeError(error.value(), 0).message : "";
}

void printPresets(const fs::path &presetFile)
{
    const auto own = recipe::loadPresets(presetFile);
    if (!own)
        std::fprintf(stderr, "%s: %s\n", presetFile.c_str(), own.error().c_str());
    for (const auto &preset : own ? *own : std::vector<recipe::Preset>())
        std::printf("%s\n", preset.name.c_str());
    for (const auto &preset : recipe::builtInPresets())
        std::printf("%s\n", preset.name.c_str());
}

} // namespace

int runCompress(CompressCommand command)
{
    auto options = parseCompressOptions(command.arguments, command.presetFile);
    if (!options) {
        std::fprintf(stderr, "steadyframe compress: %s\n", options.error().c_str());
        return calledWrongly;
    }
    if (options->help) {
        std::printf("%s", compressUsage().c_str());
        return allDone;
    }
    if (options->listPresets) {
        printPresets(command.presetFile);
        return allDone;
    }
    std::signal(SIGPIPE, SIG_IGN); // whoever read the output has gone: that is told by the writing
    // A list on the standard input may never come: until it is there a signal simply ends the process.
    auto paths = namedPaths(*options);
    if (!paths) {
        std::fprintf(stderr, "steadyframe compress: %s\n", paths.error().c_str());
        return calledWrongly;
    }
    const auto started = Clock::now();
    std::stop_source stop;
    const StopSignals signals(stop);
    Jobs jobs = findJobs(*paths, options->recipe.output, stop.get_token());
    if (const std::string problem = jobs.all.empty() ? "" : makeFolder(options->recipe.output); !problem.empty()) {
        std::fprintf(stderr, "steadyframe compress: %s\n", problem.c_str());
        return calledWrongly;
    }
    if (options->jobs == 0)
        options->jobs = std::max(1U, std::thread::hardware_concurrency());
    if (options->recipe.output.naming.ifExists == recipe::IfExists::overwrite) {
        std::vector<std::string> files;
        for (const Job &job : jobs.all)
            files.push_back(job.file);
        command.workshop.originals = std::make_shared<const recipe::Originals>(recipe::originalsAmong(files));
    }
    const unsigned threads = options->jobs;
    const std::size_t leftOut = jobs.leftOut;
    auto setup = std::make_shared<const Setup>(Setup{std::move(*options), std::move(command.workshop)});
    // Nothing else of this process wants the processor.
    isolate::Runtime runtime({.poolThreads = threads, .backgroundNice = 0});
    isolate::Completer<RunTotals> done;
    auto totals = done.future();
    runtime.runMain(compressAll, setup, std::move(jobs.all), stop.get_token(), std::move(done));
    RunTotals reached = totals.get();
    reached.leftOut = leftOut;
    const int code = exitCodeFor(reached, signals.received());
    printSummary(setup->options, reached, std::chrono::duration<double>(Clock::now() - started).count(), code);
    return code;
}

} // namespace steadyframe::command_line
