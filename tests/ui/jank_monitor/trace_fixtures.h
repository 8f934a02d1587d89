#pragma once

// Recordings to write and read, and what it means that two are equal.

#include "jank_monitor/trace.h"

#include <QtCore/qstring.h>

#include <limits>
#include <string>
#include <string_view>
#include <tuple>

namespace fixtures {

inline constexpr std::int64_t Ms = 1'000'000;
/// As on a machine that has been up for three weeks: too large for a double of microseconds to tell nanoseconds.
inline constexpr std::int64_t Start = 1'814'400'123'456'789;

/// A text with bytes that are no UTF-8, and a 0.
inline std::string brokenText()
{
    return std::string("b\xff\xc0\x80roken \xed\xa0\x80 \0 end", 18);
}
/// A text with all that JSON, CSV and HTML take for their own.
inline std::string wildText()
{
    return "\"quoted\" \\ <b>&amp; 'x', \r\n\t\x01\x7f = größer → 漢字 \xf0\x9f\x90\x8e";
}

inline jank::LoopBlock block(std::int64_t start, std::int64_t end, int type = 0, std::string_view receiver = {},
                             std::string_view name = {})
{
    jank::LoopBlock result;
    result.start = start;
    result.end = end;
    result.length = end - start - 17;
    result.eventType = type;
    receiver.copy(result.receiver, sizeof(result.receiver) - 1);
    name.copy(result.name, sizeof(result.name) - 1);
    return result;
}

/// A frame of a 60 Hz display, wanted `index` vsyncs after Start, that missed `missed` of them.
inline jank::FrameSample frame(std::int64_t index, int missed = 0, jank::Cause cause = jank::Cause::None)
{
    jank::FrameSample sample;
    sample.interval = 16'666'667;
    sample.wanted = Start + index * sample.interval;
    sample.deadline = sample.wanted + sample.interval;
    sample.uiStart = sample.wanted + 12'345;
    sample.uiEnd = sample.uiStart + 3 * Ms + 1 + (cause == jank::Cause::Ui ? missed * sample.interval : 0);
    sample.uiBusy = sample.uiEnd - sample.uiStart - 999;
    sample.syncStart = sample.uiEnd;
    sample.syncEnd = sample.syncStart + 210'007;
    sample.renderStart = sample.syncEnd;
    sample.renderEnd = sample.renderStart + 4 * Ms + (cause == jank::Cause::Render ? missed * sample.interval : 0);
    sample.swapEnd = sample.deadline + missed * sample.interval + index % 7;
    sample.missed = missed;
    sample.cause = cause;
    return sample;
}

inline jank::WorkInterval work(std::uint64_t lane, std::int64_t start, std::int64_t end, std::uint64_t thread,
                               std::string label, std::string requester = {}, std::int64_t cpu = 0)
{
    return {lane, start, end, cpu, thread, std::move(label), std::move(requester)};
}

/// A recording with some of everything, `frames` vsyncs long: smooth, but for a stall, a slow picture now and then, and
/// a pool whose tasks overlap.
inline jank::Trace session(std::int64_t frames)
{
    jank::Trace trace;
    trace.program = "orrery 1.2";
    trace.wallClock = 1'790'000'000'000'000'123;
    trace.interval = 16'666'667;
    std::vector<jank::FrameSample> shown;
    std::vector<jank::LoopBlock> blocks;
    std::vector<jank::WorkInterval> tasks;
    for (std::int64_t i = 0; i < frames; ++i) {
        const int missed = i % 97 == 50 ? 3 : i % 41 == 40 ? 1 : 0;
        const jank::Cause cause = missed == 3 ? jank::Cause::Ui : missed == 1 ? jank::Cause::Render : jank::Cause::None;
        shown.push_back(frame(i, missed, cause));
        shown.back().own = i % 60 == 7;
        if (missed == 3) {
            blocks.push_back(block(shown.back().uiStart, shown.back().uiEnd, 2, "OrreryView", "the third planet"));
            trace.stalls.push_back(
                {blocks.back(), {"sin", "jank::place(Planet &)", wildText()}, {"scrolling", wildText()}});
        }
        for (int task = 0; task < 3; ++task) {
            const std::int64_t begin = shown.back().wanted + task * 2 * Ms;
            tasks.push_back(work(task == 2 ? 2 : 1, begin, begin + 5 * Ms,
                                 task == 2 ? 0U : 4242U + static_cast<unsigned>(i % 2), "orbit " + std::to_string(i),
                                 task == 0 ? "main" : "", task == 1 ? 0 : 4 * Ms));
        }
        i += missed;
    }
    trace.frames = jank::ChunkedView<jank::FrameSample>::of(shown);
    trace.blocks = jank::ChunkedView<jank::LoopBlock>::of(blocks);
    trace.work = jank::ChunkedView<jank::WorkInterval>::of(tasks);
    trace.lanes = {{1, "pool"}, {2, "parser"}};
    trace.labels
        = {{"turning", {Start - 5 * Ms, Start + 40 * Ms}}, {"zooming", {Start + 10 * Ms, Start + frames * 16 * Ms}}};
    trace.span = {Start - 3 * Ms, Start + (frames + 4) * 16'666'667};
    return trace;
}

/// A small recording in which every text is as bad as it gets and every number is unusual.
inline jank::Trace wild()
{
    jank::Trace trace;
    trace.program = brokenText();
    trace.wallClock = -1;
    trace.interval = 6'944'444;
    trace.drawnOnUiThread = true;
    trace.span = {Start, Start + 100 * Ms};
    jank::FrameSample backwards = frame(3, 2, jank::Cause::Render);
    backwards.uiStart = backwards.uiEnd + 5;
    backwards.own = true;
    jank::FrameSample before = frame(1);
    before.wanted -= 100'000 * Ms;
    before.missed = 3000;
    before.cause = jank::Cause::Ui;
    jank::FrameSample zero;
    trace.frames = jank::ChunkedView<jank::FrameSample>::of({frame(2), backwards, before, zero, frame(4)});
    jank::LoopBlock cut = block(Start, Start + Ms, 123456, "K\xc3", brokenText().c_str());
    trace.blocks = jank::ChunkedView<jank::LoopBlock>::of({cut, block(Start + 7, Start + 7, -5)});
    trace.stalls = {{cut, {brokenText(), "", wildText()}, {brokenText(), ""}},
                    {block(Start + Ms, Start + 90 * Ms, 1, wildText()), {}, {}}};
    trace.labels = {{"", {Start - Ms, Start}},
                    {wildText(), {Start, Start + 9}},
                    {brokenText(), {Start + 4, std::numeric_limits<std::int64_t>::max()}}};
    trace.lanes = {{~0ULL, brokenText()}, {7, ""}, {8, wildText()}};
    const std::uint64_t large = (1ULL << 53) + 1;
    trace.work = jank::ChunkedView<jank::WorkInterval>::of({
        work(~0ULL, Start + 5, Start + 50 * Ms, ~0ULL, brokenText(), ""),
        work(large, Start, Start, large, "", brokenText(), -1),
        work(7, Start + 6, Start + 7, 0, wildText(), wildText()),
        work(7, -Start, Start + 70 * Ms, 0, "early"),
        work(99, Start, Start + 9, 0, "no such lane"),
    });
    return trace;
}

inline auto members(const jank::FrameSample &f)
{
    return std::tuple(f.wanted, f.deadline, f.interval, f.uiStart, f.uiEnd, f.uiBusy, f.syncStart, f.syncEnd,
                      f.renderStart, f.renderEnd, f.swapEnd, f.missed, f.cause, f.own);
}
inline auto members(const jank::LoopBlock &b)
{
    return std::tuple(b.start, b.end, b.length, b.eventType, std::string_view(b.receiver, sizeof(b.receiver)),
                      std::string_view(b.name, sizeof(b.name)));
}
inline auto members(const jank::Stall &s)
{
    return std::tuple_cat(members(s.block), std::tuple(s.stack, s.labels));
}
inline auto members(const jank::LabelSpan &l)
{
    return std::tuple(l.text, l.span.start, l.span.end);
}
inline auto members(const jank::WorkLog::Lane &l)
{
    return std::tuple(l.id, l.name);
}
inline auto members(const jank::WorkInterval &w)
{
    return std::tuple(w.lane, w.start, w.end, w.cpu, w.thread, w.label, w.requester);
}

/// The first thing in which two lists differ; empty when they are equal. With `beginningOnly`, `read` may be shorter.
template <class List>
QString listDifference(const char *what, const List &written, const List &read, bool beginningOnly = false)
{
    if (beginningOnly ? read.size() > written.size() : read.size() != written.size())
        return QStringLiteral("%1 %2 in place of %3").arg(read.size()).arg(QLatin1String(what)).arg(written.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
        if (members(written[i]) != members(read[i]))
            return QStringLiteral("%1 number %2 differs").arg(QLatin1String(what)).arg(i);
    }
    return {};
}

/// The same of two recordings. With `beginningOnly`, each list that was read may be shorter.
inline QString difference(const jank::Trace &written, const jank::Trace &read, bool beginningOnly = false)
{
    const auto head = [](const jank::Trace &t) {
        return std::tuple(t.program, t.wallClock, t.span.start, t.span.end, t.interval, t.drawnOnUiThread);
    };
    if (head(written) != head(read))
        return QStringLiteral("what is said of the whole differs");
    for (const QString &found : {listDifference("frames", written.frames, read.frames, beginningOnly),
                                 listDifference("blocks", written.blocks, read.blocks, beginningOnly),
                                 listDifference("stalls", written.stalls, read.stalls, beginningOnly),
                                 listDifference("labels", written.labels, read.labels, beginningOnly),
                                 listDifference("lanes", written.lanes, read.lanes, beginningOnly),
                                 listDifference("pieces of work", written.work, read.work, beginningOnly)}) {
        if (!found.isEmpty())
            return found;
    }
    return {};
}

} // namespace fixtures
