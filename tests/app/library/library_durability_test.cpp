#include "library_fixture.h"

#include "library/connection.h"
#include "library/schema.h"
#include "limited_disk.h"

#include <csignal>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace steadyframe::library;
using enum PhotoState;

namespace {

/// What the child tells of a call that has returned.
struct Acknowledged {
    PhotoId id;
    PhotoState state;
    std::uint64_t offset;
};

/// Works on photos until it kills itself in the middle of the @p last call's follower, telling of each call that
/// returned.
[[noreturn]] void workAndDie(const std::filesystem::path &path, int pipe, int last)
{
    auto opened = Database::open(path);
    if (!opened)
        _exit(1);
    Database &database = *opened;
    const auto tell = [&](const PhotoRecord &record) {
        const Acknowledged told{record.id, record.state, record.acknowledgedBytes};
        if (write(pipe, &told, sizeof told) != sizeof told)
            _exit(2);
    };
    int calls = 0;
    for (;;) {
        const auto added = database.addPhotos(LibraryFixture::picks(1));
        if (!added)
            _exit(3);
        tell(added->front());
        for (const PhotoState step : {compressing, compressed, uploading, uploading, uploaded}) {
            PhotoChange change = changeTo(added->front().id, step);
            if (step == uploading)
                change.acknowledgedBytes = static_cast<std::uint64_t>(++calls);
            const auto applied = database.apply(std::array{change});
            if (!applied || applied->changed.size() != 1)
                _exit(4);
            tell(applied->changed.front());
            if (calls >= last)
                kill(getpid(), SIGKILL);
        }
    }
}

void overwrite(const std::filesystem::path &path, std::streamoff offset, std::size_t bytes)
{
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    for (std::size_t i = 0; i < bytes; ++i)
        file.put('\x5A');
}

std::vector<std::filesystem::path> filesIn(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    return files;
}

} // namespace

class LibraryDurabilityTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasAcknowledgedOutlivesAKill_data()
    {
        QTest::addColumn<int>("calls");
        for (const int calls : {1, 2, 7, 40, 300})
            QTest::addRow("after %d", calls) << calls;
    }
    void whatWasAcknowledgedOutlivesAKill()
    {
        QFETCH(int, calls);
        LibraryFixture fixture;
        int ends[2];
        QCOMPARE(pipe(ends), 0);
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            close(ends[0]);
            workAndDie(fixture.path(), ends[1], calls);
        }
        close(ends[1]);
        std::map<PhotoId, Acknowledged> expected;
        Acknowledged told{};
        while (read(ends[0], &told, sizeof told) == sizeof told)
            expected[told.id] = told;
        close(ends[0]);
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY2(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "The child ended by itself");
        QVERIFY(!expected.empty());

        Database database = fixture.open();
        QVERIFY(!database.openReport().keptAside);
        for (const auto &[id, last] : expected) {
            const auto photo = database.photo(id);
            QVERIFY(photo);
            QCOMPARE(photo->state, last.state);
            QCOMPARE(photo->acknowledgedBytes, last.offset);
        }
        QCOMPARE(database.totals(), counted(database));
    }

    void aDamagedFileIsKeptAside_data()
    {
        QTest::addColumn<int>("offset");
        QTest::addColumn<int>("bytes");
        QTest::newRow("header") << 0 << 100;
        QTest::newRow("the word SQLite") << 0 << 6;
        QTest::newRow("schema page") << 100 << 900;
        QTest::newRow("second page") << 4096 << 4096;
        QTest::newRow("a page of rows") << 5 * 4096 << 3 * 4096;
        QTest::newRow("everything") << 0 << 60'000;
    }
    void aDamagedFileIsKeptAside()
    {
        QFETCH(int, offset);
        QFETCH(int, bytes);
        LibraryFixture fixture;
        QVERIFY(fixture.open().addPhotos(fixture.picks(500)));
        QVERIFY(std::filesystem::file_size(fixture.path()) > 60'000);
        overwrite(fixture.path(), offset, static_cast<std::size_t>(bytes));
        const auto damagedSize = std::filesystem::file_size(fixture.path());

        Database database = fixture.open();
        const OpenReport &report = database.openReport();
        QVERIFY(report.created);
        QVERIFY(report.keptAside);
        QVERIFY(report.keptAside->native().find("library.sqlite.damaged-") != std::string::npos);
        QVERIFY(report.message.find(report.keptAside->filename().native()) != std::string::npos);
        QCOMPARE(std::filesystem::file_size(*report.keptAside), damagedSize);
        QVERIFY(database.page(0, 10)->empty());
        QVERIFY(database.addPhotos(fixture.picks(1)));
    }

    void twoDamagedFilesOfOneSecondAreBothKept()
    {
        LibraryFixture fixture;
        for (int i = 0; i < 3; ++i) {
            std::ofstream(fixture.path()) << "This is no database, but it is long enough to be taken for one.";
            QVERIFY(fixture.open().openReport().keptAside);
        }
        std::size_t kept = 0;
        for (const auto &file : filesIn(fixture.path().parent_path()))
            kept += file.native().find(".damaged-") != std::string::npos ? 1 : 0;
        QCOMPARE(kept, std::size_t{3});
    }

    void missingTablesCountAsDamage()
    {
        LibraryFixture fixture;
        QVERIFY(fixture.open().addPhotos(fixture.picks(1)));
        {
            auto connection = Connection::open(fixture.path(), {});
            QVERIFY(connection && connection->execute("DROP TABLE totals"));
        }
        QVERIFY(fixture.open().openReport().keptAside);
    }

    void anOlderVersionIsMigrated()
    {
        LibraryFixture fixture;
        {
            auto connection = Connection::open(fixture.path(), {});
            QVERIFY(connection && connection->execute(migrations()[0]));
            QVERIFY(connection->execute(
                "PRAGMA user_version = 1;"
                "INSERT INTO photos (position, state, source_path, name, folder, original_bytes, original_width, "
                "original_height, result_bytes) VALUES (1, 0, x'2F61', 'a', '/', 10, 1, 1, 0), "
                "(2, 4, x'2F62', 'b', '/', 20, 1, 1, 7), (3, 4, x'2F63', 'c', '/', 30, 1, 1, 8)"));
        }
        Database database = fixture.open();
        QCOMPARE(database.openReport().migratedFrom, std::optional(1));
        QVERIFY(!database.openReport().created);
        QCOMPARE(database.totals()[queued], (StateTotals{1, 10, 0}));
        QCOMPARE(database.totals()[uploaded], (StateTotals{2, 50, 15}));
        QCOMPARE(database.totals(), counted(database));
        QCOMPARE(database.page(0, 10)->at(2).name, std::string("c"));
        QCOMPARE(database.addPhotos(fixture.picks(1))->front().position, std::int64_t{4});
    }

    void aNewerVersionIsLeftAlone()
    {
        LibraryFixture fixture;
        QVERIFY(fixture.open().addPhotos(fixture.picks(1)));
        const auto setVersion = [&](const char *sql) {
            auto connection = Connection::open(fixture.path(), {});
            return connection && connection->execute(sql).ok();
        };
        QVERIFY(setVersion("PRAGMA user_version = 9999"));
        const auto opened = Database::open(fixture.path());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, LibraryErrorCode::newerVersion);
        const std::string newest = "PRAGMA user_version = " + std::to_string(migrations().size());
        QVERIFY(setVersion(newest.c_str()));
        QCOMPARE(fixture.open().totals()[queued].count, std::uint64_t{1});
    }

    void aSecondProgramIsTold()
    {
        LibraryFixture fixture;
        Database database = fixture.open();
        const auto second = Database::open(fixture.path(), {.lockTimeout = std::chrono::milliseconds(1)});
        QVERIFY(!second);
        QCOMPARE(second.error().code, LibraryErrorCode::locked);
        QVERIFY(database.addPhotos(fixture.picks(1)));
    }

    void aFolderInItsPlaceIsNoAccess()
    {
        LibraryFixture fixture;
        std::filesystem::create_directories(fixture.path());
        const auto opened = Database::open(fixture.path());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, LibraryErrorCode::noAccess);
        QVERIFY(std::filesystem::is_directory(fixture.path()));
    }

    void aFullDiskLosesNothingThatWasStored()
    {
        LibraryFixture fixture;
        LimitedDisk disk;
        Database database = fixture.open();
        const auto stored = database.addPhotos(fixture.picks(20));
        QVERIFY(stored);
        const LibraryTotals before = database.totals();

        disk.setRoom(20'000);
        const auto refused = database.addPhotos(fixture.picks(10'000));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, LibraryErrorCode::diskFull);
        disk.setRoom(0);
        const auto change = database.apply(std::array{changeTo(stored->front().id, compressing)});
        QVERIFY(!change);
        QCOMPARE(change.error().code, LibraryErrorCode::diskFull);
        QCOMPARE(database.totals(), before);
        QCOMPARE(counted(database), before);

        disk.setUnlimited();
        QVERIFY(database.apply(std::array{changeTo(stored->front().id, compressing)}));
        QCOMPARE(database.addPhotos(fixture.picks(1))->front().position, stored->back().position + 1);
        QCOMPARE(database.totals(), counted(database));
    }
};

QTEST_GUILESS_MAIN(LibraryDurabilityTest)
#include "library_durability_test.moc"
