// Frames under load: the application's own window scrolls 211,640 rows for a minute beside each kind of work, beside
// all of it, and beside all of it on the main isolate. Each stretch is a process of its own.
#include "benchmarks/figures.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

using steadyframe::benchmarks::Figures;

namespace {

using Values = std::map<std::string, double>;

struct Stretch {
    std::string name;
    std::string words; // for frames_window
};

/// What one process printed; empty when it failed.
Values run(const std::string &command)
{
    Values values;
    FILE *pipe = ::popen(command.c_str(), "r");
    if (!pipe)
        return values;
    char name[64];
    for (double value = 0; std::fscanf(pipe, " %63[^\t]\t%lf", name, &value) == 2;)
        values[name] = value;
    if (::pclose(pipe) != 0)
        values.clear();
    return values;
}

/// Seconds that the machine's host has kept processors from it since it was started; 0 where the system doesn't tell.
double stolenSeconds()
{
    std::ifstream file("/proc/stat");
    std::string word;
    double ticks = 0;
    file >> word;
    for (int i = 0; i < 8; ++i)
        file >> ticks; // the eighth is what was stolen
    return file ? ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)) : 0;
}

const std::map<std::string, std::string> units{
    {"drawn", "frames"},  {"missed", "vsyncs"}, {"missed by ui", "vsyncs"}, {"hitch ratio", "ms/s"},
    {"p50", "ms"},        {"p99", "ms"},        {"longest", "ms"},          {"two late", "frames"},
    {"stall", "ms"},      {"monitor ui", "us"}, {"photos", "1/s"},          {"feeds", "1/s"},
    {"files", "1/s"},     {"messages", "1/s"},  {"cpu photos", "s/s"},      {"cpu feeds", "s/s"},
    {"cpu files", "s/s"}, {"stolen", "ms/s"},
};

void say(const char *what, double reached, const char *unit, double bound, bool atMost)
{
    const bool met = atMost ? reached <= bound : reached >= bound;
    std::printf("  %-58s %8.2f %-5s (to reach: %s %g) %s\n", what, reached, unit, atMost ? "<=" : ">=", bound,
                met ? "reached" : "NOT REACHED");
}

} // namespace

int main(int argc, char **argv)
{
    Figures figures("frames", argc, argv);
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / "steadyframe-bench-frames";
    const std::string seconds = std::to_string(figures.secondsOr(60));
    const std::vector<Stretch> stretches{
        {"idle", ""},
        {"compressing", "compress"},
        {"parsing", "parse"},
        {"uploading", "upload"},
        {"400,000 messages a second", "messages"},
        {"all at once", "compress parse upload messages"},
        {"all at once, no window", "compress parse upload messages no-window"},
        {"before and after of 24 megapixels, quality moving", "preview"},
        {"all at once on the main isolate", "compress parse upload messages main"},
    };
    std::map<std::string, Values> all;
    for (const Stretch &stretch : stretches) {
        std::filesystem::remove_all(folder / "outputs");
        const double stolenBefore = stolenSeconds();
        const auto begin = std::chrono::steady_clock::now();
        Values values
            = run(std::string("'" FRAMES_PROGRAM "' '") + folder.native() + "' " + seconds + ' ' + stretch.words);
        if (values.empty()) {
            std::fprintf(stderr, "%s: could not be measured\n", stretch.name.c_str());
            return 1;
        }
        // No window can help a processor that is not there: to be read beside the hitch ratio.
        const std::chrono::duration<double> length = std::chrono::steady_clock::now() - begin;
        values["stolen"] = 1000 * (stolenSeconds() - stolenBefore) / length.count();
        for (const auto &[name, value] : values)
            figures.add(stretch.name + ": " + name, units.at(name), {value});
        all[stretch.name] = values;
    }
    std::filesystem::remove_all(folder / "outputs");

    const Values &idle = all["idle"];
    const Values &busy = all["all at once"];
    const Values &alone = all["all at once, no window"];
    std::printf("\n");
    say("hitch ratio, all at once, above idle", busy.at("hitch ratio") - idle.at("hitch ratio"), "ms/s", 1, true);
    say("frames later than two intervals, all at once", busy.at("two late"), "", 0, true);
    // The kinds of work share the processors, and which of them gets how much is the system's choice from run to run:
    // what counts is the work of all together, a photo, a feed and a file each taken at what it costs with no window.
    double done = 0;
    double doneAlone = 0;
    for (const std::string work : {"photos", "feeds", "files"}) {
        const double cost = alone.at("cpu " + work) / alone.at(work);
        done += busy.at(work) * cost;
        doneAlone += alone.at(work) * cost;
    }
    say("photos, feeds and files, of what is done with no window", 100 * done / doneAlone, "%", 90, false);
    say("messages a second, of what is done with no window", 100 * busy.at("messages") / alone.at("messages"), "%", 90,
        false);
    std::printf("\n");
    for (const char *work : {"photos", "feeds", "files"})
        std::printf("  %-58s %8.2f %%\n", (std::string(work) + " by themselves, likewise").c_str(),
                    100 * busy.at(work) / alone.at(work));
    return figures.finish();
}
