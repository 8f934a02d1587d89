// The compression of photos beside sharp, libvips, ImageMagick, jpegoptim and libjpeg-turbo itself. Contenders take
// turns, so that what the machine does meanwhile hits all alike; files lie in memory, so that no disk is measured.
// Each contender's quality is chosen so that its results are as long as ours; how near, and how like the original the
// results are, is printed and recorded. The cores are those that this process is pinned to.
#include "benchmarks/figures.h"
#include "benchmarks/imaging/engines.h"
#include "benchmarks/imaging/likeness.h"
#include "imaging/photo_maker.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <unistd.h>

using namespace steadyframe;
using namespace steadyframe::benchmarks;
namespace fs = std::filesystem;

namespace {

constexpr int rounds = 7;
const std::string programs = IMAGING_PROGRAMS; // a folder
const std::string scripts = IMAGING_SCRIPTS;

/// A folder in memory where there is one, which goes with this object.
class WorkFolder {
public:
    WorkFolder()
        : m_path((fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path())
                 / ("steadyframe-bench-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_path);
    }
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;
    ~WorkFolder() { fs::remove_all(m_path); }
    [[nodiscard]] std::string operator/(const std::string &name) const { return (m_path / name).string(); }

private:
    fs::path m_path;
};

std::string madePhoto(const WorkFolder &work, int width, int height, std::uint64_t seed)
{
    std::string path = work / (std::to_string(width) + "x" + std::to_string(height) + ".jpg");
    if (!fs::exists(path)) {
        std::printf("  making a photo of %d by %d\n", width, height);
        if (!imaging::makePhoto(path, width, height, seed)) {
            std::fprintf(stderr, "%s: can't be made\n", path.c_str());
            std::exit(1);
        }
    }
    return path;
}

/// All that take part: ours first.
std::vector<Engine> engines(const WorkFolder &work, const Figures &figures)
{
    const auto results = [&](const std::string &name) {
        fs::create_directories(work / name);
        return work / name;
    };
    std::vector<Engine> all{worker("steadyframe", {programs + "/imaging_worker", results("ours")})};
    if (!figures.withPeers())
        return all;
    const std::string sharp = programs + "/sharp";
    if (!fs::exists(sharp + "/node_modules/sharp")) {
        fs::create_directories(sharp);
        std::ofstream(sharp + "/package.json") << "{}\n"; // without it npm looks in the folders above
        std::printf("  installing sharp from npm: %s\n",
                    outputOf({"npm", "install", "--no-audit", "--no-fund", "--prefix", sharp, "sharp"}).empty()
                        ? "failed, so it is not measured"
                        : "done");
    }
    if (fs::exists(sharp + "/node_modules/sharp")) {
        for (const std::string threads : {"1", "2"})
            all.push_back(worker("sharp, " + threads + (threads == "1" ? " thread" : " threads"),
                                 {"node", scripts + "/sharp.mjs", sharp, threads, results("sharp" + threads)}));
    }
    if (isThere("vipsthumbnail"))
        all.push_back(commandLine("vipsthumbnail", work / "vips", [](const Order &order, const std::string &to) {
            return std::vector<std::string>{"vipsthumbnail", "--size",
                                            order.task == "resize" ? "720x720>" : "65500x65500>", "--output",
                                            to + "/%s.jpg[Q=" + std::to_string(order.quality) + ",optimize_coding]"};
        }));
    if (isThere("mogrify"))
        all.push_back(commandLine("ImageMagick", work / "magick", [](const Order &order, const std::string &to) {
            std::vector<std::string> words{"mogrify", "-path", to};
            if (order.task == "resize") // which is what makes it decode at a reduced size, too
                words = {"mogrify", "-define", "jpeg:size=1440x1440", "-path", to, "-filter", "Lanczos",
                         "-resize", "720x720"};
            for (const std::string &word : {std::string("-sampling-factor"), std::string("2x2,1x1,1x1"),
                                            std::string("-quality"), std::to_string(order.quality)})
                words.push_back(word);
            return words;
        }));
    if (isThere("jpegoptim"))
        all.push_back(commandLine("jpegoptim", work / "jpegoptim", [](const Order &order, const std::string &to) {
            return std::vector<std::string>{
                "jpegoptim",
                "--quiet",
                "--overwrite",
                "--force",
                "--dest=" + to,
                order.task == "bytes" ? std::string("--size=200") : "--max=" + std::to_string(order.quality)};
        }));
    return all;
}

bool canDo(const Engine &engine, const std::string &task)
{
    if (engine.name == "steadyframe")
        return true;
    if (engine.name == "jpegoptim")
        return task != "resize";
    return task != "bytes";
}

/// The quality at which an engine's result is as long as ours, to within 1 % where a whole number gives that.
int matchingQuality(const Engine &engine, Order order, double wanted)
{
    order.inFlight = order.count = 1;
    int best = order.quality;
    double bestOff = 1e9;
    // Sizes grow with quality, so walk towards ours and stop behind it.
    std::map<int, double> seen;
    for (int quality = order.quality, step = 0; quality >= 1 && quality <= 100 && !seen.contains(quality);
         quality += step) {
        order.quality = quality;
        const std::string result = engine.run(order).result;
        if (result.empty())
            return 0;
        const double off = static_cast<double>(fs::file_size(result)) / wanted - 1;
        seen[quality] = off;
        if (std::abs(off) < bestOff) {
            bestOff = std::abs(off);
            best = quality;
        }
        const int towards = off > 0 ? -1 : 1;
        if (step != 0 && towards != step)
            break;
        step = towards;
    }
    return best;
}

struct Entrant {
    Engine engine;
    Order order;
    std::string name;
    std::vector<double> rates;
};

/// Sizes and similarity of what each makes of `order`'s first source; sets the qualities. Those who fail are left out.
std::vector<Entrant> matched(Figures &figures, const std::string &title, const std::vector<Engine> &all,
                             const Order &order)
{
    std::vector<Entrant> entrants;
    std::map<std::string, Gray> references;
    const Gray original = readGray(order.sources.front());
    double ours = 0;
    for (const Engine &engine : all) {
        if (!canDo(engine, order.task))
            continue;
        Order one = order;
        one.count = 1;
        if (ours > 0 && order.task != "bytes")
            one.quality = matchingQuality(engine, one, ours);
        const std::string result = one.quality > 0 ? engine.run(one).result : std::string();
        if (result.empty()) {
            std::printf("  %s: %s failed and is left out\n", title.c_str(), engine.name.c_str());
            continue;
        }
        const auto bytes = static_cast<double>(fs::file_size(result));
        if (ours == 0)
            ours = bytes;
        const Gray picture = readGray(result);
        const std::string size = std::to_string(picture.width) + "x" + std::to_string(picture.height);
        if (!references.contains(size))
            references[size] = shrunk(original, picture.width, picture.height);
        const std::string who = title + ": " + engine.name;
        std::printf("  %-42s %s at quality %d, %+.1f %% of our size\n", who.c_str(), size.c_str(), one.quality,
                    (bytes / ours - 1) * 100);
        figures.add(who + ", size", "B", {bytes});
        figures.add(who + ", similarity", "ssim", {similarity(picture, references[size])});
        for (const int inFlight : {1, 2}) {
            one.inFlight = inFlight;
            entrants.push_back({engine, one, who + ", " + std::to_string(inFlight) + " in flight", {}});
        }
    }
    return entrants;
}

/// Our rate, round by round, by that of the best of those whose name begins with `peer`.
void compareWith(Figures &figures, const std::string &title, const std::vector<Entrant> &entrants,
                 const std::string &peer)
{
    const auto median = [](std::vector<double> samples) {
        std::ranges::nth_element(samples, samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2));
        return samples[samples.size() / 2];
    };
    for (const int inFlight : {1, 2}) {
        const Entrant *ours = nullptr, *best = nullptr;
        for (const Entrant &entrant : entrants) {
            if (entrant.order.inFlight != inFlight || entrant.rates.empty())
                continue;
            if (entrant.engine.name == "steadyframe")
                ours = &entrant;
            else if (entrant.engine.name.starts_with(peer) && (!best || median(entrant.rates) > median(best->rates)))
                best = &entrant;
        }
        if (!ours || !best)
            continue;
        std::vector<double> ratios;
        for (std::size_t i = 0; i < ours->rates.size(); ++i)
            ratios.push_back(ours->rates[i] / best->rates[i]);
        figures.add(title + ": ours by " + best->engine.name + ", " + std::to_string(inFlight) + " in flight", "x",
                    std::move(ratios));
    }
}

/// One task: matched, then measured in turn.
std::vector<Entrant> measure(Figures &figures, const std::string &title, const std::vector<Engine> &all,
                             const Order &order)
{
    auto entrants = matched(figures, title, all, order);
    const double seconds = figures.secondsOr(1);
    for (Entrant &entrant : entrants) { // once unmeasured, and to learn how many pictures a stretch takes
        entrant.order.count = 4 * entrant.order.inFlight;
        const double took = entrant.engine.run(entrant.order).seconds;
        entrant.order.count
            = std::clamp(static_cast<int>(entrant.order.count * seconds / took), 2 * entrant.order.inFlight, 400);
    }
    for (int round = 0; round < rounds; ++round) {
        for (Entrant &entrant : entrants)
            entrant.rates.push_back(entrant.order.count / entrant.engine.run(entrant.order).seconds);
    }
    for (const Entrant &entrant : entrants)
        figures.add(entrant.name, "pictures/s", entrant.rates);
    for (const std::string peer : {"sharp", "vipsthumbnail", "ImageMagick", "jpegoptim"})
        compareWith(figures, title, entrants, peer);
    return entrants;
}

/// libjpeg-turbo alone, inside a program and as its own benchmark measures it.
void measureLimit(Figures &figures, const WorkFolder &work, const std::vector<Engine> &all, const std::string &photo)
{
    const Engine &ours = all.front();
    Order full{"full", 80, 1, 20, {photo}};
    Order limit{"limit", 80, 1, 20, {photo}};
    std::vector<double> engine, libjpeg, ratio;
    for (int round = 0; round <= rounds; ++round) {
        const double a = 1000 * ours.run(full).seconds / full.count, b = 1000 * ours.run(limit).seconds / limit.count;
        if (round == 0)
            continue;
        engine.push_back(a);
        libjpeg.push_back(b);
        ratio.push_back(a / b);
    }
    figures.add("near the limit: full size by steadyframe", "ms", engine);
    figures.add("near the limit: the same by libjpeg alone", "ms", libjpeg);
    figures.add("near the limit: ours by libjpeg's time", "times", ratio);
    const std::string ppm = work / "photo.ppm";
    if (!figures.withPeers() || !isThere("tjbench") || !writePpm(photo, ppm))
        return;
    const Gray size = readGray(photo);
    std::vector<double> turbo, turboRatio;
    for (int round = 0; round < rounds; ++round) {
        const std::string text = outputOf(
            {"tjbench", ppm, "80", "-subsamp", "420", "-benchtime", "0.5", "-warmup", "0.1", "-nowrite", "-quiet"});
        // The last line with figures: format, order, sampling, quality, width, height, encoding, ratio, decoding.
        std::istringstream lines(text);
        for (std::string line, skip; std::getline(lines, line);) {
            std::istringstream words(line);
            double encoding = 0, decoding = 0;
            if (words >> skip >> skip >> skip >> skip >> skip >> skip >> encoding >> skip >> decoding) {
                const double megapixels = size.width * static_cast<double>(size.height) / 1e6;
                turbo.push_back(1000 * (megapixels / encoding + megapixels / decoding));
                turboRatio.push_back(1000 * ours.run(full).seconds / full.count / turbo.back());
            }
        }
    }
    if (turbo.empty())
        return;
    figures.add("near the limit: tjbench (RGB, standard Huffman)", "ms", turbo);
    figures.add("near the limit: ours by tjbench's time", "times", turboRatio);
}

/// `count` pictures in a process of their own, in five parts.
void measureMemory(Figures &figures, const WorkFolder &work, const std::string &title, int count,
                   const std::vector<std::string> &photos)
{
    std::vector<std::string> command{programs + "/imaging_worker", work / "memory", "memory", std::to_string(count)};
    fs::create_directories(work / "memory");
    command.insert(command.end(), photos.begin(), photos.end());
    std::istringstream lines(outputOf(command));
    std::vector<double> seconds, resident;
    double peak = 0;
    for (double s = 0, r = 0; lines >> s >> r >> peak;) {
        seconds.push_back(s);
        resident.push_back(r);
    }
    if (seconds.empty()) {
        std::printf("  %s: failed\n", title.c_str());
        return;
    }
    if (seconds.size() > 1) {
        figures.add(title + ": first fifth", "s", {seconds.front()});
        figures.add(title + ": last fifth", "s", {seconds.back()});
        figures.add(title + ": resident after the first fifth", "MB", {resident.front()});
        figures.add(title + ": resident after the last fifth", "MB", {resident.back()});
    }
    figures.add(title + ": peak", "MB", {peak});
}

} // namespace

