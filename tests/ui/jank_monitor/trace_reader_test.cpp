// What becomes of files that are cut off, changed, or something else.

#include "chrome_trace_check.h"
#include "chrome_trace_files.h"
#include "trace_fixtures.h"

#include "jank_monitor/report.h"
#include "jank_monitor/trace_json.h"

#include <QtCore/qbuffer.h>
#include <QtTest/qtest.h>

#include <random>

using fixtures::ChromeTraceCheck;
using fixtures::readBack;
using fixtures::Start;
using fixtures::written;
using jank::Trace;
using jank::TraceReading;

class TraceReaderTest : public QObject {
    Q_OBJECT

private slots:
    void truncatedAtEveryByte();
    void mutated();
    void isNotOurs_data();
    void isNotOurs();
    void absurdValues_data();
    void absurdValues();
    void strings();
};

void TraceReaderTest::truncatedAtEveryByte()
{
    Trace trace = fixtures::session(6);
    trace.program = fixtures::wildText();
    trace.labels.push_back({fixtures::brokenText(), {Start, Start + 5}});
    const QByteArray file = written(trace);
    const qsizetype headEnd = file.indexOf("},\"workLanes\"");
    const qsizetype lanesEnd = file.indexOf(",\"traceEvents\"");
    const qsizetype complete = file.lastIndexOf('}') + 1;
    std::size_t seen = 0;
    for (qsizetype size = 0; size < file.size(); ++size) {
        const TraceReading reading = readBack(file.left(size));
        if (size <= headEnd) {
            QVERIFY2(!reading.ok(), qPrintable(QString::number(size)));
            continue;
        }
        QVERIFY2(reading.ok(), qPrintable(reading.error));
        QCOMPARE(reading.truncated, size < complete);
        if (size >= lanesEnd)
            QCOMPARE(fixtures::listDifference("lanes", trace.lanes, reading.trace.lanes), QString());
        QCOMPARE(fixtures::difference(trace, reading.trace, true), QString());
        const std::size_t events
            = reading.trace.frames.size() + reading.trace.work.size() + reading.trace.labels.size();
        QVERIFY(events >= seen); // a longer beginning never says less
        seen = events;
    }
    QCOMPARE(seen, trace.frames.size() + trace.work.size() + trace.labels.size());
}

void TraceReaderTest::mutated()
{
    // Whatever stands in a file, it is read or refused with a reason: no crash, no endless loop, no value out of
    // bounds.
    const QByteArray file = written(fixtures::session(3));
    int refused = 0, accepted = 0;
    // What was read can be written again as the format demands, and reported.
    const auto usable = [](const Trace &trace) {
        QCOMPARE(ChromeTraceCheck::problem(written(trace)), QString());
        jank::ReportSession session;
        session.trace = trace;
        QBuffer page;
        page.open(QIODevice::WriteOnly);
        QVERIFY(jank::writeReport(session, page).ok());
    };
    const auto feed = [&](const QByteArray &bytes) {
        const TraceReading reading = readBack(bytes);
        reading.ok() ? ++accepted : ++refused;
        for (const auto &chunk : reading.trace.frames.chunks()) {
            for (const jank::FrameSample &sample : *chunk)
                QVERIFY(sample.missed >= 0 && sample.interval >= 0 && std::abs(sample.swapEnd) <= 1LL << 60);
        }
        if (!reading.ok())
            QVERIFY(reading.trace.frames.empty());
        else if (accepted % 64 == 0)
            usable(reading.trace);
    };
    constexpr std::string_view Replacements = "\"\\{}[],:0-9e.tn \xff";
    for (qsizetype i = 0; i < file.size(); ++i) {
        QByteArray copy = file;
        copy[i] = Replacements[static_cast<std::size_t>(i) % Replacements.size()];
        feed(copy);
    }
    std::mt19937 random(20'260'921); // NOLINT: the same every time
    const auto below
        = [&random](qsizetype bound) { return static_cast<qsizetype>(random() % static_cast<unsigned>(bound)); };
    for (int round = 0; round < 3000; ++round) {
        QByteArray copy = file;
        for (qsizetype edits = 1 + below(4); edits > 0; --edits) {
            const qsizetype at = below(copy.size());
            const qsizetype length = below(std::min<qsizetype>(40, copy.size() - at) + 1);
            switch (random() % 4) {
            case 0:
                copy.remove(at, length);
                break;
            case 1:
                copy.insert(at, copy.mid(below(copy.size()), length));
                break;
            case 2:
                copy.insert(at, "9999999999");
                break;
            default:
                copy[at] = static_cast<char>(random());
                break;
            }
        }
        feed(copy);
    }
    QVERIFY(refused > 1000);
    QVERIFY(accepted > 100);
}

