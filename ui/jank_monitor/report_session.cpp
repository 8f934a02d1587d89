#include "jank_monitor/frames_kept.h"
#include "jank_monitor/report_page.h"
#include "jank_monitor/report_plots.h"
#include "jank_monitor/report_words.h"
#include "jank_monitor/svg_plot.h"
#include "jank_monitor/trace_names.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace jank {

namespace {

constexpr int FullWidth = 1040;
constexpr int FramePlotHeight = 260;
constexpr int MissedColumnsCount = 120;
constexpr int LaneColumns = 400;
constexpr std::size_t MostWorstFrames = 15;
constexpr std::size_t MostStalls = 12;
constexpr std::size_t MostStackLines = 12;
constexpr qsizetype LongestStackLine = 300;
constexpr std::size_t MostLanes = 16;
constexpr std::size_t Sections = 8;

QString chips(const std::vector<std::string_view> &labels)
{
    QString result;
    for (const std::string_view label : labels)
        result += QStringLiteral("<span class=\"chip\">") + escaped(shortened(label)) + QStringLiteral("</span>");
    return result;
}

QString causeChip(Cause cause)
{
    if (cause == Cause::Ui)
        return QStringLiteral("<span class=\"chip ui-cause\">UI thread</span>");
    if (cause == Cause::Render)
        return QStringLiteral("<span class=\"chip render-cause\">render thread</span>");
    return {};
}

/// What one lane did in all.
struct LaneSum {
    std::uint64_t id = 0;
    std::int64_t pieces = 0;
    std::int64_t busy = 0;
    std::int64_t longest = 0;
    std::string longestLabel;
    LaneActivity activity;
};

class SessionReport {
public:
    SessionReport(const ReportSession &session, QIODevice &device, const IoControl &control)
        : m_session(session), m_trace(session.trace), m_labels(session.trace.labels), m_page(device, control, Sections)
    {
        m_frames.reserve(m_trace.frames.size());
        m_trace.frames.forEach([this](const FrameSample &frame) { m_frames.push_back(frame); });
        std::vector<LoopBlock> blocks;
        m_trace.blocks.forEach([&blocks](const LoopBlock &block) { blocks.push_back(block); });
        m_statistics = computeStatistics(m_frames, blocks, m_trace.span, m_trace.interval);
        for (const FrameSample &frame : m_frames) {
            if (!frame.own && m_trace.span.contains(frame.swapEnd))
                m_times.push_back(frame.frameTime());
        }
        std::sort(m_times.begin(), m_times.end());
        predict();
    }

    IoResult run()
    {
        writeHead();
        const bool finished = writeFrameTimes() && writeDistribution() && writeMissed() && writeWorst() && writeStalls()
            && writeWork() && writeKept() && writeRest();
        (void)finished; // end() tells what went wrong
        return m_page.end();
    }

private:
    /// Without overflow, whatever a file says.
    [[nodiscard]] std::int64_t wallClockAt(std::int64_t time) const
    {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(m_trace.wallClock)
                                         + static_cast<std::uint64_t>(time));
    }

    void predict()
    {
        FramesKept model({.interval = m_trace.interval});
        model.setDrawnOnUiThread(m_trace.drawnOnUiThread);
        for (const FrameSample &frame : m_frames)
            model.addFrame(frame);
        std::vector<WorkInterval> work;
        m_trace.work.forEach([&work](const WorkInterval &piece) { work.push_back(piece); });
        model.addWork(work);
        m_kept = model.update(m_trace.span.end);
        m_predicted = model.predicted();
        m_frameCost = model.frameCost();
    }

