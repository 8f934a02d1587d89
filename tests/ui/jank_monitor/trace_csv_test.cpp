#include "trace_fixtures.h"

#include "jank_monitor/csv_reader.h"
#include "jank_monitor/trace_csv.h"

#include <QtCore/qbuffer.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using fixtures::Ms;
using fixtures::Start;
using jank::Trace;
using jank::TraceReading;

namespace {

using Writer = jank::IoResult (*)(const Trace &, QIODevice &, const jank::IoControl &);
using Rows = std::vector<std::vector<std::string>>;

QByteArray written(const Trace &trace, Writer writer)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    return writer(trace, buffer, {}).ok() ? buffer.data() : QByteArray();
}

TraceReading readBack(QByteArray file)
{
    QBuffer buffer(&file);
    buffer.open(QIODevice::ReadOnly);
    return jank::readFramesCsv(buffer);
}

Rows rowsOf(QByteArray file, QString *problem = nullptr)
{
    QBuffer buffer(&file);
    buffer.open(QIODevice::ReadOnly);
    const jank::IoControl control;
    jank::CsvReader reader(buffer, control);
    Rows rows;
    std::vector<std::string> row;
    while (reader.nextRow(row))
        rows.push_back(row);
    if (problem != nullptr)
        *problem = reader.problem();
    return rows;
}

/// The cell of that name in a row.
QString cell(const Rows &rows, std::size_t row, const char *column)
{
    const auto found = std::find(rows[0].begin(), rows[0].end(), column);
    return found != rows[0].end() ? QString::fromStdString(rows[row][static_cast<std::size_t>(found - rows[0].begin())])
                                  : QStringLiteral("no such column");
}

} // namespace

class TraceCsvTest : public QObject {
    Q_OBJECT

private slots:
    void framesComeBack_data();
    void framesComeBack();
    void framesByHand();
    void workByHand();
    void stallsByHand();
    void everyRowHasAllCells();
    void otherColumns();
    void quoting();
    void refused_data();
    void refused();
    void truncatedAtEveryByte();
    void savedAsThreeFiles();
    void allThreeOrNone();
    void cancelled();
};

void TraceCsvTest::framesComeBack_data()
{
    QTest::addColumn<Trace>("trace");
    QTest::newRow("nothing") << Trace();
    QTest::newRow("wild") << fixtures::wild();
    QTest::newRow("several chunks") << fixtures::session(4000);
}

void TraceCsvTest::framesComeBack()
{
    QFETCH(Trace, trace);
    const TraceReading reading = readBack(written(trace, jank::writeFramesCsv));
    QCOMPARE(reading.error, QString());
    QCOMPARE(fixtures::listDifference("frames", trace.frames, reading.trace.frames), QString());
    QVERIFY(!reading.loss.isEmpty());
    QVERIFY(reading.trace.work.empty());
}

void TraceCsvTest::framesByHand()
{
    Trace trace = fixtures::session(60);
    trace.labels.push_back({"=HYPERLINK(\"x\")", {Start + 30 * Ms, Start + 30 * Ms + 1}});
    const QByteArray file = written(trace, jank::writeFramesCsv);
    QVERIFY(file.endsWith("\r\n"));
    QCOMPARE(file.count('\n'), static_cast<qsizetype>(trace.frames.size()) + 1);
    const Rows rows = rowsOf(file);
    QCOMPARE(rows.size(), trace.frames.size() + 1);
    // The second frame: wanted 16.666667 ms after the first, shown an interval and a nanosecond later.
    QCOMPARE(cell(rows, 2, "Application"), QStringLiteral("orrery 1.2"));
    QCOMPARE(cell(rows, 2, "TimeInSeconds"), QStringLiteral("0.036333335"));
    QCOMPARE(cell(rows, 2, "MsBetweenPresents"), QStringLiteral("16.666668"));
    QCOMPARE(cell(rows, 2, "MsFrameTime"), QStringLiteral("16.666668"));
    QCOMPARE(cell(rows, 2, "MsWanted"), QStringLiteral("1814400140.123456"));
    QCOMPARE(cell(rows, 2, "MsCPUBusy"), QStringLiteral("2.999002"));
    QCOMPARE(cell(rows, 2, "Missed"), QStringLiteral("0"));
    QCOMPARE(cell(rows, 2, "Labels"), QStringLiteral("turning; zooming; =HYPERLINK(\"x\")"));
    QCOMPARE(cell(rows, 1, "MsBetweenPresents"), QStringLiteral("0.000000"));
    // The 41st is slow to draw.
    QCOMPARE(cell(rows, 41, "Missed"), QStringLiteral("1"));
    QCOMPARE(cell(rows, 41, "Cause"), QStringLiteral("render"));
}

