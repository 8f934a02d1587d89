// That the real program loses nothing: originals, results that are there, and what it is killed or stopped in.
#include "command_world.h"

#include <csignal>

using namespace steadyframe;
using namespace tests;

class CompressSafetyTest : public tests::CommandWorld {
    Q_OBJECT

private slots:
    void initTestCase() { makePhotos(); }
    void init() { begin(); }
    void anInterruptLeavesNothingHalfWritten();
    void originalsAreReplacedThroughTheTrash();
    void aKillLosesNoOriginal();
    void noOriginalOfTheRunIsOverwritten();
    void anIncompleteOriginalStays();
    void whatIsThereIsSkipped();
    void resultsAreNoOriginals();
};

void CompressSafetyTest::anInterruptLeavesNothingHalfWritten()
{
    copyTo("in/0.jpg");
    for (int i = 1; i <= 60; ++i)
        QVERIFY(QFile::link(m_large, path(QString("in/%1.jpg").arg(i))));
    QProcess process;
    prepare(process, {"--json", "--jobs", "2", "--progressive", "-o", "out", "in"});
    process.start();
    process.closeWriteChannel();
    QVERIFY(process.waitForReadyRead(60'000)); // the first is done, others are under way
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
    Run ended;
    ended.output = process.readAllStandardOutput();
    const auto lines = ended.lines();
    QCOMPARE(lines.size(), 62);
    QVERIFY(lines.back()["cancelled"].toInt() > 0);
    QCOMPARE(lines.back()["exitCode"].toInt(), 130);
    const auto files = filesBelow("out");
    QCOMPARE(files.size(), lines.back()["compressed"].toInt());
    for (auto file = files.begin(); file != files.end(); ++file) {
        QVERIFY2(!file.key().startsWith('.'), qPrintable(file.key()));
        QVERIFY(file.value().endsWith("\xFF\xD9"));
    }
}

void CompressSafetyTest::originalsAreReplacedThroughTheTrash()
{
    copyTo("in/photo.jpg");
    const auto before = readBytes(path("in/photo.jpg").toStdString());
    const Run done = run({"--replace", "in"});
    QVERIFY2(done.code == 0, done.errors);
    QCOMPARE(filesBelow("in").keys(), QStringList{"photo.jpg"});
    QVERIFY(readBytes(path("in/photo.jpg").toStdString()) != before);
    QStringList trashed = filesBelow("").keys().filter("files/photo.jpg");
    QCOMPARE(trashed.size(), 1);
    QVERIFY(readBytes(path(trashed.front()).toStdString()) == before);
}

void CompressSafetyTest::aKillLosesNoOriginal()
{
    constexpr int photos = 40;
    for (int i = 0; i < photos; ++i)
        copyTo(QString("in/%1.jpg").arg(i));
    const QByteArray original = filesBelow("in")["0.jpg"];
    QProcess process;
    prepare(process, {"--json", "--replace", "in"});
    process.start();
    process.closeWriteChannel();
    QVERIFY(process.waitForReadyRead(60'000)); // the first is replaced, others are under way
    process.kill();
    QVERIFY(process.waitForFinished(60'000));
    const auto in = filesBelow("in"), all = filesBelow("");
    const auto trashed = std::count(all.begin(), all.end(), original) - std::count(in.begin(), in.end(), original);
    int replaced = 0;
    for (int i = 0; i < photos; ++i) {
        const QByteArray file = in[QString("%1.jpg").arg(i)];
        QVERIFY(file.endsWith("\xFF\xD9"));
        replaced += file != original;
    }
    QVERIFY2(replaced > 0 && trashed >= replaced, qPrintable(QString("%1 of %2").arg(trashed).arg(replaced)));
}

void CompressSafetyTest::noOriginalOfTheRunIsOverwritten()
{
    copyTo("in/photo.jpeg");
    copyTo("in/photo.jpg", m_large);
    const auto before = filesBelow("in");
    const Run done = run({"--json", "--if-exists", "overwrite", "--output", "in", "in"});
    QCOMPARE(done.code, 1);
    QVERIFY(filesBelow("in") == before);
    for (const auto &line : done.lines().mid(0, 2)) {
        QCOMPARE(line["status"].toString(), "failed");
        QVERIFY(line["error"]["message"].toString().contains("overwrite the original photo.jpg"));
    }
}

void CompressSafetyTest::anIncompleteOriginalStays()
{
    auto bytes = readBytes(m_photo.toStdString());
    bytes.resize(bytes.size() / 2);
    QVERIFY(QDir().mkpath(path("in")));
    tests::writeBytes(path("in/cut.jpg").toStdString(), bytes);
    const auto before = filesBelow("in");
    const Run refused = run({"--json", "--replace", "in"});
    QCOMPARE(refused.code, 1);
    const auto lines = refused.lines();
    QCOMPARE(lines[0]["error"]["code"].toString(), "truncated");
    QVERIFY(filesBelow("in") == before);
    const Run saved = run({"--json", "in"});
    QCOMPARE(saved.code, 0);
    const auto savedLines = saved.lines();
    QVERIFY(savedLines[0]["warnings"][0].toString().contains("missing"));
    QVERIFY(filesBelow("in").contains("cut-compressed.jpg"));
}

void CompressSafetyTest::whatIsThereIsSkipped()
{
    copyTo("photo.jpg");
    QCOMPARE(run({"-o", "out", "photo.jpg"}).code, 0);
    const auto lines = run({"--json", "-o", "out", "--if-exists", "skip", "-q", "20", "photo.jpg"}).lines();
    QCOMPARE(lines[0]["status"].toString(), "skipped");
    QCOMPARE(lines[0]["result"].toString(), path("out/photo.jpg"));
    QCOMPARE(lines[1]["skipped"].toInt(), 1);
    const Run failed = run({"-o", "out", "--if-exists", "fail", "photo.jpg"});
    QCOMPARE(failed.code, 1);
    QVERIFY2(failed.errors.contains("already"), failed.errors);
}

void CompressSafetyTest::resultsAreNoOriginals()
{
    for (const char *name : {"b/a.jpg", "b/sub/c.jpg"})
        copyTo(name);
    for (int i = 0; i < 2; ++i) {
        const Run beside = run({"b"});
        QCOMPARE(beside.code, 0);
        QCOMPARE(beside.output.contains("left out"), i > 0);
    }
    QCOMPARE(filesBelow("b").keys(),
             (QStringList{"a-compressed-2.jpg", "a-compressed.jpg", "a.jpg", "sub/c-compressed-2.jpg",
                          "sub/c-compressed.jpg", "sub/c.jpg"}));
    QCOMPARE(run({"--json", "b"}).lines().back()["leftOut"].toInt(), 4);
    // A result that is named by itself is what the person wants.
    QCOMPARE(run({"b/a-compressed.jpg"}).code, 0);
    QVERIFY(QFile::exists(path("b/a-compressed-compressed.jpg")));
    // A name that tells nothing of the original is no sign.
    copyTo("d/photo.jpg");
    for (int i = 0; i < 2; ++i)
        QVERIFY(!run({"--name", "{date}", "d"}).output.contains("left out"));

    copyTo("in/photo.jpg");
    for (int i = 0; i < 2; ++i)
        QCOMPARE(run({"--output", "in/out", "--sub-folder", "x", "--name", "{name}-{quality}", "in"}).code, 0);
    QCOMPARE(filesBelow("in").keys(), (QStringList{"out/x/photo-80-2.jpg", "out/x/photo-80.jpg", "photo.jpg"}));
    QCOMPARE(run({"--output", "in/out", "in/out/x"}).code, 0); // named by itself, too
    QCOMPARE(filesBelow("in").size(), 5);
}

QTEST_GUILESS_MAIN(CompressSafetyTest)
#include "compress_safety_test.moc"
