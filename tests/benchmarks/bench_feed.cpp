// Opening and searching the photo feed of the demo, beside simdjson, Qt, Node and zlib. Each measurement is a process
// of its own; contenders take turns, so that what the machine does meanwhile hits all alike. The cores are those that
// this process is pinned to.
#include "benchmarks/figures.h"
#include "feed/feed_export.h"
#include "feed/feed_maker.h"
#include "feed/feed_parser.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

using namespace steadyframe;
namespace fs = std::filesystem;
using benchmarks::Figures;

namespace {

constexpr int rounds = 25;
constexpr int fewRounds = 5;
constexpr std::uint64_t manyRows = 2'000'000;
constexpr double million = 1e6;

/// A folder that goes with this object.
class WorkFolder {
public:
    WorkFolder()
        : m_path((fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path())
                 / ("steadyframe-bench-feed-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_path);
    }
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;
    ~WorkFolder() { fs::remove_all(m_path); }
    [[nodiscard]] fs::path operator/(const char *name) const { return m_path / name; }

private:
    fs::path m_path;
};

/// A feed, and the same packed.
struct Files {
    fs::path plain;
    fs::path packed;
    double megabytes = 0;

    Files(const WorkFolder &work, const char *name, std::uint64_t rows)
        : plain(work / name), packed(plain.native() + ".gz")
    {
        const auto bytes = feed::makeFeed(plain, {}, {.rows = rows});
        const auto table = feed::parseFeedFile(plain);
        if (!bytes || !table || !feed::exportFeed({.table = *table, .path = packed, .gzip = true})) {
            std::fprintf(stderr, "%s: the feed can't be written\n", plain.c_str());
            std::exit(1);
        }
        megabytes = static_cast<double>(*bytes) / million;
    }
};

/// The numbers that a process of its own prints; none when it failed.
std::vector<double> samplesOf(const std::string &task, const fs::path &file)
{
    const std::string command = task == "node" ? "node '" FEED_SCRIPTS "/node.mjs' '" + file.native() + "'"
                                               : "'" FEED_MEASURE "' " + task + " '" + file.native() + "'";
    return benchmarks::samplesOf(command);
}

double medianOf(std::vector<double> samples)
{
    if (samples.empty())
        return 0;
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::nth_element(samples.begin(), middle, samples.end());
    return *middle;
}

/// What takes part, and the milliseconds that each of its processes took.
struct Contender {
    std::string name;
    std::string task;
    fs::path file;
    std::vector<double> times{};
};

void takeTurns(std::vector<Contender> &contenders, int count)
{
    for (int round = 0; round < count; ++round) {
        for (Contender &contender : contenders) {
            const auto more = samplesOf(contender.task, contender.file);
            contender.times.insert(contender.times.end(), more.begin(), more.end());
        }
    }
}

void addSpeeds(Figures &figures, const std::vector<Contender> &contenders, double megabytes)
{
    for (const Contender &contender : contenders) {
        std::vector<double> speeds;
        for (const double time : contender.times)
            speeds.push_back(megabytes / time * 1000);
        if (speeds.empty())
            std::printf("  %s: was not measured\n", contender.name.c_str());
        else
            figures.add(contender.name, "MB/s", std::move(speeds));
    }
}

void addRatio(Figures &figures, const std::string &name, double a, double b, const char *toReach)
{
    if (a > 0 && b > 0) {
        figures.add(name, "times", {a / b});
        std::printf("      to reach: %s\n", toReach);
    }
}

void addTimes(Figures &figures, const std::string &name, const char *task, const fs::path &file, int count,
              const char *toReach)
{
    std::vector<Contender> one{{name, task, file}};
    takeTurns(one, count);
    if (one[0].times.empty())
        return;
    figures.add(name, "ms", one[0].times);
    std::printf("      to reach: %s\n", toReach);
}

} // namespace

int main(int argc, char **argv)
{
    Figures figures("feed", argc, argv);
    const WorkFolder work;
    const Files feed(work, "photos.json", feed::FeedMakerOptions().rows);
    std::printf("  211,640 rows, %.1f MB\n", feed.megabytes);

    std::vector<Contender> contenders{{"opening a feed", "open", feed.plain},
                                      {"simdjson to std::string", "simdjson-strings", feed.plain},
                                      {"simdjson to views", "simdjson-views", feed.plain},
                                      {"QJsonDocument", "qt", feed.plain},
                                      {"Node, JSON.parse", "node", feed.plain},
                                      {"opening it packed", "open", feed.packed},
                                      {"zlib's inflate alone", "inflate", feed.packed}};
    takeTurns(contenders, rounds);
    addSpeeds(figures, contenders, feed.megabytes);
    std::printf("      to reach: 700 MB/s\n");
    const auto time = [&](std::size_t i) { return medianOf(contenders[i].times); };
    addRatio(figures, "as fast as QJsonDocument", time(3), time(0), "7 times");
    addRatio(figures, "as fast as Node", time(4), time(0), "2 times");
    addRatio(figures, "as fast as simdjson to views", time(2), time(0), "no less");
    addRatio(figures, "packed, beside inflate alone", time(5), time(6), "1.15 times at most");
    addRatio(figures, "peak memory, beside the text", medianOf(samplesOf("memory", feed.plain)), 1,
             "1.3 times at most");
    addRatio(figures, "the same, packed", medianOf(samplesOf("memory", feed.packed)), 1, "1.3 times at most");

    addTimes(figures, "a search over all titles", "search", feed.plain, rounds, "8 ms");
    addTimes(figures, "a letter more of a search", "type", feed.plain, fewRounds, "8 ms");
    addTimes(figures, "its first results", "first", feed.plain, fewRounds, "a frame, 16.7 ms");
    addTimes(figures, "first results by title", "first-sorted", feed.plain, fewRounds, "a frame, 16.7 ms");
    addTimes(figures, "all results by title", "sorted", feed.plain, fewRounds, "no figure");

    const Files large(work, "many.json", manyRows);
    std::printf("  2,000,000 rows, %.1f MB\n", large.megabytes);
    std::vector<Contender> many{{"opening 2,000,000 rows", "open", large.plain},
                                {"opening 2,000,000 rows packed", "open", large.packed}};
    takeTurns(many, fewRounds);
    addSpeeds(figures, many, large.megabytes);
    const double growth = large.megabytes / feed.megabytes;
    addRatio(figures, "time a byte beside 211,640 rows", medianOf(many[0].times) / growth, time(0), "1: linear");
    addRatio(figures, "peak memory, beside the text", medianOf(samplesOf("memory", large.plain)), 1,
             "1.3 times at most");
    addTimes(figures, "a search over 2,000,000 titles", "search", large.plain, 2, "linear");
    addTimes(figures, "its first results", "first", large.plain, 1, "a frame, 16.7 ms");
    return figures.finish();
}
