// Where contents are, what the person answered, and in which order the work goes.
#include "library_fixture.h"

#include "library/connection.h"
#include "library/schema.h"

using namespace steadyframe::library;
using enum PhotoState;

class LibraryArrivalsTest : public QObject {
    Q_OBJECT

private:
    static PhotoId upload(Database &database, const std::string &destination)
    {
        const auto added = database.addPhotos(LibraryFixture::picks(1));
        const PhotoId id = added->front().id;
        for (const PhotoState state : wayTo(uploaded)) {
            PhotoChange change = changeTo(id, state);
            if (state == uploading)
                change.destination = destination;
            if (const auto applied = database.apply(std::vector{change}); !applied || applied->changed.empty())
                qFatal("the photo can't be uploaded");
        }
        return id;
    }
    static std::vector<PhotoId> idsInOrder(Database &database)
    {
        std::vector<PhotoId> ids;
        const auto page = database.page(0, 1000);
        for (const PhotoRecord &record : *page)
            ids.push_back(record.id);
        return ids;
    }

private slots:
    void whatArrivedIsKnownAndOutlivesItsPhoto()
    {
        LibraryFixture fixture;
        const std::string hash(64, 'a');
        {
            Database database = fixture.open();
            QVERIFY(!database.arrival("here", hash)->has_value());
            const PhotoId id = upload(database, "here");
            QVERIFY(database.remove(std::vector{id}));
        }
        Database database = fixture.open();
        const auto found = database.arrival("here", hash);
        QVERIFY(found && found->has_value());
        QCOMPARE((*found)->bytes, std::uint64_t{100});
        QVERIFY((*found)->url.starts_with("http://127.0.0.1/files/"));
        QVERIFY(!database.arrival("there", hash)->has_value());
        QVERIFY(!database.arrival("here", std::string(64, 'b'))->has_value());
    }

    void aReferenceThatLeadsNowhereIsCutAtTheStart()
    {
        LibraryFixture fixture;
        const std::string hash(64, 'a');
        {
            Database database = fixture.open();
            upload(database, "here");
            upload(database, "there");
        }
        const auto dangling = [](Connection &connection) {
            return *connection.queryNumber("SELECT count(*) FROM arrivals WHERE photo NOT IN (SELECT id FROM photos)");
        };
        {
            auto connection = Connection::open(fixture.path(), std::chrono::milliseconds(0));
            QVERIFY(connection->execute(
                "PRAGMA foreign_keys = OFF; UPDATE arrivals SET photo = 77 WHERE destination = 'here'"));
            QCOMPARE(dangling(*connection), std::int64_t(1));
        }
        {
            Database database = fixture.open();
            QVERIFY(!database.openReport().keptAside);
            QVERIFY(database.arrival("here", hash)->has_value()); // it did arrive
        }
        auto connection = Connection::open(fixture.path(), std::chrono::milliseconds(0));
        QCOMPARE(dangling(*connection), std::int64_t(0));
        QCOMPARE(*connection->queryNumber("SELECT count(*) FROM arrivals WHERE photo IS NULL"), std::int64_t(1));
    }

    void whatIsSentAgainIsNotThere()
    {
        LibraryFixture fixture;
        const std::string hash(64, 'a');
        {
            Database database = fixture.open();
            const PhotoId id = upload(database, "here");
            upload(database, "there");
            QCOMPARE(database.apply(std::vector{changeTo(id, queued)})->changed.size(), std::size_t{1});
        }
        Database database = fixture.open();
        QVERIFY(!database.arrival("here", hash)->has_value());
        QVERIFY(database.arrival("there", hash)->has_value());
    }

    void withoutADestinationNothingIsKnown()
    {
        LibraryFixture fixture;
        Database database = fixture.open();
        upload(database, "");
        QVERIFY(!database.arrival("", std::string(64, 'a'))->has_value());
    }

    void answersAreRemembered()
    {
        LibraryFixture fixture;
        {
            Database database = fixture.open();
            QCOMPARE(*database.answerTo("name"), std::string());
            QVERIFY(database.remember("name", "replace"));
            QVERIFY(database.remember("name", "keep both"));
        }
        Database database = fixture.open();
        QCOMPARE(*database.answerTo("name"), std::string("keep both"));
        QVERIFY(database.remember("name", ""));
        QCOMPARE(*database.answerTo("name"), std::string());
    }

    void priorityAndHoldAreKept()
    {
        LibraryFixture fixture;
        PhotoId id = 0;
        {
            Database database = fixture.open();
            id = database.addPhotos(LibraryFixture::picks(2))->front().id;
            const auto changed
                = database.order(std::vector<PhotoOrder>{{.id = id, .priority = 5}, {.id = 999, .held = true}});
            QCOMPARE(changed->size(), std::size_t{1});
            QVERIFY(database.order(std::vector<PhotoOrder>{{.id = id, .held = true}}));
            QVERIFY(database.apply(std::vector{changeTo(id, compressing)})); // the work doesn't change them
        }
        Database database = fixture.open();
        QCOMPARE(database.photo(id)->priority, 5);
        QVERIFY(database.photo(id)->held);
        QVERIFY(!database.page(0, 10)->at(1).held);
    }

    void anyOrderCanBeMade()
    {
        LibraryFixture fixture;
        Database database = fixture.open();
        std::vector<PhotoId> ids;
        const auto added = database.addPhotos(LibraryFixture::picks(5));
        for (const PhotoRecord &record : *added)
            ids.push_back(record.id);
        const std::vector<PhotoId> some{ids[4], ids[0], ids[4], 12345, ids[2]};
        QCOMPARE(database.arrange(some)->size(), std::size_t{3});
        QCOMPARE(idsInOrder(database), (std::vector<PhotoId>{ids[4], ids[1], ids[0], ids[3], ids[2]}));
        std::reverse(ids.begin(), ids.end());
        QVERIFY(database.arrange(ids));
        QCOMPARE(idsInOrder(database), ids);
        QCOMPARE(database.addPhotos(LibraryFixture::picks(1))->front().position, std::int64_t{6});
    }

    void aLibraryOfTheSecondVersionKeepsItsPhotos()
    {
        LibraryFixture fixture;
        {
            auto connection = Connection::open(fixture.path(), {});
            QVERIFY(connection && connection->execute(migrations()[0]) && connection->execute(migrations()[1]));
            QVERIFY(connection->execute(
                "PRAGMA user_version = 2;"
                "INSERT INTO photos (position, state, source_path, name, folder, original_bytes, original_width, "
                "original_height, upload_url) VALUES (1, 3, x'2F61', 'a', '/', 10, 1, 1, '/files/1');"
                "UPDATE totals SET photos = 1, original_bytes = 10 WHERE state = 3"));
        }
        Database database = fixture.open();
        QCOMPARE(database.openReport().migratedFrom, std::optional(2));
        const auto photo = database.page(0, 1)->front();
        QCOMPARE(photo.uploadUrl, std::string("/files/1"));
        QCOMPARE(photo.priority, 0);
        QVERIFY(!photo.held && photo.destination.empty());
    }
};

QTEST_APPLESS_MAIN(LibraryArrivalsTest)
#include "library_arrivals_test.moc"
