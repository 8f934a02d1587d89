// The real program, as people and scripts call it; without a display.
#include "command_world.h"

#include <QCryptographicHash>
#include <QImage>

using namespace steadyframe;
using namespace tests;

class CompressCommandTest : public tests::CommandWorld {
    Q_OBJECT

private slots:
    void initTestCase() { makePhotos(); }
    void init() { begin(); }
    void aPhotoGetsSmallerBesideTheOriginal();
    void foldersKeepTheirShape();
    void eachLineOfJsonIsAnObject();
    void failuresAreToldAndTheRestIsDone();
    void wrongCallsAreTold();
    void aTargetThatCantBeReachedIsTold();
    void theNumberOfJobsChangesNothing();
    void pathsComeFromAList();
    void theBarIsForTerminals();
    void aClosedOutputEndsIt();
    void aClosedStreamIsNotMistakenForAnother();
    void readersOfOtherFormatsEndInOrder();
    void damageIsToldOnceAndInOurWords();
    void aLimitNamesItsOption();
    void theExamplesOfTheHelpWork();
};

void CompressCommandTest::aPhotoGetsSmallerBesideTheOriginal()
{
    copyTo("photo.jpg");
    const Run done = run({"photo.jpg"});
    QVERIFY2(done.code == 0, done.errors);
    QCOMPARE(filesBelow("").keys(), (QStringList{"photo-compressed.jpg", "photo.jpg"}));
    QVERIFY(filesBelow("")["photo-compressed.jpg"].size() < filesBelow("")["photo.jpg"].size());
    QVERIFY2(done.output.contains("1 compressed: "), done.output);
    QVERIFY2(done.errors.isEmpty(), done.errors);
}

void CompressCommandTest::foldersKeepTheirShape()
{
    for (const char *name : {"in/a.jpg", "in/x/b.jpg", "in/x/y/c.JPEG", "in/x/notes.txt"})
        copyTo(name);
    QCOMPARE(run({"--output", "out", "--keep-folders", "in"}).code, 0);
    QCOMPARE(filesBelow("out").keys(), (QStringList{"a.jpg", "x/b.jpg", "x/y/c.jpg"}));
    QCOMPARE(run({"--output", "flat", "--width", "100", "--name", "{name}-{width}", "in"}).code, 0);
    QCOMPARE(filesBelow("flat").keys(), (QStringList{"a-100.jpg", "b-100.jpg", "c-100.jpg"}));
}

void CompressCommandTest::eachLineOfJsonIsAnObject()
{
    copyTo("one.jpg");
    copyTo("t\xC3\xA4st \"two\".jpg");
    const Run done = run({"--json", "--longest-side", "200", "one.jpg", "t\xC3\xA4st \"two\".jpg"});
    QVERIFY2(done.code == 0, done.errors);
    const auto lines = done.lines();
    QCOMPARE(lines.size(), 3);
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(lines[i]["status"].toString(), "compressed");
        QCOMPARE(lines[i]["width"].toInt(), 200);
        QCOMPARE(lines[i]["heightBefore"].toInt(), 300);
        QCOMPARE(lines[i]["quality"].toInt(), 80);
        QVERIFY(lines[i]["similarity"].isNull());
        QFile result(lines[i]["result"].toString());
        QVERIFY(result.open(QFile::ReadOnly));
        const QByteArray bytes = result.readAll();
        QCOMPARE(lines[i]["bytesAfter"].toInt(), bytes.size());
        QCOMPARE(lines[i]["sha256"].toString().toLatin1(),
                 QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    }
    QCOMPARE(lines[1]["file"].toString(), path("t\u00E4st \"two\".jpg"));
    QVERIFY(lines[2]["summary"].toBool());
    QCOMPARE(lines[2]["compressed"].toInt(), 2);
    QCOMPARE(lines[2]["exitCode"].toInt(), 0);
    QCOMPARE(lines[2]["bytesAfter"].toInt(), lines[0]["bytesAfter"].toInt() + lines[1]["bytesAfter"].toInt());
}

void CompressCommandTest::failuresAreToldAndTheRestIsDone()
{
    copyTo("good.jpg");
    tests::writeBytes(path("text.jpg").toStdString(), {'h', 'e', 'l', 'l', 'o'});
    const Run done = run({"text.jpg", "gone.jpg", "good.jpg"});
    QCOMPARE(done.code, 1);
    QVERIFY2(done.errors.contains("text.jpg: ") && done.errors.contains("gone.jpg: There is no file"), done.errors);
    QVERIFY(run({""}).errors.contains("empty name"));
    QVERIFY(QFile::exists(path("good-compressed.jpg")));
    QVERIFY2(done.output.contains("1 compressed, 2 failed"), done.output);
    const auto lines = run({"--json", "text.jpg"}).lines();
    QCOMPARE(lines[0]["status"].toString(), "failed");
    QCOMPARE(lines[0]["error"]["code"].toString(), "notAnImage");
    QCOMPARE(lines[1]["exitCode"].toInt(), 1);
}