void TraceReaderTest::isNotOurs_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("says");
    const QString foreign = QStringLiteral("not one that the jank monitor wrote");
    const QString noRecording = QStringLiteral("no recording");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("empty");
    QTest::newRow("space") << QByteArray(" \n") << QStringLiteral("empty");
    QTest::newRow("text") << QByteArray("hello") << noRecording;
    QTest::newRow("binary") << QByteArray("\x89PNG\r\n\x1a\n\0\0", 10) << noRecording;
    QTest::newRow("number") << QByteArray("12") << noRecording;
    QTest::newRow("other JSON") << QByteArray(R"({"a":[1,2,{"b":null}]})") << noRecording;
    QTest::newRow("list") << QByteArray("[1, 2]") << noRecording;
    QTest::newRow("empty list") << QByteArray("[]") << noRecording;
    QTest::newRow("array form") << QByteArray(R"([{"name":"a","ph":"X","ts":1,"dur":2,"pid":1,"tid":1},)") << foreign;
    QTest::newRow("object form") << QByteArray(R"({"traceEvents":[{"name":"a","ph":"B","ts":1,"pid":1,"tid":1}]})")
                                 << foreign;
    QTest::newRow("other data") << QByteArray(R"({"otherData":{"version":"My Application v1.0"},"traceEvents":[]})")
                                << foreign;
    QByteArray many = R"({"traceEvents":[)";
    for (int i = 0; i < 2000; ++i)
        many += R"({"name":"a","ph":"X","ts":1,"dur":2,"pid":1,"tid":1},)";
    QTest::newRow("told early") << many << foreign;
    QTest::newRow("later version") << QByteArray(
        R"({"otherData":{"format":"org.jankmonitor.trace","version":2},"traceEvents":[]})")
                                   << QStringLiteral("later version");
    QTest::newRow("deep") << QByteArray(100'000, '[') << noRecording;
    QTest::newRow("deep in an object") << "{\"x\":" + QByteArray(100'000, '[') << QStringLiteral("Nested too deeply");
    QTest::newRow("endless string") << "{\"" + QByteArray(3'000'000, 'x') << QStringLiteral("longer than a megabyte");
    QTest::newRow("endless number") << "{\"a\":" + QByteArray(300, '1') << QStringLiteral("number is too long");
    QTest::newRow("no comma") << QByteArray(R"({"a":1 "b":2})") << QStringLiteral("at byte 7");
    QTest::newRow("something after the end")
        << written(fixtures::session(1)) + "x" << QStringLiteral("follows the end");
}

void TraceReaderTest::isNotOurs()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, says);
    const TraceReading reading = readBack(file);
    QVERIFY2(reading.error.contains(says), qPrintable(reading.error));
    QVERIFY(!reading.truncated);
    QVERIFY(reading.trace.program.empty());
}

void TraceReaderTest::absurdValues_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const char *from, const char *to, const char *says) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromUtf8(says);
    };
    row("negative misses", "\"missed\":0", "\"missed\":-1", "“args.missed” is out of bounds: -1");
    row("endless misses", "\"missed\":0", "\"missed\":1000000001", "out of bounds");
    row("no integer", "\"missed\":0", "\"missed\":0.5", "“args.missed” is not a whole number");
    row("a name for a number", "\"missed\":0", "\"missed\":\"none\"", "not a whole number");
    row("nothing for a number", "\"missed\":0", "\"missed\":\"\"", "not a whole number");
    row("no misses", "\"missed\":0", "\"masses\":0", "“args.missed” is missing");
    row("unknown cause", "\"cause\":\"none\"", "\"cause\":\"cat\"", "args.cause");
    row("more than 64 bits", "\"deadline\":16666667", "\"deadline\":99999999999999999999", "out of bounds");
    row("beyond all time", "\"deadline\":16666667", "\"deadline\":\"9223372036854775807\"", "out of bounds");
    row("negative interval", "\"interval_ns\":16666667,\"ui", "\"interval_ns\":-16666667,\"ui", "interval_ns");
    row("a minute's interval", "\"interval_ns\":16666667,\"drawn", "\"interval_ns\":60000000000,\"drawn",
        "interval_ns");
    row("no display's interval", "\"interval_ns\":16666667,\"ui", "\"interval_ns\":999999,\"ui", "no display");
    row("a frame of two days", "\"swap_end\":16666667", "\"swap_end\":166666670000000", "a day away");
    row("a recording of years", "\"span_start_ns\":1", "\"span_start_ns\":-99", "months after");
    row("work that ends before it began", "\"label\":\"orbit 0\"", "\"end_ns\":1,\"label\":\"orbit 0\"", "");
    row("span beyond all time", "\"span_end_ns\":", "\"span_end_ns\":99999", "span_end_ns");
    row("a negative lane", "\"lane\":1", "\"lane\":-1", "not a whole number");
}

