#include "jank_monitor/report_page.h"
#include "jank_monitor/report_plots.h"
#include "jank_monitor/report_words.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace jank {

namespace {

constexpr int SmallWidth = 340;
constexpr int SmallHeight = 170;
constexpr std::size_t Sections = 6;
constexpr std::size_t MostRoundsDrawn = 8;

/// A way of doing the work: where it stands in a round, and its name.
struct Way {
    std::optional<ReportRun> ReportRound::*run;
    const char *name;
};
constexpr std::array Ways{Way{&ReportRound::idle, "Idle"}, Way{&ReportRound::isolates, "In isolates"},
                          Way{&ReportRound::mainIsolate, "On the main isolate"}};

/// "12.3" with the least and the most under it, as markup.
QString withSpread(const std::vector<double> &values, QString (*text)(double))
{
    if (values.empty())
        return QStringLiteral("–");
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    QString result = escaped(text(median(values)));
    if (text(*least) != text(*most))
        result += QStringLiteral("<br/><span class=\"spread\">") + escaped(text(*least)) + QStringLiteral(" – ")
            + escaped(text(*most)) + QStringLiteral("</span>");
    return result;
}

QString wholeText(double value)
{
    return value == std::floor(value) ? countText(static_cast<qint64>(value)) : QString::number(value, 'f', 1);
}

QString oneDecimal(double value)
{
    return QString::number(value, 'f', 1);
}

class ComparisonReport {
public:
    ComparisonReport(const ReportComparison &comparison, QIODevice &device, const IoControl &control)
        : m_comparison(comparison), m_page(device, control, Sections)
    {
    }

    IoResult run()
    {
        writeHead();
        const bool finished = writeMisses() && writeFigures() && writePrediction() && writePlots() && writeRest();
        (void)finished; // end() tells what went wrong
        return m_page.end();
    }

private:
    /// One figure of each round in which that way was tried.
    template <class Figure>
    [[nodiscard]] std::vector<double> each(const Way &way, Figure &&figure) const
    {
        std::vector<double> values;
        for (const ReportRound &round : m_comparison.rounds) {
            if (const std::optional<ReportRun> &run = round.*way.run)
                values.push_back(static_cast<double>(figure(*run)));
        }
        return values;
    }
    [[nodiscard]] std::vector<double> missed(const Way &way) const
    {
        return each(way, [](const ReportRun &run) { return run.phase.statistics.framesMissed; });
    }
    [[nodiscard]] std::vector<double> predictions() const
    {
        std::vector<double> values;
        for (const ReportRound &round : m_comparison.rounds) {
            if (round.isolates && round.isolates->predictedMissed)
                values.push_back(static_cast<double>(*round.isolates->predictedMissed));
        }
        return values;
    }

    void writeHead()
    {
        const QString title = !m_comparison.title.isEmpty() ? m_comparison.title
            : m_comparison.program.isEmpty()                ? QStringLiteral("Comparison")
                                                            : m_comparison.program + QStringLiteral(": comparison");
        const auto rounds = static_cast<qint64>(m_comparison.rounds.size());
        m_page.begin(
            title, QStringLiteral("Comparison report"),
            {m_comparison.program, m_comparison.work, dateText(m_comparison.wallClock),
             countText(rounds) + (rounds == 1 ? QStringLiteral(" round") : QStringLiteral(" rounds, in alternation"))});
        std::vector<Figure> figures;
        for (const Way &way : Ways) {
            const std::vector<double> values = missed(way);
            if (values.empty())
                continue;
            const double ratio
                = median(each(way, [](const ReportRun &run) { return run.phase.statistics.hitchRatio; }));
            const Verdict verdict = verdictOn(ratio);
            figures.push_back(
                {QStringLiteral("Missed, %1").arg(QString::fromUtf8(way.name).toLower()), wholeText(median(values)),
                 QStringLiteral("hitch ratio %1 (%2)").arg(ratioText(ratio), verdict.words), verdict.tone});
        }
        const std::vector<double> predicted = predictions();
        if (!predicted.empty()) {
            const double measured = median(missed(Ways[2]));
            figures.push_back({QStringLiteral("Predicted for the main isolate"), wholeText(median(predicted)),
                               measured > 0 ? percentText((median(predicted) - measured) / measured)
                                       + QStringLiteral(" against the measured median")
                                            : QStringLiteral("nothing was missed there, so no share can be given")});
        }
        m_page.figures(figures);
    }

