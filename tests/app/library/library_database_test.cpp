#include "library_fixture.h"

#include "library/messages.h"

#include <isolate_core/sendable.h>

#include <random>

using namespace steadyframe::library;
using enum PhotoState;

static_assert(isolate::Sendable<LibraryMessage>);
static_assert(isolate::Sendable<LibraryNews>);
static_assert(isolate::Sendable<OpenReport>);

class LibraryDatabaseTest : public QObject {
    Q_OBJECT

private slots:
    void anEmptyLibrary()
    {
        LibraryFixture fixture;
        Database database = fixture.open();
        QVERIFY(database.openReport().created);
        QVERIFY(database.openReport().message.empty());
        QVERIFY(database.page(0, 10)->empty());
        QCOMPARE(database.totals(), LibraryTotals());
        QCOMPARE(database.photo(1).error().code, LibraryErrorCode::notFound);
        QVERIFY(database.addPhotos({})->empty());
        QVERIFY(database.apply({})->changed.empty());
    }

    void missingFoldersAreMade()
    {
        LibraryFixture fixture;
        QVERIFY(fixture.open("a/b/library.sqlite").openReport().created);
        QVERIFY(!fixture.open("a/b/library.sqlite").openReport().created);
    }

    void whatIsStoredComesBack()
    {
        LibraryFixture fixture;
        PhotoRecord stored;
        {
            Database database = fixture.open();
            const PhotoId id = database.addPhotos(fixture.picks(3))->at(1).id;
            for (const PhotoState step : wayTo(uploading))
                QVERIFY(database.apply(std::array{changeTo(id, step)})->refused.empty());
            stored = *database.photo(id);
        }
        QCOMPARE(stored.name, std::string("1.jpg"));
        QCOMPARE(stored.folder, std::string("/photos/folder"));
        QCOMPARE(stored.resultSize, (PixelSize{20, 15}));

        Database database = fixture.open();
        const PhotoRecord again = *database.photo(stored.id);
        QCOMPARE(again.position, stored.position);
        QCOMPARE(again.state, uploading);
        QCOMPARE(again.sourcePath, stored.sourcePath);
        QCOMPARE(again.originalBytes, std::uint64_t{1001});
        QCOMPARE(again.originalSize, (PixelSize{40, 30}));
        QCOMPARE(again.resultPath, stored.resultPath);
        QCOMPARE(again.resultBytes, std::uint64_t{100});
        QCOMPARE(again.sha256, stored.sha256);
        QCOMPARE(again.uploadUrl, stored.uploadUrl);
        QCOMPARE(again.acknowledgedBytes, std::uint64_t{10});
        QCOMPARE(again.attempts, 1U);
        QVERIFY(again.enteredAt == stored.enteredAt);
    }

    void namesThatAreNoUtf8Survive()
    {
        LibraryFixture fixture;
        const std::string bytes("/ph\xF6tos/caf\xE9\xFF \xED\xA0\x80 \xE2\x82\xAC.jpg");
        {
            Database database = fixture.open();
            QVERIFY(database.addPhotos(std::array{NewPhoto{bytes, 1, {}}}));
        }
        Database database = fixture.open();
        const PhotoRecord record = database.page(0, 1)->front();
        QCOMPARE(record.sourcePath.native(), bytes);
        QCOMPARE(record.name, std::string("caf\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD \u20AC.jpg"));
        QCOMPARE(record.folder, std::string("/ph\uFFFDtos"));
    }

