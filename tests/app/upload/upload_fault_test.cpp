#include "upload_fixture.h"

#include <QtTest>

#include <algorithm>
#include <future>
#include <memory>
#include <stop_token>
#include <utility>

using namespace steadyframe;
using namespace steadyframe::upload;
using tests::contentOf;
using tests::FaultProxy;
using tests::Progress;
using tests::UploadFixture;

namespace {

constexpr std::uint64_t fileBytes = 600'000;

std::string answer(const std::string &status, const std::string &headers = {})
{
    return "HTTP/1.1 " + status + "\r\nTus-Resumable: 1.0.0\r\nContent-Length: 0\r\nConnection: close\r\n" + headers
        + "\r\n";
}

} // namespace

/// The client against the real receiver through a proxy that breaks things.
class UploadFaultTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void cuts_data();
    void cuts();
    void cutsInAChunkWithAChecksum();
    void aLostLastAnswerIsNotSentAgain();
    void aLostAnswerToTheCreation();
    void aStallIsBrokenOff();
    void aRestartInTheMiddle();
    void passingAnswers_data();
    void passingAnswers();
    void lastingAnswers_data();
    void lastingAnswers();
    void aConflictAsksForTheOffset();
    void anUploadThatVanishesStartsAnew();
    void aServerThatForgetsForEverIsGivenUp();
    void aServerThatLiesAboutItsOffset_data();
    void aServerThatLiesAboutItsOffset();
    void aLongRetryAfterIsTheCallers();
    void aCancelWhileWaiting();
    void theServerIsAskedWhetherItStillHasAContent();
    void damagedChunksAreSentAgain();
    void theTokenStaysWithItsOrigin();

private:
    isolate::Result<UploadReceipt, UploadError> uploadThroughProxy();
    void verifyArrivedOnce();

    std::unique_ptr<UploadFixture> m_fixture;
    std::unique_ptr<FaultProxy> m_proxy;
    TusOptions m_options;
    UploadRequest m_request;
    Progress m_progress;
};

void UploadFaultTest::init()
{
    m_fixture = std::make_unique<UploadFixture>();
    m_proxy = std::make_unique<FaultProxy>(m_fixture->receiver->port());
    m_options = m_fixture->client(m_proxy.get());
    m_request = m_fixture->file(fileBytes);
    m_progress = {};
}

void UploadFaultTest::cleanup()
{
    m_proxy.reset();
    m_fixture.reset();
}

isolate::Result<UploadReceipt, UploadError> UploadFaultTest::uploadThroughProxy()
{
    return TusDestination(m_options).upload(m_request, m_progress.observer(), {});
}

void UploadFaultTest::verifyArrivedOnce()
{
    QCOMPARE(m_fixture->storedNames(), std::vector<std::string>{"photo.jpg"});
    QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(m_request.file));
    QCOMPARE(m_fixture->told().size(), std::size_t(1));
    QVERIFY(m_fixture->unfinished().empty());
}

void UploadFaultTest::cuts_data()
{
    QTest::addColumn<quint64>("at");
    QTest::newRow("before the first byte") << quint64(0);
    QTest::newRow("after the first byte") << quint64(1);
    QTest::newRow("at a third") << quint64(fileBytes / 3);
    QTest::newRow("before the last byte") << quint64(fileBytes - 1);
    QTest::newRow("after the last byte") << quint64(fileBytes);
}

void UploadFaultTest::cuts()
{
    QFETCH(quint64, at);
    m_proxy->cutAfter(at);
    std::uint64_t acknowledged = 0;
    bool sentTwice = false;
    std::size_t seen = 0;
    m_progress.whenAcknowledged = [&](std::uint64_t offset) {
        const auto requests = m_proxy->requests();
        for (; seen < requests.size(); ++seen)
            sentTwice = sentTwice || (requests[seen].method == "PATCH" && requests[seen].uploadOffset() < acknowledged);
        acknowledged = std::max(acknowledged, offset);
    };
    const auto result = uploadThroughProxy();
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
    QVERIFY(!sentTwice);
    QCOMPARE(acknowledged, fileBytes);
    QVERIFY(at == 0 || m_proxy->count("HEAD") >= 1); // libcurl repeats by itself what had no byte sent yet
    QCOMPARE(m_proxy->count("POST"), 1);
    verifyArrivedOnce();
}

