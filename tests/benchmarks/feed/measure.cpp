// One measurement of bench_feed, in a process of its own: prints milliseconds, or megabytes, a number a line.
#include "feed/feed_parser.h"
#include "feed/feed_view.h"
#include "peers.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

using namespace steadyframe;
using namespace steadyframe::benchmarks;

namespace {

/// The most memory that this process has had, in bytes.
std::uint64_t peakBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:"))
            return std::stoull(line.substr(6)) * 1024;
    }
    return 0;
}

int timed(const std::function<bool()> &work)
{
    const auto start = std::chrono::steady_clock::now();
    const bool worked = work();
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    std::printf("%f\n", taken.count());
    return worked ? 0 : 1;
}

/// What people look for: words of many and of few photos, several, parts of words, numbers, and what is not there.
constexpr const char *searches[]
    = {"lorem", "a",       "beatae vitae", "NOSTRUD", "quis ut",          "velit esse cillum",
       "4711",  "nowhere", "ullam",        "x",       "laudantium dolor", "sit"};

int search(const char *path)
{
    const auto table = feed::parseFeedFile(path);
    if (!table)
        return 1;
    for (const char *text : searches)
        std::printf("%f\n", feed::findMatches({.table = *table, .text = text}).milliseconds);
    return 0;
}

/// Letter by letter, as people type, each answer after the one before; or only the first part of each. By title if so
/// asked, whose order is not known at first.
int type(const char *path, bool firstPart, feed::FeedColumn sort)
{
    const auto table = feed::parseFeedFile(path);
    if (!table)
        return 1;
    for (const std::string_view text : searches) {
        feed::FeedSearcher searcher;
        for (std::size_t length = 1; length <= text.size(); ++length) {
            double first = -1;
            double whole = 0;
            searcher.answer({.table = *table, .text = std::string(text.substr(0, length)), .sort = sort}, {},
                            [&](const feed::FeedMatches &matches) {
                                first = first < 0 ? matches.milliseconds : first;
                                whole = matches.milliseconds;
                            });
            std::printf("%f\n", firstPart ? first : whole);
        }
    }
    return 0;
}

/// The most memory of opening a feed, by its text.
int memory(const char *path)
{
    const auto before = peakBytes();
    const auto table = feed::parseFeedFile(path);
    if (!table)
        return 1;
    const auto textBytes = static_cast<double>((*table)->facts().textBytes);
    std::printf("%f\n", static_cast<double>(peakBytes() - before) / textBytes);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const std::string_view task = argv[1];
    const char *path = argv[2];
    if (task == "open")
        return timed([&] { return feed::parseFeedFile(path).ok(); });
    if (task == "simdjson-strings")
        return timed([&] { return readWithSimdjsonToStrings(path) > 0; });
    if (task == "simdjson-views")
        return timed([&] { return readWithSimdjsonToViews(path) > 0; });
    if (task == "qt")
        return timed([&] { return readWithQt(path) > 0; });
    if (task == "inflate")
        return timed([&] { return inflateAlone(path) > 0; });
    if (task == "memory")
        return memory(path);
    if (task == "search")
        return search(path);
    if (task == "type")
        return type(path, false, feed::FeedColumn::feedOrder);
    if (task == "first")
        return type(path, true, feed::FeedColumn::feedOrder);
    if (task == "first-sorted")
        return type(path, true, feed::FeedColumn::title);
    if (task == "sorted")
        return type(path, false, feed::FeedColumn::title);
    return 2;
}