    bool writeMisses()
    {
        m_page.beginSection(QStringLiteral("Missed vsyncs"),
                            QStringLiteral("The same work, done in each way in turn. A dot is a round, the line their "
                                           "median; what is hollow was computed from what ran in the isolates."));
        std::vector<DotRow> rows;
        for (const Way &way : Ways) {
            std::vector<double> values = missed(way);
            if (!values.empty())
                rows.push_back({QString::fromUtf8(way.name), std::move(values)});
        }
        if (std::vector<double> predicted = predictions(); !predicted.empty())
            rows.push_back({QStringLiteral("Predicted, main isolate"), std::move(predicted), true});
        QStringList description;
        for (const DotRow &row : rows)
            description.append(QStringLiteral("%1: median %2").arg(row.name, wholeText(median(row.values))));
        m_page.markup(QStringLiteral("<div class=\"plot\">"));
        m_page.markup(dotPlot(
            {QStringLiteral("Missed vsyncs in each round"), description.join(QStringLiteral("; ")) + QLatin1Char('.')},
            rows, QStringLiteral("missed")));
        m_page.markup(QStringLiteral("</div>\n"));
        return m_page.endSection();
    }

    bool writeFigures()
    {
        struct Line {
            QString name;
            double (*figure)(const ReportRun &);
            QString (*text)(double);
        };
        const auto measuredThroughput = [this](const Way &way) {
            std::vector<double> values = each(way, [](const ReportRun &run) { return run.throughput; });
            std::erase_if(values, [](double value) { return value <= 0; });
            return values;
        };
        const QString throughput = QStringLiteral("Throughput, %1").arg(m_comparison.throughputUnit);
        std::vector<Line> lines{
            {QStringLiteral("Missed vsyncs"),
             [](const ReportRun &run) -> double { return run.phase.statistics.framesMissed; }, wholeText},
            {QStringLiteral("Hitch ratio"), [](const ReportRun &run) { return run.phase.statistics.hitchRatio; },
             ratioText},
            {QStringLiteral("Frame time, p50"), [](const ReportRun &run) { return run.phase.statistics.p50; },
             durationText},
            {QStringLiteral("Frame time, p99"), [](const ReportRun &run) { return run.phase.statistics.p99; },
             durationText},
            {QStringLiteral("Frames a second"), [](const ReportRun &run) { return run.phase.statistics.fps; },
             oneDecimal},
            {QStringLiteral("1 % low"), [](const ReportRun &run) { return run.phase.statistics.fpsLow1; }, oneDecimal},
            {QStringLiteral("Longest stall"), [](const ReportRun &run) { return run.phase.statistics.longestStall; },
             durationText},
            {QStringLiteral("Blocking time"), [](const ReportRun &run) { return run.phase.statistics.blockingTime; },
             durationText},
            {QStringLiteral("Took"), [](const ReportRun &run) { return run.phase.statistics.duration; }, durationText},
        };
        if (std::any_of(Ways.begin(), Ways.end(), [&](const Way &way) { return !measuredThroughput(way).empty(); }))
            lines.push_back({throughput, [](const ReportRun &run) { return run.throughput; }, oneDecimal});
        m_page.beginSection(QStringLiteral("Figures"));
        QList<QStringList> rows;
        for (const Line &line : lines) {
            QStringList row{escaped(line.name)};
            for (const Way &way : Ways)
                row.append(
                    withSpread(line.name == throughput ? measuredThroughput(way) : each(way, line.figure), line.text));
            rows.append(row);
        }
        m_page.table(QStringLiteral("Medians over the rounds; under them the least and the most"),
                     {QStringLiteral("Figure"), QString::fromUtf8(Ways[0].name), QString::fromUtf8(Ways[1].name),
                      QString::fromUtf8(Ways[2].name)},
                     rows, {1, 2, 3});
        return m_page.endSection();
    }

    bool writePrediction()
    {
        QList<QStringList> rows;
        QList<QStringList> stalls;
        for (std::size_t i = 0; i < m_comparison.rounds.size(); ++i) {
            const ReportRound &round = m_comparison.rounds[i];
            if (round.isolates && round.isolates->predictedStallTime && round.isolates->predictedLongestStall
                && round.mainIsolate) {
                const FrameStatistics &measured = round.mainIsolate->phase.statistics;
                stalls.append({countText(static_cast<qint64>(i) + 1),
                               durationText(toMilliseconds(*round.isolates->predictedStallTime)),
                               durationText(measured.stallTime),
                               durationText(toMilliseconds(*round.isolates->predictedLongestStall)),
                               durationText(measured.longestStall)});
            }
            const auto missedOf = [](const std::optional<ReportRun> &run) {
                return run ? countText(run->phase.statistics.framesMissed) : QStringLiteral("–");
            };
            QString predicted = QStringLiteral("–");
            QString error = QStringLiteral("–");
            if (round.isolates && round.isolates->predictedMissed) {
                predicted = countText(*round.isolates->predictedMissed);
                const int measured = round.mainIsolate ? round.mainIsolate->phase.statistics.framesMissed : 0;
                if (measured > 0)
                    error = percentText(static_cast<double>(*round.isolates->predictedMissed - measured) / measured);
            }
            rows.append({countText(static_cast<qint64>(i) + 1), missedOf(round.idle), missedOf(round.isolates),
                         missedOf(round.mainIsolate), predicted, error});
        }
        if (rows.isEmpty())
            return true;
        m_page.beginSection(
            QStringLiteral("Prediction and measurement"),
            QStringLiteral(
                "Predicted: what ran in the isolates, replayed on a model of one thread that owes a frame at "
                "each vsync. Measured: the same work on the main isolate, in the same round."));
        m_page.table(QStringLiteral("Missed vsyncs, round by round"),
                     {QStringLiteral("Round"), QStringLiteral("Idle"), QStringLiteral("In isolates"),
                      QStringLiteral("On the main isolate"), QStringLiteral("Predicted for it"),
                      QStringLiteral("Error")},
                     rows, {1, 2, 3, 4, 5});
        if (!stalls.isEmpty())
            m_page.table(QStringLiteral("Stalls on one thread, round by round"),
                         {QStringLiteral("Round"), QStringLiteral("Stall time, predicted"), QStringLiteral("Measured"),
                          QStringLiteral("Longest stall, predicted"), QStringLiteral("Measured")},
                         stalls, {1, 2, 3, 4});
        return m_page.endSection();
    }

