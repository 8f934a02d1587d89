#include "imaging/jpeg_forge.h"
#include "imaging/other_formats.h"
#include "imaging/photo_maker.h"
#include "recipe/place_result.h"
#include "recipe/trash.h"

#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace steadyframe;
using recipe::IfExists;
using recipe::OutputPlace;
using tests::Bytes;
using tests::readBytes;
using tests::writeBytes;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

#define VERIFY_PLACED(placed)                                                                                          \
    do {                                                                                                               \
        const auto &checked = (placed);                                                                                \
        QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().message.c_str());                                   \
    } while (false)
#define VERIFY_SAYS(placed, words)                                                                                     \
    do {                                                                                                               \
        const auto &checked = (placed);                                                                                \
        QVERIFY(!checked.ok());                                                                                        \
        QVERIFY2(QString::fromStdString(checked.error().message).contains(words), checked.error().message.c_str());    \
    } while (false)

namespace {

isolate::Result<fs::path, std::string> brokenTrash(const fs::path &)
{
    return std::string("it is full.");
}

/// A trash beside the folder of the originals, which never takes anything back.
fs::path trashed(const fs::path &root, const fs::path &name)
{
    return root / "trash" / "files" / name;
}

fs::path rootOfTrash; ///< of those below, which can't be told by an argument
bool originalWasThere = false; ///< when the trash was called

isolate::Result<fs::path, std::string> plainTrash(const fs::path &file)
{
    originalWasThere = fs::exists(rootOfTrash / "in" / file.filename());
    const fs::path to = trashed(rootOfTrash, file.filename());
    fs::create_directories(to.parent_path());
    fs::rename(file, to);
    return to;
}

/// Meanwhile another program saves the original, as programs do: a new file takes its name.
isolate::Result<fs::path, std::string> trashDuringASave(const fs::path &file)
{
    auto inTrash = plainTrash(file);
    writeBytes(rootOfTrash / "saved", {1, 2, 3});
    fs::rename(rootOfTrash / "saved", rootOfTrash / "in" / file.filename());
    return inTrash;
}

/// Another program puts a file where the original was.
isolate::Result<fs::path, std::string> trashWithAnObstacle(const fs::path &file)
{
    auto inTrash = plainTrash(file);
    writeBytes(file, {1, 2, 3});
    return inTrash;
}

isolate::Result<fs::path, std::string> trashBeforeTheEnd(const fs::path &file)
{
    (void)plainTrash(file);
    ::_exit(0);
}

/// Runs it in a process of its own; true when that ended with 0.
template <class Work>
bool inAnotherProcess(Work work)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(work() ? 0 : 1);
    int status = -1;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

class PlaceResultTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void besideTheOriginal();
    void intoAFolderAndASubFolder();
    void namesThatAreTakenGetANumber();
    void aDanglingLinkTakesAName();
    void theOtherRulesForNamesThatAreTaken();
    void overwritingSparesTheOriginal_data();
    void overwritingSparesTheOriginal();
    void overwritingSparesTheOriginalsOfARun();
    void whatIsOverwrittenGoesIntoTheTrashWhereThatIsWanted();
    void whatHasNoNameYetGoesAgain();
    void datesAndPermissionsAreKept();
    void replacingPutsTheOriginalIntoTheTrash();
    void withoutATrashNothingIsReplaced();
    void aNameThatIsNoTextIsNotReplaced();
    void atEachMomentAFileHasTheName();
    void theTrashKnowsWhereAnOriginalWas();
    void whatIsSavedMeanwhileStays();
    void whereFilesHaveOneNameOnly();
    void withoutRightsNothingChanges();
    void anIncompleteOriginalIsNotReplaced();
    void anOriginalThatChangedIsNotReplaced();
    void anOriginalThatIsBestStays();
    void anotherFormatGivesAJpegInItsPlace();
    void aLinkStaysALink();
    void longNamesFit();

private:
    [[nodiscard]] fs::path root() const { return m_folder->path().toStdString(); }
    [[nodiscard]] Names names(const char *folder) const { return tests::namesIn(root() / folder); }
    [[nodiscard]] isolate::Result<recipe::Placed, imaging::ImagingError> make() const
    {
        auto staged = recipe::stage(m_photo, m_recipe, m_workshop, {});
        if (!staged)
            return std::move(staged).error();
        return recipe::place(std::move(*staged), m_recipe.output, m_workshop);
    }
    void intoOut()
    {
        m_recipe.output.place = OutputPlace::folder;
        m_recipe.output.folder = root() / "out";
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_photo;
    Bytes m_original;
    recipe::Recipe m_recipe;
    recipe::Workshop m_workshop;
};

void PlaceResultTest::init()
{
    // On the disk of the home, whose trash is there; of other disks it is where all would see it.
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", m_folder->filePath("data").toUtf8());
    rootOfTrash = root();
    originalWasThere = false;
    fs::create_directory(root() / "in");
    m_photo = root() / "in" / "photo.JPG";
    QVERIFY(imaging::makePhoto(m_photo, 320, 240, 1, 95).ok());
    m_original = readBytes(m_photo);
    m_recipe = {};
    m_recipe.output.place = OutputPlace::besideOriginal;
    m_workshop = {};
    m_workshop.moveToTrash = recipe::moveToTrash;
}

void PlaceResultTest::besideTheOriginal()
{
    m_recipe.output.naming.pattern = "{name}-{width}-{quality}";
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(placed->result.path == root() / "in" / "photo-320-80.jpg");
    QCOMPARE(names("in"), (Names{"photo-320-80.jpg", "photo.JPG"}));
    QVERIFY(readBytes(m_photo) == m_original);
    QCOMPARE(fs::file_size(placed->result.path), placed->result.resultBytes);
}

void PlaceResultTest::intoAFolderAndASubFolder()
{
    intoOut();
    m_recipe.output.naming.subFolder = "a/b";
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(placed->result.path == root() / "out" / "a" / "b" / "photo.jpg");
}

void PlaceResultTest::namesThatAreTakenGetANumber()
{
    intoOut();
    for (const char *name : {"photo.jpg", "photo-2.jpg", "photo-3.jpg"}) {
        const auto placed = make();
        VERIFY_PLACED(placed);
        QVERIFY(placed->result.path == root() / "out" / name);
    }
    QCOMPARE(names("out").size(), std::size_t{3});
}

void PlaceResultTest::aDanglingLinkTakesAName()
{
    intoOut();
    fs::create_directory(root() / "out");
    fs::create_symlink("/nowhere/at/all", root() / "out" / "photo.jpg");
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(placed->result.path == root() / "out" / "photo-2.jpg");
}

void PlaceResultTest::theOtherRulesForNamesThatAreTaken()
{
    intoOut();
    fs::create_directory(root() / "out");
    const fs::path there = root() / "out" / "photo.jpg";
    const Bytes other{1, 2, 3};
    writeBytes(there, other);

    m_recipe.output.naming.ifExists = IfExists::fail;
    VERIFY_SAYS(make(), "photo.jpg");

    m_recipe.output.naming.ifExists = IfExists::skip;
    QVERIFY(recipe::alreadyThere(m_photo, m_recipe.output) == there);
    const auto skipped = make();
    VERIFY_PLACED(skipped);
    QVERIFY(skipped->skipped);
    QVERIFY(readBytes(there) == other);

    m_recipe.output.naming.ifExists = IfExists::overwrite;
    VERIFY_PLACED(make());
    QVERIFY(readBytes(there) != other);
    QCOMPARE(names("out"), Names{"photo.jpg"});
}

void PlaceResultTest::overwritingSparesTheOriginal_data()
{
    QTest::addColumn<QString>("way");
    for (const char *way : {"by its name", "by a link to it", "by a second name", "by a link to its folder"})
        QTest::newRow(way) << way;
}

void PlaceResultTest::overwritingSparesTheOriginal()
{
    QFETCH(QString, way);
    const fs::path original = root() / "in" / "photo.jpg";
    fs::rename(m_photo, original);
    m_photo = original;
    intoOut();
    fs::create_directory(root() / "out");
    if (way == "by its name") {
        m_recipe.output.place = OutputPlace::besideOriginal;
    } else if (way == "by a link to it") {
        m_photo = root() / "out" / "photo.jpg";
        fs::create_symlink(original, m_photo);
    } else if (way == "by a second name") {
        fs::create_hard_link(original, root() / "out" / "photo.jpg");
    } else {
        fs::remove(root() / "out");
        fs::create_directory_symlink(root() / "in", root() / "out");
    }
    m_recipe.output.naming.ifExists = IfExists::overwrite;
    VERIFY_SAYS(make(), "overwrite the original");
    QVERIFY(readBytes(original) == m_original);
    QCOMPARE(names("in"), Names{"photo.jpg"});
}

void PlaceResultTest::overwritingSparesTheOriginalsOfARun()
{
    // The result of one would have the name of another.
    const fs::path other = root() / "in" / "photo.jpg";
    QVERIFY(imaging::makePhoto(other, 320, 240, 2, 95).ok());
    const Bytes bytes = readBytes(other);
    m_recipe.output.naming.ifExists = IfExists::overwrite;
    m_workshop.originals = std::make_shared<const recipe::Originals>(
        recipe::originalsAmong({m_photo.native(), other.native(), (root() / "gone.jpg").native()}));
    VERIFY_SAYS(make(), "overwrite the original photo.jpg");
    QVERIFY(readBytes(other) == bytes);
    QCOMPARE(names("in"), (Names{"photo.JPG", "photo.jpg"}));
    m_workshop.originals = {};
    VERIFY_PLACED(make());
    QVERIFY(readBytes(other) != bytes);
}

void PlaceResultTest::whatIsOverwrittenGoesIntoTheTrashWhereThatIsWanted()
{
    intoOut();
    fs::create_directory(root() / "out");
    const fs::path there = root() / "out" / "photo.jpg";
    writeBytes(there, {1, 2, 3});
    m_recipe.output.naming.ifExists = IfExists::overwrite;
    m_workshop.overwrittenToTrash = true;
    m_workshop.moveToTrash = brokenTrash;
    VERIFY_SAYS(make(), "photo.jpg was not replaced");
    QVERIFY(readBytes(there) == (Bytes{1, 2, 3}));
    m_workshop.moveToTrash = plainTrash;
    const auto placed = make();
    VERIFY_PLACED(placed);
    QCOMPARE(fs::file_size(there), placed->result.resultBytes);
    QVERIFY(readBytes(trashed(root(), "photo.jpg")) == (Bytes{1, 2, 3}));
    QCOMPARE(names("out"), Names{"photo.jpg"});
    // Of a link nothing is lost but the link.
    fs::remove(there);
    fs::create_symlink(root() / "elsewhere", there);
    writeBytes(root() / "elsewhere", {4});
    VERIFY_PLACED(make());
    QVERIFY(!fs::is_symlink(there));
    QVERIFY(readBytes(root() / "elsewhere") == Bytes{4});
}

void PlaceResultTest::whatHasNoNameYetGoesAgain()
{
    {
        auto staged = recipe::stage(m_photo, m_recipe, m_workshop, {});
        VERIFY_PLACED(staged);
        const recipe::Staged moved = std::move(*staged);
        QCOMPARE(names("in").size(), std::size_t{2});
    }
    QCOMPARE(names("in"), Names{"photo.JPG"});
}

void PlaceResultTest::datesAndPermissionsAreKept()
{
    const timespec times[2] = {{1'000'000'000, 5}, {1'100'000'000, 123'456'789}};
    QCOMPARE(::utimensat(AT_FDCWD, m_photo.c_str(), times, 0), 0);
    QCOMPARE(::chmod(m_photo.c_str(), 0640), 0);
    m_recipe.output.naming.pattern = "{name}-{date}";
    m_recipe.output.naming.keepDates = true;
    m_recipe.output.naming.keepPermissions = true;
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(placed->result.path.filename() == "photo-2004-11-09.jpg");
    struct stat result {};
    QCOMPARE(::stat(placed->result.path.c_str(), &result), 0);
    QCOMPARE(static_cast<long>(result.st_mtim.tv_sec), 1'100'000'000L);
    QCOMPARE(static_cast<long>(result.st_mtim.tv_nsec), 123'456'789L);
    QCOMPARE(result.st_mode & 0777U, 0640U);
}

void PlaceResultTest::replacingPutsTheOriginalIntoTheTrash()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(placed->result.path == fs::canonical(m_photo));
    QCOMPARE(names("in"), Names{"photo.JPG"});
    QVERIFY(readBytes(m_photo) != m_original);
    QVERIFY(readBytes(placed->inTrash) == m_original);
}

void PlaceResultTest::withoutATrashNothingIsReplaced()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    for (const recipe::MoveToTrash trash : {recipe::MoveToTrash{}, recipe::MoveToTrash{brokenTrash}}) {
        m_workshop.moveToTrash = trash;
        VERIFY_SAYS(make(), "not replaced");
        QCOMPARE(names("in"), Names{"photo.JPG"});
        QVERIFY(readBytes(m_photo) == m_original);
    }
}

