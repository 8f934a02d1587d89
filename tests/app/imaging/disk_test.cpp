#include "imaging/desk.h"
#include "imaging/photo_maker.h"
#include "imaging/result_file.h"

#include <QProcess>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

constexpr long smallDisk = 64 * 1024;

bool writeLine(const char *path, const std::string &line)
{
    std::ofstream file(path);
    return static_cast<bool>(file << line << std::flush);
}

/// A disk of `smallDisk` bytes at `folder`, for this process alone. Needs no rights where user namespaces are allowed.
bool mountSmallDisk(const std::filesystem::path &folder)
{
    const std::string user = std::to_string(::geteuid());
    const std::string group = std::to_string(::getegid());
    const bool mapped = ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && writeLine("/proc/self/setgroups", "deny")
        && writeLine("/proc/self/uid_map", "0 " + user + " 1") && writeLine("/proc/self/gid_map", "0 " + group + " 1");
    if (!mapped && ::unshare(CLONE_NEWNS) != 0)
        return false;
    const std::string options = "size=" + std::to_string(smallDisk);
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
        && ::mount("none", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

/// The second best: the system refuses every file larger than `smallDisk`, with another code of errno.
bool limitFileSize()
{
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{smallDisk, smallDisk};
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

/// Runs in a process of its own: argv is the task, the photo and the folder for the results. Prints what happened.
int runTask(const std::string &task, const std::filesystem::path &photo, const std::filesystem::path &results)
{
    std::string means = "none";
    if (task == "--full-disk") {
        means = mountSmallDisk(results) ? "a small disk" : limitFileSize() ? "a file size limit" : "nothing";
    } else if (task == "--without-rights" && ::geteuid() == 0) {
        means = ::setgid(65534) == 0 && ::setuid(65534) == 0 ? "another user" : "nothing";
    }
    const auto result = compressFile(photo, results, "result", {.target = {.quality = 92}}, {});
    std::printf("%s\n%d\n%s\n%zu\n", means.c_str(), result ? -1 : static_cast<int>(result.error().code),
                words(result).c_str(), namesIn(results).size());
    return 0;
}

struct Report {
    QString means;
    int code = -2;
    QString message;
    int filesLeft = -1;
};

Report inAnotherProcess(const char *task, const std::filesystem::path &photo, const std::filesystem::path &results)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(),
                  {task, QString::fromStdString(photo.native()), QString::fromStdString(results.native())});
    if (!process.waitForFinished() || process.exitCode() != 0)
        return {};
    const QStringList lines = QString::fromUtf8(process.readAllStandardOutput()).split('\n');
    return lines.size() < 4 ? Report{} : Report{lines[0], lines[1].toInt(), lines[2], lines[3].toInt()};
}

} // namespace

class DiskTest : public QObject {
    Q_OBJECT

private slots:
    void aFullDiskIsToldAndLeavesNothing();
    void anUnreadableOriginalIsTold();
    void aReadOnlyFolderIsTold();
    void theFolderIsMade();
    void aFileInPlaceOfTheFolderIsTold();
    void longNamesAreCutInTheMiddle();
    void aSlashInANameStaysInTheFolder();
    void leftoversAreRemovedButNotWhatIsBeingWritten();
};

void DiskTest::aFullDiskIsToldAndLeavesNothing()
{
    const Desk desk;
    const auto photo = desk.folder() / "photo.jpg";
    VERIFY_OK(makePhoto(photo, 640, 480, 1, 100));
    QVERIFY(std::filesystem::file_size(photo) > 2 * smallDisk);
    std::filesystem::create_directory(desk.results());
    const Report report = inAnotherProcess("--full-disk", photo, desk.results());
    QVERIFY2(report.means == "a small disk" || report.means == "a file size limit", qPrintable(report.means));
    qInfo("A full disk was made by %s: %s", qPrintable(report.means), qPrintable(report.message));
    QCOMPARE(report.code, static_cast<int>(ImagingErrc::noSpace));
    QCOMPARE(report.filesLeft, 0);
    if (report.means == "a small disk")
        QVERIFY2(report.message.contains("full: free 1 MB"), qPrintable(report.message));
}

