// The engine as one of the workers of bench_imaging: reads lines "TASK QUALITY IN_FLIGHT COUNT SOURCE...", does that in
// isolates of a pool, and answers each with "SECONDS PATH-OF-THE-LAST-RESULT".
// imaging_worker FOLDER-OF-RESULTS
// imaging_worker FOLDER-OF-RESULTS memory COUNT SOURCE... : prints the seconds and the resident megabytes of each
// hundredth part of the way
#include "benchmarks/imaging/libjpeg_limit.h"
#include "imaging/compress.h"

#include <isolate_core/pool.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace steadyframe;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Order {
    std::string task;
    int quality = 80;
    std::string source;
    std::string results;
    std::string stem;
};

imaging::CompressSettings settingsFor(const Order &order)
{
    imaging::CompressSettings settings;
    settings.target.quality = order.quality;
    if (order.task == "resize")
        settings.resize = imaging::ResizeRule::toLongestSide(720);
    if (order.task == "bytes") {
        settings.target.kind = imaging::TargetKind::bytes;
        settings.target.bytes = 200 * 1024; // what jpegoptim means by 200 kilobytes
        settings.target.floor = 1; // as low as jpegoptim goes
    }
    return settings;
}

/// The path of the result; the program ends where there is none.
std::string compress(Order order)
{
    if (order.task == "limit") {
        std::string path = order.results + "/" + order.stem + ".jpg";
        if (benchmarks::decodeAndEncode(order.source, path, order.quality))
            return path;
        std::fprintf(stderr, "%s: libjpeg can't do it\n", order.source.c_str());
        std::_Exit(1);
    }
    auto result = imaging::compressFile(order.source, order.results, order.stem, settingsFor(order), {});
    if (!result) {
        std::fprintf(stderr, "%s: %s\n", order.source.c_str(), result.error().message.c_str());
        std::_Exit(1);
    }
    return result->path.string();
}

std::string compressAll(const std::string &results, const std::string &task, int quality, unsigned inFlight, int count,
                        const std::vector<std::string> &sources)
{
    isolate::Pool pool({.name = "compress", .workers = inFlight});
    std::vector<isolate::Future<std::string>> futures;
    for (int i = 0; i < count; ++i)
        futures.push_back(pool.submit(compress,
                                      Order{task, quality, sources[static_cast<std::size_t>(i) % sources.size()],
                                            results, std::to_string(i % 64)}));
    std::string last;
    for (auto &future : futures)
        last = future.get();
    return last;
}

/// "VmHWM" or "VmRSS" of this process, in megabytes.
double megabytes(const std::string &what)
{
    std::FILE *file = std::fopen("/proc/self/status", "r");
    char line[256];
    double value = 0;
    while (file && std::fgets(line, sizeof line, file)) {
        if (std::string(line).starts_with(what + ":"))
            value = std::atof(line + what.size() + 1) / 1024;
    }
    if (file)
        std::fclose(file);
    return value;
}

int measureMemory(const std::string &results, int count, const std::vector<std::string> &sources)
{
    const int parts = std::min(count, 5);
    for (int part = 0; part < parts; ++part) {
        const auto start = Clock::now();
        static_cast<void>(compressAll(results, "full", 80, 2, count / parts, sources));
        std::printf("%.6f %.3f %.3f\n", secondsSince(start), megabytes("VmRSS"), megabytes("VmHWM"));
    }
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    const std::string results = argv[1];
    if (argc > 4 && std::string(argv[2]) == "memory")
        return measureMemory(results, std::atoi(argv[3]), {argv + 4, argv + argc});
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string task;
        int quality = 0, count = 0;
        unsigned inFlight = 0;
        words >> task >> quality >> inFlight >> count;
        std::vector<std::string> sources;
        for (std::string source; words >> source;)
            sources.push_back(source);
        if (sources.empty())
            return 2;
        const auto start = Clock::now();
        const std::string last = compressAll(results, task, quality, inFlight, count, sources);
        std::printf("%.6f %s\n", secondsSince(start), last.c_str());
        std::fflush(stdout);
    }
    return 0;
}
