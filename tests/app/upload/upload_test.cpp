#include "upload_fixture.h"

#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

using namespace steadyframe;
using namespace steadyframe::upload;
using tests::contentOf;
using tests::FaultProxy;
using tests::Progress;
using tests::UploadFixture;
namespace fs = std::filesystem;

/// The client against the real receiver, with nothing broken.
class UploadTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<UploadFixture>(); }
    void cleanup() { m_fixture.reset(); }

    void arrivesByteForByte_data();
    void arrivesByteForByte();
    void namesTravelAsBytes();
    void tellsTheUrlBeforeAnyByte();
    void progressIsWhatTheServerAcknowledged();
    void aDestinationServesManyFiles();
    void manyDestinationsAtOnce();
    void theTokenIsNeeded_data();
    void theTokenIsNeeded();
    void checksumsGoWithEachChunkWhenAsked();
    void anEarlierUploadGoesOn();
    void anEarlierUploadGoesOnAfterTheServerMoved();
    void anUploadTheServerForgotStartsAnew();
    void anUploadOfAnotherLengthStartsAnew();
    void anUploadThatIsCompleteIsNotSentAgain();
    void aCancelRemovesTheUpload();
    void aPauseKeepsTheUpload();
    void aCancelInsideATransfer();
    void aTokenThatIsAlreadyTriggered();
    void filesThatCannotBeSent();
    void aFileThatIsNotWhatWasAnnounced();
    void aFileThatChangesMeanwhile();
    void tooLargeForTheServer();
    void noSpaceAtTheServer();
    void nobodyThere();
    void addressesThatCannotBeUsed();

private:
    std::unique_ptr<UploadFixture> m_fixture;
};

void UploadTest::arrivesByteForByte_data()
{
    QTest::addColumn<quint64>("bytes");
    for (const quint64 bytes : {0, 1, 16 * 1024, 16 * 1024 + 1, 1'000'003})
        QTest::addRow("%llu", bytes) << bytes;
}

void UploadTest::arrivesByteForByte()
{
    QFETCH(quint64, bytes);
    const auto request = m_fixture->file(bytes);
    TusDestination destination(m_fixture->client());
    Progress progress;
    const auto receipt = destination.upload(request, progress.observer(), {});
    QVERIFY2(receipt.ok(), receipt.ok() ? "" : receipt.error().message.c_str());
    QCOMPARE(receipt->bytes, std::uint64_t(bytes));
    QCOMPARE(receipt->sha256, request.sha256);
    QVERIFY(receipt->url.starts_with(m_fixture->receiver->endpoint()));
    QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(request.file));
    QCOMPARE(m_fixture->told().at(0).sha256, request.sha256);
}

void UploadTest::namesTravelAsBytes()
{
    TusDestination destination(m_fixture->client());
    for (const std::string name : {"caf\xe9.jpg", "Z\xc3\xbcrich, a b=c.jpg", "../../up.jpg"}) {
        QVERIFY(destination.upload(m_fixture->file(10, name), {}, {}).ok());
        QCOMPARE(m_fixture->told().back().requestedName, name);
    }
    QCOMPARE(m_fixture->storedNames(), (std::vector<std::string>{"Z\xc3\xbcrich, a b=c.jpg", "caf\xe9.jpg", "up.jpg"}));
}

