#include "trace_fixtures.h"

#include "jank_monitor/report.h"
#include "jank_monitor/report_page.h"
#include "jank_monitor/report_plots.h"
#include "jank_monitor/svg_plot.h"

#include <QtCore/qbuffer.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qset.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qxmlstream.h>
#include <QtTest/qtest.h>

#include <functional>

using fixtures::Ms;
using fixtures::Start;
using jank::ReportComparison;
using jank::ReportRun;
using jank::ReportSession;

namespace {

constexpr std::int64_t Interval60 = 16'666'667;

template <class Input>
QString written(const Input &input)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const jank::IoResult result = jank::writeReport(input, buffer);
    return result.ok() ? QString::fromUtf8(buffer.data()) : QString();
}

ReportSession session(jank::Trace trace)
{
    ReportSession result;
    result.trace = std::move(trace);
    return result;
}

/// A run of a second in which that many vsyncs were missed, one a frame.
ReportRun run(int missed, std::optional<std::int64_t> predicted = {}, double throughput = 0)
{
    std::vector<jank::FrameSample> frames;
    for (std::int64_t i = 0; i < 30; ++i)
        frames.push_back(fixtures::frame(2 * i, i < missed ? 1 : 0, i < missed ? jank::Cause::Ui : jank::Cause::None));
    const jank::Interval span{Start, Start + 62 * Interval60};
    return {jank::summarise(QStringLiteral("run"), span, Interval60, frames, {}, nullptr), predicted, throughput};
}

ReportComparison comparison()
{
    ReportComparison result;
    result.program = QStringLiteral("orrery 1.2");
    result.work = QStringLiteral("turn <planets> & \"moons\"");
    result.throughputUnit = QStringLiteral("moons/s");
    for (const int extra : {0, 2, 5}) {
        jank::ReportRound round;
        round.idle = run(0);
        round.isolates = run(1, 20 + 2 * extra, 40 + extra);
        round.mainIsolate = run(20 + extra, {}, 21.5);
        result.rounds.push_back(round);
    }
    return result;
}

/// What a page is made of; the first thing that is wrong with it in `problem`.
struct Page {
    QString problem;
    QString text; // all of it, without the style sheet
    QList<QStringList> rows; // of all tables
    QStringList figures;

    explicit Page(const QString &html)
    {
        if (!html.startsWith(QLatin1String("<!DOCTYPE html>\n<html lang=\"en\"")))
            problem = QStringLiteral("no language, or not HTML 5");
        QXmlStreamReader reader(html);
        while (!reader.atEnd() && problem.isEmpty()) {
            reader.readNext();
            if (reader.isStartElement())
                enter(reader);
            else if (reader.isEndElement())
                leave(reader);
            else if (reader.isCharacters() && !m_open.contains(QStringLiteral("style")))
                addText(reader.text().toString());
        }
        if (reader.hasError())
            problem = QStringLiteral("not well-formed: %1, line %2").arg(reader.errorString()).arg(reader.lineNumber());
        require(m_headings == 1, "not exactly one h1");
        require(m_referred.subtract(m_ids).isEmpty(), "a label that is nowhere");
    }

private:
    void enter(QXmlStreamReader &reader)
    {
        const QString name = reader.name().toString();
        m_open.append(name);
        m_children.append(QStringList());
        if (m_children.size() > 1)
            m_children[m_children.size() - 2].append(name);
        static const QSet<QString> allowed{
            "html",   "head",       "meta", "title", "style", "body", "header", "main", "footer", "section",
            "h1",     "h2",         "p",    "span",  "b",     "ul",   "li",     "div",  "table",  "caption",
            "thead",  "tbody",      "tr",   "th",    "td",    "br",   "pre",    "dl",   "dt",     "dd",
            "figure", "figcaption", "svg",  "desc",  "path",  "rect", "circle", "text", "defs",   "pattern"};
        require(allowed.contains(name), "an element that has no place here");
        const QXmlStreamAttributes attributes = reader.attributes();
        for (const QXmlStreamAttribute &attribute : attributes) {
            const QString key = attribute.name().toString();
            require(!key.startsWith(QLatin1String("on")) && key != QLatin1String("src") && key != QLatin1String("href"),
                    "an attribute that runs or loads something");
        }
        if (attributes.hasAttribute(QLatin1String("id"))) {
            const QString id = attributes.value(QLatin1String("id")).toString();
            require(!m_ids.contains(id), "an id twice");
            m_ids.insert(id);
        }
        m_headings += name == QLatin1String("h1") ? 1 : 0;
        if (name == QLatin1String("section"))
            m_referred.insert(attributes.value(QLatin1String("aria-labelledby")).toString());
        if (name == QLatin1String("th"))
            require(attributes.hasAttribute(QLatin1String("scope")), "a heading of a table without scope");
        if (name == QLatin1String("svg"))
            m_hidden = attributes.value(QLatin1String("aria-hidden")) == QLatin1String("true");
        if (name == QLatin1String("svg") && !m_hidden)
            require(attributes.value(QLatin1String("role")) == QLatin1String("img"), "a picture without a role");
        if (name == QLatin1String("tr"))
            rows.append(QStringList());
        if (name == QLatin1String("td") || name == QLatin1String("th"))
            rows.last().append(QString());
        if (name == QLatin1String("li"))
            figures.append(QString());
    }
    void leave(QXmlStreamReader &reader)
    {
        const QString name = reader.name().toString();
        const QStringList children = m_children.takeLast();
        m_open.removeLast();
        if (name == QLatin1String("svg") && !m_hidden)
            require(children.contains(QLatin1String("title")) && children.contains(QLatin1String("desc")),
                    "a picture without words");
        if (name == QLatin1String("table"))
            require(children.value(0) == QLatin1String("caption"), "a table without a caption");
    }
    void addText(const QString &added)
    {
        text += added;
        if (m_open.contains(QStringLiteral("td")) || m_open.contains(QStringLiteral("th")))
            rows.last().last() += added;
        else if (m_open.contains(QStringLiteral("li")))
            figures.last() += added;
    }
    void require(bool condition, const char *otherwise)
    {
        if (!condition && problem.isEmpty())
            problem = QLatin1String(otherwise) + QLatin1String(" in ") + m_open.join(QLatin1Char('/'));
    }

