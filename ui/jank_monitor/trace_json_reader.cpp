#include "jank_monitor/json_members.h"
#include "jank_monitor/trace_json.h"
#include "jank_monitor/trace_names.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace jank {

namespace {

constexpr std::int64_t Any = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t MostTime = std::int64_t(1) << 60; // 36 years of uptime
constexpr std::int64_t LongestRecording = std::int64_t(1) << 53; // 104 days
constexpr std::int64_t LongestFrame = std::int64_t(1) << 47; // 39 hours
constexpr std::int64_t ShortestInterval = 1'000'000; // 1000 Hz
constexpr std::int64_t LongestInterval = 10 * NanosecondsPerSecond;
constexpr std::int64_t MostMissed = 1'000'000; // of a frame: hours
constexpr std::uint64_t ForeignAfter = 1000; // events of which none is ours
constexpr std::size_t Unbounded = std::numeric_limits<std::size_t>::max() / 2;

QString translated(const char *text)
{
    return QCoreApplication::translate("jank::TraceIo", text);
}

template <std::size_t Size>
void setFixedText(char (&field)[Size], std::string_view text) noexcept
{
    text.copy(field, Size - 1);
}

class Reader {
public:
    Reader(QIODevice &device, const IoControl &control) : m_reader(device, control) {}

    TraceReading run()
    {
        TraceReading result;
        const bool complete = readAll();
        const bool cutOff = m_reader.failure() == JsonReader::Failure::Truncated;
        if (complete || (cutOff && m_ours)) {
            result.trace = std::move(m_trace);
            result.trace.frames = m_frames.view();
            result.trace.blocks = m_blocks.view();
            result.trace.work = m_work.view();
            result.truncated = cutOff;
            return result;
        }
        result.error = m_reader.why();
        result.cancelled = m_reader.failure() == JsonReader::Failure::Cancelled;
        return result;
    }

private:
    [[nodiscard]] static QString foreign()
    {
        return translated("This is a Chrome trace, but not one that the jank monitor wrote: only its own can be read "
                          "back");
    }

    bool readAll()
    {
        const JsonReader::Kind kind = m_reader.peek();
        if (m_reader.failed())
            return false;
        if (m_reader.atEnd())
            return m_reader.refuse(translated("The file is empty"), 0);
        if (kind == JsonReader::Kind::Array)
            return readForeignArray();
        if (kind != JsonReader::Kind::Object)
            return m_reader.refuse(translated("This is no recording: a Chrome trace begins with “{”"),
                                   m_reader.offset());
        return readTopLevel();
    }

    /// The other form of a Chrome trace, which this module never writes.
    bool readForeignArray()
    {
        if (m_reader.enterArray() && m_reader.nextItem() && m_reader.peek() == JsonReader::Kind::Object
            && m_members.read(m_reader) && m_members.has("ph"))
            return m_reader.refuse(foreign(), 0);
        if (m_reader.failure() == JsonReader::Failure::Cancelled)
            return false;
        return !m_reader.failed() && m_reader.refuse(translated("This is JSON, but no recording"), 0);
    }

    bool readTopLevel()
    {
        std::string key;
        if (!m_reader.enterObject())
            return false;
        while (m_reader.nextKey(key)) {
            const JsonReader::Kind kind = m_reader.peek();
            bool fine = false;
            if (key == "otherData" && kind == JsonReader::Kind::Object)
                fine = readOtherData();
            else if (key == "workLanes" && kind == JsonReader::Kind::Array)
                fine = readLanes();
            else if (key == "traceEvents" && kind == JsonReader::Kind::Array)
                fine = readEvents();
            else
                fine = m_reader.skip();
            if (!fine)
                return false;
        }
        if (m_reader.failed())
            return false;
        if (!m_reader.atEnd())
            return m_reader.failed() ? false
                                     : m_reader.refuse(translated("Something follows the end"), m_reader.offset());
        if (!m_ours)
            return m_reader.refuse(m_events > 0 ? foreign() : translated("This is JSON, but no recording"), 0);
        return true;
    }

    bool readOtherData()
    {
        if (!m_members.read(m_reader))
            return false;
        if (m_members.text("format") != ChromeTraceFormatName)
            return m_reader.refuse(foreign(), m_members.at());
        if (m_members.number<std::int64_t>("version", 1, Any) > ChromeTraceFormatVersion)
            return m_reader.refuse(translated("A later version of the jank monitor wrote this recording"),
                                   m_members.at());
        m_trace.program = m_members.bytes("program");
        m_trace.wallClock = m_members.number<std::int64_t>("wall_clock_ns", -Any - 1, Any);
        m_trace.span = {time("span_start_ns"), time("span_end_ns")};
        if (m_trace.span.length() < 0 || m_trace.span.length() > LongestRecording)
            m_members.complain("span_end_ns", translated("is before the start, or months after it"));
        m_trace.interval = m_members.number<std::int64_t>("interval_ns", ShortestInterval, LongestInterval);
        m_trace.drawnOnUiThread = m_members.number<std::int64_t>("drawn_on_ui_thread", 0, 1, 0) != 0;
        m_ours = true;
        return accept(translated("otherData"));
    }

    bool readLanes()
    {
        if (!m_reader.enterArray())
            return false;
        while (m_reader.nextItem()) {
            if (!m_members.read(m_reader))
                return false;
            const auto id = m_members.number<std::uint64_t>("id", 0, std::numeric_limits<std::uint64_t>::max());
            m_trace.lanes.push_back({id, m_members.bytes("name")});
            if (!accept(translated("A lane of work")))
                return false;
        }
        return !m_reader.failed();
    }

