// crash_worker FOLDER ENDPOINT TOKEN: library, compression, pipeline and uploads as the application has them, with no
// window. Picks FOLDER/photos unless that was recorded before, says "done" when all has arrived, and ends. Its parent
// kills it meanwhile.
#include "library/library_isolate.h"
#include "pipeline/pipeline.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace steadyframe;

namespace {

std::vector<std::string> g_arguments; // entries of isolates can't capture

isolate::Task<> work()
{
    const std::filesystem::path folder = g_arguments.at(0);
    auto opened = co_await library::startLibrary(folder / "library.sqlite");
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().message.c_str());
        std::_Exit(1);
    }
    pipeline::Config config;
    config.library = opened->port;
    config.resultFolder = folder / "results";
    config.compressions = 2;
    config.uploads = 3;
    const auto before = co_await library::ask(opened->port, library::QueryTotals{});
    std::uint64_t known = 0;
    for (const auto &state : before.byState)
        known += state.count;

    auto pipelinePort = co_await pipeline::startPipeline(std::move(config));
    upload::Target target{g_arguments.at(1), g_arguments.at(2)};
    target.name = "the receiver";
    pipelinePort.send(pipeline::UseTarget{target});
    if (known == 0)
        pipelinePort.send(pipeline::Pick{{(folder / "photos").native()}});

    isolate::ReceivePort<pipeline::Update> updates;
    pipelinePort.send(pipeline::Subscribe{updates.sendPort()});
    while (auto update = co_await updates.next()) {
        std::uint64_t all = 0;
        for (const auto &state : update->totals.byState)
            all += state.count;
        const auto failed = update->totals[library::PhotoState::failed].count;
        if (failed > 0) {
            std::printf("failed %lu\n", static_cast<unsigned long>(failed));
            break;
        }
        if (all > 0 && update->totals[library::PhotoState::uploaded].count == all) {
            std::printf("done\n");
            break;
        }
        update->applied.complete();
    }
    std::fflush(stdout);
    pipeline::Stop stop;
    auto stopped = stop.stopped.future();
    pipelinePort.send(std::move(stop));
    co_await std::move(stopped);
    std::_Exit(0); // the worst that may happen to what was recorded
}

} // namespace

int main(int argc, char **argv)
{
    g_arguments.assign(argv + 1, argv + argc);
    if (g_arguments.size() != 3)
        return 2;
    isolate::Runtime runtime;
    runtime.runMain([]() -> isolate::Task<> { co_await work(); });
    return 1;
}
