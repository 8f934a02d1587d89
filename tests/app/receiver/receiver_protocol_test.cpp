#include "receiver/raw_http.h"

#include "receiver/receiver.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace steadyframe;
using receiver::Receiver;
using receiver::ReceiverOptions;
using tests::base64;
using tests::RawAnswer;
using tests::RawHttp;

namespace {

constexpr const char *bodyType = "application/offset+octet-stream";

std::string sha1Of(const std::string &bytes)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(bytes), QCryptographicHash::Sha1).toStdString();
}

} // namespace

/// What the tus 1.0 specification says, asked byte by byte.
class ReceiverProtocolTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void everyRequestNeedsTheToken_data();
    void everyRequestNeedsTheToken();
    void optionsDescribesTheServer();
    void anotherVersionIsRefused();
    void creationNeedsALength();
    void creationRefusesMalformedMetadata();
    void creationRefusesWhatIsTooLarge();
    void creationWithUploadStoresTheBody();
    void anEmptyFileIsCompleteAtOnce();
    void headTellsTheOffset();
    void patchAppends();
    void patchChecksItsHeaders();
    void patchBeyondTheLengthIsRefused();
    void patchInPiecesOfUnknownLength();
    void checksumOfAChunk();
    void aChunkCutShortIsTakenBackWhenItHasAChecksum();
    void aFinishedUploadStillAnswers();
    void terminationForgets();
    void methodsCanBeOverridden();
    void unknownPlacesAndMethods();
    void aRefusedBodyDoesNotBecomeARequest();
    void requestsMayFollowEachOtherAtOnce();
    void headersThatDoNotSayWhereTheRequestEnds_data();
    void headersThatDoNotSayWhereTheRequestEnds();

private:
    RawHttp::Headers withToken(RawHttp::Headers more = {}) const;
    RawAnswer ask(const std::string &method, const std::string &path, const RawHttp::Headers &more = {},
                  const std::string &body = {});
    std::string create(std::uint64_t length, const std::string &name = "photo.jpg");
    RawAnswer patch(const std::string &path, std::uint64_t offset, const std::string &body, RawHttp::Headers more = {});
    QByteArray stored(const QString &name) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Receiver> m_receiver;
};

void ReceiverProtocolTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    ReceiverOptions options;
    options.folder = m_folder->path().toStdString();
    options.maximumBytes = 10'000'000;
    auto started = Receiver::start(std::move(options));
    QVERIFY2(started.ok(), started.ok() ? "" : started.error().message.c_str());
    m_receiver = std::move(started).value();
}

void ReceiverProtocolTest::cleanup()
{
    m_receiver.reset();
    m_folder.reset();
}

RawHttp::Headers ReceiverProtocolTest::withToken(RawHttp::Headers more) const
{
    more.emplace_back("Authorization", "Bearer " + m_receiver->token());
    more.emplace_back("Tus-Resumable", "1.0.0");
    return more;
}

RawAnswer ReceiverProtocolTest::ask(const std::string &method, const std::string &path, const RawHttp::Headers &more,
                                    const std::string &body)
{
    RawHttp http(m_receiver->port());
    return http.exchange(method, path, withToken(more), body);
}

std::string ReceiverProtocolTest::create(std::uint64_t length, const std::string &name)
{
    const auto answer = ask(
        "POST", "/files", {{"Upload-Length", std::to_string(length)}, {"Upload-Metadata", "filename " + base64(name)}});
    return answer.status == 201 ? answer.header("location") : std::string();
}

RawAnswer ReceiverProtocolTest::patch(const std::string &path, std::uint64_t offset, const std::string &body,
                                      RawHttp::Headers more)
{
    more.emplace_back("Upload-Offset", std::to_string(offset));
    more.emplace_back("Content-Type", bodyType);
    return ask("PATCH", path, more, body);
}

QByteArray ReceiverProtocolTest::stored(const QString &name) const
{
    QFile file(m_folder->filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no such file)");
}