void PlaceResultTest::aNameThatIsNoTextIsNotReplaced()
{
    const fs::path renamed = root() / "in" / "photo\xE9.jpg";
    fs::rename(m_photo, renamed);
    m_photo = renamed;
    m_recipe.output.place = OutputPlace::replaceOriginal;
    VERIFY_SAYS(make(), "not UTF-8");
    QVERIFY(readBytes(m_photo) == m_original);
    fs::remove(m_photo); // which Qt can't
}

void PlaceResultTest::atEachMomentAFileHasTheName()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    m_workshop.moveToTrash = plainTrash;
    VERIFY_PLACED(make());
    QVERIFY(originalWasThere);
    QCOMPARE(names("in"), Names{"photo.JPG"});
    // The end of the process in the midst of it.
    writeBytes(m_photo, m_original);
    m_workshop.moveToTrash = trashBeforeTheEnd;
    QVERIFY(inAnotherProcess([this] { return make().ok(); }));
    QVERIFY(readBytes(m_photo) == m_original);
    QVERIFY(readBytes(trashed(root(), "photo.JPG")) == m_original);
}

void PlaceResultTest::theTrashKnowsWhereAnOriginalWas()
{
    const fs::path named = root() / "in" / "a photo of \xC3\xA4.jpg";
    fs::rename(m_photo, named);
    m_photo = named;
    m_recipe.output.place = OutputPlace::replaceOriginal;
    const auto placed = make();
    VERIFY_PLACED(placed);
    const fs::path folder = placed->inTrash.parent_path().parent_path();
    const fs::path note = folder / "info" / (placed->inTrash.filename().native() + ".trashinfo");
    const Bytes bytes = readBytes(note);
    const auto words = QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    QVERIFY2(words.contains("Path=") && words.contains("\nDeletionDate="), words);
    const QByteArray path = words.mid(words.indexOf("Path=") + 5).split('\n').front();
    // Of another disk's trash it is told as seen from that disk.
    QVERIFY2(fs::canonical(named).native().ends_with(QByteArray::fromPercentEncoding(path).toStdString()), path);
    QVERIFY2(path.contains("/in/a%20photo%20of%20%C3%A4.jpg"), path);
    QCOMPARE(names("in").size(), std::size_t{1});
    QCOMPARE(tests::namesIn(folder / "info").size(), std::size_t{1});
}