void UploadFaultTest::cutsInAChunkWithAChecksum()
{
    m_options.checksums = ChunkChecksums::always;
    m_proxy->cutAfter(fileBytes / 3 + 1);
    QVERIFY(uploadThroughProxy().ok());
    QVERIFY(m_proxy->bodyBytes() > fileBytes); // the chunk that was cut could not be verified
    // That chunk again, and once more if the receiver had not noticed the cut when it was asked to take it.
    QVERIFY(m_proxy->bodyBytes() <= fileBytes + 2 * m_options.chunks.largest);
    verifyArrivedOnce();
}

void UploadFaultTest::aLostLastAnswerIsNotSentAgain()
{
    m_progress.whenAcknowledged = [&](std::uint64_t offset) {
        if (fileBytes - offset <= m_options.chunks.smallest)
            m_proxy->loseAnswerOf("PATCH");
    };
    m_options.chunks.largest = m_options.chunks.first = m_options.chunks.smallest;
    QVERIFY(uploadThroughProxy().ok());
    QCOMPARE(m_proxy->bodyBytes(), fileBytes);
    QCOMPARE(m_proxy->count("HEAD"), 1);
    verifyArrivedOnce();
}

void UploadFaultTest::aLostAnswerToTheCreation()
{
    m_proxy->loseAnswerOf("POST");
    m_request.key = "photo 1";
    QVERIFY(uploadThroughProxy().ok());
    QCOMPARE(m_progress.created.size(), std::size_t(1));
    QCOMPARE(m_proxy->count("POST"), 2);
    verifyArrivedOnce(); // the server found the first one by its key

    m_proxy->loseAnswerOf("POST");
    m_request = m_fixture->file(1000, "without a key.jpg");
    QVERIFY(uploadThroughProxy().ok());
    QCOMPARE(m_fixture->stored("without a key.jpg"), contentOf(m_request.file));
    QCOMPARE(m_fixture->unfinished().size(), std::size_t(1)); // empty, and expires
}

void UploadFaultTest::aStallIsBrokenOff()
{
    m_options.http.stallLimit = std::chrono::seconds(1);
    m_proxy->stallAfter(fileBytes / 2);
    QVERIFY(uploadThroughProxy().ok());
    QCOMPARE(m_progress.waits.at(0).code, UploadErrc::network);
    verifyArrivedOnce();
}

void UploadFaultTest::aRestartInTheMiddle()
{
    bool restarted = false;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    m_progress.whenAcknowledged = [&](std::uint64_t offset) {
        if (restarted && after == 0)
            after = offset;
        if (!restarted && offset > fileBytes / 2) {
            before = offset;
            restarted = true;
            m_fixture->start(true);
        }
    };
    const auto result = uploadThroughProxy();
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
    QVERIFY(restarted);
    QVERIFY(after >= before);
    QCOMPARE(m_proxy->count("POST"), 1);
    verifyArrivedOnce();
}

void UploadFaultTest::passingAnswers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("status");
    for (const char *method : {"OPTIONS", "POST", "PATCH"}) {
        for (const char *status :
             {"500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "429 Too Many Requests"})
            QTest::addRow("%s %s", method, status) << QByteArray(method) << QByteArray(status);
    }
    QTest::newRow("PATCH 423") << QByteArray("PATCH") << QByteArray("423 Locked");
    QTest::newRow("HEAD 423") << QByteArray("HEAD") << QByteArray("423 Locked");
}

void UploadFaultTest::passingAnswers()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, status);
    const auto text = answer(status.toStdString(), "Retry-After: 0\r\n");
    if (method == "HEAD")
        m_proxy->answerInstead("PATCH", {text}); // HEAD only follows a fault
    m_proxy->answerInstead(method.toStdString(), {text, text});
    QVERIFY(uploadThroughProxy().ok());
    QVERIFY(m_progress.waits.size() >= 2);
    QCOMPARE(m_progress.waits.at(0).code, UploadErrc::server);
    QCOMPARE(m_progress.waits.at(0).httpStatus, status.left(3).toInt());
    verifyArrivedOnce();
}

