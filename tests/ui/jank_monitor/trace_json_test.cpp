#include "chrome_trace_check.h"
#include "trace_fixtures.h"

#include "jank_monitor/trace_json.h"
#include "jank_monitor/trace_rows.h"

#include <QtCore/qbuffer.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <limits>
#include <random>

using fixtures::ChromeTraceCheck;
using fixtures::Ms;
using fixtures::Start;
using jank::Trace;
using jank::TraceReading;

namespace {

QByteArray written(const Trace &trace)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const jank::IoResult result = jank::writeChromeTrace(trace, buffer);
    return result.ok() ? buffer.data() : QByteArray();
}

TraceReading readBack(QByteArray file)
{
    QBuffer buffer(&file);
    buffer.open(QIODevice::ReadOnly);
    return jank::readChromeTrace(buffer);
}

QJsonObject parsed(const QByteArray &file)
{
    return QJsonDocument::fromJson(file).object();
}

/// A device that takes some bytes and then no more.
class FullDevice final : public QIODevice {
public:
    explicit FullDevice(qint64 room) : m_room(room) { open(QIODevice::WriteOnly | QIODevice::Unbuffered); }

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *, qint64 size) override
    {
        m_largest = std::max(m_largest, size);
        if (size > m_room) {
            setErrorString(QStringLiteral("No space left on device"));
            return -1;
        }
        m_room -= size;
        return size;
    }

public:
    qint64 m_largest = 0;

private:
    qint64 m_room;
};

/// A device that gives its bytes in pieces of a few, and can't seek.
class DrippingDevice final : public QIODevice {
public:
    DrippingDevice(QByteArray data, qint64 piece) : m_data(std::move(data)), m_piece(piece)
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    [[nodiscard]] bool isSequential() const override { return true; }

protected:
    qint64 readData(char *target, qint64 most) override
    {
        const qint64 size = std::min({most, m_piece, static_cast<qint64>(m_data.size())});
        if (size == 0)
            return -1;
        std::copy_n(m_data.constData(), size, target);
        m_data.remove(0, size);
        return size;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_data;
    qint64 m_piece;
};

} // namespace

class TraceJsonTest : public QObject {
    Q_OBJECT

private slots:
    void comesBackEqual_data();
    void comesBackEqual();
    void keepsToTheFormat_data() { comesBackEqual_data(); }
    void keepsToTheFormat();
    void saysWhatAPersonLooksFor();
    void overlappingWorkIsApart();
    void rowsAreFewAndOrdered();
    void survivesAnotherWriter();
    void readsFromAPipe();
    void truncatedAtEveryByte();
    void mutated();
    void isNotOurs_data();
    void isNotOurs();
    void absurdValues_data();
    void absurdValues();
    void strings();
    void writesInPieces();
    void fullDisk();
    void cancelled();
    void progress();
    void savedFiles();
    void neverHalfAFile();
};

void TraceJsonTest::comesBackEqual_data()
{
    QTest::addColumn<Trace>("trace");
    QTest::newRow("nothing") << Trace();
    QTest::newRow("wild") << fixtures::wild();
    QTest::newRow("some seconds") << fixtures::session(400);
    QTest::newRow("several chunks") << fixtures::session(4000);
}

void TraceJsonTest::comesBackEqual()
{
    QFETCH(Trace, trace);
    const QByteArray file = written(trace);
    const TraceReading reading = readBack(file);
    QCOMPARE(reading.error, QString());
    QVERIFY(!reading.truncated);
    QVERIFY(reading.loss.isEmpty());
    QCOMPARE(fixtures::difference(trace, reading.trace), QString());
    QCOMPARE(written(reading.trace), file);
}

void TraceJsonTest::keepsToTheFormat()
{
    QFETCH(Trace, trace);
    QCOMPARE(ChromeTraceCheck::problem(written(trace)), QString());
}