void TraceReaderTest::absurdValues()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, says);
    QByteArray file = written(fixtures::session(1));
    if (says.isEmpty()) {
        // The first of two equal keys counts: take the true one away.
        const qsizetype start = file.indexOf("\"start_ns\"", file.indexOf("jank.work"));
        const qsizetype end = file.indexOf("\"end_ns\"", start);
        file.remove(end, file.indexOf(',', end) + 1 - end);
        says = QStringLiteral("is before the start");
    }
    const qsizetype at = file.indexOf(from);
    QVERIFY(at >= 0);
    file.replace(at, from.size(), to);
    const TraceReading reading = readBack(file);
    QVERIFY2(reading.error.contains(says), qPrintable(reading.error));
    QVERIFY2(reading.error.contains(QLatin1String("at byte ")), qPrintable(reading.error));
    QVERIFY(reading.trace.frames.empty());
}

void TraceReaderTest::strings()
{
    // What other writers make of the same text.
    const QByteArray file = written(Trace());
    const auto programOf = [&file](const QByteArray &json) {
        QByteArray copy = file;
        copy.replace("\"program\":\"\"", "\"program\":" + json);
        const TraceReading reading = readBack(copy);
        return reading.ok() ? QString::fromStdString(reading.trace.program) : reading.error;
    };
    QCOMPARE(programOf(R"("\u0041\/\b\f\r\u00e9\u6F22")"), QStringLiteral("A/\b\f\ré漢"));
    QCOMPARE(programOf(R"("\ud83d\udc0e")"), QStringLiteral("🐎"));
    QCOMPARE(programOf(R"("\ud83d\ud83d\udc0e")"), QStringLiteral("\ufffd🐎"));
    QCOMPARE(programOf(R"("\ud83dx\udc0e")"), QStringLiteral("\ufffdx\ufffd"));
    QCOMPARE(programOf(R"("\ud83d\n")"), QStringLiteral("\ufffd\n"));
    QVERIFY(programOf(R"("\x41")").contains(QLatin1String("escaped character")));
    QVERIFY(programOf(R"("\u00g1")").contains(QLatin1String("hexadecimal digit")));
    QVERIFY(programOf("\"a\nb\"").contains(QLatin1String("control character")));
    QVERIFY(programOf(R"("", "program_hex":"4")").contains(QLatin1String("not hexadecimal")));
    QCOMPARE(programOf(R"("", "program_hex":"4142")"), QStringLiteral("AB"));
}

QTEST_APPLESS_MAIN(TraceReaderTest)
#include "trace_reader_test.moc"
