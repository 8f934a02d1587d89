#include "jank_monitor/trace_csv.h"

#include "jank_monitor/csv_reader.h"
#include "jank_monitor/json_text.h"
#include "jank_monitor/trace_names.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qiodevice.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <map>

namespace jank {

namespace {

constexpr std::int64_t Millisecond = 1'000'000;
constexpr std::int64_t MostTime = std::int64_t(1) << 60; // 36 years of uptime
constexpr std::int64_t LongestFrame = std::int64_t(1) << 47; // 39 hours
constexpr std::int32_t MostMissed = 1'000'000;
constexpr std::string_view EndOfLine = "\r\n";
constexpr std::string_view LabelSeparator = "; ";
constexpr std::size_t Unbounded = std::numeric_limits<std::size_t>::max() / 2;

// All that a frame has, in the order of the columns. PresentMon's names stand where it means the same.
struct TimeColumn {
    std::string_view name;
    std::int64_t FrameSample::*member;
};
constexpr TimeColumn TimeColumns[]{
    {"MsWanted", &FrameSample::wanted},
    {"MsDeadline", &FrameSample::deadline},
    {"MsInterval", &FrameSample::interval},
    {"MsUiStart", &FrameSample::uiStart},
    {"MsUiEnd", &FrameSample::uiEnd},
    {"MsCPUBusy", &FrameSample::uiBusy},
    {"MsSyncStart", &FrameSample::syncStart},
    {"MsSyncEnd", &FrameSample::syncEnd},
    {"MsRenderStart", &FrameSample::renderStart},
    {"MsRenderEnd", &FrameSample::renderEnd},
    {"MsSwapEnd", &FrameSample::swapEnd},
};

QString translated(const char *text)
{
    return QCoreApplication::translate("jank::TraceIo", text);
}

/// Rows of cells.
class Table {
public:
    Table(QIODevice &device, const IoControl &control, std::size_t rows) : m_out(device, control, rows) {}

    void header(std::initializer_list<std::string_view> names)
    {
        for (const std::string_view name : names)
            cell(name);
        m_out.append(EndOfLine);
        m_first = true;
    }
    /// A text, which a spreadsheet must not take for a formula.
    void text(std::string_view value)
    {
        constexpr std::string_view FormulaSigns = "=+-@\t\r";
        if (!value.empty() && FormulaSigns.find(value.front()) != std::string_view::npos)
            cell("'" + std::string(value));
        else
            cell(value);
    }
    void cell(std::string_view value)
    {
        separate();
        if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
            m_out.append(isValidUtf8(value) ? std::string(value) : withoutBrokenUtf8(value));
            return;
        }
        m_out.append('"');
        for (const char c : isValidUtf8(value) ? std::string(value) : withoutBrokenUtf8(value)) {
            if (c == '"')
                m_out.append('"');
            m_out.append(c);
        }
        m_out.append('"');
    }
    void decimal(std::int64_t nanoseconds, std::int64_t unit)
    {
        separate();
        m_out.appendDecimal(nanoseconds, unit);
    }
    void number(std::integral auto value)
    {
        separate();
        m_out.appendNumber(value);
    }
    bool endRow()
    {
        m_out.append(EndOfLine);
        m_first = true;
        return m_out.itemDone();
    }
    IoResult finish() { return m_out.finish(); }

private:
    void separate()
    {
        if (!m_first)
            m_out.append(',');
        m_first = false;
    }