void UploadFaultTest::lastingAnswers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    const auto row = [](const char *title, const char *method, const std::string &text, UploadErrc code) {
        QTest::newRow(title) << QByteArray(method) << QByteArray::fromStdString(text) << int(code);
    };
    row("forbidden", "POST", answer("403 Forbidden"), UploadErrc::credentials);
    row("refused", "POST", answer("400 Bad Request"), UploadErrc::request);
    row("too large", "POST", answer("413 Content Too Large"), UploadErrc::request);
    row("full", "PATCH", answer("507 Insufficient Storage"), UploadErrc::serverFull);
    row("elsewhere", "POST", answer("302 Found", "Location: http://127.0.0.1:1/\r\n"), UploadErrc::protocol);
    row("created nowhere", "POST", answer("201 Created"), UploadErrc::protocol);
    row("created on a disk", "POST", answer("201 Created", "Location: file:///tmp/x\r\n"), UploadErrc::protocol);
    row("another version", "OPTIONS", answer("204 No Content", "Tus-Version: 2.0.0\r\n"), UploadErrc::protocol);
    row("no creation", "OPTIONS", answer("204 No Content", "Tus-Extension: checksum\r\n"), UploadErrc::protocol);
}

void UploadFaultTest::lastingAnswers()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    m_proxy->answerInstead(method.toStdString(), {text.toStdString()});
    const auto result = uploadThroughProxy();
    QVERIFY(!result.ok());
    QCOMPARE(int(result.error().code), code);
    QVERIFY(!result.error().message.empty());
    QVERIFY(result.error().message.find(m_options.bearerToken) == std::string::npos);
    QVERIFY(m_progress.waits.empty()); // failed at once
}

void UploadFaultTest::aConflictAsksForTheOffset()
{
    m_proxy->answerInstead("PATCH", {answer("409 Conflict"), answer("409 Conflict")});
    QVERIFY(uploadThroughProxy().ok());
    QCOMPARE(m_proxy->count("HEAD"), 2);
    verifyArrivedOnce();
}

void UploadFaultTest::anUploadThatVanishesStartsAnew()
{
    for (const char *status : {"404 Not Found", "410 Gone"}) {
        m_proxy->answerInstead("PATCH", {answer(status)});
        m_progress = {};
        QVERIFY(uploadThroughProxy().ok());
        QCOMPARE(m_progress.created.size(), std::size_t(2));
    }
}

void UploadFaultTest::aServerThatForgetsForEverIsGivenUp()
{
    m_proxy->answerInstead("PATCH", std::vector<std::string>(20, answer("404 Not Found")));
    QCOMPARE(uploadThroughProxy().error().code, UploadErrc::protocol);
    QVERIFY(m_proxy->count("POST") < 10);
}

void UploadFaultTest::aServerThatLiesAboutItsOffset_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("offset");
    QTest::addColumn<bool>("recovers");
    QTest::newRow("PATCH says more") << QByteArray("PATCH") << QByteArray("599999") << true;
    QTest::newRow("PATCH says nothing arrived") << QByteArray("PATCH") << QByteArray("0") << true;
    QTest::newRow("PATCH says nonsense") << QByteArray("PATCH") << QByteArray("-5") << true;
    QTest::newRow("HEAD says more than the file") << QByteArray("HEAD") << QByteArray("600001") << false;
    QTest::newRow("HEAD says nonsense") << QByteArray("HEAD") << QByteArray("many") << false;
    QTest::newRow("HEAD says less") << QByteArray("HEAD") << QByteArray("0") << true;
}

void UploadFaultTest::aServerThatLiesAboutItsOffset()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, offset);
    QFETCH(bool, recovers);
    if (method == "HEAD")
        m_proxy->cutAfter(fileBytes / 2);
    m_proxy->changeHeader(method.toStdString(), "Upload-Offset", offset.toStdString());
    const auto result = uploadThroughProxy();
    QCOMPARE(result.ok(), recovers);
    if (recovers)
        verifyArrivedOnce();
    else
        QCOMPARE(result.error().code, UploadErrc::protocol);
}