    QStringList m_open;
    QList<QStringList> m_children;
    QSet<QString> m_ids;
    QSet<QString> m_referred;
    int m_headings = 0;
    bool m_hidden = false;
};

QStringList rowNamed(const Page &page, const QString &name)
{
    for (const QStringList &row : page.rows) {
        if (row.value(0) == name)
            return row;
    }
    return {};
}

} // namespace

class ReportTest : public QObject {
    Q_OBJECT

private slots:
    void isAValidPage_data();
    void isAValidPage();
    void loadsNothing();
    void escapesWhatComesFromData();
    void sessionFigures();
    void sessionWithoutAnything();
    void worstFramesAndStalls();
    void workAndFramesKept();
    void noSpikeIsLost();
    void axes();
    void comparisonFigures();
    void comparisonWithHoles();
    void plotsShareAScale();
    void texts();
    void machine();
    void saved();
    void cancelledAndFull();
};

void ReportTest::isAValidPage_data()
{
    QTest::addColumn<QString>("html");
    QTest::newRow("nothing") << written(ReportSession());
    QTest::newRow("wild") << written(session(fixtures::wild()));
    QTest::newRow("session") << written(session(fixtures::session(4000)));
    QTest::newRow("a single frame") << written(session(fixtures::session(1)));
    QTest::newRow("comparison") << written(comparison());
    QTest::newRow("empty comparison") << written(ReportComparison());
}

void ReportTest::isAValidPage()
{
    QFETCH(QString, html);
    QVERIFY(!html.isEmpty());
    QCOMPARE(Page(html).problem, QString());
}

void ReportTest::loadsNothing()
{
    const QRegularExpression address(QStringLiteral("(https?:|//|@import|url\\((?!#))"));
    for (QString html : {written(session(fixtures::session(400))), written(comparison())}) {
        html.remove(QStringLiteral("xmlns=\"http://www.w3.org/1999/xhtml\""));
        html.remove(QStringLiteral("xmlns=\"http://www.w3.org/2000/svg\""));
        QVERIFY2(!html.contains(address), qPrintable(address.match(html).captured()));
        QVERIFY(!html.contains(QLatin1String("<script")));
        QVERIFY(html.contains(QLatin1String("prefers-color-scheme:dark")));
        QVERIFY(html.contains(QLatin1String("@media print")));
    }
}

