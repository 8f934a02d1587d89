#include "pipeline/file_finder.h"

#include <QtTest>

#include <filesystem>
#include <fstream>

using namespace steadyframe::pipeline;

class FileFinderTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path root() const { return m_folder.path().toStdString(); }
    void touch(const std::filesystem::path &relative)
    {
        std::filesystem::create_directories((root() / relative).parent_path());
        std::ofstream(root() / relative) << "content";
    }
    static std::vector<FoundFile> find(const std::vector<std::string> &picks, std::size_t batch = 100)
    {
        std::vector<FoundFile> all;
        findFiles(picks, batch,
                  [&](std::vector<FoundFile> files) {
                      QVERIFY(!files.empty() && files.size() <= batch);
                      all.insert(all.end(), files.begin(), files.end());
                  },
                  {});
        return all;
    }
    std::vector<std::string> relativePaths(const std::vector<FoundFile> &files) const
    {
        std::vector<std::string> paths;
        for (const auto &file : files)
            paths.push_back(std::filesystem::path(file.path).lexically_relative(root()).native());
        return paths;
    }

private slots:
    // Qt can't remove a name that is not UTF-8.
    void cleanupTestCase() { std::filesystem::remove_all(root()); }
    void initTestCase()
    {
        touch("album/b.JPG");
        touch("album/a.jpeg");
        touch("album/notes.txt");
        touch("album/.hidden");
        touch("album/below/c.png");
        touch("album/below/d\xE9.webp");
        touch("documents/letter.pdf");
        std::filesystem::create_directory_symlink(root() / "album", root() / "album/below/loop");
    }

    void aFileStandsForItself()
    {
        const auto found = find({(root() / "album/notes.txt").native()});
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].bytes, 7);
        QVERIFY(found[0].problem.empty());
    }

    void aFolderStandsForItsPicturesInOrderAndLoopsEnd()
    {
        const std::vector<std::string> expected{"album/a.jpeg", "album/b.JPG", "album/below/c.png",
                                                "album/below/d\xE9.webp"};
        QCOMPARE(relativePaths(find({(root() / "album").native()})), expected);
        QCOMPARE(relativePaths(find({(root() / "album").native()}, 1)), expected);
    }

    void whatLeadsNowhereSaysWhy()
    {
        const auto nothing = find({(root() / "nothing.jpg").native(), (root() / "documents").native()});
        QCOMPARE(nothing.size(), std::size_t(2));
        QVERIFY(nothing[0].problem.find("not there") != std::string::npos);
        QVERIFY(nothing[1].problem.find("no picture") != std::string::npos);
    }

    void aStoppedSearchFindsNoMore()
    {
        std::stop_source stop;
        std::size_t found = 0;
        findFiles(
            {(root() / "album").native()}, 1,
            [&](const std::vector<FoundFile> &files) {
                found += files.size();
                stop.request_stop();
            },
            stop.get_token());
        QCOMPARE(found, std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(FileFinderTest)
#include "file_finder_test.moc"
