#include "library_fixture.h"

#include "library/transitions.h"

#include <algorithm>
#include <fstream>
#include <set>

using namespace steadyframe::library;
using enum PhotoState;

namespace {

constexpr std::array allStates{queued, compressing, compressed, uploading, uploaded, failed, cancelled};

/// The contract, written down a second time.
const std::set<std::pair<PhotoState, PhotoState>> allowed{
    {queued, compressing},     {queued, failed},        {queued, cancelled},      {compressing, queued},
    {compressing, compressed}, {compressing, failed},   {compressing, cancelled}, {compressed, uploading},
    {compressed, failed},      {compressed, cancelled}, {uploading, compressed},  {uploading, uploading},
    {uploading, uploaded},     {uploading, failed},     {uploading, cancelled},   {failed, queued},
    {failed, compressed},      {cancelled, queued},     {cancelled, compressed},  {uploading, queued},
    {uploaded, queued},        {uploaded, compressed},
};

constexpr UtcTime noon{std::chrono::hours(12)};

PhotoRecord recordIn(PhotoState state)
{
    PhotoRecord record;
    record.id = 7;
    for (const PhotoState step : wayTo(state)) {
        if (!applyChange(record, changeTo(7, step), noon))
            qFatal("The way to %s is closed", std::string(nameOf(state)).c_str());
    }
    return record;
}

} // namespace