void TraceCsvTest::workByHand()
{
    const Rows rows = rowsOf(written(fixtures::wild(), jank::writeWorkCsv));
    QCOMPARE(rows.size(), std::size_t(6));
    QCOMPARE(cell(rows, 1, "Lane"), QStringLiteral("18446744073709551615"));
    QCOMPARE(cell(rows, 1, "MsLength"), QStringLiteral("49.999995"));
    QVERIFY(cell(rows, 1, "LaneName").contains(QChar(QChar::ReplacementCharacter)));
    QCOMPARE(cell(rows, 3, "For"), QString::fromStdString(fixtures::wildText()));
    QCOMPARE(cell(rows, 2, "MsCPU"), QStringLiteral("-0.000001"));
}

void TraceCsvTest::stallsByHand()
{
    Trace trace = fixtures::session(60);
    trace.stalls.change(0, [](jank::Stall &stall) { stall.stack = {"-first", "second, third"}; });
    const Rows rows = rowsOf(written(trace, jank::writeStallsCsv));
    QCOMPARE(rows.size(), std::size_t(2));
    QCOMPARE(cell(rows, 1, "Culprit"), QStringLiteral("MouseButtonPress → OrreryView “the third planet”"));
    QCOMPARE(cell(rows, 1, "Labels"), QStringLiteral("zooming"));
    QCOMPARE(cell(rows, 1, "Stack"), QStringLiteral("'-first\nsecond, third")); // no formula for a spreadsheet
}

void TraceCsvTest::everyRowHasAllCells()
{
    for (const Writer writer : {jank::writeFramesCsv, jank::writeWorkCsv, jank::writeStallsCsv}) {
        QString problem;
        const Rows rows = rowsOf(written(fixtures::wild(), writer), &problem);
        QCOMPARE(problem, QString());
        QVERIFY(rows.size() > 2);
        for (const auto &row : rows)
            QCOMPARE(row.size(), rows[0].size());
    }
}

void TraceCsvTest::otherColumns()
{
    // As a spreadsheet leaves it: a mark in front, bare line feeds, another column, empty lines.
    QByteArray file = written(fixtures::session(5), jank::writeFramesCsv);
    file.replace("\r\n", "\n");
    file.replace("\norrery", "\n\n\"a \"\"note\"\"\nof two lines\",orrery");
    file = "\xef\xbb\xbfNote," + file;
    const TraceReading reading = readBack(file);
    QCOMPARE(reading.error, QString());
    QCOMPARE(fixtures::listDifference("frames", fixtures::session(5).frames, reading.trace.frames), QString());
    QCOMPARE(reading.trace.program, std::string("orrery 1.2"));
    QCOMPARE(reading.trace.interval, std::int64_t(16'666'667));
}

void TraceCsvTest::quoting()
{
    QString problem;
    const Rows rows = rowsOf("a,\"b,\"\"c\"\"\r\nd\",\r\n,\"\"\r\nlast", &problem);
    QCOMPARE(problem, QString());
    const Rows expected{{"a", "b,\"c\"\r\nd", ""}, {"", ""}, {"last"}};
    QCOMPARE(rows, expected);
    (void)rowsOf("a,\"b", &problem);
    QVERIFY(problem.contains(QLatin1String("within quotes")));
    (void)rowsOf("\"a\"b", &problem);
    QVERIFY(problem.contains(QLatin1String("closing quote")));
    (void)rowsOf(QByteArray(5000, ','), &problem);
    QVERIFY(problem.contains(QLatin1String("too many cells")));
    (void)rowsOf(QByteArray(3'000'000, 'x'), &problem);
    QVERIFY(problem.contains(QLatin1String("longer than a megabyte")));
}

