// The library: how fast photos are recorded, changed and paged, also when there are a million.
#include "benchmarks/figures.h"
#include "library/database.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

using namespace steadyframe;
using namespace steadyframe::library;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t all = 1'000'000;
constexpr std::size_t batch = 256; // as the pipeline records them
constexpr std::uint32_t page = 500;
constexpr int samples = 50;

template <class T>
T checked(isolate::Result<T, LibraryError> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(result).value();
}

double since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<NewPhoto> picks(std::size_t first, std::size_t count)
{
    std::vector<NewPhoto> photos;
    for (std::size_t i = first; i < first + count; ++i)
        photos.push_back({"/home/somebody/Pictures/2024/holiday/photo-" + std::to_string(i) + ".jpg", 4'000'000, {}});
    return photos;
}

} // namespace

int main(int argc, char **argv)
{
    benchmarks::Figures figures("library", argc, argv);
    const auto folder
        = std::filesystem::temp_directory_path() / ("steadyframe-bench-library-" + std::to_string(::getpid()));
    const auto path = folder / "library.sqlite";
    {
        auto database = checked(Database::open(path));
        std::vector<double> rates;
        for (std::size_t done = 0; done < all; done += batch) {
            const auto photos = picks(done, batch);
            const auto start = Clock::now();
            checked(database.addPhotos(photos));
            rates.push_back(static_cast<double>(batch) / since(start));
        }
        const std::vector<double> first(rates.begin(), rates.begin() + 100);
        figures.add("recorded, into an empty library", "rows/s", first);
        figures.add("recorded, up to a million", "rows/s", rates);
    }
    const auto opening = Clock::now();
    auto database = checked(Database::open(path));
    figures.add("opened and checked, a million", "ms", {since(opening) * 1000});

    std::vector<double> pages, states, changes, arrivals;
    for (int i = 0; i < samples; ++i) {
        const auto position = static_cast<std::int64_t>(all / samples) * i;
        auto start = Clock::now();
        const auto found = checked(database.page(position, page));
        pages.push_back(since(start) * 1000);
        start = Clock::now();
        checked(database.pageInState(PhotoState::queued, position, page));
        states.push_back(since(start) * 1000);

        std::vector<PhotoChange> steps;
        for (const PhotoRecord &record : found)
            steps.push_back({.id = record.id, .state = PhotoState::compressing});
        start = Clock::now();
        checked(database.apply(steps));
        changes.push_back(static_cast<double>(steps.size()) / since(start));
        start = Clock::now();
        checked(database.arrival("nowhere", std::string(64, 'a')));
        arrivals.push_back(since(start) * 1e6);
    }
    figures.add("a page of 500 of a million", "ms", pages);
    figures.add("a page of 500 of one state", "ms", states);
    figures.add("changed", "rows/s", changes);
    figures.add("whether a content arrived", "us", arrivals);
    std::filesystem::remove_all(folder);
    return figures.finish();
}