void ReportTest::escapesWhatComesFromData()
{
    const std::string evil = "</title><script>alert('1')</script><b onclick=\"x\">&amp;";
    jank::Trace trace = fixtures::session(100);
    trace.program = evil;
    trace.labels.push_back({evil, trace.span});
    trace.lanes[0].name = evil;
    for (std::size_t i = 0; i < trace.stalls.size(); ++i) {
        trace.stalls.change(i, [&evil](jank::Stall &stall) {
            stall.block = fixtures::block(stall.block.start, stall.block.end, 2, "<img src=x>", "\"><svg onload=y>");
            stall.stack = {evil};
        });
    }
    ReportSession input = session(trace);
    input.title = QString::fromStdString(evil);
    input.machine.renderer = QString::fromStdString(evil);
    const QString html = written(input);
    const Page page(html);
    QCOMPARE(page.problem, QString());
    QVERIFY(page.text.count(QString::fromStdString(evil)) >= 6); // there, as text
    QVERIFY(page.text.contains(QLatin1String("<img src=x>")));

    ReportComparison other = comparison();
    other.title = other.program = other.work = other.throughputUnit = QString::fromStdString(evil);
    QCOMPARE(Page(written(other)).problem, QString());
    // Control characters and broken text have no place in a page.
    QCOMPARE(jank::escaped(QStringLiteral("a\x01\x1b\x7f") + QChar(0xd800) + QStringLiteral("b")),
             QStringLiteral("a␁␛\ufffd\ufffd") + QStringLiteral("b"));
    QCOMPARE(jank::escaped(std::string_view("\xf0\x9f\x90\x8e<'")), QStringLiteral("🐎&lt;&#39;"));
}

void ReportTest::sessionFigures()
{
    const jank::Trace trace = fixtures::session(1000);
    std::vector<jank::FrameSample> frames;
    trace.frames.forEach([&frames](const jank::FrameSample &frame) { frames.push_back(frame); });
    const jank::FrameStatistics expected = jank::computeStatistics(frames, {}, trace.span, trace.interval);
    QVERIFY(expected.framesMissed > 40);
    const Page page(written(session(trace)));
    QVERIFY(page.figures.at(0).startsWith(
        QStringLiteral("Hitch ratio %1 ms/s bad: over 10").arg(expected.hitchRatio, 0, 'f', 1)));
    QVERIFY(page.figures.at(1).startsWith(QStringLiteral("Missed vsyncs %1 ").arg(expected.framesMissed)));
    QVERIFY(page.figures.at(1).contains(
        QStringLiteral("%1 by UI, %2 by rendering").arg(expected.missedByUi).arg(expected.missedByRender)));
    QVERIFY(page.text.contains(QStringLiteral("orrery 1.2: session")));
    QVERIFY(page.text.contains(QStringLiteral("60 Hz")));
}

void ReportTest::sessionWithoutAnything()
{
    const Page page(written(ReportSession()));
    QVERIFY(page.text.contains(QLatin1String("every frame that was owed was shown in time")));
    QVERIFY(page.text.contains(QLatin1String("the event loop always came back")));
    QVERIFY(page.text.contains(QLatin1String("Nothing was reported")));
    QVERIFY(page.rows.isEmpty());
}

void ReportTest::worstFramesAndStalls()
{
    const Page page(written(session(fixtures::session(200))));
    // Two stalls of three vsyncs come first; the first frame, 50 vsyncs after the beginning, swapped 4 intervals later.
    const QStringList &worst = page.rows.at(1);
    QCOMPARE(worst.value(1), QStringLiteral("3"));
    QCOMPARE(worst.value(2), QStringLiteral("66.7 ms"));
    QCOMPARE(worst.value(3), QStringLiteral("UI thread"));
    QVERIFY(worst.value(6).contains(QLatin1String("zooming")));
    QVERIFY(!rowNamed(page, QStringLiteral("Began at")).isEmpty());
    QVERIFY(page.text.contains(QStringLiteral("MouseButtonPress → OrreryView “the third planet”")));
    QVERIFY(page.text.contains(QLatin1String("jank::place(Planet &)")));
}

void ReportTest::workAndFramesKept()
{
    // One job of 100 ms, while frames of 60 Hz went on: on one thread those wanted meanwhile would have been missed.
    jank::Trace trace;
    trace.span = {Start, Start + 60 * Interval60};
    std::vector<jank::FrameSample> frames;
    for (std::int64_t i = 0; i < 59; ++i)
        frames.push_back(fixtures::frame(i));
    trace.frames = jank::ChunkedView<jank::FrameSample>::of(frames);
    trace.lanes = {{5, "the pool"}};
    const std::int64_t begin = Start + 10 * Interval60 + Ms;
    trace.work
        = jank::ChunkedView<jank::WorkInterval>::of({fixtures::work(5, begin, begin + 100 * Ms, 1, "one long job")});
    const Page page(written(session(trace)));
    const QStringList lane = rowNamed(page, QStringLiteral("the pool"));
    QCOMPARE(lane,
             QStringList({QStringLiteral("the pool"), QStringLiteral("1"), QStringLiteral("100 ms"),
                          QStringLiteral("10.0 %"), QStringLiteral("100 ms"), QStringLiteral("one long job")}));
    // The vsyncs 11 to 16 pass within it, and the frame of 11 is shown at 17.
    QVERIFY2(page.text.contains(QLatin1String("about 5 vsyncs would have been missed. 0 were missed while it ran")),
             qPrintable(page.text));
    QVERIFY(page.figures.at(5).startsWith(QLatin1String("Frames kept 5")));
}