void TraceCsvTest::refused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("says");
    const QByteArray good = written(fixtures::session(3), jank::writeFramesCsv);
    const auto changed = [&good](const char *from, const char *to) {
        QByteArray copy = good;
        const qsizetype at = copy.lastIndexOf(from);
        return copy.replace(at, static_cast<qsizetype>(qstrlen(from)), to);
    };
    QTest::newRow("empty") << QByteArray() << QStringLiteral("empty");
    QTest::newRow("other table") << QByteArray("a,b\r\n1,2\r\n") << QStringLiteral("no column “MsWanted” (in line 1)");
    QTest::newRow("no cause") << changed("Cause", "Curse") << QStringLiteral("Cause");
    QTest::newRow("unknown cause") << changed("none", "fate") << QStringLiteral("“fate” is no cause (in line 4)");
    QTest::newRow("negative misses") << changed(",0,none", ",-1,none") << QStringLiteral("“-1” is no number of missed");
    QTest::newRow("endless misses") << changed(",0,none", ",9999999999,none") << QStringLiteral("missed vsyncs");
    QTest::newRow("no time") << changed(",16.666667,", ",1e9,") << QStringLiteral("“1e9” is no time");
    QTest::newRow("endless time") << changed(",16.666667,", ",99999999999999,") << QStringLiteral("no time");
    QTest::newRow("empty time") << changed(",16.666667,", ",,") << QStringLiteral("“” is no time");
    QTest::newRow("negative interval") << changed(",16.666667,", ",-16.666667,") << QStringLiteral("no display");
    QTest::newRow("neither") << changed("none,0", "none,2") << QStringLiteral("“2” is neither");
    QTest::newRow("too few cells") << good + "1,2,3\r\n" << QStringLiteral("too few cells (in line 5)");
}

void TraceCsvTest::refused()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, says);
    const TraceReading reading = readBack(file);
    QVERIFY2(reading.error.contains(says), qPrintable(reading.error));
    QVERIFY(reading.trace.frames.empty());
}

void TraceCsvTest::truncatedAtEveryByte()
{
    const Trace trace = fixtures::session(3);
    const QByteArray file = written(trace, jank::writeFramesCsv);
    for (qsizetype size = 0; size <= file.size(); ++size) {
        const TraceReading reading = readBack(file.left(size));
        if (reading.ok())
            QVERIFY(reading.trace.frames.size() <= trace.frames.size());
        else
            QVERIFY(reading.trace.frames.empty());
    }
}

void TraceCsvTest::savedAsThreeFiles()
{
    QTemporaryDir folder;
    const Trace trace = fixtures::session(60);
    const QString path = folder.filePath(QStringLiteral("run.1.csv"));
    QVERIFY(jank::saveTrace(trace, path, jank::TraceFormat::Csv).ok());
    const QStringList expected{QStringLiteral("run.1.csv"), QStringLiteral("run.1.stalls.csv"),
                               QStringLiteral("run.1.work.csv")};
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name), expected);
    const TraceReading reading = jank::loadTrace(path);
    QCOMPARE(reading.error, QString());
    QCOMPARE(fixtures::listDifference("frames", trace.frames, reading.trace.frames), QString());
    // The other tables can't be read back, and that is said.
    QVERIFY(!jank::loadTrace(folder.filePath(QStringLiteral("run.1.work.csv"))).ok());
}

void TraceCsvTest::allThreeOrNone()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("run.stalls.csv"))); // in the way of the third
    const jank::IoResult result
        = jank::saveTrace(fixtures::session(60), folder.filePath(QStringLiteral("run.csv")), jank::TraceFormat::Csv);
    QVERIFY(result.error.contains(QLatin1String("run.stalls.csv")));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
}

void TraceCsvTest::cancelled()
{
    std::stop_source stop;
    stop.request_stop();
    const jank::IoControl control{.stop = stop.get_token(), .progress = {}};
    QBuffer target;
    target.open(QIODevice::WriteOnly);
    QVERIFY(jank::writeFramesCsv(fixtures::session(60), target, control).cancelled);
    QByteArray file = written(fixtures::session(60), jank::writeFramesCsv);
    QBuffer source(&file);
    source.open(QIODevice::ReadOnly);
    const TraceReading reading = jank::readFramesCsv(source, control);
    QVERIFY(reading.cancelled);
    QVERIFY(reading.trace.frames.empty());
}

QTEST_APPLESS_MAIN(TraceCsvTest)
#include "trace_csv_test.moc"
