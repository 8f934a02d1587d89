#include "upload/chunk_size.h"
#include "upload/encoding.h"
#include "upload/file_names.h"
#include "upload/http_client.h"
#include "upload/parallel_uploads.h"
#include "upload/retry.h"
#include "upload/s3_xml.h"
#include "upload/send_rate.h"
#include "upload/tus_server_features.h"
#include "upload/upload_error.h"
#include "upload/url.h"

#include <QtTest>

using namespace steadyframe::upload;
using namespace std::chrono_literals;

class UploadPartsTest : public QObject {
    Q_OBJECT

private slots:
    void chunksGrowOnAFastServer();
    void chunksShrinkOnASlowServer();
    void chunksIgnoreTheShortEnd();
    void chunksGrowWithTheRoundTrip();
    void backOffDoublesAndEnds();
    void backOffHeedsTheServer();
    void aLostNetworkIsWaitedForWithoutEnd();
    void whatWaitingDoesNotMendIsNotWaitedFor();
    void aRateIsShared();
    void moreAtOnceAsLongAsItHelps();
    void fewerAtOnceWhenTheServerIsBusy();
    void retryAfterIsReadBothWays();
    void featuresAreRead();
    void urlsAreResolved();
    void originsAreCompared();
    void loopbackIsRecognised();
    void base64IsPadded();
    void xmlIsUnescaped_data();
    void xmlIsUnescaped();
    void namesThatMayBecomeOne_data();
    void namesThatMayBecomeOne();
    void mediaTypes();
    void errorsAreToldApart_data();
    void errorsAreToldApart();
    void theProtocolIsCalledByItsName();
    void theServersWordsAreQuotedWithCare();
};