    void writeHead()
    {
        const QString program = QString::fromStdString(m_trace.program);
        const QString title = !m_session.title.isEmpty() ? m_session.title
            : program.isEmpty()                          ? QStringLiteral("Session")
                                                         : QStringLiteral("%1: session").arg(program);
        QString rate;
        if (m_trace.interval > 0)
            rate = QStringLiteral("%1 Hz").arg(1e9 / static_cast<double>(m_trace.interval), 0, 'g', 4);
        m_page.begin(title, QStringLiteral("Frame report"),
                     {program, dateText(m_trace.wallClock == 0 ? 0 : wallClockAt(m_trace.span.start)),
                      QStringLiteral("%1 recorded").arg(durationText(m_statistics.duration)), rate,
                      QStringLiteral("%1 frames").arg(countText(m_statistics.framesDrawn))});
        const Verdict verdict = verdictOn(m_statistics.hitchRatio);
        const double owed = m_statistics.framesDrawn + m_statistics.framesMissed;
        const double missedShare = owed > 0 ? m_statistics.framesMissed / owed : 0;
        m_page.figures({
            {QStringLiteral("Hitch ratio"), ratioText(m_statistics.hitchRatio), verdict.words, verdict.tone},
            {QStringLiteral("Missed vsyncs"), countText(m_statistics.framesMissed),
             QStringLiteral("%1 % of those owed; %2 by UI, %3 by rendering")
                 .arg(missedShare * 100, 0, 'f', 2)
                 .arg(countText(m_statistics.missedByUi), countText(m_statistics.missedByRender))},
            {QStringLiteral("Frame time, p99"), durationText(m_statistics.p99),
             QStringLiteral("p50 %1, p95 %2").arg(durationText(m_statistics.p50), durationText(m_statistics.p95))},
            {QStringLiteral("Longest stall"), durationText(m_statistics.longestStall),
             QStringLiteral("%1 blocked beyond 50 ms").arg(durationText(m_statistics.blockingTime))},
            {QStringLiteral("Frames a second"), QString::number(m_statistics.fps, 'f', 1),
             QStringLiteral("1 % low %1, 0.1 % low %2")
                 .arg(m_statistics.fpsLow1, 0, 'f', 1)
                 .arg(m_statistics.fpsLow01, 0, 'f', 1)},
            {m_kept < 0 ? QStringLiteral("Frames lost") : QStringLiteral("Frames kept"), countText(std::abs(m_kept)),
             QStringLiteral("predicted, by work on other threads")},
        });
    }

    bool writeFrameTimes()
    {
        m_page.beginSection(
            QStringLiteral("Frame times"),
            QStringLiteral("How long each picture was owed. A column shows the worst frame of its time; "
                           "the scale doubles from step to step above the deadline. Empty: nothing was "
                           "to be drawn."));
        FrameColumns columns(m_trace.span, plotColumns(FullWidth));
        for (const FrameSample &frame : m_frames)
            columns.add(frame);
        m_page.markup(QStringLiteral("<div class=\"plot\">"));
        m_page.markup(
            frameTimePlot({QStringLiteral("Frame times over the session"),
                           QStringLiteral("Longest %1, median %2, deadline %3.")
                               .arg(durationText(toMilliseconds(columns.worst())), durationText(m_statistics.p50),
                                    durationText(toMilliseconds(m_trace.interval)))},
                          columns, m_trace.interval, plotTop(columns.worst(), m_trace.interval), m_trace.stalls,
                          FullWidth, FramePlotHeight));
        m_page.markup(QStringLiteral("</div>") + frameLegend(true));
        return m_page.endSection();
    }

    bool writeDistribution()
    {
        m_page.beginSection(QStringLiteral("Distribution"));
        m_page.markup(QStringLiteral("<div class=\"pair\"><figure><figcaption><b>How many frames took how long</b> "
                                     "(the count is logarithmic)</figcaption>"));
        m_page.markup(
            histogramPlot({QStringLiteral("Histogram of frame times"),
                           QStringLiteral("%1 frames; median %2.")
                               .arg(countText(static_cast<qint64>(m_times.size())), durationText(m_statistics.p50))},
                          m_times, m_trace.interval));
        m_page.markup(
            QStringLiteral("</figure><figure><figcaption><b>Percentiles</b>: that share of the frames took no "
                           "longer</figcaption>"));
        m_page.markup(percentilePlot(
            {QStringLiteral("Percentiles of the frame time"),
             QStringLiteral("p50 %1, p95 %2, p99 %3.")
                 .arg(durationText(m_statistics.p50), durationText(m_statistics.p95), durationText(m_statistics.p99))},
            m_times, m_trace.interval));
        m_page.markup(QStringLiteral("</figure></div>\n"));
        return m_page.endSection();
    }