void PlaceResultTest::whatIsSavedMeanwhileStays()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    m_workshop.moveToTrash = trashDuringASave;
    VERIFY_SAYS(make(), "changed meanwhile");
    QVERIFY(readBytes(m_photo) == (Bytes{1, 2, 3}));
    QVERIFY(readBytes(trashed(root(), "photo.JPG")) == m_original);
    QCOMPARE(names("in"), Names{"photo.JPG"});
}

void PlaceResultTest::whereFilesHaveOneNameOnly()
{
    // As on a camera's card; here because the path of the second name is longer than the system takes.
    constexpr std::size_t longest = 4058;
    const auto fill = [](fs::path folder, std::size_t length) {
        while (folder.native().size() + 2 < length)
            folder /= std::string(std::min<std::size_t>(200, length - folder.native().size() - 1), 'd');
        return folder;
    };
    const fs::path folder = fill(fs::canonical(root()) / "in", longest);
    fs::create_directories(folder);
    fs::rename(m_photo, folder / "photo.JPG");
    m_photo = folder / "photo.JPG";
    m_recipe.output.place = OutputPlace::replaceOriginal;
    m_workshop.moveToTrash = trashWithAnObstacle;
    VERIFY_SAYS(make(), "in the trash");
    QVERIFY(readBytes(trashed(root(), "photo.JPG")) == m_original);
    QVERIFY(readBytes(m_photo) == (Bytes{1, 2, 3}));

    writeBytes(m_photo, m_original);
    m_workshop.moveToTrash = plainTrash;
    VERIFY_PLACED(make());
    QVERIFY(readBytes(m_photo) != m_original);
    QCOMPARE(tests::namesIn(folder), Names{"photo.JPG"});
    QVERIFY(readBytes(trashed(root(), "photo.JPG")) == m_original);
}