void CompressCommandTest::wrongCallsAreTold()
{
    copyTo("photo.jpg");
    for (const QStringList &arguments : {QStringList{},
                                         {"--nonsense", "x"},
                                         {"-q", "800", "x"},
                                         {"--files-from", "no"},
                                         {"--files-from", "."},
                                         {"--output", "", "photo.jpg"},
                                         {"--output", "/dev/null", "photo.jpg"},
                                         {"--output", "/proc/no/such", "photo.jpg", "photo.jpg"}}) {
        const Run wrong = run(arguments);
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.errors.startsWith("steadyframe compress: "), wrong.errors);
        QCOMPARE(wrong.errors.count('\n'), 1);
        QVERIFY(wrong.output.isEmpty());
    }
}

void CompressCommandTest::aTargetThatCantBeReachedIsTold()
{
    copyTo("photo.jpg");
    const Run done = run({"--json", "--max-size", "500", "photo.jpg"});
    QCOMPARE(done.code, 3);
    QCOMPARE(done.lines()[0]["reachedTarget"].toBool(true), false);
    QVERIFY(done.lines()[0]["smallestBytes"].toInt() > 500);
    QCOMPARE(done.lines()[1]["missedTarget"].toInt(), 1);
    const Run told = run({"--max-size", "500", "photo.jpg"});
    QVERIFY2(told.errors.contains("at quality 30, the lowest that may be chosen"), told.errors);
    const Run reached = run({"--json", "--max-size", "20KB", "photo.jpg"});
    QCOMPARE(reached.code, 0);
    QVERIFY(reached.lines()[0]["bytesAfter"].toInt() <= 20'000);
}

void CompressCommandTest::theNumberOfJobsChangesNothing()
{
    // The large one comes first, so that the others overtake it.
    copyTo("in/a/photo.jpg", m_large);
    for (const char *name : {"in/b/photo.jpg", "in/c/photo.jpg", "in/d/photo.jpg"})
        copyTo(name);
    copyTo("in/e/photo.jpg", m_large);
    for (const char *jobs : {"1", "2", "7"})
        QCOMPARE(run({"--output", QString("out") + jobs, "--jobs", jobs, "--progressive", "in"}).code, 0);
    const auto one = filesBelow("out1");
    QCOMPARE(one.keys(), (QStringList{"photo-2.jpg", "photo-3.jpg", "photo-4.jpg", "photo-5.jpg", "photo.jpg"}));
    QVERIFY(one["photo.jpg"].size() > one["photo-2.jpg"].size());
    QVERIFY(filesBelow("out2") == one);
    QVERIFY(filesBelow("out7") == one);
}

void CompressCommandTest::pathsComeFromAList()
{
    copyTo("a b.jpg");
    copyTo("c.jpg");
    QCOMPARE(run({"-o", "out", "-"}, "a b.jpg\nc.jpg\n\n").code, 0);
    QCOMPARE(filesBelow("out").keys(), (QStringList{"a b.jpg", "c.jpg"}));
    copyTo("new\nline.jpg");
    QCOMPARE(run({"-0", "-o", "out0", "-"}, QByteArray("new\nline.jpg\0c.jpg", 18)).code, 0);
    QCOMPARE(filesBelow("out0").keys(), (QStringList{"c.jpg", "new\nline.jpg"}));
    tests::writeBytes(path("list").toStdString(), {'c', '.', 'j', 'p', 'g'});
    QCOMPARE(run({"-o", "out1", "--files-from", "list"}).code, 0);
    QCOMPARE(filesBelow("out1").keys(), QStringList{"c.jpg"});
}

void CompressCommandTest::theBarIsForTerminals()
{
    copyTo("photo.jpg", m_large);
    QVERIFY(!run({"photo.jpg"}).errors.contains('\r'));
    QProcess terminal;
    prepare(terminal, {});
    terminal.setProgram("script");
    terminal.setArguments({"--quiet", "--return", "--command",
                           QString("'%1' compress --progressive photo.jpg").arg(STEADYFRAME_PROGRAM), "/dev/null"});
    terminal.start();
    QVERIFY(terminal.waitForFinished(60'000));
    QCOMPARE(terminal.exitCode(), 0);
    const QByteArray shown = terminal.readAllStandardOutput();
    QVERIFY2(shown.contains("\r[") && shown.contains("0 of 1"), shown);
}

void CompressCommandTest::aClosedOutputEndsIt()
{
    copyTo("in/0.jpg");
    for (int i = 1; i <= 30; ++i)
        QVERIFY(QFile::link(m_large, path(QString("in/%1.jpg").arg(i))));
    QProcess shell;
    prepare(shell, {});
    shell.setProgram("bash");
    shell.setArguments({"-c",
                        QString("'%1' compress --json --progressive -o out in | head -n 1 >/dev/null; "
                                "exit ${PIPESTATUS[0]}")
                            .arg(STEADYFRAME_PROGRAM)});
    shell.start();
    QVERIFY(shell.waitForFinished(60'000));
    QCOMPARE(shell.exitCode(), 1);
    const auto files = filesBelow("out");
    QVERIFY(files.size() < 31);
    for (auto file = files.begin(); file != files.end(); ++file)
        QVERIFY2(!file.key().startsWith('.'), qPrintable(file.key()));
}

void CompressCommandTest::aClosedStreamIsNotMistakenForAnother()
{
    copyTo("photo.jpg");
    QProcess shell;
    prepare(shell, {});
    shell.setProgram("bash");
    shell.setArguments({"-c", QString("'%1' compress -o out photo.jpg no.jpg <&- >&- 2>&-").arg(STEADYFRAME_PROGRAM)});
    shell.start();
    QVERIFY(shell.waitForFinished(60'000));
    QCOMPARE(shell.exitCode(), 1); // of the one that is not there
    QCOMPARE(filesBelow("out").keys(), QStringList{"photo.jpg"});
    QVERIFY(filesBelow("out")["photo.jpg"].startsWith("\xFF\xD8"));
}

void CompressCommandTest::readersOfOtherFormatsEndInOrder()
{
    QImage image(40, 30, QImage::Format_RGB32);
    for (int i = 0; i < 40 * 30; ++i)
        image.setPixel(i % 40, i / 40, qRgb(i * 37 % 256, i * 91 % 256, i % 251));
    QVERIFY(QDir().mkpath(path("in")));
    for (int i = 0; i < 12; ++i)
        QVERIFY(image.save(path(QString("in/%1.%2").arg(i).arg(i % 2 == 0 ? "bmp" : "png"))));
    // Which of its threads calls Qt first, and which ends first, is a matter of luck.
    for (int i = 0; i < 20; ++i) {
        const Run done = run({"-j", "4", "-o", "out", "--if-exists", "overwrite", "in"});
        QVERIFY2(done.code == 0, done.errors + QByteArray::number(done.code));
    }
    QCOMPARE(filesBelow("out").size(), 12);
}

void CompressCommandTest::damageIsToldOnceAndInOurWords()
{
    QImage image(400, 300, QImage::Format_RGB32);
    image.fill(Qt::red);
    for (const char *name : {"a.png", "b.tiff"}) {
        QVERIFY(image.save(path(name)));
        QFile file(path(name));
        QVERIFY(file.resize(file.size() / 2));
        const Run done = run({name});
        QCOMPARE(done.code, 1);
        QVERIFY2(done.errors.contains("ends early") && done.errors.count('\n') == 1, done.errors);
    }
}

void CompressCommandTest::aLimitNamesItsOption()
{
    copyTo("photo.jpg");
    QVERIFY(run({"--max-pixels", "1000", "photo.jpg"}).errors.contains("--max-pixels"));
    QVERIFY(run({"--max-bytes", "1000", "photo.jpg"}).errors.contains("--max-bytes"));
    const auto lines = run({"--json", "--lossless", "--max-memory", "1000", "photo.jpg"}).lines();
    QVERIFY(lines[0]["error"]["message"].toString().contains("the limit is 1 KB"));
    QVERIFY(lines[0]["error"]["message"].toString().contains("--max-memory"));
}

void CompressCommandTest::theExamplesOfTheHelpWork()
{
    QVERIFY(QDir().mkpath(path("bin")));
    QVERIFY(QFile::link(STEADYFRAME_PROGRAM, path("bin/steadyframe")));
    copyTo("photo.jpg");
    copyTo("photos/one.jpg");
    copyTo("Pictures/holiday/two.jpg");
    const Run help = run({"--help"});
    QCOMPARE(help.code, 0);
    int examples = 0;
    bool inExamples = false;
    for (const QByteArray &line : help.output.split('\n')) {
        inExamples = line.startsWith("Examples") || (inExamples && line.startsWith("  "));
        if (!inExamples || line.startsWith("Examples"))
            continue;
        ++examples;
        QProcess shell;
        prepare(shell, {});
        auto with = environment();
        with.insert("PATH", path("bin") + ":" + with.value("PATH"));
        shell.setProcessEnvironment(with);
        shell.setProgram("bash");
        shell.setArguments({"-o", "pipefail", "-c", QString::fromUtf8(line.trimmed())});
        shell.start();
        QVERIFY(shell.waitForFinished(60'000));
        QVERIFY2(shell.exitCode() == 0, line + shell.readAllStandardError());
    }
    QVERIFY(examples >= 4);
}

QTEST_GUILESS_MAIN(CompressCommandTest)
#include "compress_command_test.moc"
