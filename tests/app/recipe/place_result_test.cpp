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

/// Takes the original away, as a trash does; meanwhile another program puts a file where it was.
isolate::Result<fs::path, std::string> trashWithAnObstacle(const fs::path &file)
{
    const fs::path files = file.parent_path() / "trash" / "files";
    fs::create_directories(files);
    fs::rename(file, files / file.filename());
    writeBytes(file, {1, 2, 3});
    return files / file.filename();
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
    void overwritingSparesTheOriginal();
    void whatHasNoNameYetGoesAgain();
    void datesAndPermissionsAreKept();
    void replacingPutsTheOriginalIntoTheTrash();
    void withoutATrashNothingIsReplaced();
    void aNameThatIsNoTextIsNotReplaced();
    void whenTheLastStepFailsNothingIsLost();
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
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", m_folder->filePath("data").toUtf8());
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

void PlaceResultTest::overwritingSparesTheOriginal()
{
    fs::rename(m_photo, root() / "in" / "photo.jpg");
    m_photo = root() / "in" / "photo.jpg";
    m_recipe.output.naming.ifExists = IfExists::overwrite;
    VERIFY_SAYS(make(), "overwrite the original");
    QVERIFY(readBytes(m_photo) == m_original);
    QCOMPARE(names("in"), Names{"photo.jpg"});
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

void PlaceResultTest::whenTheLastStepFailsNothingIsLost()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    m_workshop.moveToTrash = trashWithAnObstacle;
    VERIFY_SAYS(make(), "in the trash");
    QVERIFY(readBytes(root() / "in" / "trash" / "files" / "photo.JPG") == m_original);
    QVERIFY(readBytes(m_photo) == (Bytes{1, 2, 3}));
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
