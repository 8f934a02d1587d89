// What a frame of the timeline costs with an hour of recording: ./dev bench timeline.
#include "benchmarks/figures.h"
#include "jank_monitor/timeline_picture.h"
#include "jank_monitor/timeline_range.h"
#include "ui/jank_monitor/synthetic_recording.h"

#include <chrono>
#include <cstdio>

using namespace jank;
using steadyframe::benchmarks::Figures;

namespace {

constexpr QSizeF Size{1'400, 620};
constexpr int FramesOfALevel = 40;

template <class Work>
double milliseconds(Work &&work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

int main(int argc, char **argv)
{
    Figures figures("timeline", argc, argv);
    RecordingStore store(RecordingLimits::hours());
    const SyntheticRecording hour{.frames = 216'000, .work = 300'000, .lanes = 12};
    hour.fill(store);
    TimelineScene scene;
    scene.size = Size;

    std::vector<double> looks;
    std::vector<double> follows;
    auto trace = std::make_shared<Trace>(store.snapshot(SyntheticRecording::Start + hour.length()));
    std::shared_ptr<const TraceIndex> index;
    const double whole = milliseconds([&] { index = TraceIndex::of(*trace); });
    for (int i = 0; i < FramesOfALevel; ++i) {
        looks.push_back(milliseconds(
            [&] { trace = std::make_shared<Trace>(store.snapshot(SyntheticRecording::Start + hour.length())); }));
        follows.push_back(milliseconds([&] { index = TraceIndex::of(*trace, index.get()); }));
    }
    figures.add("index an hour at once", "ms", {whole});
    figures.add("look at an hour", "ms", looks);
    figures.add("follow it by a refresh", "ms", follows);

    scene.trace = trace;
    scene.index = index;
    for (std::int64_t length = trace->span.length(); length > 2'000'000; length /= 4) {
        std::vector<double> times;
        std::size_t quads = 0;
        std::size_t visited = 0;
        for (int i = 0; i < FramesOfALevel; ++i) {
            const std::int64_t room = trace->span.length() - length;
            const std::int64_t start = trace->span.start + room / FramesOfALevel * i;
            scene.range = {start, start + length};
            times.push_back(milliseconds([&] {
                const TimelinePicture picture = drawTimeline(scene);
                quads = std::max(quads, picture.quads.size());
                visited = std::max(visited, picture.visited);
            }));
        }
        char name[96];
        std::snprintf(name, sizeof name, "pan over %.3f s (%zu rectangles, %zu looked at)",
                      static_cast<double>(length) / 1e9, quads, visited);
        figures.add(name, "ms a frame", times);
    }
    std::vector<double> zooms;
    scene.range = trace->span;
    for (int i = 0; i < 4 * FramesOfALevel; ++i) {
        scene.range = zoomedAt(scene.range, trace->span, trace->span.start + trace->span.length() / 3, 0.9);
        zooms.push_back(milliseconds([&] { (void)drawTimeline(scene); }));
    }
    figures.add("zoom from an hour to a frame", "ms a frame", zooms);
    std::vector<double> overviews;
    for (int i = 0; i < FramesOfALevel; ++i)
        overviews.push_back(milliseconds([&] { (void)drawOverview(scene); }));
    figures.add("the overview", "ms a frame", overviews);
    return figures.finish();
}