    bool readEvents()
    {
        if (!m_reader.enterArray())
            return false;
        while (m_reader.nextItem()) {
            if (!m_members.read(m_reader) || !takeEvent())
                return false;
            ++m_events;
            if (!m_ours && m_foundOurs == 0 && m_events >= ForeignAfter)
                return m_reader.refuse(foreign(), m_members.at());
        }
        return !m_reader.failed();
    }

    /// Refuses what was read when something was wrong with it.
    bool accept(const QString &what)
    {
        return m_members.problem().isEmpty()
            || m_reader.refuse(translated("%1: %2").arg(what, m_members.problem()), m_members.at());
    }

    bool takeEvent()
    {
        const std::string_view category = m_members.text("cat");
        const std::string_view phase = m_members.text("ph");
        if (!category.starts_with("jank."))
            return true;
        ++m_foundOurs;
        if (category == "jank.frame" && phase == "b")
            return takeFrame();
        if (category == "jank.work" && phase == "X")
            return takeWork();
        if (category == "jank.block" && phase == "X") {
            m_blocks.push(block());
            return accept(translated("A block"));
        }
        if (category == "jank.stall" && phase == "X") {
            m_trace.stalls.push_back({block(), m_members.list("args.stack"), m_members.list("args.labels")});
            return accept(translated("A stall"));
        }
        if (category == "jank.label" && phase == "b") {
            m_trace.labels.push_back({m_members.bytes("args.text"), orderedSpan(true)});
            return accept(translated("A label"));
        }
        return true;
    }

    bool takeFrame()
    {
        FrameSample frame;
        frame.wanted = time("args.wanted_ns");
        const auto after = [this, &frame](std::string_view key) {
            const std::int64_t difference = m_members.number<std::int64_t>(key, -Any - 1, Any);
            const auto time = static_cast<std::int64_t>(static_cast<std::uint64_t>(frame.wanted)
                                                        + static_cast<std::uint64_t>(difference));
            if (time < -MostTime || time > MostTime)
                m_members.complain(key, translated("is out of bounds"));
            return time;
        };
        frame.deadline = after("args.after_wanted_ns.deadline");
        frame.uiStart = after("args.after_wanted_ns.ui_start");
        frame.uiEnd = after("args.after_wanted_ns.ui_end");
        frame.syncStart = after("args.after_wanted_ns.sync_start");
        frame.syncEnd = after("args.after_wanted_ns.sync_end");
        frame.renderStart = after("args.after_wanted_ns.render_start");
        frame.renderEnd = after("args.after_wanted_ns.render_end");
        frame.swapEnd = after("args.after_wanted_ns.swap_end");
        frame.interval = m_members.number<std::int64_t>("args.interval_ns", 0, LongestInterval);
        if (frame.interval != 0 && frame.interval < ShortestInterval)
            m_members.complain("args.interval_ns", translated("is that of no display"));
        if (std::abs(frame.swapEnd - frame.wanted) > LongestFrame)
            m_members.complain("args.after_wanted_ns.swap_end", translated("is a day away"));
        frame.uiBusy = time("args.ui_busy_ns");
        frame.missed = static_cast<std::int32_t>(m_members.number<std::int64_t>("args.missed", 0, MostMissed));
        frame.own = m_members.flag("args.own");
        if (!causeFromName(m_members.text("args.cause"), frame.cause))
            m_members.complain("args.cause", translated("is none of “none”, “ui” and “render”"));
        m_frames.push(frame);
        return accept(translated("A frame"));
    }

    bool takeWork()
    {
        constexpr std::uint64_t MostId = std::numeric_limits<std::uint64_t>::max();
        const Interval span = orderedSpan(false);
        m_work.push({.lane = m_members.number<std::uint64_t>("args.lane", 0, MostId),
                     .start = span.start,
                     .end = span.end,
                     .cpu = m_members.number<std::int64_t>("args.cpu_ns", -MostTime, MostTime, 0),
                     .thread = m_members.number<std::uint64_t>("args.thread", 0, MostId, 0),
                     .label = m_members.bytes("args.label"),
                     .requester = m_members.bytes("args.requester")});
        return accept(translated("A piece of work"));
    }

    LoopBlock block()
    {
        LoopBlock result;
        const Interval span = orderedSpan(false);
        result.start = span.start;
        result.end = span.end;
        result.length = time("args.length_ns");
        result.eventType = m_members.number<int>("args.event_type", std::numeric_limits<int>::min(),
                                                 std::numeric_limits<int>::max());
        setFixedText(result.receiver, m_members.bytes("args.receiver"));
        setFixedText(result.name, m_members.bytes("args.name"));
        return result;
    }

    std::int64_t time(std::string_view key) { return m_members.number<std::int64_t>(key, -MostTime, MostTime); }

    /// A label may have no end yet: it is then at the end of all time.
    Interval orderedSpan(bool mayBeOpen)
    {
        const Interval span{time("args.start_ns"),
                            m_members.number<std::int64_t>("args.end_ns", -MostTime, mayBeOpen ? Any : MostTime)};
        if (span.end < span.start)
            m_members.complain("args.end_ns", translated("is before the start"));
        return span;
    }

    JsonReader m_reader;
    JsonMembers m_members;
    Trace m_trace;
    ChunkedLog<FrameSample> m_frames{Unbounded};
    ChunkedLog<LoopBlock> m_blocks{Unbounded};
    ChunkedLog<WorkInterval> m_work{Unbounded};
    std::uint64_t m_events = 0;
    std::uint64_t m_foundOurs = 0;
    bool m_ours = false; // otherData says so
};

} // namespace

TraceReading readChromeTrace(QIODevice &device, const IoControl &control)
{
    if (!device.isReadable()) {
        TraceReading result;
        result.error = translated("The device is not open for reading");
        return result;
    }
    return Reader(device, control).run();
}

} // namespace jank