void ReceiverProtocolTest::everyRequestNeedsTheToken_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("authorization");
    for (const char *method : {"OPTIONS", "POST", "HEAD", "PATCH", "DELETE", "GET"}) {
        QTest::addRow("%s without", method) << QByteArray(method) << QByteArray();
        QTest::addRow("%s with an empty one", method) << QByteArray(method) << QByteArray("Bearer ");
        QTest::addRow("%s with a wrong one", method)
            << QByteArray(method) << QByteArray("Bearer ") + QByteArray(32, '0');
    }
}

void ReceiverProtocolTest::everyRequestNeedsTheToken()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, authorization);
    RawHttp::Headers headers{{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "5"}};
    if (!authorization.isEmpty())
        headers.emplace_back("Authorization", authorization.toStdString());
    const auto path = create(5);
    RawHttp http(m_receiver->port());
    QCOMPARE(http.exchange(method.toStdString(), method == "POST" ? "/files" : path, headers).status, 401);
    QCOMPARE(ask("HEAD", path).status, 200); // and nothing happened to the upload
}

void ReceiverProtocolTest::optionsDescribesTheServer()
{
    QVERIFY(m_receiver->token().size() >= 32);
    const auto answer = ask("OPTIONS", "/files");
    QCOMPARE(answer.status, 204);
    QCOMPARE(answer.header("tus-version"), std::string("1.0.0"));
    QCOMPARE(answer.header("tus-max-size"), std::string("10000000"));
    QCOMPARE(answer.header("tus-checksum-algorithm"), std::string("sha1,sha256"));
    for (const char *extension : {"creation", "creation-with-upload", "checksum", "expiration", "termination"})
        QVERIFY2(answer.header("tus-extension").find(extension) != std::string::npos, extension);
}

void ReceiverProtocolTest::anotherVersionIsRefused()
{
    const auto path = create(5);
    for (const RawHttp::Headers &version : {RawHttp::Headers{}, RawHttp::Headers{{"Tus-Resumable", "0.2.2"}}}) {
        auto headers = version;
        headers.emplace_back("Authorization", "Bearer " + m_receiver->token());
        RawHttp http(m_receiver->port());
        const auto answer = http.exchange("HEAD", path, headers);
        QCOMPARE(answer.status, 412);
        QCOMPARE(answer.header("tus-version"), std::string("1.0.0"));
    }
}

void ReceiverProtocolTest::creationNeedsALength()
{
    QCOMPARE(ask("POST", "/files").status, 400);
    QCOMPARE(ask("POST", "/files", {{"Upload-Length", "-1"}}).status, 400);
    QCOMPARE(ask("POST", "/files", {{"Upload-Length", "12x"}}).status, 400);
    QCOMPARE(ask("POST", "/files", {{"Upload-Length", "99999999999999999999999"}}).status, 400);
    QCOMPARE(ask("POST", "/files", {{"Upload-Defer-Length", "1"}}).status, 400); // an extension it does not offer
    const auto answer = ask("POST", "/files/", {{"Upload-Length", "5"}});
    QCOMPARE(answer.status, 201);
    QVERIFY(answer.header("location").starts_with("/files/"));
    QVERIFY(!answer.header("upload-expires").empty());
    QCOMPARE(answer.header("tus-resumable"), std::string("1.0.0"));
}

void ReceiverProtocolTest::creationRefusesMalformedMetadata()
{
    QCOMPARE(ask("POST", "/files", {{"Upload-Length", "5"}, {"Upload-Metadata", "filename %%%"}}).status, 400);
}

void ReceiverProtocolTest::creationRefusesWhatIsTooLarge()
{
    QCOMPARE(ask("POST", "/files", {{"Upload-Length", "10000001"}}).status, 413);
    QVERIFY(!create(10'000'000).empty());
}

