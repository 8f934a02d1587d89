// isolate_core beside Erlang, CAF, Node and Qt. Each measurement is a process of its own that prints samples;
// contenders take turns, so that what the machine does meanwhile hits all alike. The cores are those that this process
// is pinned to.
#include "benchmarks/figures.h"
#include "benchmarks/scale_plot.h"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using steadyframe::benchmarks::Figures;
using steadyframe::benchmarks::samplesOf;
using steadyframe::benchmarks::ScalePoint;

namespace {

const std::string programs = ISOLATES_PROGRAMS; // a folder
const std::string scripts = ISOLATES_SCRIPTS;

std::string measure(const std::string &name)
{
    return "'" + programs + "/isolates_measure' " + name;
}
std::string qt(const std::string &name)
{
    return "'" + programs + "/isolates_qt' " + name;
}
std::string caf(const std::string &name)
{
    return "'" + programs + "/isolates_caf' " + name;
}
std::string beam(const std::string &name)
{
    return "escript '" + scripts + "/beam.escript' " + name;
}
std::string node(const std::string &name)
{
    return "node '" + scripts + "/node.mjs' " + name;
}

struct Contender {
    std::string name;
    std::string command;
    bool peer = true;
};

void compare(Figures &figures, const std::string &title, const std::string &unit, int rounds,
             const std::vector<Contender> &contenders)
{
    std::vector<std::vector<double>> samples(contenders.size());
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            if (contenders[i].peer && !figures.withPeers())
                continue;
            const auto more = samplesOf(contenders[i].command);
            samples[i].insert(samples[i].end(), more.begin(), more.end());
        }
    }
    for (std::size_t i = 0; i < contenders.size(); ++i) {
        if (!samples[i].empty())
            figures.add(title + ": " + contenders[i].name, unit, std::move(samples[i]));
        else if (!contenders[i].peer || figures.withPeers())
            std::printf("  %s: %s was not measured: %s\n", title.c_str(), contenders[i].name.c_str(),
                        contenders[i].command.c_str());
    }
}

/// From one isolate to a million: what one costs must not grow.
std::vector<ScalePoint> scale(Figures &figures)
{
    std::vector<ScalePoint> points;
    for (int count = 1; count <= 1'000'000; count *= 10) {
        std::vector<double> spawns, bytes, rates;
        for (int round = 0; round < 3; ++round) {
            const auto three = samplesOf(measure("scale " + std::to_string(count)));
            if (three.size() != 3)
                continue;
            spawns.push_back(three[0]);
            bytes.push_back(three[1]);
            rates.push_back(three[2]);
        }
        if (spawns.empty())
            continue;
        const std::string title = "scale " + std::to_string(count) + ": ";
        points.push_back({static_cast<double>(count), figures.add(title + "spawn", "us", std::move(spawns)),
                          figures.add(title + "memory of one", "B", std::move(bytes)),
                          figures.add(title + "messages", "1/s", std::move(rates))});
    }
    return points;
}

} // namespace

int main(int argc, char **argv)
{
    Figures figures("isolates", argc, argv);
    const auto ours = [](const std::string &name) { return Contender{"isolate_core", measure(name), false}; };
    compare(figures, "spawn", "us", 3,
            {ours("spawn"),
             {"CAF", caf("spawn")},
             {"BEAM", beam("spawn")},
             {"QThread", qt("spawn")},
             {"Node worker", node("spawn")}});
    compare(figures, "spawn, run and end", "us", 3, {ours("spawn_and_run")});
    compare(figures, "memory of an idle one", "B", 3,
            {ours("memory"),
             {"CAF", caf("memory")},
             {"BEAM", beam("memory")},
             {"QThread", qt("memory")},
             {"Node worker", node("memory")}});
    compare(figures, "round trip", "us", 3,
            {ours("round_trip"),
             {"CAF", caf("round_trip")},
             {"BEAM", beam("round_trip")},
             {"Node worker", node("round_trip")}});
    compare(figures, "one to one", "messages/s", 3,
            {ours("one_to_one"),
             {"CAF", caf("one_to_one")},
             {"BEAM", beam("one_to_one")},
             {"Qt queued", qt("one_to_one")},
             {"Node worker", node("one_to_one")}});
    compare(figures, "four to one", "messages/s", 3,
            {ours("four_to_one"), {"CAF", caf("four_to_one")}, {"BEAM", beam("four_to_one")}});
    compare(figures, "100 MB handed over", "us", 2,
            {ours("hand_over"), {"Node transfer", node("hand_over")}, {"Node copy", node("hand_over_copy")}});
    compare(figures, "4 ms timer under 400,000 messages, longest gap", "ms", 5,
            {{"isolate_core on Qt", qt("bridge_gap"), false}, {"Qt queued", qt("queued_gap")}});
    compare(figures, "the same, handled", "messages/s", 5,
            {{"isolate_core on Qt", qt("bridge_rate"), false}, {"Qt queued", qt("queued_rate")}});
    compare(figures, "wake-ups of 100 idle ones", "1/second", 2, {ours("idle_wakeups")});
    compare(figures, "first message while 64 are blocked", "ms", 2, {ours("behind_blocked")});
    compare(figures, "the same, spawned together with the 64", "ms", 2, {ours("behind_blocked_together")});
    const auto points = scale(figures);
    const std::string plot = figures.besideJson("isolates-scale.svg");
    const bool drawn = plot.empty() || steadyframe::benchmarks::writeScalePlot(plot, points);
    return drawn ? figures.finish() : 1;
}