    bool writeMissed()
    {
        m_page.beginSection(QStringLiteral("Missed vsyncs"));
        if (m_statistics.framesMissed == 0) {
            m_page.paragraph(QStringLiteral("None: every frame that was owed was shown in time."));
            return m_page.endSection();
        }
        const double part = m_statistics.duration / MissedColumnsCount;
        m_page.paragraph(QStringLiteral("A bar stands for %1.").arg(durationText(part)));
        m_page.markup(QStringLiteral("<div class=\"plot\">"));
        m_page.markup(missedPlot({QStringLiteral("Missed vsyncs over the session"),
                                  QStringLiteral("%1 by the UI thread, %2 by the render thread.")
                                      .arg(countText(m_statistics.missedByUi), countText(m_statistics.missedByRender))},
                                 MissedColumns(m_trace.frames, m_trace.span, MissedColumnsCount), m_trace.span));
        m_page.markup(QStringLiteral(
            "</div><ul class=\"legend\"><li><svg viewBox=\"0 0 16 12\" aria-hidden=\"true\"><rect class=\"ui\" x=\"2\" "
            "width=\"12\" height=\"12\"/></svg>by the UI thread</li><li><svg viewBox=\"0 0 16 12\" "
            "aria-hidden=\"true\"><rect class=\"render\" x=\"2\" width=\"12\" height=\"12\"/></svg>by the render "
            "thread or the GPU (hatched)</li></ul>\n"));
        return m_page.endSection();
    }

    bool writeWorst()
    {
        std::vector<const FrameSample *> worst;
        for (const FrameSample &frame : m_frames) {
            if (!frame.own && frame.missed > 0 && m_trace.span.contains(frame.swapEnd))
                worst.push_back(&frame);
        }
        std::stable_sort(worst.begin(), worst.end(), [](const FrameSample *a, const FrameSample *b) {
            return std::pair(a->missed, a->frameTime()) > std::pair(b->missed, b->frameTime());
        });
        const std::size_t all = worst.size();
        worst.resize(std::min(all, MostWorstFrames));
        if (worst.empty())
            return true;
        m_page.beginSection(QStringLiteral("Worst frames"));
        QList<QStringList> rows;
        for (const FrameSample *frame : worst) {
            rows.append({momentText(frame->swapEnd - m_trace.span.start), countText(frame->missed),
                         durationText(toMilliseconds(frame->frameTime())), causeChip(frame->cause),
                         durationText(toMilliseconds(frame->uiBusy)), durationText(toMilliseconds(frame->renderTime())),
                         chips(m_labels.during(*frame))});
        }
        m_page.table(QStringLiteral("%1 of %2 frames that missed a vsync, those that missed most first")
                         .arg(countText(static_cast<qint64>(worst.size())), countText(static_cast<qint64>(all))),
                     {QStringLiteral("Shown at"), QStringLiteral("Missed"), QStringLiteral("Frame time"),
                      QStringLiteral("Cause"), QStringLiteral("UI busy"), QStringLiteral("Render"),
                      QStringLiteral("What was going on")},
                     rows, {1, 2, 4, 5});
        return m_page.endSection();
    }

