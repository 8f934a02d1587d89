// Parsing the photo feed of the demo, 211,640 rows in about 35 MB.
#include "benchmarks/figures.h"
#include "feed/feed_maker.h"
#include "feed/feed_parser.h"

#include <chrono>
#include <cstdio>
#include <filesystem>

using namespace steadyframe;

int main(int argc, char **argv)
{
    benchmarks::Figures figures("feed", argc, argv);
    const auto path = std::filesystem::temp_directory_path() / "steadyframe-bench-feed.json";
    const auto bytes = feed::makeFeed(path);
    if (!bytes) {
        std::fprintf(stderr, "%s: the feed can't be written\n", path.c_str());
        return 1;
    }

    bool parsed = true;
    const auto parse = [&] {
        const auto start = std::chrono::steady_clock::now();
        parsed = parsed && feed::parseFeedFile(path).ok();
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    };
    benchmarks::interleave(figures, 40, {{"a feed of 35 MB, read and parsed", "ms", parse}});
    std::filesystem::remove(path);
    if (!parsed) {
        std::fprintf(stderr, "the feed was not parsed\n");
        return 1;
    }
    return figures.finish();
}
