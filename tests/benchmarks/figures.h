#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace steadyframe::benchmarks {

/// What a benchmark measured: printed as it comes, and written as JSON where `--json FILE` asks for it.
class Figures {
public:
    /// `name`: the benchmark's. The arguments are those of `main`; a wrong one ends the program with a message.
    /// `further`: what this benchmark takes besides, each with a value: { "--photo" }.
    Figures(std::string name, int argc, char **argv, const std::vector<std::string> &further = {});

    /// Whether `--peers` asks for other systems to be measured in the same run.
    [[nodiscard]] bool withPeers() const noexcept { return m_peers; }

    /// How long each stretch of a benchmark over time takes: what `--seconds N` says, else `byDefault`.
    [[nodiscard]] int secondsOr(int byDefault) const noexcept { return m_seconds > 0 ? m_seconds : byDefault; }

    /// What followed one of the `further` options, or nothing (empty).
    [[nodiscard]] std::string option(const std::string &name) const;

    /// Where a further file of the benchmark goes: the folder of the JSON, or nowhere (empty) when none is asked for.
    [[nodiscard]] std::string besideJson(const std::string &fileName) const;

    /// One figure: the median, the 99th percentile and the best of `samples`, which must not be empty. Gives the
    /// median. More is better where the unit ends in "/s" or is "x", a ratio.
    double add(const std::string &name, const std::string &unit, std::vector<double> samples);

    /// Ends the program: writes the JSON and gives the exit status, 1 when the file could not be written.
    [[nodiscard]] int finish() const;

private:
    struct Figure {
        std::string name;
        std::string unit;
        double median;
        double p99;
        double best;
        std::size_t samples;
    };
    std::string m_name;
    std::string m_jsonPath;
    bool m_peers = false;
    int m_seconds = 0;
    std::map<std::string, std::string> m_options;
    std::vector<Figure> m_figures;
};

/// A thing to be measured and what one run of it gives, in `unit`.
struct Contender {
    std::string name;
    std::string unit;
    std::function<double()> run;
};

/// Runs each contender once unmeasured and then `rounds` times in turn, so that what the machine does meanwhile hits
/// all alike.
void interleave(Figures &figures, int rounds, const std::vector<Contender> &contenders);

/// The numbers that a command prints; none when it could not be run, or takes more than two minutes.
[[nodiscard]] std::vector<double> samplesOf(const std::string &command);

} // namespace steadyframe::benchmarks
