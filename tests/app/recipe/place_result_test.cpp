// Where results go, and under which names.
#include "place_result_world.h"

#include <fcntl.h>
#include <sys/stat.h>

using namespace steadyframe;
using recipe::IfExists;
using recipe::OutputPlace;
using namespace tests;

class PlaceResultTest : public tests::PlaceResultWorld {
    Q_OBJECT

private slots:
    void init() { begin(); }
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
    void longNamesFit();
};

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