int main(int argc, char **argv)
{
    Figures figures("imaging", argc, argv, {"--photo", "--task"});
    const WorkFolder work;
    const std::string only = figures.option("--task");
    const std::vector<std::string> tasks{"resize", "full", "bytes", "limit", "set", "memory", "huge"};
    if (!only.empty() && std::ranges::find(tasks, only) == tasks.end()) {
        std::fprintf(stderr, "--task is one of resize, full, bytes, limit, set, memory and huge\n");
        return 2;
    }
    const auto wanted = [&](const std::string &task) { return only.empty() || only == task; };

    std::string photo = work / "photo.jpg";
    std::error_code failed;
    if (const std::string given = figures.option("--photo"); given.empty())
        photo = madePhoto(work, 2725, 2225, 7);
    else if (!fs::copy_file(given, photo, failed)) {
        std::fprintf(stderr, "%s: %s\n", given.c_str(), failed.message().c_str());
        return 1;
    }
    const auto all = engines(work, figures);
    if (wanted("resize"))
        measure(figures, "to 720", all, {"resize", 80, 1, 1, {photo}});
    if (wanted("full"))
        measure(figures, "full size", all, {"full", 80, 1, 1, {photo}});
    if (wanted("bytes"))
        measure(figures, "at most 200 KB", all, {"bytes", 80, 1, 1, {photo}});
    if (wanted("limit"))
        measureLimit(figures, work, all, photo);
    if (wanted("set")) {
        std::vector<std::string> set;
        for (const auto &[width, height] : {std::pair{4000, 3000}, {4608, 3456}, {5472, 3648}, {6000, 4000}})
            set.push_back(madePhoto(work, width, height, set.size() + 1));
        measure(figures, "12 to 24 MP, to 720", all, {"resize", 80, 1, 1, set});
        measure(figures, "12 to 24 MP, full size", all, {"full", 80, 1, 1, set});
    }
    if (wanted("memory"))
        measureMemory(figures, work, "500 of 12 MP", 500, {madePhoto(work, 4000, 3000, 1)});
    if (wanted("huge"))
        measureMemory(figures, work, "one of 200 MP", 1, {madePhoto(work, 16000, 12500, 3)});
    return figures.finish();
}