    bool writeStalls()
    {
        m_page.beginSection(QStringLiteral("Stalls"));
        if (m_trace.stalls.empty()) {
            m_page.paragraph(QStringLiteral("None: the event loop always came back within two intervals."));
            return m_page.endSection();
        }
        std::vector<const Stall *> stalls;
        for (const Stall &stall : m_trace.stalls)
            stalls.push_back(&stall);
        std::stable_sort(stalls.begin(), stalls.end(),
                         [](const Stall *a, const Stall *b) { return a->block.length > b->block.length; });
        stalls.resize(std::min(stalls.size(), MostStalls));
        QList<QStringList> rows;
        for (const Stall *stall : stalls) {
            QString culprit = escaped(culpritText(stall->block));
            if (culprit.isEmpty())
                culprit = QStringLiteral("not known");
            const QString labels = chips(m_labels.during(stall->block.span()));
            rows.append({momentText(stall->block.start - m_trace.span.start),
                         durationText(toMilliseconds(stall->block.length)),
                         culprit + stackMarkup(stall->stack)
                             + (labels.isEmpty() ? QString() : QStringLiteral("<div>%1</div>").arg(labels))});
        }
        m_page.table(
            QStringLiteral("%1 of %2 stalls, the longest first; with the stack of the UI thread while it was "
                           "stuck, innermost call first")
                .arg(countText(static_cast<qint64>(stalls.size())),
                     countText(static_cast<qint64>(m_trace.stalls.size()))),
            {QStringLiteral("Began at"), QStringLiteral("Length"), QStringLiteral("Held by, and what was going on")},
            rows, {1});
        return m_page.endSection();
    }
    static QString stackMarkup(const std::vector<std::string> &stack)
    {
        if (stack.empty())
            return {};
        QString text;
        for (std::size_t i = 0; i < std::min(stack.size(), MostStackLines); ++i)
            text += (i > 0 ? QStringLiteral("\n") : QString()) + escaped(shortened(stack[i], LongestStackLine));
        if (stack.size() > MostStackLines)
            text += QStringLiteral("\n… and %1 more").arg(stack.size() - MostStackLines);
        return QStringLiteral("<pre class=\"stack\">") + text + QStringLiteral("</pre>");
    }

    [[nodiscard]] std::vector<LaneSum> sumsOfLanes() const
    {
        std::map<std::uint64_t, LaneSum> sums;
        const double column
            = std::max(1.0, static_cast<double>(m_trace.span.end) - static_cast<double>(m_trace.span.start))
            / LaneColumns;
        m_trace.work.forEach([&](const WorkInterval &work) {
            const std::int64_t from = std::max(work.start, m_trace.span.start);
            const std::int64_t to = std::min(work.end, m_trace.span.end);
            if (to <= from)
                return;
            LaneSum &sum = sums[work.lane];
            sum.activity.busy.resize(LaneColumns, 0);
            ++sum.pieces;
            sum.busy += to - from;
            if (to - from > sum.longest) {
                sum.longest = to - from;
                sum.longestLabel = work.label;
            }
            const double begin = static_cast<double>(from - m_trace.span.start) / column;
            const double end = static_cast<double>(to - m_trace.span.start) / column;
            for (auto i = static_cast<std::size_t>(begin); i < LaneColumns && static_cast<double>(i) < end; ++i) {
                const double low = std::max(begin, static_cast<double>(i));
                sum.activity.busy[i] += std::min(end, static_cast<double>(i) + 1) - low;
            }
        });
        std::vector<LaneSum> result;
        for (auto &[id, sum] : sums) {
            sum.id = id;
            const auto lane
                = std::find_if(m_trace.lanes.begin(), m_trace.lanes.end(),
                               [laneId = id](const WorkLog::Lane &candidate) { return candidate.id == laneId; });
            sum.activity.name = lane != m_trace.lanes.end() && !lane->name.empty() ? QString::fromStdString(lane->name)
                                                                                   : QStringLiteral("lane %1").arg(id);
            result.push_back(std::move(sum));
        }
        std::stable_sort(result.begin(), result.end(),
                         [](const LaneSum &a, const LaneSum &b) { return a.busy > b.busy; });
        return result;
    }