void DiskTest::anUnreadableOriginalIsTold()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48)));
    std::filesystem::create_directory(desk.results());
    QCOMPARE(::chmod(desk.folder().c_str(), 0755), 0);
    QCOMPARE(::chmod(desk.results().c_str(), 0777), 0);
    QCOMPARE(::chmod(photo.c_str(), 0), 0);
    const Report report = inAnotherProcess("--without-rights", photo, desk.results());
    QCOMPARE(report.code, static_cast<int>(ImagingErrc::noPermission));
    QVERIFY2(report.message.contains("can't be read"), qPrintable(report.message));
    QCOMPARE(report.filesLeft, 0);
}

void DiskTest::aReadOnlyFolderIsTold()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48)));
    std::filesystem::create_directory(desk.results());
    QCOMPARE(::chmod(desk.folder().c_str(), 0755), 0);
    QCOMPARE(::chmod(photo.c_str(), 0644), 0);
    QCOMPARE(::chmod(desk.results().c_str(), 0555), 0);
    const Report report = inAnotherProcess("--without-rights", photo, desk.results());
    QCOMPARE(report.code, static_cast<int>(ImagingErrc::noPermission));
    QVERIFY2(report.message.contains("folder of the results"), qPrintable(report.message));
    QCOMPARE(::chmod(desk.results().c_str(), 0755), 0);
}

void DiskTest::theFolderIsMade()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.quality = 100, .exif = {}, .icc = {}}, fourCorners(64, 48)));
    const auto deep = desk.folder() / "a" / "b" / "c";
    const auto result = compressFile(photo, deep, "result", {}, {});
    VERIFY_OK(result);
    QVERIFY(result->path == deep / "result.jpg");
    QVERIFY(namesIn(deep) == std::vector<std::string>{"result.jpg"});
}

void DiskTest::aFileInPlaceOfTheFolderIsTold()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48)));
    writeBytes(desk.results(), {1, 2, 3});
    const auto result = desk.compress(photo);
    COMPARE_CODE(result, ImagingErrc::io);
    QVERIFY(readBytes(desk.results()) == (Bytes{1, 2, 3}));
}

void DiskTest::longNamesAreCutInTheMiddle()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.quality = 100, .exif = {}, .icc = {}}, fourCorners(64, 48)));
    std::string stem;
    for (int i = 0; i < 150; ++i)
        stem += "\xC3\xA4"; // two bytes that belong together
    for (const std::string end : {"-1", "--22"}) {
        const auto result = compressFile(photo, desk.results(), stem + end, {}, {});
        VERIFY_OK(result);
        const std::string name = result->path.filename().native();
        QVERIFY(name.size() <= 255 && name.size() > 240);
        QVERIFY(name.ends_with(end + ".jpg"));
        QVERIFY(QString::fromStdString(name).toStdString() == name);
        QVERIFY(!QString::fromStdString(name).contains(QChar::ReplacementCharacter));
    }
}

void DiskTest::aSlashInANameStaysInTheFolder()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.quality = 100, .exif = {}, .icc = {}}, fourCorners(64, 48)));
    const auto result = compressFile(photo, desk.results(), "../up/away", {}, {});
    VERIFY_OK(result);
    QVERIFY(result->path == desk.results() / ".._up_away.jpg");
}

void DiskTest::leftoversAreRemovedButNotWhatIsBeingWritten()
{
    const Desk desk;
    auto living = ResultFile::create(desk.results(), 0);
    VERIFY_OK(living);
    QCOMPARE(namesIn(desk.results()).size(), std::size_t{1});
    const std::string name = namesIn(desk.results()).front();
    writeBytes(desk.results() / ".steadyframe-0123456789abcdef.part", {1});
    writeBytes(desk.results() / "photo.jpg", {1});
    QCOMPARE(removeUnfinished(desk.results()), std::size_t{1});
    QVERIFY(namesIn(desk.results()) == (std::vector<std::string>{name, "photo.jpg"}));
    QCOMPARE(removeUnfinished(desk.folder() / "nowhere"), std::size_t{0});
}

int main(int argc, char **argv)
{
    if (argc == 4 && std::strncmp(argv[1], "--", 2) == 0)
        return runTask(argv[1], argv[2], argv[3]);
    QCoreApplication application(argc, argv);
    DiskTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "disk_test.moc"