class LibraryTransitionsTest : public QObject {
    Q_OBJECT

private slots:
    void table_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        for (const PhotoState from : allStates) {
            for (const PhotoState to : allStates)
                QTest::addRow("%s to %s", std::string(nameOf(from)).c_str(), std::string(nameOf(to)).c_str())
                    << static_cast<int>(from) << static_cast<int>(to);
        }
    }
    void table()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        const auto source = static_cast<PhotoState>(from);
        const auto target = static_cast<PhotoState>(to);
        const bool expected = allowed.contains({source, target});
        QCOMPARE(isAllowed(source, target), expected);

        // The same through a library on disk, where a retry from a result needs the file to exist.
        LibraryFixture fixture;
        Database database = fixture.open();
        const PhotoId id = database.addPhotos(fixture.picks(1))->front().id;
        std::vector<PhotoChange> way;
        for (const PhotoState step : wayTo(source))
            way.push_back(changeTo(id, step));
        auto before = database.apply(way);
        QVERIFY(before && before->refused.empty());
        PhotoChange change = changeTo(id, target);
        const bool needsFile = (source == failed || source == cancelled || source == uploaded) && target == compressed;
        const auto applied = database.apply(std::array{change});
        QVERIFY(applied);
        if (expected && !needsFile) {
            QCOMPARE(applied->changed.size(), std::size_t{1});
            QVERIFY(applied->refused.empty());
            QCOMPARE(database.photo(id)->state, target);
            return;
        }
        QVERIFY(applied->changed.empty());
        QCOMPARE(applied->refused.size(), std::size_t{1});
        QCOMPARE(applied->refused[0].id, id);
        QCOMPARE(applied->refused[0].error.code, LibraryErrorCode::refused);
        const std::string &message = applied->refused[0].error.message;
        QVERIFY2(message.find(nameOf(source)) != std::string::npos && message.find(nameOf(target)) != std::string::npos,
                 message.c_str());
        QCOMPARE(database.photo(id)->state, source);
    }

    void aRefusedChangeLeavesTheRecordAsItWas()
    {
        PhotoRecord record = recordIn(uploading);
        const PhotoRecord before = record;
        PhotoChange change = changeTo(7, compressing);
        change.uploadUrl = "other";
        change.lastError = "other";
        QVERIFY(!applyChange(record, change, noon));
        QCOMPARE(record.uploadUrl, before.uploadUrl);
        QCOMPARE(record.lastError, before.lastError);
        QCOMPARE(record.attempts, before.attempts);
    }

    void compressedNeedsAResult()
    {
        PhotoRecord record = recordIn(compressing);
        QVERIFY(!applyChange(record, {.id = 7, .state = compressed}, noon));
        QVERIFY(!applyChange(record, {.id = 7, .state = compressed, .resultBytes = 5}, noon));
        QVERIFY(applyChange(record, changeTo(7, compressed), noon));
    }

    void failedNeedsAReason()
    {
        PhotoRecord record = recordIn(compressing);
        QVERIFY(!applyChange(record, {.id = 7, .state = failed}, noon));
        QVERIFY(!applyChange(record, {.id = 7, .state = failed, .lastError = ""}, noon));
        QVERIFY(applyChange(record, {.id = 7, .state = failed, .lastError = "why"}, noon));
        QCOMPARE(record.lastError, std::string("why"));
    }

    void retryGoesOnWithTheUploadWhenTheResultIsThere()
    {
        LibraryFixture fixture;
        const auto result = fixture.path("result.jpg");
        std::ofstream(result) << "12345";
        PhotoRecord record = recordIn(compressing);
        PhotoChange done = changeTo(7, compressed);
        done.resultPath = result;
        done.resultBytes = 5;
        QVERIFY(applyChange(record, done, noon));
        QVERIFY(applyChange(record, changeTo(7, uploading), noon));
        QVERIFY(applyChange(record, changeTo(7, failed), noon));
        const PhotoRecord lost = record;

        QVERIFY(applyChange(record, {.id = 7, .state = compressed}, noon));
        QCOMPARE(record.acknowledgedBytes, std::uint64_t{10});
        QVERIFY(!record.uploadUrl.empty());
        QVERIFY(record.lastError.empty());

        record = lost;
        std::ofstream(result) << "1234567";
        QVERIFY(!applyChange(record, {.id = 7, .state = compressed}, noon));
        std::filesystem::remove(result);
        const auto refused = applyChange(record, {.id = 7, .state = compressed}, noon);
        QVERIFY(!refused && refused.error().message.find("gone") != std::string::npos);
    }

    void retryFromTheStartForgetsResultAndUpload()
    {
        PhotoRecord record = recordIn(uploading);
        QVERIFY(applyChange(record, changeTo(7, cancelled), noon));
        QVERIFY(applyChange(record, changeTo(7, queued), noon));
        QVERIFY(record.resultPath.empty());
        QCOMPARE(record.resultBytes, std::uint64_t{0});
        QVERIFY(record.sha256.empty());
        QVERIFY(record.uploadUrl.empty());
        QCOMPARE(record.acknowledgedBytes, std::uint64_t{0});
        QCOMPARE(record.attempts, 0U);
    }

    void sentAgainMeansANewUploadOfTheSameResult()
    {
        const LibraryFixture fixture;
        const auto result = fixture.path("result.jpg");
        std::ofstream(result) << "12345";
        PhotoRecord record = recordIn(compressing);
        PhotoChange done = changeTo(7, compressed);
        done.resultPath = result;
        done.resultBytes = 5;
        for (const PhotoChange &step : {done, changeTo(7, uploading), changeTo(7, uploaded)})
            QVERIFY(applyChange(record, step, noon));
        PhotoRecord gone = record;
        QVERIFY(applyChange(record, {.id = 7, .state = compressed}, noon));
        QVERIFY(record.uploadUrl.empty() && record.acknowledgedBytes == 0);
        QCOMPARE(record.resultPath, result);

        std::filesystem::remove(result);
        QVERIFY(!applyChange(gone, {.id = 7, .state = compressed}, noon));
        QVERIFY(applyChange(gone, {.id = 7, .state = queued}, noon)); // it is made again first
        QVERIFY(gone.resultPath.empty());
    }

    void attemptsCountUploadsThatWereBegun()
    {
        PhotoRecord record = recordIn(uploading);
        QCOMPARE(record.attempts, 1U);
        QVERIFY(applyChange(record, changeTo(7, uploading), noon)); // progress
        QCOMPARE(record.attempts, 1U);
        QVERIFY(applyChange(record, {.id = 7, .state = compressed}, noon)); // put back
        QCOMPARE(record.acknowledgedBytes, std::uint64_t{10});
        QVERIFY(applyChange(record, changeTo(7, uploading), noon));
        QCOMPARE(record.attempts, 2U);
    }

    void uploadedMeansAllIsAcknowledged()
    {
        PhotoRecord record = recordIn(uploading);
        QVERIFY(applyChange(record, {.id = 7, .state = uploaded}, noon));
        QCOMPARE(record.acknowledgedBytes, record.resultBytes);
    }

    void eachStateHasItsTime()
    {
        PhotoRecord record = recordIn(uploading);
        const UtcTime later = noon + std::chrono::minutes(5);
        QVERIFY(applyChange(record, changeTo(7, uploading), later)); // progress is not an entry
        QCOMPARE(record.enteredAt[static_cast<std::size_t>(uploading)].value(), noon);
        QVERIFY(applyChange(record, changeTo(7, uploaded), later));
        QCOMPARE(record.enteredAt[static_cast<std::size_t>(uploaded)].value(), later);
        QVERIFY(!record.enteredAt[static_cast<std::size_t>(failed)]);
    }
};

QTEST_GUILESS_MAIN(LibraryTransitionsTest)
#include "library_transitions_test.moc"
