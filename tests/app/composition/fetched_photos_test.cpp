// What is left in the folder of fetched photos, with a real library beside it.
#include "composition/fetched_photos.h"
#include "library/library_isolate.h"

#include <isolate_core/runtime.h>

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <set>

using namespace steadyframe;
using namespace steadyframe::composition;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class FetchedPhotosTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_root;
    fs::path m_folder;
    const fs::file_time_type m_start = fs::file_time_type::clock::now();

    void write(const std::string &name, std::chrono::seconds age)
    {
        std::ofstream(m_folder / name) << "a photo";
        fs::last_write_time(m_folder / name, m_start - age);
    }
    [[nodiscard]] std::set<std::string> left() const
    {
        std::set<std::string> names;
        for (const auto &entry : fs::directory_iterator(m_folder))
            names.insert(entry.path().filename().native());
        return names;
    }
    static library::StartedLibrary open(const fs::path &path)
    {
        auto opened = library::startLibrary(path).get();
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        return std::move(opened).value();
    }

private slots:
    void init()
    {
        m_root = fs::path(m_temporary.path().toStdString()) / QTest::currentTestFunction();
        m_folder = m_root / "fetched";
        fs::create_directories(m_folder);
    }
    void cleanupTestCase() { QVERIFY(isolate::Runtime::instance().shutdown(10s).clean()); }

    void whatNoPhotoComesFromGoes()
    {
        auto library = open(m_root / "library.sqlite");
        // More than the library gives at a time, the one that is needed last of all.
        library::AddPhotos photos;
        for (int i = 0; i < 1200; ++i)
            photos.photos.push_back({"/elsewhere/" + std::to_string(i) + ".jpg", 1, {}});
        photos.photos.push_back({m_folder / "on the list.jpg", 7, {}});
        QVERIFY(library::ask(library.port, std::move(photos)).get());
        write("on the list.jpg", 1h);
        write("left.jpg", 1h);
        write(".steadyframe-fetch-abcdef", 1h);
        write("new.jpg", -1s); // fetched by this run, and not recorded yet
        fs::create_directory(m_folder / "folder");
        QCOMPARE(removeAbandonedPhotos(m_folder, m_start, library.port).get(), std::size_t{2});
        QCOMPARE(left(), (std::set<std::string>{"folder", "new.jpg", "on the list.jpg"}));
        library.isolate.kill();
    }

    void withoutAListNothingGoes()
    {
        auto library = open(m_root / "library.sqlite");
        write("left.jpg", 1h);
        library.isolate.kill();
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(removeAbandonedPhotos(m_folder, m_start, library.port).get()),
                                 std::exception);
        QCOMPARE(left(), std::set<std::string>{"left.jpg"});
    }

    void withoutAFolderNothingHappens()
    {
        auto library = open(m_root / "library.sqlite");
        QCOMPARE(removeAbandonedPhotos(m_root / "none", m_start, library.port).get(), std::size_t{0});
        library.isolate.kill();
    }
};

QTEST_GUILESS_MAIN(FetchedPhotosTest)
#include "fetched_photos_test.moc"