    void tenThousandAtOnceAndPaged()
    {
        LibraryFixture fixture;
        Database database = fixture.open();
        const auto added = database.addPhotos(fixture.picks(10'000));
        QVERIFY(added);
        QCOMPARE(added->size(), std::size_t{10'000});
        QCOMPARE(database.totals()[queued].count, std::uint64_t{10'000});

        std::int64_t after = 0;
        std::size_t seen = 0;
        for (;;) {
            const auto page = database.page(after, 999);
            QVERIFY(page);
            if (page->empty())
                break;
            for (const PhotoRecord &record : *page) {
                QCOMPARE(record.id, added->at(seen).id);
                QVERIFY(record.position > after);
                after = record.position;
                ++seen;
            }
        }
        QCOMPARE(seen, std::size_t{10'000});
    }

    void pagesOfOneState()
    {
        LibraryFixture fixture;
        Database database = fixture.open();
        const auto added = database.addPhotos(fixture.picks(10));
        std::vector<PhotoChange> changes;
        for (std::size_t i = 0; i < 10; i += 3)
            changes.push_back(changeTo(added->at(i).id, compressing));
        QVERIFY(database.apply(changes)->refused.empty());
        const auto first = database.pageInState(compressing, 0, 3);
        QCOMPARE(first->size(), std::size_t{3});
        const auto rest = database.pageInState(compressing, first->back().position, 3);
        QCOMPARE(rest->size(), std::size_t{1});
        QCOMPARE(rest->front().id, added->at(9).id);
    }

    void oneRefusedChangeDoesNotHoldUpTheOthers()
    {
        LibraryFixture fixture;
        Database database = fixture.open();
        const auto added = database.addPhotos(fixture.picks(2));
        const PhotoId unknown = added->back().id + 100;
        const auto applied
            = database.apply(std::array{changeTo(added->at(0).id, compressing), changeTo(added->at(0).id, uploaded),
                                        changeTo(unknown, compressing), changeTo(added->at(1).id, compressing)});
        QVERIFY(applied);
        QCOMPARE(applied->changed.size(), std::size_t{2});
        QCOMPARE(applied->refused.size(), std::size_t{2});
        QCOMPARE(applied->refused[0].error.code, LibraryErrorCode::refused);
        QCOMPARE(applied->refused[1].id, unknown);
        QCOMPARE(applied->refused[1].error.code, LibraryErrorCode::notFound);
    }

    void removedPhotosAreGoneAndTheirIdsAreNotReused()
    {
        LibraryFixture fixture;
        PhotoId last = 0;
        {
            Database database = fixture.open();
            const auto added = database.addPhotos(fixture.picks(3));
            last = added->back().id;
            const auto removed = database.remove(std::array{last, PhotoId{12'345}});
            QCOMPARE(removed->size(), std::size_t{1});
            QCOMPARE(removed->front().name, std::string("2.jpg"));
            QCOMPARE(database.totals(), counted(database));
        }
        Database database = fixture.open();
        QCOMPARE(database.photo(last).error().code, LibraryErrorCode::notFound);
        QVERIFY(database.addPhotos(fixture.picks(1))->front().id > last);
    }

    void workIsTakenUpAgain()
    {
        LibraryFixture fixture;
        std::array<PhotoId, photoStateCount> ids{};
        {
            Database database = fixture.open();
            for (std::size_t i = 0; i < photoStateCount; ++i) {
                ids[i] = database.addPhotos(fixture.picks(1))->front().id;
                for (const PhotoState step : wayTo(static_cast<PhotoState>(i)))
                    QVERIFY(database.apply(std::array{changeTo(ids[i], step)})->refused.empty());
            }
        }
        Database database = fixture.open();
        const auto work = database.resumeAfterCrash();
        QVERIFY(work);
        QCOMPARE(work->requeued.size(), std::size_t{1});
        QCOMPARE(work->requeued[0].id, ids[static_cast<std::size_t>(compressing)]);
        QCOMPARE(work->requeued[0].state, queued);
        QCOMPARE(work->uploading.size(), std::size_t{1});
        QCOMPARE(work->uploading[0].id, ids[static_cast<std::size_t>(uploading)]);
        QCOMPARE(work->uploading[0].acknowledgedBytes, std::uint64_t{10});
        QVERIFY(!work->uploading[0].uploadUrl.empty());
        QCOMPARE(database.photo(ids[static_cast<std::size_t>(compressed)])->state, compressed);
        QCOMPARE(database.totals()[queued].count, std::uint64_t{2});
        QCOMPARE(database.totals(), counted(database));
    }

    void totalsAgreeWithACountAfterManyChanges()
    {
        LibraryFixture fixture;
        std::mt19937 random(20'240'607);
        const auto below = [&](std::size_t limit) { return std::size_t{random()} % limit; };
        std::vector<PhotoId> ids;
        Database database = fixture.open();
        std::size_t made = 0;
        std::size_t refused = 0;
        for (int round = 0; round < 300; ++round) {
            if (below(4) == 0 || ids.empty()) {
                const auto added = database.addPhotos(fixture.picks(1 + below(20)));
                QVERIFY(added);
                for (const PhotoRecord &record : *added)
                    ids.push_back(record.id);
            } else if (below(10) == 0) {
                const std::size_t chosen = below(ids.size());
                QVERIFY(database.remove(std::array{ids[chosen]}));
                ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(chosen));
            } else {
                std::vector<PhotoChange> changes;
                for (std::size_t i = 0; i < 1 + below(30); ++i) {
                    PhotoChange change
                        = changeTo(ids[below(ids.size())], static_cast<PhotoState>(below(photoStateCount)));
                    if (change.resultBytes)
                        change.resultBytes = below(5000);
                    if (below(8) == 0)
                        change.originalBytes = below(9000);
                    changes.push_back(std::move(change));
                }
                const auto applied = database.apply(changes);
                QVERIFY(applied);
                made += applied->changed.size();
                refused += applied->refused.size();
            }
            QCOMPARE(database.totals(), counted(database));
        }
        QVERIFY2(made > 300 && refused > 300, qPrintable(QString("%1 made, %2 refused").arg(made).arg(refused)));
        const LibraryTotals before = database.totals();
        database = fixture.open("other.sqlite");
        database = fixture.open();
        QCOMPARE(database.totals(), before);
    }
};

QTEST_GUILESS_MAIN(LibraryDatabaseTest)
#include "library_database_test.moc"