void TraceJsonTest::saysWhatAPersonLooksFor()
{
    const Trace trace = fixtures::session(60);
    const QByteArray file = written(trace);
    const QMap<QString, int> slices = ChromeTraceCheck::slicesByThread(file);
    const int frames = static_cast<int>(trace.frames.size());
    QCOMPARE(slices.value(QStringLiteral("UI thread")), 2 * frames);
    QCOMPARE(slices.value(QStringLiteral("Render thread")), 3 * frames);
    QCOMPARE(slices.value(QStringLiteral("Event loop: blocks")), 1);
    QCOMPARE(slices.value(QStringLiteral("Stalls")), 1);
    QCOMPARE(slices.value(QStringLiteral("parser")), frames);

    int missed = 0, beginnings = 0, counters = 0;
    bool sawStall = false;
    for (const QJsonValue &value : parsed(file)[QLatin1String("traceEvents")].toArray()) {
        const QJsonObject event = value.toObject();
        const QJsonObject args = event[QLatin1String("args")].toObject();
        const QString name = event[QLatin1String("name")].toString();
        missed += name == QLatin1String("missed vsync") ? 1 : 0;
        beginnings += name == QLatin1String("frame") && event[QLatin1String("ph")] == QLatin1String("b") ? 1 : 0;
        counters += name == QLatin1String("frame time") ? 1 : 0;
        if (event[QLatin1String("cat")] == QLatin1String("jank.stall")) {
            sawStall = true;
            QCOMPARE(name, QStringLiteral("MouseButtonPress → OrreryView “the third planet”"));
            QCOMPARE(args[QLatin1String("stack")].toArray().at(0).toString(), QStringLiteral("sin"));
        }
        // Some frame, at the microsecond where it was wanted: the recording begins 3 ms before the first.
        if (name == QLatin1String("frame") && args[QLatin1String("number")] == 2) {
            QCOMPARE(event[QLatin1String("ts")].toDouble(), 3000 + 2 * 16666.667);
            QCOMPARE(args[QLatin1String("cause")].toString(), QStringLiteral("none"));
        }
    }
    QCOMPARE(missed, 4); // three in the stall, one slow picture
    QCOMPARE(beginnings, frames);
    QCOMPARE(counters, frames);
    QVERIFY(sawStall);
}

void TraceJsonTest::overlappingWorkIsApart()
{
    Trace trace;
    trace.span = {0, 100 * Ms};
    trace.lanes = {{1, "pool"}};
    trace.work = jank::ChunkedView<jank::WorkInterval>::of({
        fixtures::work(1, 0, 10 * Ms, 11, "a"),
        fixtures::work(1, 5 * Ms, 12 * Ms, 12, "b"),
        fixtures::work(1, 10 * Ms, 20 * Ms, 11, "touches a"),
        fixtures::work(1, 15 * Ms, 18 * Ms, 11, "within"),
    });
    const QByteArray file = written(trace);
    QCOMPARE(ChromeTraceCheck::problem(file), QString());
    const QMap<QString, int> expected{{QStringLiteral("pool @ thread 11"), 2},
                                      {QStringLiteral("pool @ thread 11 (2)"), 1},
                                      {QStringLiteral("pool @ thread 12"), 1}};
    QCOMPARE(ChromeTraceCheck::slicesByThread(file), expected);
}

void TraceJsonTest::rowsAreFewAndOrdered()
{
    jank::RowAllocator rows;
    QCOMPARE(rows.place(0, 10), 0U);
    QCOMPARE(rows.place(5, 6), 1U);
    QCOMPARE(rows.place(6, 9), 1U);
    QCOMPARE(rows.place(7, 30), 2U);
    QCOMPARE(rows.place(10, 20), 0U); // the first that is free
    QCOMPARE(rows.place(11, 12), 1U);
    QCOMPARE(rows.place(13, 14, 2), 3U); // the second ended too short a time ago
    QCOMPARE(rows.rows(), 4U);
    // At the end of all numbers.
    jank::RowAllocator ends;
    constexpr std::int64_t Lowest = std::numeric_limits<std::int64_t>::min();
    QCOMPARE(ends.place(Lowest, Lowest, 2), 0U);
    QCOMPARE(ends.place(Lowest + 1, std::numeric_limits<std::int64_t>::max(), 2), 1U);
}

void TraceJsonTest::survivesAnotherWriter()
{
    // Another program laid the text out anew and put the keys in the order of the alphabet.
    const Trace trace = fixtures::wild();
    const QByteArray file = QJsonDocument(parsed(written(trace))).toJson(QJsonDocument::Indented);
    const TraceReading reading = readBack(file);
    QCOMPARE(reading.error, QString());
    QCOMPARE(fixtures::difference(trace, reading.trace), QString());
    // traceEvents before otherData.
    QByteArray swapped = written(trace);
    const qsizetype events = swapped.indexOf("\"traceEvents\"");
    const qsizetype head = swapped.indexOf("\"otherData\"");
    const QByteArray headText = swapped.mid(head, events - head - 1);
    swapped = "{" + swapped.mid(events, swapped.lastIndexOf('}') - events) + "," + headText + "}";
    const TraceReading other = readBack(swapped);
    QCOMPARE(other.error, QString());
    QCOMPARE(fixtures::difference(trace, other.trace), QString());
}

