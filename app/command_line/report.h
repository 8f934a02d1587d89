#pragma once

#include "command_line/compress_options.h"
#include "recipe/place_result.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_map>

namespace steadyframe::command_line {

/// How one file ended.
using FileOutcome = isolate::Result<recipe::Placed, imaging::ImagingError>;

/// What the files of a run came to.
struct RunTotals {
    std::size_t files = 0, compressed = 0, kept = 0, skipped = 0, failed = 0, cancelled = 0, missed = 0;
    std::size_t leftOut = 0; ///< results of earlier runs, which are none of `files`
    std::uint64_t bytesBefore = 0; ///< of the originals that have a result
    std::uint64_t bytesAfter = 0;
};

/// Prints what happens: lines for people or for programs on the standard output, failures of people's runs on the
/// standard error, and a progress bar there when it is a terminal. @thread one
class Report {
public:
    explicit Report(const CompressOptions &options);

    void begin(std::size_t files);
    /// How far the `index`th file is, 0 to 1.
    void progress(std::size_t index, double fraction);
    void finished(std::size_t index, const std::string &file, const FileOutcome &outcome);
    /// Takes the progress bar away.
    void end() { clearBar(); }

    [[nodiscard]] const RunTotals &totals() const noexcept { return m_totals; }
    /// The standard output was closed, so nobody reads what is done.
    [[nodiscard]] bool outputLost() const noexcept { return m_outputLost; }

private:
    using Clock = std::chrono::steady_clock;
    void count(const FileOutcome &outcome);
    void print(std::FILE *to, const std::string &line);
    void drawBar();
    void clearBar();

    const bool m_json;
    const bool m_quiet;
    const bool m_bar;
    bool m_barShown = false;
    bool m_outputLost = false;
    RunTotals m_totals;
    std::size_t m_done = 0;
    std::unordered_map<std::size_t, double> m_running;
    Clock::time_point m_started = Clock::now();
    Clock::time_point m_drawn{};
};

/// The last line, for people or for programs. @thread any
void printSummary(const CompressOptions &options, const RunTotals &totals, double seconds, int exitCode);
/// With the option that raises the limit that was in the way. @thread any
[[nodiscard]] std::string messageOf(const imaging::ImagingError &error);
/// The line of `--json` about one file, without the end of the line. @thread any
[[nodiscard]] std::string jsonLine(const std::string &file, const FileOutcome &outcome);

} // namespace steadyframe::command_line