void UploadFaultTest::aLongRetryAfterIsTheCallers()
{
    m_proxy->answerInstead("POST", {answer("503 Service Unavailable", "Retry-After: 7200\r\n")});
    const auto result = uploadThroughProxy();
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, UploadErrc::server);
    QVERIFY(result.error().retryable);
    QCOMPARE(result.error().retryAfter, std::optional(std::chrono::milliseconds(7'200'000)));
}

void UploadFaultTest::aCancelWhileWaiting()
{
    m_options.retry.first = m_options.retry.longest = std::chrono::minutes(10);
    m_proxy->answerInstead("PATCH", {answer("503 Service Unavailable")});
    std::stop_source stop;
    auto observer = m_progress.observer();
    std::promise<void> waiting;
    observer.onWaiting = [&](const UploadError &, std::chrono::milliseconds) { waiting.set_value(); };
    auto result = std::async(std::launch::async,
                             [&] { return TusDestination(m_options).upload(m_request, observer, stop.get_token()); });
    waiting.get_future().wait();
    stop.request_stop();
    QCOMPARE(result.get().error().code, UploadErrc::cancelled);
    QVERIFY(m_fixture->unfinished().empty());
}

void UploadFaultTest::theServerIsAskedWhetherItStillHasAContent()
{
    const auto arrived = uploadThroughProxy();
    QVERIFY(arrived.ok());
    m_request.arrivedUrl = m_progress.created.at(0);
    const auto found = [&] {
        const auto again = uploadThroughProxy();
        return again.ok() && again->found && again->url == m_request.arrivedUrl;
    };
    QVERIFY(found());
    m_proxy->answerInstead("HEAD", {answer("404 Not Found")}); // it forgets what is complete
    QVERIFY(found());
    m_proxy->answerInstead("HEAD", {answer("503 Service Unavailable", "Retry-After: 0\r\n")});
    QVERIFY(found());
    QCOMPARE(m_fixture->told().size(), std::size_t(1));
    m_proxy->answerInstead("HEAD", {answer("410 Gone")});
    QVERIFY(!found());
    QCOMPARE(m_fixture->storedNames(), (std::vector<std::string>{"photo (2).jpg", "photo.jpg"}));

    std::filesystem::remove(m_fixture->options.folder / "photo.jpg");
    m_fixture->start(true);
    QVERIFY(!found());
    QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(m_request.file));
    // Who only resumes is told that it is complete, and sends nothing.
    m_request.resumeUrl = std::exchange(m_request.arrivedUrl, {});
    const auto before = m_proxy->bodyBytes();
    QVERIFY(uploadThroughProxy().ok());
    QCOMPARE(m_proxy->bodyBytes(), before);
}

void UploadFaultTest::damagedChunksAreSentAgain()
{
    m_proxy->answerInstead("PATCH", {answer("460 Checksum Mismatch"), answer("460 Checksum Mismatch")});
    QVERIFY(uploadThroughProxy().ok());
    verifyArrivedOnce();
    m_proxy->answerInstead("PATCH", std::vector<std::string>(10, answer("460 Checksum Mismatch")));
    QCOMPARE(uploadThroughProxy().error().code, UploadErrc::network); // the file itself is as announced
}

void UploadFaultTest::theTokenStaysWithItsOrigin()
{
    FaultProxy elsewhere(m_fixture->receiver->port());
    m_proxy->answerInstead("POST", {answer("201 Created", "Location: " + elsewhere.endpoint() + "/abc\r\n")});
    QCOMPARE(uploadThroughProxy().error().code, UploadErrc::credentials); // it has none for there
    QCOMPARE(m_progress.created.at(0), elsewhere.endpoint() + "/abc");
    QVERIFY(!elsewhere.requests().empty());
    for (const auto &request : elsewhere.requests())
        QCOMPARE(request.headers.count("authorization"), std::size_t(0));
    for (const auto &request : m_proxy->requests())
        QCOMPARE(request.headers.count("authorization"), std::size_t(1));
}

QTEST_GUILESS_MAIN(UploadFaultTest)
#include "upload_fault_test.moc"