void TraceJsonTest::readsFromAPipe()
{
    const Trace trace = fixtures::wild();
    for (const qint64 piece : {1, 2, 3, 7, 100}) {
        DrippingDevice device(written(trace), piece);
        const TraceReading reading = jank::readChromeTrace(device);
        QCOMPARE(reading.error, QString());
        QCOMPARE(fixtures::difference(trace, reading.trace), QString());
    }
}

void TraceJsonTest::truncatedAtEveryByte()
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

void TraceJsonTest::mutated()
{
    // Whatever stands in a file, it is read or refused with a reason: no crash, no endless loop, no value out of
    // bounds.
    const QByteArray file = written(fixtures::session(3));
    int refused = 0, accepted = 0;
    const auto feed = [&](const QByteArray &bytes) {
        const TraceReading reading = readBack(bytes);
        reading.ok() ? ++accepted : ++refused;
        for (const auto &chunk : reading.trace.frames.chunks()) {
            for (const jank::FrameSample &sample : *chunk)
                QVERIFY(sample.missed >= 0 && sample.interval >= 0 && std::abs(sample.swapEnd) <= 1LL << 60);
        }
        if (!reading.ok())
            QVERIFY(reading.trace.frames.empty());
        // What was read can be written again as the format demands.
        else if (accepted % 64 == 0)
            QCOMPARE(ChromeTraceCheck::problem(written(reading.trace)), QString());
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

void TraceJsonTest::isNotOurs_data()
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

void TraceJsonTest::isNotOurs()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, says);
    const TraceReading reading = readBack(file);
    QVERIFY2(reading.error.contains(says), qPrintable(reading.error));
    QVERIFY(!reading.truncated);
    QVERIFY(reading.trace.program.empty());
}

void TraceJsonTest::absurdValues_data()
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
    row("a minute's interval", "\"interval_ns\":16666667}", "\"interval_ns\":60000000000}", "interval_ns");
    row("no display's interval", "\"interval_ns\":16666667,\"ui", "\"interval_ns\":999999,\"ui", "no display");
    row("a frame of two days", "\"swap_end\":16666667", "\"swap_end\":166666670000000", "a day away");
    row("a recording of years", "\"span_start_ns\":1", "\"span_start_ns\":-99", "months after");
    row("work that ends before it began", "\"label\":\"orbit 0\"", "\"end_ns\":1,\"label\":\"orbit 0\"", "");
    row("span beyond all time", "\"span_end_ns\":", "\"span_end_ns\":99999", "span_end_ns");
    row("a negative lane", "\"lane\":1", "\"lane\":-1", "not a whole number");
}

void TraceJsonTest::absurdValues()
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

void TraceJsonTest::strings()
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

void TraceJsonTest::writesInPieces()
{
    FullDevice device(std::numeric_limits<qint64>::max());
    const jank::IoResult result = jank::writeChromeTrace(fixtures::session(4000), device);
    QVERIFY(result.ok());
    QVERIFY2(device.m_largest < 1024 * 1024, qPrintable(QString::number(device.m_largest)));
}