void ReceiverProtocolTest::creationWithUploadStoresTheBody()
{
    auto answer
        = ask("POST", "/files",
              {{"Upload-Length", "11"}, {"Upload-Metadata", "filename YS50eHQ="}, {"Content-Type", bodyType}}, "hello");
    QCOMPARE(answer.status, 201);
    QCOMPARE(answer.header("upload-offset"), std::string("5"));
    QCOMPARE(patch(answer.header("location"), 5, " world").status, 204);
    QCOMPARE(stored("a.txt"), QByteArray("hello world"));

    answer = ask("POST", "/files", {{"Upload-Length", "2"}, {"Content-Type", "text/plain"}}, "hi");
    QCOMPARE(answer.status, 415);
}

void ReceiverProtocolTest::anEmptyFileIsCompleteAtOnce()
{
    const auto path = create(0, "empty.txt");
    QVERIFY(!path.empty());
    QCOMPARE(stored("empty.txt"), QByteArray());
    QCOMPARE(ask("HEAD", path).header("upload-offset"), std::string("0"));
}

void ReceiverProtocolTest::headTellsTheOffset()
{
    const auto path = create(11);
    auto answer = ask("HEAD", path);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("upload-offset"), std::string("0"));
    QCOMPARE(answer.header("upload-length"), std::string("11"));
    QCOMPARE(answer.header("cache-control"), std::string("no-store"));
    QCOMPARE(patch(path, 0, "hello").status, 204);
    QCOMPARE(ask("HEAD", path).header("upload-offset"), std::string("5"));
    QCOMPARE(ask("HEAD", "/files/00000000000000000000000000000000").status, 404);
}

void ReceiverProtocolTest::patchAppends()
{
    const auto path = create(11, "hello.txt");
    auto answer = patch(path, 0, "hello");
    QCOMPARE(answer.status, 204);
    QCOMPARE(answer.header("upload-offset"), std::string("5"));
    QVERIFY(!QFile::exists(m_folder->filePath("hello.txt"))); // not before it is complete
    answer = patch(path, 5, " world");
    QCOMPARE(answer.status, 204);
    QCOMPARE(answer.header("upload-offset"), std::string("11"));
    QCOMPARE(stored("hello.txt"), QByteArray("hello world"));
}

void ReceiverProtocolTest::patchChecksItsHeaders()
{
    const auto path = create(11);
    QCOMPARE(patch(path, 1, "hello").status, 409);
    QCOMPARE(ask("PATCH", path, {{"Upload-Offset", "0"}, {"Content-Type", "text/plain"}}, "hello").status, 415);
    QCOMPARE(ask("PATCH", path, {{"Upload-Offset", "0"}}, "hello").status, 415);
    QCOMPARE(patch(path, 0, "hello", {{"Content-Encoding", "gzip"}}).status, 415);
    QCOMPARE(ask("PATCH", path, {{"Content-Type", bodyType}}, "hello").status, 400);
    QCOMPARE(ask("PATCH", path, {{"Upload-Offset", "x"}, {"Content-Type", bodyType}}, "hello").status, 400);
    QCOMPARE(patch("/files/ffffffffffffffffffffffffffffffff", 0, "hello").status, 404);
    QCOMPARE(patch("/files/..%2f..%2fetc%2fpasswd", 0, "hello").status, 404);
    QCOMPARE(ask("HEAD", path).header("upload-offset"), std::string("0"));
}

void ReceiverProtocolTest::patchBeyondTheLengthIsRefused()
{
    const auto path = create(5);
    QCOMPARE(patch(path, 0, "hello world").status, 413);
    QCOMPARE(ask("HEAD", path).header("upload-offset"), std::string("0"));
}

