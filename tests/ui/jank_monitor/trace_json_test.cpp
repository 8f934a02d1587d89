#include "chrome_trace_check.h"
#include "chrome_trace_files.h"
#include "trace_fixtures.h"

#include "jank_monitor/trace_json.h"
#include "jank_monitor/trace_rows.h"

#include <QtCore/qbuffer.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstandardpaths.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <limits>

using fixtures::ChromeTraceCheck;
using fixtures::Ms;
using fixtures::readBack;
using fixtures::Start;
using fixtures::written;
using jank::Trace;
using jank::TraceReading;

namespace {

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
    void perfettoOpensIt();
    void saysWhatAPersonLooksFor();
    void overlappingWorkIsApart();
    void rowsAreFewAndOrdered();
    void survivesAnotherWriter();
    void readsFromAPipe();
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

void TraceJsonTest::perfettoOpensIt()
{
    QString program = qEnvironmentVariable("PERFETTO_TRACE_PROCESSOR");
    for (const char *name : {"trace_processor_shell", "trace_processor"}) {
        if (program.isEmpty())
            program = QStandardPaths::findExecutable(QLatin1String(name));
    }
    if (program.isEmpty())
        QSKIP("Perfetto's trace processor is not here: the format is checked by itself");
    QTemporaryDir folder;
    const Trace trace = fixtures::session(400);
    const QString file = folder.filePath(QStringLiteral("trace.json"));
    QVERIFY(jank::saveTrace(trace, file, jank::TraceFormat::ChromeTrace).ok());
    QFile query(folder.filePath(QStringLiteral("query.sql")));
    QVERIFY(query.open(QIODevice::WriteOnly));
    query.write("SELECT 'slices ' || name AS what, COUNT(*) AS value FROM slice WHERE name IN ('sync', 'render') "
                "GROUP BY name UNION ALL SELECT 'problem ' || name, value FROM stats "
                "WHERE severity IN ('error', 'data_loss') AND value > 0;");
    query.close();
    QProcess process;
    process.start(program, {QStringLiteral("-q"), query.fileName(), file});
    QVERIFY2(process.waitForFinished(), qPrintable(process.errorString()));
    const QString answer = QString::fromUtf8(process.readAllStandardOutput());
    QVERIFY2(!answer.contains(QLatin1String("problem ")), qPrintable(answer));
    const auto frames = static_cast<qulonglong>(trace.frames.size());
    QVERIFY2(answer.contains(QStringLiteral("\"slices render\",%1").arg(frames)), qPrintable(answer));
    QVERIFY2(answer.contains(QStringLiteral("\"slices sync\",%1").arg(2 * frames)), qPrintable(answer));
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