void PlaceResultTest::withoutRightsNothingChanges()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    m_workshop.moveToTrash = plainTrash;
    QCOMPARE(::chmod(root().c_str(), 0755), 0);
    QCOMPARE(::chmod((root() / "in").c_str(), 0555), 0);
    for (const OutputPlace place : {OutputPlace::replaceOriginal, OutputPlace::besideOriginal}) {
        m_recipe.output.place = place;
        QVERIFY(inAnotherProcess([this] {
            if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
                return false;
            const auto placed = make();
            return !placed && placed.error().code == imaging::ImagingErrc::noPermission;
        }));
    }
    QCOMPARE(::chmod((root() / "in").c_str(), 0755), 0);
    QVERIFY(readBytes(m_photo) == m_original);
    QCOMPARE(names("in"), Names{"photo.JPG"});
    QVERIFY(!fs::exists(root() / "trash"));
}

void PlaceResultTest::anIncompleteOriginalIsNotReplaced()
{
    m_original.resize(m_original.size() / 2);
    writeBytes(m_photo, m_original);
    m_recipe.output.place = OutputPlace::replaceOriginal;
    const auto refused = make();
    VERIFY_SAYS(refused, "rest of the file is missing");
    QVERIFY(refused.error().code == imaging::ImagingErrc::truncated);
    QVERIFY(readBytes(m_photo) == m_original);
    QCOMPARE(names("in"), Names{"photo.JPG"});
    // What is there of it is to be had elsewhere.
    intoOut();
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(QString::fromStdString(recipe::noteOn(placed->result)).contains("missing"));
    QVERIFY(readBytes(m_photo) == m_original);
}