void ReceiverProtocolTest::patchInPiecesOfUnknownLength()
{
    const auto path = create(11, "pieces.txt");
    RawHttp http(m_receiver->port());
    const auto answer = http.exchange(
        "PATCH", path,
        withToken({{"Upload-Offset", "0"}, {"Content-Type", bodyType}, {"Transfer-Encoding", "chunked"}}),
        "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    QCOMPARE(answer.status, 204);
    QCOMPARE(stored("pieces.txt"), QByteArray("hello world"));
}

void ReceiverProtocolTest::checksumOfAChunk()
{
    const auto path = create(11, "sum.txt");
    const auto sum = [](const std::string &bytes) { return "sha1 " + base64(sha1Of(bytes)); };
    const auto mismatch = patch(path, 0, "hello", {{"Upload-Checksum", sum("Hello")}});
    QCOMPARE(mismatch.status, 460);
    QCOMPARE(mismatch.reason, std::string("Checksum Mismatch"));
    QCOMPARE(ask("HEAD", path).header("upload-offset"), std::string("0"));
    QCOMPARE(patch(path, 0, "hello", {{"Upload-Checksum", sum("hello")}}).status, 204);
    QCOMPARE(patch(path, 5, " world", {{"Upload-Checksum", "md5 AAAA"}}).status, 400);
    QCOMPARE(patch(path, 5, " world", {{"Upload-Checksum", "sha1 ????"}}).status, 400);
    const auto sha256 = QCryptographicHash::hash(" world", QCryptographicHash::Sha256).toStdString();
    QCOMPARE(patch(path, 5, " world", {{"Upload-Checksum", "sha256 " + base64(sha256)}}).status, 204);
    QCOMPARE(stored("sum.txt"), QByteArray("hello world"));
}

void ReceiverProtocolTest::aChunkCutShortIsTakenBackWhenItHasAChecksum()
{
    const auto path = create(11, "cut.txt");
    for (const bool withChecksum : {true, false}) {
        auto headers = withToken({{"Upload-Offset", "0"}, {"Content-Type", bodyType}, {"Content-Length", "11"}});
        if (withChecksum)
            headers.emplace_back("Upload-Checksum", "sha1 " + base64(sha1Of("hello world")));
        RawHttp http(m_receiver->port());
        std::string request = "PATCH " + path + " HTTP/1.1\r\n";
        for (const auto &[name, value] : headers)
            request += name + ": " + value + "\r\n";
        QVERIFY(http.send(request + "\r\nhello"));
        http.close();
        // The end of the connection takes its way: until then the upload is in use.
        QTRY_VERIFY(patch(path, 11, "").status == 409);
        QCOMPARE(ask("HEAD", path).header("upload-offset"), std::string(withChecksum ? "0" : "5"));
    }
    QCOMPARE(patch(path, 5, " world").status, 204);
    QCOMPARE(stored("cut.txt"), QByteArray("hello world"));
}

void ReceiverProtocolTest::aFinishedUploadStillAnswers()
{
    const auto path = create(5, "done.txt");
    QCOMPARE(patch(path, 0, "hello").status, 204);
    const auto answer = ask("HEAD", path);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("upload-offset"), std::string("5"));
    QCOMPARE(answer.header("upload-length"), std::string("5"));
    QCOMPARE(patch(path, 0, "hello").status, 409);
    QCOMPARE(patch(path, 5, "").status, 204);
    QVERIFY(!QFile::exists(m_folder->filePath("done (2).txt")));
}

void ReceiverProtocolTest::terminationForgets()
{
    const auto path = create(11, "gone.txt");
    QCOMPARE(patch(path, 0, "hello").status, 204);
    QCOMPARE(ask("DELETE", path).status, 204);
    QCOMPARE(ask("HEAD", path).status, 404);
    QCOMPARE(patch(path, 5, " world").status, 404);
    QCOMPARE(ask("DELETE", path).status, 404);
    const auto left = QDir(m_folder->filePath(".incoming")).entryList({"*.data"}, QDir::Files | QDir::Hidden);
    QCOMPARE(left, QStringList());
}

void ReceiverProtocolTest::methodsCanBeOverridden()
{
    const auto path = create(5, "override.txt");
    const auto answer
        = ask("POST", path, {{"X-HTTP-Method-Override", "PATCH"}, {"Upload-Offset", "0"}, {"Content-Type", bodyType}},
              "hello");
    QCOMPARE(answer.status, 204);
    QCOMPARE(stored("override.txt"), QByteArray("hello"));
    QCOMPARE(ask("POST", path, {{"X-HTTP-Method-Override", "DELETE"}}).status, 204);
}