void UploadTest::tellsTheUrlBeforeAnyByte()
{
    FaultProxy proxy(m_fixture->receiver->port());
    TusDestination destination(m_fixture->client(&proxy));
    UploadObserver observer;
    int created = 0;
    observer.onCreated = [&](const std::string &url) {
        ++created;
        QVERIFY(url.starts_with("/files/"));
        QCOMPARE(proxy.count("PATCH"), 0);
        QCOMPARE(m_fixture->unfinished().size(), std::size_t(1));
    };
    QVERIFY(destination.upload(m_fixture->file(100'000), observer, {}).ok());
    QCOMPARE(created, 1);
    QCOMPARE(proxy.bodyBytes(), std::uint64_t(100'000));
}

void UploadTest::progressIsWhatTheServerAcknowledged()
{
    TusDestination destination(m_fixture->client());
    Progress progress;
    QVERIFY(destination.upload(m_fixture->file(1'000'000), progress.observer(), {}).ok());
    QVERIFY(progress.acknowledged.size() > 10); // the percentage moves
    QVERIFY(std::is_sorted(progress.acknowledged.begin(), progress.acknowledged.end()));
    QCOMPARE(progress.acknowledged.back(), std::uint64_t(1'000'000));
    QVERIFY(progress.waits.empty());
}

void UploadTest::aDestinationServesManyFiles()
{
    TusDestination destination(m_fixture->client());
    for (std::uint64_t bytes = 1000; bytes < 1020; ++bytes)
        QVERIFY(destination.upload(m_fixture->file(bytes), {}, {}).ok());
    QCOMPARE(m_fixture->storedNames().size(), std::size_t(20));
}

void UploadTest::manyDestinationsAtOnce()
{
    constexpr int clients = 6;
    constexpr int filesEach = 10;
    std::vector<UploadRequest> requests;
    for (int i = 0; i < filesEach; ++i)
        requests.push_back(m_fixture->file(100'000 + static_cast<std::uint64_t>(i)));
    std::vector<std::future<int>> results;
    for (int client = 0; client < clients; ++client) {
        results.push_back(std::async(std::launch::async, [&] {
            TusDestination destination(m_fixture->client());
            int done = 0;
            for (const auto &request : requests)
                done += destination.upload(request, {}, {}).ok() ? 1 : 0;
            return done;
        }));
    }
    for (auto &result : results)
        QCOMPARE(result.get(), filesEach);
    QCOMPARE(m_fixture->storedNames().size(), std::size_t(clients * filesEach)); // each checked by its hash
    QCOMPARE(m_fixture->unfinished().size(), std::size_t(0));
}

void UploadTest::theTokenIsNeeded_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("none") << QByteArray();
    QTest::newRow("wrong") << QByteArray("guess");
}

void UploadTest::theTokenIsNeeded()
{
    QFETCH(QByteArray, token);
    auto options = m_fixture->client();
    options.bearerToken = token.toStdString();
    TusDestination destination(options);
    const auto result = destination.upload(m_fixture->file(10), {}, {});
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, UploadErrc::credentials);
    QCOMPARE(result.error().httpStatus, 401);
    QVERIFY(!result.error().retryable);
    QVERIFY(m_fixture->unfinished().empty());
}

void UploadTest::checksumsGoWithEachChunkWhenAsked()
{
    for (const auto policy : {ChunkChecksums::always, ChunkChecksums::never, ChunkChecksums::offMachine}) {
        FaultProxy proxy(m_fixture->receiver->port());
        auto options = m_fixture->client(&proxy);
        options.checksums = policy;
        TusDestination destination(options);
        QVERIFY(destination.upload(m_fixture->file(200'000), {}, {}).ok());
        for (const auto &request : proxy.requests()) {
            if (request.method == "PATCH")
                QCOMPARE(request.headers.count("upload-checksum") == 1, policy == ChunkChecksums::always);
        }
    }
    QCOMPARE(m_fixture->storedNames().size(), std::size_t(3));
}

void UploadTest::anEarlierUploadGoesOn()
{
    auto request = m_fixture->file(500'000);
    std::stop_source stop;
    Progress first;
    first.whenStopped = [] { return WhenStopped::keep; };
    first.whenAcknowledged = [&](std::uint64_t offset) {
        if (offset >= 200'000)
            stop.request_stop();
    };
    {
        TusDestination destination(m_fixture->client());
        QCOMPARE(destination.upload(request, first.observer(), stop.get_token()).error().code, UploadErrc::cancelled);
    }
    FaultProxy proxy(m_fixture->receiver->port());
    TusDestination destination(m_fixture->client(&proxy));
    request.resumeUrl = first.created.at(0);
    Progress second;
    QVERIFY(destination.upload(request, second.observer(), {}).ok());
    QVERIFY(second.created.empty());
    QCOMPARE(proxy.count("POST"), 0);
    QCOMPARE(proxy.bodyBytes(), request.bytes - first.acknowledged.back()); // nothing twice
    QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(request.file));
}

void UploadTest::anEarlierUploadGoesOnAfterTheServerMoved()
{
    auto request = m_fixture->file(300'000);
    std::stop_source stop;
    Progress first;
    first.whenStopped = [] { return WhenStopped::keep; };
    first.whenAcknowledged = [&](std::uint64_t) { stop.request_stop(); };
    QVERIFY(!TusDestination(m_fixture->client()).upload(request, first.observer(), stop.get_token()).ok());
    const FaultProxy placeholder(m_fixture->receiver->port()); // takes another port
    m_fixture->start();
    request.resumeUrl = first.created.at(0);
    Progress second;
    QVERIFY(TusDestination(m_fixture->client()).upload(request, second.observer(), {}).ok());
    QVERIFY(second.created.empty());
    QCOMPARE(second.acknowledged.front(), first.acknowledged.back());
    QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(request.file));
}

void UploadTest::anUploadTheServerForgotStartsAnew()
{
    for (const std::string url : {"/files/00000000000000000000000000000000", "http://[broken"}) {
        auto request = m_fixture->file(50'000);
        request.resumeUrl = url;
        Progress progress;
        QVERIFY(TusDestination(m_fixture->client()).upload(request, progress.observer(), {}).ok());
        QCOMPARE(progress.created.size(), std::size_t(1));
    }
    QCOMPARE(m_fixture->storedNames().size(), std::size_t(2));
}

void UploadTest::anUploadOfAnotherLengthStartsAnew()
{
    TusDestination destination(m_fixture->client());
    Progress first;
    QVERIFY(destination.upload(m_fixture->file(1000), first.observer(), {}).ok());
    auto request = m_fixture->file(2000);
    request.resumeUrl = first.created.at(0);
    Progress second;
    QVERIFY(destination.upload(request, second.observer(), {}).ok());
    QCOMPARE(second.created.size(), std::size_t(1));
    QCOMPARE(m_fixture->stored("photo (2).jpg"), contentOf(request.file));
}

void UploadTest::anUploadThatIsCompleteIsNotSentAgain()
{
    auto request = m_fixture->file(1000);
    Progress first;
    QVERIFY(TusDestination(m_fixture->client()).upload(request, first.observer(), {}).ok());
    m_fixture->start();
    request.resumeUrl = first.created.at(0);
    FaultProxy proxy(m_fixture->receiver->port());
    QVERIFY(TusDestination(m_fixture->client(&proxy)).upload(request, {}, {}).ok());
    QCOMPARE(proxy.count("PATCH"), 0);
    QCOMPARE(m_fixture->storedNames(), std::vector<std::string>{"photo.jpg"});
}

void UploadTest::aCancelRemovesTheUpload()
{
    std::stop_source stop;
    Progress progress;
    progress.whenAcknowledged = [&](std::uint64_t) { stop.request_stop(); };
    TusDestination destination(m_fixture->client());
    const auto result = destination.upload(m_fixture->file(500'000), progress.observer(), stop.get_token());
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, UploadErrc::cancelled);
    QVERIFY(m_fixture->unfinished().empty());
    QVERIFY(m_fixture->storedNames().empty());
    QVERIFY(destination.upload(m_fixture->file(1000), {}, {}).ok()); // the same one goes on with others
}

void UploadTest::aPauseKeepsTheUpload()
{
    std::stop_source stop;
    Progress progress;
    progress.whenStopped = [] { return WhenStopped::keep; };
    progress.whenAcknowledged = [&](std::uint64_t) { stop.request_stop(); };
    const auto result
        = TusDestination(m_fixture->client()).upload(m_fixture->file(500'000), progress.observer(), stop.get_token());
    QCOMPARE(result.error().code, UploadErrc::cancelled);
    QCOMPARE(m_fixture->unfinished().size(), std::size_t(1));
}

void UploadTest::aCancelInsideATransfer()
{
    FaultProxy proxy(m_fixture->receiver->port());
    proxy.stallAfter(100'000);
    std::stop_source stop;
    auto result = std::async(std::launch::async, [&] {
        return TusDestination(m_fixture->client(&proxy)).upload(m_fixture->file(500'000), {}, stop.get_token());
    });
    proxy.waitUntilStalled(); // only the token can end it now: the limit for stalls is half a minute
    stop.request_stop();
    QCOMPARE(result.get().error().code, UploadErrc::cancelled);
    QCOMPARE(proxy.count("DELETE"), 1);
    QVERIFY(m_fixture->unfinished().empty());
}

void UploadTest::aTokenThatIsAlreadyTriggered()
{
    std::stop_source stop;
    stop.request_stop();
    FaultProxy proxy(m_fixture->receiver->port());
    const auto result = TusDestination(m_fixture->client(&proxy)).upload(m_fixture->file(10), {}, stop.get_token());
    QCOMPARE(result.error().code, UploadErrc::cancelled);
    QVERIFY(proxy.requests().empty());
}

void UploadTest::filesThatCannotBeSent()
{
    TusDestination destination(m_fixture->client());
    auto request = m_fixture->file(10);
    const auto file = request.file;
    request.file = file.string() + ".missing";
    QCOMPARE(destination.upload(request, {}, {}).error().code, UploadErrc::fileMissing);
    request.file = file.parent_path();
    QCOMPARE(destination.upload(request, {}, {}).error().code, UploadErrc::io);
    request.file = file;
    request.bytes = 11;
    QCOMPARE(destination.upload(request, {}, {}).error().code, UploadErrc::fileChanged);
    QVERIFY(m_fixture->unfinished().empty());
}

void UploadTest::aFileThatIsNotWhatWasAnnounced()
{
    auto request = m_fixture->file(100'000);
    request.sha256 = m_fixture->file(100'001).sha256;
    const auto result = TusDestination(m_fixture->client()).upload(request, {}, {});
    QCOMPARE(result.error().code, UploadErrc::fileChanged);
    QVERIFY(m_fixture->storedNames().empty());
    QVERIFY(m_fixture->unfinished().empty());
}

void UploadTest::aFileThatChangesMeanwhile()
{
    auto request = m_fixture->file(500'000);
    request.sha256.clear(); // the server can't tell then
    Progress progress;
    bool changed = false;
    progress.whenAcknowledged = [&](std::uint64_t) {
        if (!std::exchange(changed, true))
            std::ofstream(request.file, std::ios::in | std::ios::out | std::ios::binary) << "other bytes";
    };
    auto result = TusDestination(m_fixture->client()).upload(request, progress.observer(), {});
    QCOMPARE(result.error().code, UploadErrc::fileChanged);

    request = m_fixture->file(500'000);
    progress.whenAcknowledged = [&](std::uint64_t) { fs::resize_file(request.file, 1000); };
    result = TusDestination(m_fixture->client()).upload(request, progress.observer(), {});
    QCOMPARE(result.error().code, UploadErrc::fileChanged);
}

void UploadTest::tooLargeForTheServer()
{
    m_fixture->options.maximumBytes = 1000;
    m_fixture->start();
    const auto result = TusDestination(m_fixture->client()).upload(m_fixture->file(1001), {}, {});
    QCOMPARE(result.error().code, UploadErrc::request);
    QCOMPARE(result.error().httpStatus, 413);
    QVERIFY(TusDestination(m_fixture->client()).upload(m_fixture->file(1000), {}, {}).ok());
}

void UploadTest::noSpaceAtTheServer()
{
    m_fixture->options.minimumFreeBytes = std::uint64_t(1) << 62;
    m_fixture->start();
    const auto result = TusDestination(m_fixture->client()).upload(m_fixture->file(10), {}, {});
    QCOMPARE(result.error().code, UploadErrc::serverFull);
    QVERIFY(result.error().retryable);
}

void UploadTest::nobodyThere()
{
    const auto options = m_fixture->client();
    m_fixture->receiver.reset();
    Progress progress;
    const auto result = TusDestination(options).upload(m_fixture->file(10), progress.observer(), {});
    QCOMPARE(result.error().code, UploadErrc::network);
    QVERIFY(result.error().retryable);
    QCOMPARE(progress.waits.size(), std::size_t(options.retry.attempts - 1));
}

void UploadTest::addressesThatCannotBeUsed()
{
    for (const char *endpoint : {"", "not a url", "file:///etc/passwd", "ftp://127.0.0.1/"}) {
        auto options = m_fixture->client();
        options.endpoint = endpoint;
        const auto result = TusDestination(options).upload(m_fixture->file(10), {}, {});
        QVERIFY2(!result.ok(), endpoint);
        QVERIFY2(result.error().code == UploadErrc::request, endpoint);
    }
}

QTEST_GUILESS_MAIN(UploadTest)
#include "upload_test.moc"