void TraceJsonTest::fullDisk()
{
    for (const qint64 room : {0, 1000, 600'000}) {
        FullDevice device(room);
        const jank::IoResult result = jank::writeChromeTrace(fixtures::session(4000), device);
        QVERIFY(result.error.contains(QLatin1String("No space left on device")));
        QVERIFY(!result.cancelled);
    }
    QBuffer closed;
    QVERIFY(!jank::writeChromeTrace(Trace(), closed).ok());
    QVERIFY(!jank::readChromeTrace(closed).ok());
}

void TraceJsonTest::cancelled()
{
    const Trace trace = fixtures::session(4000);
    QByteArray file = written(trace);
    // In the middle, from the progress itself.
    std::stop_source stop;
    double last = 0;
    jank::IoControl control{.stop = stop.get_token(), .progress = [&](double done) {
                                last = done;
                                if (done > 0.3)
                                    stop.request_stop();
                            }};
    QBuffer target;
    target.open(QIODevice::WriteOnly);
    const jank::IoResult result = jank::writeChromeTrace(trace, target, control);
    QVERIFY(result.cancelled);
    QVERIFY(!result.ok());
    QVERIFY(target.size() < file.size());
    QVERIFY(last < 1);
    // Reading: before it begins.
    QBuffer source(&file);
    source.open(QIODevice::ReadOnly);
    const TraceReading reading = jank::readChromeTrace(source, control);
    QVERIFY(reading.cancelled);
    QVERIFY(!reading.ok());
    QVERIFY(reading.trace.frames.empty());
}

void TraceJsonTest::progress()
{
    const Trace trace = fixtures::session(4000);
    std::vector<double> told;
    const jank::IoControl control{.stop = {}, .progress = [&told](double done) { told.push_back(done); }};
    QBuffer buffer;
    buffer.open(QIODevice::ReadWrite);
    QVERIFY(jank::writeChromeTrace(trace, buffer, control).ok());
    QVERIFY(told.size() >= 90 && told.size() <= 110);
    QVERIFY(std::is_sorted(told.begin(), told.end()));
    QCOMPARE(told.back(), 1.0);
    told.clear();
    buffer.seek(0);
    QVERIFY(jank::readChromeTrace(buffer, control).ok());
    QVERIFY(told.size() >= 3);
    QVERIFY(std::is_sorted(told.begin(), told.end()));
    QVERIFY(told.back() <= 1.0);
}

void TraceJsonTest::savedFiles()
{
    QTemporaryDir folder;
    const Trace trace = fixtures::session(100);
    const QString path = folder.filePath(QStringLiteral("größe.json"));
    QVERIFY(jank::saveTrace(trace, path, jank::TraceFormat::ChromeTrace).ok());
    const TraceReading reading = jank::loadTrace(path);
    QCOMPARE(reading.error, QString());
    QCOMPARE(fixtures::difference(trace, reading.trace), QString());

    QVERIFY(jank::loadTrace(folder.filePath(QStringLiteral("none"))).error.contains(QLatin1String("none")));
    QVERIFY(jank::loadTrace(folder.path()).error.contains(QLatin1String("folder")));
    QFile zipped(folder.filePath(QStringLiteral("a.json.gz")));
    QVERIFY(zipped.open(QIODevice::WriteOnly));
    zipped.write("\x1f\x8b\x08 not really");
    zipped.close();
    QVERIFY(jank::loadTrace(zipped.fileName()).error.contains(QLatin1String("gzip")));
}

void TraceJsonTest::neverHalfAFile()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("trace.json"));
    QVERIFY(jank::saveTrace(Trace(), path, jank::TraceFormat::ChromeTrace).ok());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    file.close();

    const auto isUntouched = [&] {
        QFile now(path);
        return now.open(QIODevice::ReadOnly) && now.readAll() == before
            && QDir(folder.path()).entryList(QDir::Files | QDir::Hidden) == QStringList{QStringLiteral("trace.json")};
    };
    std::stop_source stop;
    stop.request_stop();
    const jank::IoResult cancelled = jank::saveTrace(fixtures::session(100), path, jank::TraceFormat::ChromeTrace,
                                                     {.stop = stop.get_token(), .progress = {}});
    QVERIFY(cancelled.cancelled);
    QVERIFY(isUntouched());

    const jank::IoResult failed = jank::saveThrough(path, [](QIODevice &device) {
        device.write("half");
        return jank::IoResult{.error = QStringLiteral("it went wrong")};
    });
    QVERIFY(failed.error.contains(QLatin1String("it went wrong")));
    QVERIFY(failed.error.contains(QLatin1String("trace.json")));
    QVERIFY(isUntouched());

    const jank::IoResult nowhere = jank::saveTrace(Trace(), folder.filePath(QStringLiteral("no/such/trace.json")),
                                                   jank::TraceFormat::ChromeTrace);
    QVERIFY(nowhere.error.contains(QLatin1String("trace.json")));
    const jank::IoResult aFolder = jank::saveTrace(Trace(), folder.path(), jank::TraceFormat::ChromeTrace);
    QVERIFY(!aFolder.ok());
    QVERIFY(isUntouched());
}

QTEST_APPLESS_MAIN(TraceJsonTest)
#include "trace_json_test.moc"