void ReceiverProtocolTest::unknownPlacesAndMethods()
{
    const auto path = create(5);
    QCOMPARE(ask("GET", path).status, 405);
    QCOMPARE(ask("PUT", path, {}, "x").status, 405);
    QCOMPARE(ask("PATCH", "/files", {}, "x").status, 405);
    QCOMPARE(ask("POST", "/", {{"Upload-Length", "5"}}).status, 404);
    QCOMPARE(ask("POST", "/filesystem", {{"Upload-Length", "5"}}).status, 404);
    RawHttp http(m_receiver->port());
    QVERIFY(http.send("nonsense\r\n\r\n"));
    QCOMPARE(http.receive().status, 400);
}

void ReceiverProtocolTest::aRefusedBodyDoesNotBecomeARequest()
{
    const auto path = create(1000);
    RawHttp http(m_receiver->port());
    // The body of a refused request looks like a request that would remove the upload.
    const std::string inner = "DELETE " + path + " HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer "
        + m_receiver->token() + "\r\n\r\n";
    const auto answer
        = http.exchange("PATCH", path, withToken({{"Upload-Offset", "7"}, {"Content-Type", bodyType}}), inner);
    QCOMPARE(answer.status, 409);
    QCOMPARE(answer.header("connection"), std::string("close"));
    QVERIFY(http.waitForEnd());
    QCOMPARE(ask("HEAD", path).status, 200);
}

void ReceiverProtocolTest::headersThatDoNotSayWhereTheRequestEnds_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<int>("status");
    QTest::newRow("no number") << QByteArray("Content-Length: abc\r\n") << 400;
    QTest::newRow("negative") << QByteArray("Content-Length: -1\r\n") << 400;
    QTest::newRow("a list") << QByteArray("Content-Length: 5, 5\r\n") << 400;
    QTest::newRow("two that differ") << QByteArray("Content-Length: 5\r\nContent-Length: 6\r\n") << 400;
    QTest::newRow("two that agree") << QByteArray("Content-Length: 0\r\nContent-Length: 0\r\n") << 201;
    QTest::newRow("gzip") << QByteArray("Transfer-Encoding: gzip\r\n") << 501;
    QTest::newRow("gzip, chunked") << QByteArray("Transfer-Encoding: gzip, chunked\r\n") << 501;
    QTest::newRow("twice") << QByteArray("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n") << 501;
}

void ReceiverProtocolTest::headersThatDoNotSayWhereTheRequestEnds()
{
    QFETCH(QByteArray, headers);
    QFETCH(int, status);
    const auto path = create(1000);
    RawHttp http(m_receiver->port());
    const std::string token = "Tus-Resumable: 1.0.0\r\nAuthorization: Bearer " + m_receiver->token() + "\r\n";
    QVERIFY(http.send("POST /files HTTP/1.1\r\nUpload-Length: 5\r\n" + token + headers.toStdString() + "\r\n"));
    if (status != 201) // what follows may be the body: it is not to become a request
        QVERIFY(http.send("DELETE " + path + " HTTP/1.1\r\n" + token + "\r\n"));
    QCOMPARE(http.receive().status, status);
    if (status != 201)
        QVERIFY(http.waitForEnd());
    QCOMPARE(ask("HEAD", path).status, 200);
}

void ReceiverProtocolTest::requestsMayFollowEachOtherAtOnce()
{
    const auto path = create(10, "row.txt");
    std::string requests;
    for (int offset = 0; offset < 10; offset += 5) {
        requests += "PATCH " + path + " HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer "
            + m_receiver->token() + "\r\nContent-Type: " + bodyType + "\r\nUpload-Offset: " + std::to_string(offset)
            + "\r\nContent-Length: 5\r\n\r\nhello";
    }
    RawHttp http(m_receiver->port());
    QVERIFY(http.send(requests));
    QCOMPARE(http.receive().status, 204);
    QCOMPARE(http.receive().status, 204);
    QCOMPARE(stored("row.txt"), QByteArray("hellohello"));
}

QTEST_GUILESS_MAIN(ReceiverProtocolTest)
#include "receiver_protocol_test.moc"
