#include "command_line/report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sys/ioctl.h>
#include <unistd.h>

namespace steadyframe::command_line {

namespace {

using imaging::ImagingErrc;
using imaging::readableBytes;

constexpr auto betweenDraws = std::chrono::milliseconds(100);

std::string percentSaved(std::uint64_t before, std::uint64_t after)
{
    if (before == 0 || after >= before)
        return "nothing saved";
    const double saved = 100 * (1 - static_cast<double>(after) / static_cast<double>(before));
    return std::to_string(static_cast<int>(saved)) + " % saved";
}

std::string secondsText(double seconds)
{
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), "%.1f s", seconds);
    return text.data();
}

std::string lineFor(const std::string &file, const recipe::Placed &placed)
{
    const auto &result = placed.result;
    if (placed.skipped)
        return file + ": skipped, since " + result.path.native() + " is there already";
    std::string line = file;
    if (placed.originalStays)
        return line + ": stays as it is, " + readableBytes(result.sourceBytes);
    line += placed.inTrash.empty() ? " -> " + result.path.native() : ": replaced";
    line += ", " + readableBytes(result.sourceBytes) + " -> " + readableBytes(result.resultBytes);
    if (!result.keptOriginalBytes)
        line += ", " + percentSaved(result.sourceBytes, result.resultBytes);
    return line;
}

} // namespace

Report::Report(const CompressOptions &options)
    : m_json(options.json), m_quiet(options.quiet),
      m_bar(options.progress && !options.quiet && ::isatty(STDERR_FILENO) == 1)
{
}

std::string messageOf(const imaging::ImagingError &error)
{
    switch (error.limit) {
    case imaging::ImagingLimit::pixels:
        return error.message + " The option is --max-pixels.";
    case imaging::ImagingLimit::bytes:
        return error.message + " The option is --max-bytes.";
    case imaging::ImagingLimit::memory:
        return error.message + " The option is --max-memory.";
    default:
        return error.message;
    }
}

void Report::begin(std::size_t files)
{
    m_totals.files = files;
    drawBar();
}

void Report::progress(std::size_t index, double fraction)
{
    if (!m_bar)
        return;
    m_running[index] = fraction;
    if (Clock::now() - m_drawn >= betweenDraws)
        drawBar();
}

void Report::finished(std::size_t index, const std::string &file, const FileOutcome &outcome)
{
    count(outcome);
    m_running.erase(index);
    ++m_done;
    if (m_json) {
        print(stdout, jsonLine(file, outcome));
    } else if (!outcome) {
        if (outcome.error().code != ImagingErrc::cancelled)
            print(stderr, file + ": " + messageOf(outcome.error()));
    } else {
        if (!m_quiet)
            print(stdout, lineFor(file, *outcome));
        const std::string note = outcome->skipped ? std::string() : recipe::noteOn(outcome->result);
        if (!note.empty())
            print(stderr, file + ": " + note);
    }
    if (Clock::now() - m_drawn >= betweenDraws)
        drawBar();
}

void Report::count(const FileOutcome &outcome)
{
    if (!outcome) {
        ++(outcome.error().code == ImagingErrc::cancelled ? m_totals.cancelled : m_totals.failed);
        return;
    }
    if (outcome->skipped) {
        ++m_totals.skipped;
        return;
    }
    const auto &result = outcome->result;
    ++(result.keptOriginalBytes ? m_totals.kept : m_totals.compressed);
    m_totals.missed += !result.reachedTarget;
    m_totals.bytesBefore += result.sourceBytes;
    m_totals.bytesAfter += result.resultBytes;
}

void Report::print(std::FILE *to, const std::string &line)
{
    clearBar();
    const bool written = std::fprintf(to, "%s\n", line.c_str()) >= 0 && std::fflush(to) == 0;
    if (!written && to == stdout)
        m_outputLost = true;
}

void Report::drawBar()
{
    if (!m_bar || m_totals.files == 0)
        return;
    m_drawn = Clock::now();
    double done = static_cast<double>(m_done);
    for (const auto &[index, fraction] : m_running)
        done += fraction;
    const double share = std::min(1.0, done / static_cast<double>(m_totals.files));
    const double seconds = std::chrono::duration<double>(m_drawn - m_started).count();
    std::string text = " " + std::to_string(m_done) + " of " + std::to_string(m_totals.files);
    if (share > 0.02 && seconds > 1)
        text += ", " + std::to_string(static_cast<int>(std::ceil(seconds * (1 - share) / share))) + " s left";
    winsize size{};
    const int columns = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
    const int width = std::clamp(columns - static_cast<int>(text.size()) - 3, 4, 40);
    const int full = static_cast<int>(share * width);
    std::string bar = "\r[" + std::string(static_cast<std::size_t>(full), '#')
        + std::string(static_cast<std::size_t>(width - full), '.') + "]" + text + "\x1b[K";
    std::fputs(bar.c_str(), stderr);
    std::fflush(stderr);
    m_barShown = true;
}

void Report::clearBar()
{
    if (!m_barShown)
        return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    m_barShown = false;
}

void printSummary(const CompressOptions &options, const RunTotals &t, double seconds, int exitCode)
{
    if (options.json) {
        std::array<char, 32> time;
        std::snprintf(time.data(), time.size(), "%.3f", seconds);
        std::puts(("{\"summary\":true,\"files\":" + std::to_string(t.files)
                   + ",\"compressed\":" + std::to_string(t.compressed) + ",\"kept\":" + std::to_string(t.kept)
                   + ",\"skipped\":" + std::to_string(t.skipped) + ",\"failed\":" + std::to_string(t.failed)
                   + ",\"cancelled\":" + std::to_string(t.cancelled) + ",\"missedTarget\":" + std::to_string(t.missed)
                   + ",\"leftOut\":" + std::to_string(t.leftOut) + ",\"bytesBefore\":" + std::to_string(t.bytesBefore)
                   + ",\"bytesAfter\":" + std::to_string(t.bytesAfter) + ",\"seconds\":" + time.data()
                   + ",\"exitCode\":" + std::to_string(exitCode) + "}")
                      .c_str());
        return;
    }
    if (options.quiet)
        return;
    std::string line;
    const auto add = [&](std::size_t number, const std::string &what) {
        if (number > 0)
            line += (line.empty() ? "" : ", ") + std::to_string(number) + " " + what;
    };
    add(t.compressed, "compressed");
    add(t.kept, "already as small as it gets");
    add(t.skipped, "skipped");
    add(t.failed, "failed");
    add(t.cancelled, "cancelled");
    add(t.leftOut, "left out (results of earlier runs)");
    if (line.empty())
        line = "Nothing to compress";
    if (t.bytesBefore > 0)
        line += ": " + readableBytes(t.bytesBefore) + " -> " + readableBytes(t.bytesAfter) + ", "
            + percentSaved(t.bytesBefore, t.bytesAfter);
    std::puts((line + " in " + secondsText(seconds)).c_str());
}

} // namespace steadyframe::command_line
