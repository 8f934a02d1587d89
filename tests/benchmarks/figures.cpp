#include "benchmarks/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

namespace steadyframe::benchmarks {

namespace {

/// The value below which a share of the sorted samples lies.
double percentile(const std::vector<double> &sorted, double share)
{
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

std::string processorName()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos)
            return line.substr(colon + 2);
    }
    return "unknown";
}

/// Names here are plain text, so that quotes and backslashes are all there is to escape.
std::string inQuotes(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

} // namespace

Figures::Figures(std::string name, int argc, char **argv, const std::vector<std::string> &further)
    : m_name(std::move(name))
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--peers") {
            m_peers = true;
        } else if (argument == "--json" && i + 1 < argc) {
            m_jsonPath = argv[++i];
        } else if (argument == "--seconds" && i + 1 < argc) {
            m_seconds = std::atoi(argv[++i]);
        } else if (std::ranges::find(further, argument) != further.end() && i + 1 < argc) {
            m_options[std::string(argument)] = argv[i + 1];
            ++i;
        } else {
            std::fprintf(stderr, "bench_%s [--peers] [--seconds N] [--json FILE]", m_name.c_str());
            for (const std::string &option : further)
                std::fprintf(stderr, " [%s VALUE]", option.c_str());
            std::fprintf(stderr, "\n");
            std::exit(2);
        }
    }
    std::printf("%-44s %12s %12s %12s\n", m_name.c_str(), "median", "p99", "best");
}

std::string Figures::option(const std::string &name) const
{
    const auto found = m_options.find(name);
    return found == m_options.end() ? std::string() : found->second;
}

std::string Figures::besideJson(const std::string &fileName) const
{
    return m_jsonPath.empty() ? std::string() : std::filesystem::path(m_jsonPath).replace_filename(fileName).string();
}

double Figures::add(const std::string &name, const std::string &unit, std::vector<double> samples)
{
    std::ranges::sort(samples);
    const bool moreIsBetter = unit.ends_with("/s") || unit == "x";
    if (moreIsBetter)
        std::ranges::reverse(samples);
    const Figure figure{name,          unit, percentile(samples, 0.5), percentile(samples, 0.99), samples.front(),
                        samples.size()};
    std::printf("  %-42s %12.3f %12.3f %12.3f %s\n", name.c_str(), figure.median, figure.p99, figure.best,
                unit.c_str());
    std::fflush(stdout);
    m_figures.push_back(figure);
    return figure.median;
}

int Figures::finish() const
{
    if (m_jsonPath.empty())
        return 0;
    std::ofstream file(m_jsonPath, std::ios::trunc);
    file << "{\n  \"benchmark\": " << inQuotes(m_name) << ",\n  \"processor\": " << inQuotes(processorName())
         << ",\n  \"cores\": " << std::thread::hardware_concurrency() << ",\n  \"figures\": [";
    const char *separator = "\n";
    for (const Figure &figure : m_figures) {
        file << separator << "    { \"name\": " << inQuotes(figure.name) << ", \"unit\": " << inQuotes(figure.unit)
             << ", \"median\": " << figure.median << ", \"p99\": " << figure.p99 << ", \"best\": " << figure.best
             << ", \"samples\": " << figure.samples << " }";
        separator = ",\n";
    }
    file << "\n  ]\n}\n";
    file.close();
    if (!file) {
        std::fprintf(stderr, "%s: can't be written\n", m_jsonPath.c_str());
        return 1;
    }
    return 0;
}

void interleave(Figures &figures, int rounds, const std::vector<Contender> &contenders)
{
    std::vector<std::vector<double>> samples(contenders.size());
    for (const Contender &contender : contenders)
        contender.run();
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < contenders.size(); ++i)
            samples[i].push_back(contenders[i].run());
    }
    for (std::size_t i = 0; i < contenders.size(); ++i)
        figures.add(contenders[i].name, contenders[i].unit, std::move(samples[i]));
}

std::vector<double> samplesOf(const std::string &command)
{
    std::vector<double> samples;
    FILE *pipe = ::popen(("timeout 120 " + command + " 2>/dev/null").c_str(), "r");
    if (!pipe)
        return samples;
    for (double value = 0; std::fscanf(pipe, "%lf", &value) == 1;)
        samples.push_back(value);
    if (::pclose(pipe) != 0)
        samples.clear();
    return samples;
}

} // namespace steadyframe::benchmarks
