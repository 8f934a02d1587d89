// Results in place of their originals, which go into the trash.
#include "imaging/other_formats.h"
#include "place_result_world.h"

#include <QImage>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace steadyframe;
using recipe::IfExists;
using recipe::OutputPlace;
using namespace tests;

namespace {

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

class ReplaceOriginalTest : public tests::PlaceResultWorld {
    Q_OBJECT

private slots:
    void init() { begin(); }
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
};

void ReplaceOriginalTest::replacingPutsTheOriginalIntoTheTrash()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    const auto placed = make();
    VERIFY_PLACED(placed);
    QVERIFY(placed->result.path == fs::canonical(m_photo));
    QCOMPARE(names("in"), Names{"photo.JPG"});
    QVERIFY(readBytes(m_photo) != m_original);
    QVERIFY(readBytes(placed->inTrash) == m_original);
}

void ReplaceOriginalTest::withoutATrashNothingIsReplaced()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    for (const recipe::MoveToTrash trash : {recipe::MoveToTrash{}, recipe::MoveToTrash{brokenTrash}}) {
        m_workshop.moveToTrash = trash;
        VERIFY_SAYS(make(), "not replaced");
        QCOMPARE(names("in"), Names{"photo.JPG"});
        QVERIFY(readBytes(m_photo) == m_original);
    }
}

void ReplaceOriginalTest::aNameThatIsNoTextIsNotReplaced()
{
    const fs::path renamed = root() / "in" / "photo\xE9.jpg";
    fs::rename(m_photo, renamed);
    m_photo = renamed;
    m_recipe.output.place = OutputPlace::replaceOriginal;
    VERIFY_SAYS(make(), "not UTF-8");
    QVERIFY(readBytes(m_photo) == m_original);
    fs::remove(m_photo); // which Qt can't
}

void ReplaceOriginalTest::atEachMomentAFileHasTheName()
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

void ReplaceOriginalTest::theTrashKnowsWhereAnOriginalWas()
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

void ReplaceOriginalTest::whatIsSavedMeanwhileStays()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    m_workshop.moveToTrash = trashDuringASave;
    VERIFY_SAYS(make(), "changed meanwhile");
    QVERIFY(readBytes(m_photo) == (Bytes{1, 2, 3}));
    QVERIFY(readBytes(trashed(root(), "photo.JPG")) == m_original);
    QCOMPARE(names("in"), Names{"photo.JPG"});
}

void ReplaceOriginalTest::whereFilesHaveOneNameOnly()
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

void ReplaceOriginalTest::withoutRightsNothingChanges()
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

void ReplaceOriginalTest::anIncompleteOriginalIsNotReplaced()
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

void ReplaceOriginalTest::anOriginalThatChangedIsNotReplaced()
{
    m_recipe.output.place = OutputPlace::replaceOriginal;
    auto staged = recipe::stage(m_photo, m_recipe, m_workshop, {});
    VERIFY_PLACED(staged);
    writeBytes(m_photo, {1, 2, 3});
    VERIFY_SAYS(recipe::place(std::move(*staged), m_recipe.output, m_workshop), "changed meanwhile");
    QVERIFY(readBytes(m_photo) == (Bytes{1, 2, 3}));
    QCOMPARE(names("in"), Names{"photo.JPG"});
}

void ReplaceOriginalTest::anOriginalThatIsBestStays()
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

void ReplaceOriginalTest::anotherFormatGivesAJpegInItsPlace()
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

void ReplaceOriginalTest::aLinkStaysALink()
{
    fs::create_symlink(m_photo, root() / "link.jpg");
    m_photo = root() / "link.jpg";
    m_recipe.output.place = OutputPlace::replaceOriginal;
    VERIFY_PLACED(make());
    QVERIFY(fs::is_symlink(root() / "link.jpg"));
    QVERIFY(readBytes(root() / "in" / "photo.JPG") != m_original);
}

QTEST_GUILESS_MAIN(ReplaceOriginalTest)
#include "replace_original_test.moc"