    bool writeWork()
    {
        m_page.beginSection(QStringLiteral("What ran on other threads"));
        std::vector<LaneSum> sums = sumsOfLanes();
        if (sums.empty()) {
            m_page.paragraph(QStringLiteral("Nothing was reported."));
            return m_page.endSection();
        }
        const std::size_t all = sums.size();
        sums.resize(std::min(all, MostLanes));
        m_page.paragraph(QStringLiteral("How much of the time each worked; several pieces at once count as all of it. "
                                        "%1")
                             .arg(all > sums.size() ? QStringLiteral("The busiest %1 of %2.").arg(sums.size()).arg(all)
                                                    : QString()));
        std::vector<LaneActivity> lanes;
        QList<QStringList> rows;
        const double duration = std::max(1.0, static_cast<double>(m_trace.span.length()));
        for (const LaneSum &sum : sums) {
            lanes.push_back(sum.activity);
            rows.append({escaped(shortened(sum.activity.name.toStdString())), countText(sum.pieces),
                         durationText(toMilliseconds(sum.busy)),
                         QStringLiteral("%1 %").arg(static_cast<double>(sum.busy) / duration * 100, 0, 'f', 1),
                         durationText(toMilliseconds(sum.longest)), escaped(shortened(sum.longestLabel))});
        }
        m_page.markup(QStringLiteral("<div class=\"plot\">"));
        m_page.markup(lanesPlot({QStringLiteral("What ran on other threads over the session"),
                                 QStringLiteral("The table below has the same in figures.")},
                                lanes, m_trace.span));
        m_page.markup(QStringLiteral("</div>\n"));
        m_page.table(QStringLiteral("The same in figures, the busiest first"),
                     {QStringLiteral("Who"), QStringLiteral("Pieces"), QStringLiteral("Busy"), QStringLiteral("Share"),
                      QStringLiteral("Longest"), QStringLiteral("Which")},
                     rows, {1, 2, 3, 4});
        return m_page.endSection();
    }

    bool writeKept()
    {
        m_page.beginSection(QStringLiteral("Frames kept"));
        if (m_trace.work.empty()) {
            m_page.paragraph(QStringLiteral("No work was reported, so there is nothing to predict from."));
            return m_page.endSection();
        }
        const std::int64_t held = m_predicted.framesMissed - m_kept;
        m_page.paragraph(
            QStringLiteral(
                "Had this work run on the UI thread, about %1 would have been missed. %2 were missed while it "
                "ran, whatever the reason, and are held against it: %3 %4.")
                .arg(vsyncsText(m_predicted.framesMissed), countText(held), countText(std::abs(m_kept)),
                     m_kept < 0 ? QStringLiteral("lost") : QStringLiteral("kept")),
            "lead");
        m_page.paragraph(
            QStringLiteral(
                "The model replays each piece on one thread in one piece, in the order of the starts, for as "
                "long as it took (its processor time, where known). In each turn of its loop it begins pieces "
                "for 2 ms and then draws the frame that was due when the turn began, which takes %1 of the "
                "thread: the median of the last frames. It knows nothing of caches, of work that would have "
                "been cut into smaller pieces, or of cores of another speed.")
                .arg(durationText(toMilliseconds(m_frameCost))));
        m_page.definitions(
            {{QStringLiteral("Stall time, predicted"), durationText(toMilliseconds(m_predicted.stallTime))},
             {QStringLiteral("Longest stall, predicted"), durationText(toMilliseconds(m_predicted.longestStall))}});
        return m_page.endSection();
    }

    bool writeRest()
    {
        m_page.beginSection(QStringLiteral("Machine"));
        ReportMachine machine = m_session.machine;
        if (machine.refreshRate <= 0 && m_trace.interval > 0)
            machine.refreshRate = 1e9 / static_cast<double>(m_trace.interval);
        m_page.machine(machine, m_session.cost);
        if (!m_page.endSection())
            return false;
        m_page.beginSection(QStringLiteral("What the figures mean"));
        m_page.definitions(definitionsOfFigures());
        return m_page.endSection();
    }

    const ReportSession &m_session;
    const Trace &m_trace;
    const LabelFinder m_labels;
    ReportPage m_page;
    std::vector<FrameSample> m_frames;
    std::vector<std::int64_t> m_times; // sorted
    FrameStatistics m_statistics;
    JankPrediction m_predicted;
    std::int64_t m_kept = 0;
    std::int64_t m_frameCost = 0;
};

} // namespace

IoResult writeReport(const ReportSession &session, QIODevice &device, const IoControl &control)
{
    return SessionReport(session, device, control).run();
}

} // namespace jank