void PlaceResultTest::anOriginalThatChangedIsNotReplaced()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    auto staged = recipe::stage(m_photo, m_recipe, m_workshop, {});
    VERIFY_PLACED(staged);
    writeBytes(m_photo, {1, 2, 3});
    VERIFY_SAYS(recipe::place(std::move(*staged), m_recipe.output, m_workshop), "changed meanwhile");
    QVERIFY(readBytes(m_photo) == (Bytes{1, 2, 3}));
    QCOMPARE(names("in"), Names{"photo.JPG"});
}

void PlaceResultTest::anOriginalThatIsBestStays()
{
    m_recipe.settings.target.quality = 40;
    m_recipe.output.place = OutputPlace::replaceOriginal;
    VERIFY_PLACED(make());
    const Bytes small = readBytes(m_photo);
    m_recipe.settings.target.quality = 100;
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(placed->originalStays);
    QVERIFY(placed->inTrash.empty());
    QVERIFY(readBytes(m_photo) == small);
    QCOMPARE(names("in"), Names{"photo.JPG"});
}

void PlaceResultTest::anotherFormatGivesAJpegInItsPlace()
{
    QImage image(200, 100, QImage::Format_RGB32);
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 200; ++x)
            image.setPixel(x, y, qRgb((x * 71 + y * 13) % 256, (x * y) % 251, (x ^ y) & 255));
    }
    m_photo = root() / "in" / "drawing.png";
    const QString name = QString::fromStdString(m_photo.native());
    QVERIFY(image.save(name));
    m_recipe.settings.target.quality = 30;
    m_recipe.output.place = OutputPlace::replaceOriginal;
    m_workshop.imaging.readOther = imaging::readOtherWithQt;
    VERIFY_PLACED(make());
    QCOMPARE(names("in"), (Names{"drawing.jpg", "photo.JPG"}));
    QVERIFY(image.save(name));
    VERIFY_SAYS(make(), "drawing.jpg");
    QVERIFY(fs::exists(m_photo));
}

void PlaceResultTest::aLinkStaysALink()
{
    fs::create_symlink(m_photo, root() / "link.jpg");
    m_photo = root() / "link.jpg";
    m_recipe.output.place = OutputPlace::replaceOriginal;
    VERIFY_PLACED(make());
    QVERIFY(fs::is_symlink(root() / "link.jpg"));
    QVERIFY(readBytes(root() / "in" / "photo.JPG") != m_original);
}

void PlaceResultTest::longNamesFit()
{
    std::string name;
    for (int i = 0; i < 120; ++i)
        name += "\xC3\xA4"; // two bytes that belong together
    fs::rename(m_photo, root() / "in" / (name + ".jpg"));
    m_photo = root() / "in" / (name + ".jpg");
    m_recipe.output.naming.pattern = "{name}{name}-{width}";
    for (const char *ending : {"-320.jpg", "-320-2.jpg"}) {
        const auto placed = make();
        VERIFY_PLACED(placed);
        QVERIFY(placed->result.path.filename().native().ends_with(ending));
    }
}

QTEST_GUILESS_MAIN(PlaceResultTest)
#include "place_result_test.moc"