    TextSink m_out;
    bool m_first = true;
};

std::int64_t wrappingDifference(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::string joined(const std::vector<std::string_view> &texts, std::string_view separator)
{
    std::string result;
    for (const std::string_view text : texts) {
        if (!result.empty())
            result += separator;
        result += text;
    }
    return result;
}

/// Nanoseconds of "-12.345678" milliseconds; false for anything else.
bool parseMilliseconds(std::string_view text, std::int64_t &nanoseconds)
{
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = point < text.size() ? text.substr(point + 1) : std::string_view();
    constexpr std::size_t MostDigits = 13; // so that nothing overflows
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (whole.empty() || whole.size() > MostDigits || !std::all_of(whole.begin(), whole.end(), isDigit)
        || !std::all_of(fraction.begin(), fraction.end(), isDigit) || (point < text.size() && fraction.empty()))
        return false;
    std::int64_t value = 0;
    for (const char digit : whole)
        value = value * 10 + (digit - '0');
    for (std::size_t place = 0; place < 6; ++place)
        value = value * 10 + (place < fraction.size() ? fraction[place] - '0' : 0);
    nanoseconds = negative ? -value : value;
    return value <= MostTime;
}

/// Which column of a file holds what.
class FrameColumns {
public:
    /// Empty when every column that is needed is there, else what is missing.
    QString find(const std::vector<std::string> &header)
    {
        for (std::size_t i = 0; i < std::size(TimeColumns); ++i) {
            if (!locate(header, TimeColumns[i].name, m_times[i]))
                return translated("There is no column “%1”").arg(QLatin1String(TimeColumns[i].name.data()));
        }
        if (!locate(header, "Missed", m_missed) || !locate(header, "Cause", m_cause) || !locate(header, "Own", m_own))
            return translated("There is no column “Missed”, “Cause” or “Own”");
        m_hasProgram = locate(header, "Application", m_program);
        return {};
    }

    /// Empty when the row is a frame, else what is wrong with it.
    QString read(const std::vector<std::string> &row, FrameSample &frame) const
    {
        if (row.size() <= m_last)
            return translated("The line has too few cells");
        for (std::size_t i = 0; i < std::size(TimeColumns); ++i) {
            if (!parseMilliseconds(row[m_times[i]], frame.*TimeColumns[i].member))
                return translated("“%1” is no time in milliseconds").arg(QString::fromStdString(row[m_times[i]]));
        }
        const std::string &missed = row[m_missed];
        const auto [stopped, error] = std::from_chars(missed.data(), missed.data() + missed.size(), frame.missed);
        if (error != std::errc() || stopped != missed.data() + missed.size() || frame.missed < 0
            || frame.missed > MostMissed)
            return translated("“%1” is no number of missed vsyncs").arg(QString::fromStdString(missed));
        if (!causeFromName(row[m_cause], frame.cause))
            return translated("“%1” is no cause").arg(QString::fromStdString(row[m_cause]));
        if (frame.interval != 0 && (frame.interval < Millisecond || frame.interval > 10 * NanosecondsPerSecond))
            return translated("The interval is that of no display");
        if (std::abs(frame.swapEnd - frame.wanted) > LongestFrame)
            return translated("The frame took more than a day");
        frame.own = row[m_own] == "1";
        return frame.own || row[m_own] == "0"
            ? QString()
            : translated("“%1” is neither 0 nor 1").arg(QString::fromStdString(row[m_own]));
    }
    [[nodiscard]] std::string program(const std::vector<std::string> &row) const
    {
        return m_hasProgram && m_program < row.size() ? row[m_program] : std::string();
    }

private:
    bool locate(const std::vector<std::string> &header, std::string_view name, std::size_t &column)
    {
        const auto found = std::find(header.begin(), header.end(), name);
        if (found == header.end())
            return false;
        column = static_cast<std::size_t>(found - header.begin());
        m_last = std::max(m_last, column);
        return true;
    }

    std::array<std::size_t, std::size(TimeColumns)> m_times{};
    std::size_t m_missed = 0, m_cause = 0, m_own = 0, m_program = 0;
    std::size_t m_last = 0;
    bool m_hasProgram = false;
};

} // namespace

bool isFramesCsv(const QByteArray &beginning)
{
    const QByteArray firstLine = beginning.left(beginning.indexOf('\n'));
    return firstLine.contains(TimeColumns[0].name.data()) && firstLine.contains(TimeColumns[1].name.data())
        && !firstLine.trimmed().startsWith('{');
}

IoResult writeFramesCsv(const Trace &trace, QIODevice &device, const IoControl &control)
{
    Table table(device, control, trace.frames.size());
    table.header({"Application", "TimeInSeconds", "MsBetweenPresents", "MsInPresentAPI", "MsFrameTime",   "Missed",
                  "Cause",       "Own",           "MsWanted",          "MsDeadline",     "MsInterval",    "MsUiStart",
                  "MsUiEnd",     "MsCPUBusy",     "MsSyncStart",       "MsSyncEnd",      "MsRenderStart", "MsRenderEnd",
                  "MsSwapEnd",   "Labels"});
    const LabelFinder labels(trace.labels);
    std::int64_t previous = trace.frames.empty() ? 0 : trace.frames[0].swapEnd;
    for (std::size_t i = 0; i < trace.frames.size(); ++i) {
        const FrameSample &frame = trace.frames[i];
        table.text(trace.program);
        table.decimal(wrappingDifference(frame.swapEnd, trace.span.start), NanosecondsPerSecond);
        table.decimal(wrappingDifference(frame.swapEnd, previous), Millisecond);
        table.decimal(wrappingDifference(frame.swapEnd, frame.renderEnd), Millisecond);
        table.decimal(std::max<std::int64_t>(0, wrappingDifference(frame.swapEnd, frame.wanted)), Millisecond);
        table.number(frame.missed);
        table.cell(causeName(frame.cause));
        table.cell(frame.own ? "1" : "0");
        for (const TimeColumn &column : TimeColumns)
            table.decimal(frame.*column.member, Millisecond);
        table.text(joined(labels.during(frame), LabelSeparator));
        previous = frame.swapEnd;
        if (!table.endRow())
            break;
    }
    return table.finish();
}

IoResult writeWorkCsv(const Trace &trace, QIODevice &device, const IoControl &control)
{
    Table table(device, control, trace.work.size());
    table.header({"Lane", "LaneName", "Thread", "Label", "For", "MsStart", "MsEnd", "MsLength", "MsCPU"});
    std::map<std::uint64_t, std::string_view> names;
    for (const WorkLog::Lane &lane : trace.lanes)
        names.try_emplace(lane.id, lane.name);
    for (std::size_t i = 0; i < trace.work.size(); ++i) {
        const WorkInterval &work = trace.work[i];
        const auto name = names.find(work.lane);
        table.number(work.lane);
        table.text(name != names.end() ? name->second : std::string_view());
        table.number(work.thread);
        table.text(work.label);
        table.text(work.requester);
        table.decimal(work.start, Millisecond);
        table.decimal(work.end, Millisecond);
        table.decimal(wrappingDifference(work.end, work.start), Millisecond);
        table.decimal(work.cpu, Millisecond);
        if (!table.endRow())
            break;
    }
    return table.finish();
}

IoResult writeStallsCsv(const Trace &trace, QIODevice &device, const IoControl &control)
{
    Table table(device, control, trace.stalls.size());
    table.header({"MsStart", "MsEnd", "MsLength", "EventType", "Receiver", "Name", "Culprit", "Labels", "Stack"});
    const LabelFinder labels(trace.labels);
    for (const Stall &stall : trace.stalls) {
        table.decimal(stall.block.start, Millisecond);
        table.decimal(stall.block.end, Millisecond);
        table.decimal(stall.block.length, Millisecond);
        table.number(stall.block.eventType);
        table.text(fixedText(stall.block.receiver));
        table.text(fixedText(stall.block.name));
        table.text(culpritText(stall.block).toStdString());
        table.text(joined(labels.during(stall.block.span()), LabelSeparator));
        table.text(joined({stall.stack.begin(), stall.stack.end()}, "\n"));
        if (!table.endRow())
            break;
    }
    return table.finish();
}

TraceReading readFramesCsv(QIODevice &device, const IoControl &control)
{
    TraceReading result;
    CsvReader reader(device, control);
    std::vector<std::string> row;
    FrameColumns columns;
    QString problem;
    if (reader.nextRow(row))
        problem = columns.find(row);
    else if (reader.problem().isEmpty())
        problem = translated("The file is empty");
    ChunkedLog<FrameSample> frames{Unbounded};
    while (problem.isEmpty() && reader.nextRow(row)) {
        FrameSample frame;
        problem = columns.read(row, frame);
        if (problem.isEmpty() && frames.size() == 0)
            result.trace.program = columns.program(row);
        frames.push(frame);
    }
    if (problem.isEmpty())
        problem = reader.problem();
    if (!problem.isEmpty()) {
        result.cancelled = reader.cancelled();
        result.error = result.cancelled ? problem : translated("%1 (in line %2)").arg(problem).arg(reader.line());
        result.trace = {};
        return result;
    }
    result.trace.frames = frames.view();
    if (frames.size() > 0) {
        const FrameSample &first = result.trace.frames[0];
        const FrameSample &last = result.trace.frames[frames.size() - 1];
        result.trace.span = {std::min(first.wanted, first.swapEnd), last.swapEnd + 1};
        result.trace.interval = last.interval > 0 ? last.interval : result.trace.interval;
    }
    result.loss = translated("A CSV file holds the frames alone: no blocks, stalls, labels or work.");
    return result;
}

} // namespace jank