    bool writePlots()
    {
        std::int64_t worst = 0;
        std::int64_t interval = intervalForRefreshRate(60);
        std::int64_t longest = 0;
        for (const ReportRound &round : m_comparison.rounds) {
            for (const Way &way : Ways) {
                const std::optional<ReportRun> &run = round.*way.run;
                if (!run)
                    continue;
                interval = run->phase.interval;
                longest = std::max(longest, run->phase.span.length());
                for (const FrameSample &frame : run->phase.samples)
                    worst = std::max(worst, frame.own ? 0 : frame.frameTime());
            }
        }
        m_page.beginSection(
            QStringLiteral("Frame times"),
            QStringLiteral("Every round in each way, all on the same scale of time and frame time; what "
                           "took less time ends earlier."));
        const std::size_t shown = std::min(m_comparison.rounds.size(), MostRoundsDrawn);
        if (shown < m_comparison.rounds.size())
            m_page.paragraph(QStringLiteral("The first %1 of %2 rounds.").arg(shown).arg(m_comparison.rounds.size()));
        m_page.markup(QStringLiteral("<div class=\"triple\">\n"));
        for (std::size_t i = 0; i < shown; ++i) {
            for (const Way &way : Ways)
                writePlot(m_comparison.rounds[i].*way.run, QString::fromUtf8(way.name), i, longest,
                          plotTop(worst, interval));
        }
        m_page.markup(QStringLiteral("</div>\n") + frameLegend(false));
        return m_page.endSection();
    }
    void writePlot(const std::optional<ReportRun> &run, const QString &way, std::size_t round, std::int64_t longest,
                   std::int64_t top)
    {
        const QString name = QStringLiteral("%1, round %2").arg(way).arg(round + 1);
        m_page.markup(QStringLiteral("<figure><figcaption><b>") + escaped(way)
                      + QStringLiteral("</b>, round %1: ").arg(round + 1));
        if (!run) {
            m_page.markup(QStringLiteral("not tried</figcaption></figure>\n"));
            return;
        }
        const FrameStatistics &statistics = run->phase.statistics;
        m_page.markup(escaped(countText(statistics.framesMissed)) + QStringLiteral(" missed</figcaption>"));
        const std::int64_t start = run->phase.span.start;
        FrameColumns columns({start, start + std::max<std::int64_t>(longest, 1)}, plotColumns(SmallWidth));
        for (const FrameSample &frame : run->phase.samples)
            columns.add(frame);
        m_page.markup(frameTimePlot({QStringLiteral("Frame times, %1").arg(name),
                                     QStringLiteral("%1 missed, p99 %2, longest %3.")
                                         .arg(vsyncsText(statistics.framesMissed), durationText(statistics.p99),
                                              durationText(toMilliseconds(columns.worst())))},
                                    columns, run->phase.interval, top, {}, SmallWidth, SmallHeight));
        m_page.markup(QStringLiteral("</figure>\n"));
    }

    bool writeRest()
    {
        m_page.beginSection(QStringLiteral("Machine"));
        m_page.machine(m_comparison.machine, m_comparison.cost);
        if (!m_page.endSection())
            return false;
        m_page.beginSection(QStringLiteral("What the figures mean"));
        m_page.definitions(definitionsOfFigures());
        return m_page.endSection();
    }

    const ReportComparison &m_comparison;
    ReportPage m_page;
};

} // namespace

IoResult writeReport(const ReportComparison &comparison, QIODevice &device, const IoControl &control)
{
    return ComparisonReport(comparison, device, control).run();
}

} // namespace jank
