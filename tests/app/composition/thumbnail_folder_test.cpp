// The folder of fetched thumbnails: whole files alone, within a bound, the longest unused go first.
#include "composition/thumbnail_folder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <fstream>
#include <set>

using namespace steadyframe::composition;
namespace fs = std::filesystem;

class ThumbnailFolderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_path;

    std::set<std::string> names() const
    {
        std::set<std::string> found;
        for (const auto &file : fs::directory_iterator(m_path))
            found.insert(file.path().filename().string());
        return found;
    }
    /// Used so many hours ago.
    static void age(const fs::path &path, int hours)
    {
        fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(hours));
    }

private slots:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_temporary->path().toStdString()) / "thumbnails";
    }

    void eachAddressHasAFileOfItsOwn()
    {
        const ThumbnailFolder folder(m_path);
        QCOMPARE(folder.pathOf("https://a/1"), folder.pathOf("https://a/1"));
        QVERIFY(folder.pathOf("https://a/1") != folder.pathOf("https://a/2"));
        QCOMPARE(folder.pathOf("https://a/../../x").parent_path(), m_path);
    }

    void whatIsStoredIsThereWhole()
    {
        const ThumbnailFolder folder(m_path);
        const auto path = folder.pathOf("a");
        QVERIFY(!folder.touch(path));
        QVERIFY(folder.store(path, "first"));
        QVERIFY(folder.store(path, "second"));
        QVERIFY(folder.touch(path));
        std::ifstream file(path);
        std::string text;
        file >> text;
        QCOMPARE(text, std::string("second"));
        QCOMPARE(names().size(), std::size_t{1});
        folder.remove(path);
        QVERIFY(!folder.touch(path));
    }

    void aFolderThatCannotBeMadeIsNoDisaster()
    {
        std::ofstream(m_path) << "a file";
        const ThumbnailFolder folder(m_path);
        QVERIFY(!folder.store(folder.pathOf("a"), "text"));
        QCOMPARE(folder.trim(100), std::uint64_t{0});
    }

    void theLongestUnusedGoFirst()
    {
        const ThumbnailFolder folder(m_path);
        for (int i = 0; i < 10; ++i) {
            QVERIFY(folder.store(folder.pathOf(std::to_string(i)), std::string(100, 'x')));
            age(folder.pathOf(std::to_string(i)), 20 - i);
        }
        QCOMPARE(folder.trim(1000), std::uint64_t{1000}); // within the bound all stay
        QVERIFY(folder.touch(folder.pathOf("0"))); // used: it stays
        QCOMPARE(folder.trim(600), std::uint64_t{500});
        std::set<std::string> left;
        for (const int i : {0, 6, 7, 8, 9})
            left.insert(folder.pathOf(std::to_string(i)).filename().string());
        QCOMPARE(names(), left);
    }

    void whatACrashLeftGoesAndWhatIsBeingWrittenStays()
    {
        const ThumbnailFolder folder(m_path);
        fs::create_directories(m_path);
        std::ofstream(m_path / "a.1.1.part") << "old";
        std::ofstream(m_path / "b.1.2.part") << "new";
        age(m_path / "a.1.1.part", 2);
        folder.trim(1000);
        QCOMPARE(names(), std::set<std::string>{"b.1.2.part"});
    }
};

QTEST_GUILESS_MAIN(ThumbnailFolderTest)
#include "thumbnail_folder_test.moc"
