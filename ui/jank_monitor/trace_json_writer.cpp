#include "jank_monitor/json_text.h"
#include "jank_monitor/trace_json.h"
#include "jank_monitor/trace_names.h"
#include "jank_monitor/trace_rows.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qtimezone.h>

#include <algorithm>
#include <limits>

namespace jank {

namespace {

// Perfetto takes microseconds as a double and cuts off below the nanosecond: neighbours must stay a nanosecond apart.
constexpr std::int64_t DrawnShort = 1;
constexpr std::int64_t FrameGap = 2;
// A double still tells nanoseconds up to this one: 104 days.
constexpr std::int64_t LatestDrawn = (std::int64_t(1) << 53) - 1;
constexpr std::uint64_t LargestExactInJavaScript = (std::uint64_t(1) << 53) - 1;
constexpr std::int32_t MostDrawnMisses = 1000; // a frame

enum Tid : std::uint32_t { UiTid = 1, RenderTid = 2, LoopTid = 3, StallTid = 4, FirstWorkTid = 100 };

/// Numbers without overflow: what is absurd must be written, and refused by the reader.
std::int64_t wrappingDifference(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

class Writer {
public:
    Writer(const Trace &trace, QIODevice &device, const IoControl &control)
        : m_trace(trace), m_rows(WorkRows::of(trace)),
          m_out(device, control,
                trace.frames.size() + trace.blocks.size() + trace.stalls.size() + trace.labels.size()
                    + trace.work.size())
    {
    }

    IoResult run()
    {
        writeHead();
        writeThreads();
        writeInOrderOfTime();
        m_out.append("\n]}\n");
        return m_out.finish();
    }

private:
    /// What is drawn at `time`: nanoseconds from the beginning of the recording, never negative.
    [[nodiscard]] std::int64_t drawn(std::int64_t time) const
    {
        if (time <= m_trace.span.start)
            return 0;
        const auto since = static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(m_trace.span.start);
        return static_cast<std::int64_t>(std::min<std::uint64_t>(since, LatestDrawn));
    }

    void key(std::string_view name)
    {
        m_out.append(",\"");
        m_out.append(name);
        m_out.append("\":");
    }
    void text(std::string_view name, std::string_view value)
    {
        key(name);
        m_out.appendJsonString(value);
        if (isValidUtf8(value))
            return;
        m_out.append(",\"");
        m_out.append(name);
        m_out.append("_hex\":\"");
        for (const char c : value)
            appendHex(static_cast<unsigned char>(c));
        m_out.append('"');
    }
    void appendHex(unsigned byte)
    {
        constexpr std::string_view Digits = "0123456789abcdef";
        m_out.append(Digits[byte >> 4U]);
        m_out.append(Digits[byte & 0xfU]);
    }
    void number(std::string_view name, std::int64_t value)
    {
        key(name);
        const auto magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
        appendNumber(value, magnitude);
    }
    void number(std::string_view name, std::uint64_t value)
    {
        key(name);
        appendNumber(value, value);
    }
    /// What a double can't hold is a string.
    void appendNumber(auto value, std::uint64_t magnitude)
    {
        const bool exact = magnitude <= LargestExactInJavaScript;
        if (!exact)
            m_out.append('"');
        m_out.appendNumber(value);
        if (!exact)
            m_out.append('"');
    }
    void milliseconds(std::string_view name, std::int64_t nanoseconds)
    {
        key(name);
        m_out.appendDecimal(nanoseconds, 1'000'000);
    }

    /// Begins an event, without its closing brace. All have a category and a time: some readers take them for granted.
    void begin(std::string_view name, std::string_view category, char phase, std::int64_t at, std::uint32_t tid)
    {
        m_out.append(std::exchange(m_first, false) ? "\n{\"name\":" : ",\n{\"name\":");
        m_out.appendJsonString(name);
        m_out.append(",\"cat\":\"");
        m_out.append(category);
        m_out.append("\",\"ph\":\"");
        m_out.append(phase);
        m_out.append("\",\"pid\":1,\"tid\":");
        m_out.appendNumber(tid);
        m_out.append(",\"ts\":");
        m_out.appendDecimal(at, 1000);
    }
    void duration(std::int64_t from, std::int64_t to)
    {
        m_out.append(",\"dur\":");
        m_out.appendDecimal(std::max<std::int64_t>(0, to - from - DrawnShort), 1000);
    }
    void id(std::uint64_t value)
    {
        m_out.append(",\"id\":\"");
        m_out.appendNumber(value);
        m_out.append('"');
    }
    void end() { m_out.append('}'); }
    /// Begins args with a first member; each further one brings a comma.
    void beginArgs(std::string_view first, std::int64_t value)
    {
        m_out.append(",\"args\":{\"");
        m_out.append(first);
        m_out.append("\":");
        m_out.appendNumber(value);
    }
    void endArgs() { m_out.append("}}"); }

    void writeHead()
    {
        m_out.append("{\"displayTimeUnit\":\"ms\",\"otherData\":{\"format\":\"");
        m_out.append(ChromeTraceFormatName);
        m_out.append('"');
        number("version", std::int64_t(ChromeTraceFormatVersion));
        text("program", m_trace.program);
        const QDateTime begun
            = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(static_cast<double>(m_trace.wallClock) / 1e6
                                                                 + static_cast<double>(m_trace.span.start) / 1e6),
                                             Qt::UTC);
        text("recorded", begun.toString(Qt::ISODateWithMs).toStdString());
        number("wall_clock_ns", m_trace.wallClock);
        number("span_start_ns", m_trace.span.start);
        number("span_end_ns", m_trace.span.end);
        number("interval_ns", m_trace.interval);
        number("drawn_on_ui_thread", std::int64_t(m_trace.drawnOnUiThread));
        m_out.append("},\"workLanes\":[");
        bool first = true;
        std::int64_t index = 0;
        for (const WorkLog::Lane &lane : m_trace.lanes) {
            m_out.append(std::exchange(first, false) ? "{\"number\":" : ",{\"number\":");
            m_out.appendNumber(index++);
            number("id", lane.id);
            text("name", lane.name);
            m_out.append('}');
        }
        m_out.append("],\"traceEvents\":[");
    }

    void writeThreads()
    {
        name("process_name", 0, m_trace.program.empty() ? "program" : m_trace.program);
        thread(UiTid, "UI thread");
        thread(RenderTid, "Render thread");
        thread(LoopTid, "Event loop: blocks");
        thread(StallTid, "Stalls");
        for (std::size_t i = 0; i < m_rows.rows.size(); ++i)
            thread(FirstWorkTid + static_cast<std::uint32_t>(i), m_rows.rows[i].name);
    }
    void name(std::string_view what, std::uint32_t tid, std::string_view value)
    {
        begin(what, "__metadata", 'M', 0, tid);
        m_out.append(",\"args\":{\"name\":");
        m_out.appendJsonString(value);
        endArgs();
    }
    void thread(std::uint32_t tid, std::string_view threadName)
    {
        name("thread_name", tid, threadName);
        begin("thread_sort_index", "__metadata", 'M', 0, tid);
        beginArgs("sort_index", tid);
        endArgs();
    }

    /// All kinds side by side, so that a file that was cut off has all of a shorter time.
    void writeInOrderOfTime()
    {
        std::size_t frame = 0, block = 0, stall = 0, label = 0, work = 0;
        constexpr std::int64_t Never = std::numeric_limits<std::int64_t>::max();
        bool more = true;
        while (more) {
            const std::int64_t times[]{
                frame < m_trace.frames.size() ? m_trace.frames[frame].swapEnd : Never,
                block < m_trace.blocks.size() ? m_trace.blocks[block].end : Never,
                stall < m_trace.stalls.size() ? m_trace.stalls[stall].block.end : Never,
                label < m_trace.labels.size() ? m_trace.labels[label].span.start : Never,
                work < m_trace.work.size() ? m_trace.work[work].end : Never,
            };
            const std::int64_t next = *std::min_element(std::begin(times), std::end(times));
            if (frame < m_trace.frames.size() && times[0] == next)
                writeFrame(frame++);
            else if (block < m_trace.blocks.size() && times[1] == next)
                writeBlock(m_trace.blocks[block++]);
            else if (stall < m_trace.stalls.size() && times[2] == next)
                writeStall(m_trace.stalls[stall++]);
            else if (label < m_trace.labels.size() && times[3] == next)
                writeLabel(label++);
            else if (work < m_trace.work.size() && times[4] == next)
                writeWork(work++);
            else
                break;
            more = m_out.itemDone();
        }
    }

    void writeFrame(std::size_t index)
    {
        const FrameSample &frame = m_trace.frames[index];
        const std::int64_t from = std::max(drawn(frame.wanted), m_lastFrameFrom);
        const std::int64_t to = std::max(drawn(frame.swapEnd), from);
        const std::uint32_t row = m_frameRows.place(from, to, FrameGap);
        m_lastFrameFrom = from;

        begin("frame", "jank.frame", 'b', from, UiTid);
        id(row + 1);
        if (frame.missed > 0)
            m_out.append(",\"cname\":\"terrible\"");
        beginArgs("number", static_cast<std::int64_t>(index));
        milliseconds("frame_time_ms", wrappingDifference(frame.swapEnd, frame.wanted));
        number("missed", std::int64_t(frame.missed));
        key("cause");
        m_out.appendJsonString(causeName(frame.cause));
        if (frame.own)
            m_out.append(",\"own\":true");
        number("wanted_ns", frame.wanted);
        number("interval_ns", frame.interval);
        number("ui_busy_ns", frame.uiBusy);
        // Against `wanted`: short, and readable in a viewer.
        m_out.append(",\"after_wanted_ns\":{\"deadline\":");
        m_out.appendNumber(wrappingDifference(frame.deadline, frame.wanted));
        number("ui_start", wrappingDifference(frame.uiStart, frame.wanted));
        number("ui_end", wrappingDifference(frame.uiEnd, frame.wanted));
        number("sync_start", wrappingDifference(frame.syncStart, frame.wanted));
        number("sync_end", wrappingDifference(frame.syncEnd, frame.wanted));
        number("render_start", wrappingDifference(frame.renderStart, frame.wanted));
        number("render_end", wrappingDifference(frame.renderEnd, frame.wanted));
        number("swap_end", wrappingDifference(frame.swapEnd, frame.wanted));
        m_out.append('}');
        endArgs();
        begin("frame", "jank.frame", 'e', to, UiTid);
        id(row + 1);
        end();

        slice("UI", UiTid, m_uiFree, frame.uiStart, frame.uiEnd);
        slice("sync", UiTid, m_uiFree, frame.syncStart, frame.syncEnd);
        slice("sync", RenderTid, m_renderFree, frame.syncStart, frame.syncEnd);
        slice("render", RenderTid, m_renderFree, frame.renderStart, frame.renderEnd);
        slice("swap", RenderTid, m_renderFree, frame.renderEnd, frame.swapEnd);
        writeMisses(frame);

        begin("frame time", "jank.counter", 'C', to, 0);
        m_out.append(",\"args\":{\"ms\":");
        m_out.appendDecimal(std::max<std::int64_t>(0, wrappingDifference(frame.swapEnd, frame.wanted)), 1'000'000);
        endArgs();
    }

    /// A part of a frame on its thread. What is not in order is drawn as far as it is.
    void slice(std::string_view name, std::uint32_t tid, std::int64_t &free, std::int64_t start, std::int64_t stop)
    {
        const std::int64_t from = std::max(drawn(start), free);
        const std::int64_t to = drawn(stop);
        if (to <= from)
            return;
        begin(name, "jank.part", 'X', from, tid);
        duration(from, to);
        end();
        free = to;
    }

    void writeMisses(const FrameSample &frame)
    {
        if (frame.missed <= 0)
            return;
        const std::int32_t shown = std::min(frame.missed, MostDrawnMisses);
        for (std::int32_t i = 0; i < shown; ++i) {
            const auto step = static_cast<std::uint64_t>(frame.interval) * static_cast<std::uint64_t>(i);
            const auto at = static_cast<std::int64_t>(static_cast<std::uint64_t>(frame.deadline) + step);
            begin("missed vsync", "jank.missed", 'i', drawn(at), frame.cause == Cause::Render ? RenderTid : UiTid);
            m_out.append(",\"s\":\"t\"");
            end();
        }
        m_missedSoFar += frame.own ? 0 : frame.missed;
        begin("missed so far", "jank.counter", 'C', drawn(frame.swapEnd), 0);
        beginArgs("vsyncs", m_missedSoFar);
        endArgs();
    }

    void beginBlock(const LoopBlock &block, std::string_view category, std::uint32_t tid, std::int64_t &free)
    {
        const std::int64_t from = std::max(drawn(block.start), free);
        const std::int64_t to = std::max(drawn(block.end), from);
        free = to;
        const std::string culprit = culpritText(block).toStdString();
        begin(culprit.empty() ? std::string_view("block") : std::string_view(culprit), category, 'X', from, tid);
        duration(from, to);
        beginArgs("start_ns", block.start);
        number("end_ns", block.end);
        number("length_ns", block.length);
        milliseconds("length_ms", block.length);
        number("event_type", std::int64_t(block.eventType));
        text("receiver", fixedText(block.receiver));
        text("name", fixedText(block.name));
    }
    void writeBlock(const LoopBlock &block)
    {
        beginBlock(block, "jank.block", LoopTid, m_loopFree);
        endArgs();
    }
    void writeStall(const Stall &stall)
    {
        beginBlock(stall.block, "jank.stall", StallTid, m_stallFree);
        writeList("stack", stall.stack);
        writeList("labels", stall.labels);
        endArgs();
    }
    /// As strings, and in hexadecimal beside them when one of them is not UTF-8.
    void writeList(std::string_view name, const std::vector<std::string> &lines)
    {
        beginList(name, {});
        bool broken = false;
        for (const std::string &line : lines) {
            if (&line != &lines.front())
                m_out.append(',');
            m_out.appendJsonString(line);
            broken = broken || !isValidUtf8(line);
        }
        m_out.append(']');
        if (!broken)
            return;
        beginList(name, "_hex");
        for (const std::string &line : lines) {
            m_out.append(&line == &lines.front() ? "\"" : ",\"");
            for (const char c : line)
                appendHex(static_cast<unsigned char>(c));
            m_out.append('"');
        }
        m_out.append(']');
    }
    void beginList(std::string_view name, std::string_view suffix)
    {
        m_out.append(",\"");
        m_out.append(name);
        m_out.append(suffix);
        m_out.append("\":[");
    }

    void writeLabel(std::size_t index)
    {
        const LabelSpan &label = m_trace.labels[index];
        const std::int64_t from = drawn(label.span.start);
        const std::string_view shown = label.text.empty() ? std::string_view("label") : std::string_view(label.text);
        begin(shown, "jank.label", 'b', from, UiTid);
        id(index + 1);
        beginArgs("start_ns", label.span.start);
        number("end_ns", label.span.end);
        text("text", label.text);
        endArgs();
        begin(shown, "jank.label", 'e', std::max(drawn(label.span.end), from), UiTid);
        id(index + 1);
        end();
    }

    void writeWork(std::size_t index)
    {
        const WorkInterval &work = m_trace.work[index];
        const std::int64_t from = drawn(work.start);
        begin(work.label.empty() ? std::string_view("work") : std::string_view(work.label), "jank.work", 'X', from,
              FirstWorkTid + m_rows.rowOf[index]);
        duration(from, std::max(drawn(work.end), from));
        beginArgs("start_ns", work.start);
        number("end_ns", work.end);
        number("lane", work.lane);
        if (work.cpu != 0)
            number("cpu_ns", work.cpu);
        if (work.thread != 0)
            number("thread", work.thread);
        text("label", work.label);
        if (!work.requester.empty())
            text("requester", work.requester);
        endArgs();
    }

    const Trace &m_trace;
    const WorkRows m_rows;
    TextSink m_out;
    bool m_first = true;
    RowAllocator m_frameRows;
    std::int64_t m_lastFrameFrom = 0;
    std::int64_t m_uiFree = 0;
    std::int64_t m_renderFree = 0;
    std::int64_t m_loopFree = 0;
    std::int64_t m_stallFree = 0;
    std::int64_t m_missedSoFar = 0;
};

} // namespace

IoResult writeChromeTrace(const Trace &trace, QIODevice &device, const IoControl &control)
{
    return Writer(trace, device, control).run();
}

} // namespace jank