void ReportTest::noSpikeIsLost()
{
    // A hundred thousand frames in a plot of a thousand columns, one of them bad.
    jank::FrameColumns columns({Start, Start + 100'000 * Interval60}, jank::plotColumns(1040));
    for (std::int64_t i = 0; i < 99'999; ++i)
        columns.add(fixtures::frame(i, i == 54'321 ? 42 : 0, i == 54'321 ? jank::Cause::Ui : jank::Cause::None));
    const auto bad = std::count_if(columns.columns().begin(), columns.columns().end(),
                                   [](const auto &column) { return column.missed > 0; });
    QCOMPARE(bad, 1);
    QCOMPARE(columns.worst(), 43 * Interval60 + 54'321 % 7);
    const std::int64_t top = jank::plotTop(columns.worst(), Interval60);
    QVERIFY(top >= columns.worst());
    const QString svg = jank::frameTimePlot({}, columns, Interval60, top, {}, 1040, 260);
    QCOMPARE(svg.count(QLatin1String("class=\"missmark\"")), 1);
    QCOMPARE(svg.count(QLatin1String("class=\"miss\"")), 1);
    // Frames that were drawn for the overlay alone don't count.
    jank::FrameSample own = fixtures::frame(3, 900, jank::Cause::Ui);
    own.own = true;
    jank::FrameColumns others({Start, Start + 2000 * Interval60}, 10);
    others.add(own);
    QCOMPARE(others.worst(), std::int64_t(0));
}

void ReportTest::axes()
{
    QCOMPARE(jank::niceStep(7, 5), 2.0);
    QCOMPARE(jank::niceStep(100, 10), 10.0);
    QCOMPARE(jank::niceStep(101, 10), 20.0);
    QCOMPARE(jank::niceStep(0, 10), 1.0);
    const jank::Interval span{100, 200};
    QCOMPARE(jank::columnOf(100, span, 10), std::size_t(0));
    QCOMPARE(jank::columnOf(199, span, 10), std::size_t(9));
    QCOMPARE(jank::columnOf(200, span, 10), std::size_t(10));
    QCOMPARE(jank::columnOf(99, span, 10), std::size_t(10));
    QCOMPARE(jank::plotTop(1, 10), std::int64_t(40));
    QCOMPARE(jank::plotTop(41, 10), std::int64_t(80));
    QCOMPARE(jank::median({}), 0.0);
    QCOMPARE(jank::median({3, 1, 2}), 2.0);
    QCOMPARE(jank::median({4, 1, 2, 3}), 2.5);
}

void ReportTest::comparisonFigures()
{
    const Page page(written(comparison()));
    QVERIFY(page.figures.at(0).startsWith(QLatin1String("Missed, idle 0")));
    QVERIFY(page.figures.at(1).startsWith(QLatin1String("Missed, in isolates 1")));
    QVERIFY(page.figures.at(2).startsWith(QLatin1String("Missed, on the main isolate 22")));
    // Predicted 20, 24, 30; measured 20, 22, 25.
    QVERIFY(page.figures.at(3).contains(QLatin1String("24 +9.1 % against the measured median")));
    QCOMPARE(rowNamed(page, QStringLiteral("Missed vsyncs")),
             QStringList({QStringLiteral("Missed vsyncs"), QStringLiteral("0"), QStringLiteral("1"),
                          QStringLiteral("2220 – 25")}));
    QCOMPARE(rowNamed(page, QStringLiteral("Throughput, moons/s")),
             QStringList({QStringLiteral("Throughput, moons/s"), QStringLiteral("–"), QStringLiteral("42.040.0 – 45.0"),
                          QStringLiteral("21.5")}));
    QCOMPARE(rowNamed(page, QStringLiteral("3")),
             QStringList({QStringLiteral("3"), QStringLiteral("0"), QStringLiteral("1"), QStringLiteral("25"),
                          QStringLiteral("30"), QStringLiteral("+20 %")}));
    QVERIFY(page.text.contains(QLatin1String("3 rounds, in alternation")));
}

void ReportTest::comparisonWithHoles()
{
    ReportComparison input = comparison();
    input.rounds[1].mainIsolate.reset();
    input.rounds[2].isolates->predictedMissed.reset();
    input.rounds[0].mainIsolate = run(0);
    input.rounds[2].isolates->predictedStallTime = 321'000'000;
    input.rounds[2].isolates->predictedLongestStall = 123'000'000;
    const Page page(written(input));
    QVERIFY(page.text.contains(QLatin1String("321 ms")));
    QVERIFY(page.text.contains(QLatin1String("123 ms")));
    QCOMPARE(page.problem, QString());
    QCOMPARE(rowNamed(page, QStringLiteral("1")).value(5), QStringLiteral("–")); // no share of nothing
    QCOMPARE(rowNamed(page, QStringLiteral("2")).value(3), QStringLiteral("–"));
    QVERIFY(page.text.contains(QLatin1String("not tried")));
}

void ReportTest::plotsShareAScale()
{
    ReportComparison input = comparison();
    input.rounds[2].mainIsolate->phase.samples[7] = fixtures::frame(14, 20, jank::Cause::Ui);
    const QString html = written(input);
    // The longest frame took 21 intervals: every plot goes up to 32, also those of the idle rounds.
    QCOMPARE(html.count(QLatin1String(">267 ms</text>")), 9);
}

void ReportTest::texts()
{
    QCOMPARE(jank::durationText(0), QStringLiteral("0 ms"));
    QCOMPARE(jank::durationText(0.345), QStringLiteral("0.34 ms"));
    QCOMPARE(jank::durationText(16.667), QStringLiteral("16.7 ms"));
    QCOMPARE(jank::durationText(1204), QStringLiteral("1,204 ms"));
    QCOMPARE(jank::durationText(12'345), QStringLiteral("12.3 s"));
    QCOMPARE(jank::durationText(-5), QStringLiteral("−5.00 ms"));
    QCOMPARE(jank::countText(-12'345), QStringLiteral("−12,345"));
    QCOMPARE(jank::momentText(12'345 * Ms), QStringLiteral("12.345 s"));
    QCOMPARE(jank::momentText(187'250 * Ms), QStringLiteral("3:07.250"));
    QCOMPARE(jank::percentText(0.042), QStringLiteral("+4.2 %"));
    QCOMPARE(jank::percentText(-0.12), QStringLiteral("−12 %"));
    QCOMPARE(jank::percentText(0), QStringLiteral("0.0 %"));
    QCOMPARE(jank::shortened("abcdef", 4), QStringLiteral("abc…"));
}

void ReportTest::machine()
{
    const jank::ReportMachine machine = jank::ReportMachine::current();
    QVERIFY(machine.cores >= 1);
    QVERIFY(!machine.system.isEmpty());
    QVERIFY(!machine.processor.isEmpty());
    ReportSession input = session(fixtures::session(10));
    input.machine = machine;
    input.machine.renderLoop = QStringLiteral("threaded");
    input.cost = {8400, 0};
    const Page page(written(input));
    QVERIFY(page.text.contains(machine.processor));
    QVERIFY(page.text.contains(QStringLiteral("UI thread8.4 µs a frame")));
    QVERIFY(page.text.contains(QStringLiteral("render thread0.0 µs a frame")));
}

void ReportTest::saved()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("report.html"));
    QVERIFY(jank::saveReport(session(fixtures::session(50)), path).ok());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), written(session(fixtures::session(50))));
    QVERIFY(!jank::saveReport(comparison(), folder.filePath(QStringLiteral("no/report.html"))).ok());
    QVERIFY(jank::saveReport(comparison(), path).ok());
}

void ReportTest::cancelledAndFull()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("report.html"));
    std::stop_source stop;
    std::vector<double> told;
    const jank::IoControl control{.stop = stop.get_token(), .progress = [&](double done) {
                                      told.push_back(done);
                                      stop.request_stop();
                                  }};
    QVERIFY(jank::saveReport(session(fixtures::session(50)), path, control).cancelled);
    QVERIFY(!told.empty());
    QVERIFY(QDir(folder.path()).isEmpty());
    QBuffer closed;
    QVERIFY(!jank::writeReport(comparison(), closed).ok());
}

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