void UploadPartsTest::chunksGrowOnAFastServer()
{
    const ChunkLimits limits;
    ChunkSize size(limits);
    QCOMPARE(size.next(1'000'000'000), limits.first);
    for (int i = 0; i < 20; ++i)
        size.record(size.next(1'000'000'000), 1ms);
    QCOMPARE(size.next(1'000'000'000), limits.largest);
    QCOMPARE(size.next(5), std::uint64_t(5));
    QCOMPARE(size.next(0), std::uint64_t(0));
}

void UploadPartsTest::chunksShrinkOnASlowServer()
{
    const ChunkLimits limits;
    ChunkSize size(limits);
    for (int i = 0; i < 20; ++i)
        size.record(size.next(1'000'000'000), 60s);
    QCOMPARE(size.next(1'000'000'000), limits.smallest);

    ChunkSize steady(limits); // a megabyte a second settles at the target
    for (int i = 0; i < 50; ++i) {
        const auto bytes = steady.next(1'000'000'000);
        steady.record(bytes, std::chrono::nanoseconds(bytes * 1000));
    }
    QVERIFY(steady.next(1'000'000'000) > 140'000);
    QVERIFY(steady.next(1'000'000'000) < 160'000);
    steady.recordLoss();
    QVERIFY(steady.next(1'000'000'000) < 80'000);
}

void UploadPartsTest::chunksIgnoreTheShortEnd()
{
    ChunkSize size(ChunkLimits{});
    const auto before = size.next(1'000'000'000);
    size.record(10, 1ns);
    QCOMPARE(size.next(1'000'000'000), before);
}

void UploadPartsTest::chunksGrowWithTheRoundTrip()
{
    const auto settled = [](std::chrono::nanoseconds roundTrip) {
        ChunkSize size(ChunkLimits{});
        size.setRoundTrip(roundTrip);
        for (int i = 0; i < 50; ++i) {
            const auto bytes = size.next(1'000'000'000);
            size.record(bytes, std::chrono::nanoseconds(bytes * 100)); // ten megabytes a second
        }
        return size.next(1'000'000'000);
    };
    QVERIFY(settled(1ms) < 1'600'000);
    QVERIFY(settled(100ms) > 7'000'000);
    QVERIFY(settled(60s) < 21'000'000); // two seconds at most
}

namespace {

UploadError fault(UploadErrc code, std::optional<std::chrono::milliseconds> asked = std::nullopt)
{
    return {code, "a fault", true, asked, code == UploadErrc::network ? 0 : 503};
}

} // namespace

void UploadPartsTest::backOffDoublesAndEnds()
{
    RetryLimits limits;
    limits.attempts = 5;
    limits.first = 100ms;
    limits.longest = 300ms;
    BackOff backOff(limits);
    for (const auto expected : {100ms, 200ms, 300ms, 300ms}) {
        const auto wait = backOff.next(fault(UploadErrc::server));
        QVERIFY(wait.has_value());
        QVERIFY(*wait >= expected / 2 && *wait <= expected);
    }
    QVERIFY(!backOff.next(fault(UploadErrc::server)));
    backOff.reset();
    QVERIFY(*backOff.next(fault(UploadErrc::server)) <= 100ms);
}

void UploadPartsTest::backOffHeedsTheServer()
{
    RetryLimits limits;
    limits.first = 10ms;
    limits.longestAsked = 5s;
    BackOff backOff(limits);
    QCOMPARE(*backOff.next(fault(UploadErrc::server, 4s)), std::chrono::milliseconds(4s));
    QVERIFY(!backOff.next(fault(UploadErrc::server, 6s)));
}

void UploadPartsTest::aLostNetworkIsWaitedForWithoutEnd()
{
    BackOff backOff(RetryLimits{});
    for (int i = 0; i < 1000; ++i)
        QVERIFY(*backOff.next(fault(UploadErrc::network)) <= RetryLimits{}.longest);
    QVERIFY(!backOff.next(fault(UploadErrc::server))); // but not for a server that fails
}

void UploadPartsTest::whatWaitingDoesNotMendIsNotWaitedFor()
{
    for (const auto code : {UploadErrc::request, UploadErrc::credentials, UploadErrc::certificate,
                            UploadErrc::serverFull, UploadErrc::protocol, UploadErrc::fileChanged}) {
        BackOff backOff(RetryLimits{});
        QVERIFY(!backOff.next(fault(code)));
    }
}

void UploadPartsTest::aRateIsShared()
{
    SendRate rate;
    SendRate::Time now{};
    QCOMPARE(rate.take(1'000'000, now), std::size_t(1'000'000)); // no limit yet
    rate.setLimit(100'000, now);
    QCOMPARE(rate.take(1'000'000, now), std::size_t(0));
    QVERIFY(rate.pause(now) > 0ms && rate.pause(now) <= 11ms);
    std::size_t first = 0;
    std::size_t second = 0;
    for (int i = 0; i < 1000; ++i) { // ten seconds
        now += 10ms;
        first += rate.take(1'000'000, now);
        second += rate.take(1'000'000, now);
    }
    QVERIFY(first + second <= 1'000'000);
    QVERIFY(first + second >= 980'000);
    now += std::chrono::hours(1);
    QVERIFY(rate.take(1'000'000, now) <= 10'000); // a rest is not saved up
    now += 1ms;
    QCOMPARE(rate.take(10, now), std::size_t(10)); // the end of a file is not held up for a whole share
}

void UploadPartsTest::moreAtOnceAsLongAsItHelps()
{
    // A line that gives each upload 1 MB/s, and 4 MB/s at most.
    ParallelUploads uploads(8);
    ParallelUploads::Time now{1s};
    std::vector<unsigned> counts;
    for (int tenths = 0; tenths < 1200; ++tenths) {
        now += 100ms;
        uploads.acknowledged(std::min(uploads.count(), 4U) * 100'000, true, now);
        counts.push_back(uploads.count());
    }
    QVERIFY(*std::max_element(counts.begin(), counts.end()) <= 6);
    QVERIFY(*std::min_element(counts.begin() + 600, counts.end()) >= 2);

    ParallelUploads idle(8); // too few files to need more
    for (int tenths = 0; tenths < 600; ++tenths) {
        now += 100ms;
        idle.acknowledged(1000, false, now);
    }
    QCOMPARE(idle.count(), ParallelUploads::first);
    QCOMPARE(ParallelUploads(0).count(), 1U);
}

void UploadPartsTest::fewerAtOnceWhenTheServerIsBusy()
{
    ParallelUploads uploads(8);
    const ParallelUploads::Time now{1s};
    uploads.serverIsBusy(now);
    QCOMPARE(uploads.count(), 1U);
    uploads.serverIsBusy(now);
    QCOMPARE(uploads.count(), 1U);
}

void UploadPartsTest::retryAfterIsReadBothWays()
{
    HttpResponse response;
    QVERIFY(!response.retryAfter());
    response.headers["retry-after"] = "120";
    QCOMPARE(*response.retryAfter(), std::chrono::milliseconds(120s));
    response.headers["retry-after"] = "Wed, 21 Oct 2015 07:28:00 GMT"; // long past
    QCOMPARE(*response.retryAfter(), std::chrono::milliseconds(0));
    response.headers["retry-after"] = "99999999999";
    QCOMPARE(*response.retryAfter(), std::chrono::milliseconds(24h));
    response.headers["retry-after"] = "soon";
    QVERIFY(!response.retryAfter());
}

void UploadPartsTest::featuresAreRead()
{
    HttpResponse response;
    response.status = 404;
    QVERIFY(TusServerFeatures::of(response).canCreate);
    QVERIFY(!TusServerFeatures::of(response).checksum);

    response.status = 204;
    response.headers = {{"tus-version", "1.0.0,0.2.2"},
                        {"tus-extension", "creation, checksum"},
                        {"tus-checksum-algorithm", "md5,sha1"},
                        {"tus-max-size", "1000"}};
    const auto features = TusServerFeatures::of(response);
    QVERIFY(features.speaksVersion1);
    QVERIFY(features.canCreate);
    QVERIFY(!features.canTerminate);
    QCOMPARE(*features.checksum, Hash::Algorithm::sha1);
    QCOMPARE(*features.maximumBytes, std::uint64_t(1000));

    response.headers = {{"tus-version", "0.2.2"}, {"tus-extension", "creation-defer-length"}, {"tus-max-size", "0"}};
    QVERIFY(!TusServerFeatures::of(response).speaksVersion1);
    QVERIFY(!TusServerFeatures::of(response).canCreate);
    QVERIFY(!TusServerFeatures::of(response).maximumBytes);
}

void UploadPartsTest::urlsAreResolved()
{
    QCOMPARE(*resolveUrl("http://a.example:81/files", "/files/x"), std::string("http://a.example:81/files/x"));
    QCOMPARE(*resolveUrl("http://a.example/files/", "x?y=1"), std::string("http://a.example/files/x?y=1"));
    QCOMPARE(*resolveUrl("http://a.example/files", "https://b.example/x"), std::string("https://b.example/x"));
    QVERIFY(!resolveUrl("http://a.example/files", "file:///etc/passwd"));
    QVERIFY(!resolveUrl("nonsense with spaces", "/x"));
    QCOMPARE(pathAndQuery("http://a.example:81/files/x?y=1"), std::string("/files/x?y=1"));
    QCOMPARE(pathAndQuery("http://a.example"), std::string("/"));
}

void UploadPartsTest::originsAreCompared()
{
    QVERIFY(haveSameOrigin("http://a.example/files", "http://a.example:80/other"));
    QVERIFY(!haveSameOrigin("http://a.example/", "https://a.example/"));
    QVERIFY(!haveSameOrigin("http://a.example/", "http://a.example:8080/"));
    QVERIFY(!haveSameOrigin("http://a.example/", "http://b.example/"));
    QVERIFY(!haveSameOrigin("nonsense here", "nonsense here"));
}

void UploadPartsTest::loopbackIsRecognised()
{
    for (const char *url : {"http://127.0.0.1:80/x", "http://localhost/", "http://[::1]:8080/"})
        QVERIFY2(isLoopback(url), url);
    for (const char *url : {"http://127.evil.example/", "http://192.168.0.1/", "nonsense here"})
        QVERIFY2(!isLoopback(url), url);
}

void UploadPartsTest::namesThatMayBecomeOne_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<bool>("mayBecomeOne");
    const auto row = [](const char *first, const char *second, bool mayBecomeOne) {
        QTest::addRow("%s, %s", first, second) << first << second << mayBecomeOne;
    };
    row("a.jpg", "a.jpg", true);
    row("A.JPG", "a.jpg", true);
    row("a.jpg", "b.jpg", false);
    row("a.jpg", "a.png", false);
    row("a.jpg", "a (2).jpg", true);
    row("a.jpg", "a (17).JPG", true);
    row("a", "a (2)", true);
    row(".jpg", ".jpg (2)", true);
    row("a (1).jpg", "a (2).jpg", false); // neither gets the other's
    row("a.jpg", "a (2) (2).jpg", false);
    row("a (2).jpg", "a (2) (2).jpg", true);
    row("a.jpg", "a (b).jpg", false);
    row("a.jpg", "a ().jpg", false);
    row("a.jpg", "ab (2).jpg", false);
    row("a.jpg", "a(2).jpg", false);
    row("", "a", false);
}

void UploadPartsTest::namesThatMayBecomeOne()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(bool, mayBecomeOne);
    QCOMPARE(mayBecomeOneName(first.toStdString(), second.toStdString()), mayBecomeOne);
    QCOMPARE(mayBecomeOneName(second.toStdString(), first.toStdString()), mayBecomeOne);
    for (const unsigned attempt : {1U, 2U, 100U})
        QVERIFY(mayBecomeOneName(first.toStdString(), numberedFileName(first.toStdString(), attempt)));
}

void UploadPartsTest::xmlIsUnescaped_data()
{
    QTest::addColumn<QByteArray>("inside");
    QTest::addColumn<QByteArray>("text");
    const auto row
        = [](const char *inside, const char *text) { QTest::newRow(inside) << QByteArray(inside) << QByteArray(text); };
    row("plain", "plain");
    row("&quot;a&quot; &lt;&gt;&apos;&amp;", "\"a\" <>'&");
    row("&#34;a&#34;", "\"a\"");
    row("&#x22;a&#x22;", "\"a\"");
    row("&#228;&#x20AC;&#x1F600;", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
    row("&amp;#34;", "&#34;");
    for (const char *none : {"&", "&;", "&#;", "&#x;", "&#0;", "&#xd800;", "&#1114112;", "&#99999999999;", "&#3 4;",
                             "&none;", "a & b; c", "&#-1;"})
        row(none, none);
}

void UploadPartsTest::xmlIsUnescaped()
{
    QFETCH(QByteArray, inside);
    QFETCH(QByteArray, text);
    const auto found = elementText("<ETag>" + inside.toStdString() + "</ETag>", "ETag");
    QVERIFY(found);
    QCOMPARE(QByteArray::fromStdString(*found), text);
    QCOMPARE(elementText("<ETag>" + escapedForXml(*found) + "</ETag>", "ETag"), found);
}

void UploadPartsTest::base64IsPadded()
{
    for (const QByteArray &bytes :
         {QByteArray(), QByteArray("f"), QByteArray("fo"), QByteArray("foo"), QByteArray("\x00\xff\xfe\xfd", 4)})
        QCOMPARE(QByteArray::fromStdString(toBase64(bytes.toStdString())), bytes.toBase64());
}

void UploadPartsTest::mediaTypes()
{
    QCOMPARE(mediaTypeOf("a.JPG"), std::string_view("image/jpeg"));
    QCOMPARE(mediaTypeOf("a.tar.png"), std::string_view("image/png"));
    QCOMPARE(mediaTypeOf("jpg"), std::string_view("application/octet-stream"));
    QCOMPARE(mediaTypeOf(""), std::string_view("application/octet-stream"));
}

void UploadPartsTest::errorsAreToldApart_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("retryable");
    const auto row = [](int status, UploadErrc code, bool retryable) {
        QTest::addRow("%d", status) << status << int(code) << retryable;
    };
    row(302, UploadErrc::protocol, false);
    row(400, UploadErrc::request, false);
    row(401, UploadErrc::credentials, false);
    row(403, UploadErrc::credentials, false);
    row(413, UploadErrc::request, false);
    row(423, UploadErrc::server, true);
    row(429, UploadErrc::server, true);
    row(500, UploadErrc::server, true);
    row(503, UploadErrc::server, true);
    row(507, UploadErrc::serverFull, true);
}

void UploadPartsTest::errorsAreToldApart()
{
    QFETCH(int, status);
    QFETCH(int, code);
    QFETCH(bool, retryable);
    const auto error = errorOfStatus(status, {}, std::nullopt);
    QCOMPARE(int(error.code), code);
    QCOMPARE(error.retryable, retryable);
    QCOMPARE(error.httpStatus, status);
    QVERIFY(error.message.find(std::to_string(status)) != std::string::npos);
    QVERIFY(error.message.ends_with('.'));
}

void UploadPartsTest::theProtocolIsCalledByItsName()
{
    for (const int status : {204, 302}) {
        const auto error = errorOfStatus(status, {}, std::nullopt);
        QVERIFY2(error.message.find("tus") == std::string::npos, error.message.c_str()); // whoever asked
        QVERIFY(error.message.find(std::to_string(status)) != std::string::npos);
    }
    const auto error = protocolError("S3", "it gave no tag");
    QVERIFY(error.message.find("does not speak S3 as it should: it gave no tag") != std::string::npos);
}

void UploadPartsTest::theServersWordsAreQuotedWithCare()
{
    const auto message = [](const std::string &words) { return errorOfStatus(500, words, std::nullopt).message; };
    QVERIFY(message("Quota of 5 GB used up\nmore").find("\"Quota of 5 GB used up\"") != std::string::npos);
    QVERIFY(message("<html><body>Oops</body></html>").find("html") == std::string::npos);
    QVERIFY(message("\x1b[2J").find('\x1b') == std::string::npos);
    QVERIFY(message(std::string(100'000, 'x')).size() < 500);
}

QTEST_APPLESS_MAIN(UploadPartsTest)
#include "upload_parts_test.moc"
