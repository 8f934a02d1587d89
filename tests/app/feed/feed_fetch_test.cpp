#include "feed_texts.h"
#include "web_server.h"

#include "feed/http_fetch.h"

#include <thread>

using namespace steadyframe::feed;
using steadyframe::tests::WebPage;
using steadyframe::tests::WebServer;

namespace {

constexpr std::uint64_t plenty = 1 << 30;

} // namespace

class FeedFetchTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsAnAddress()
    {
        QVERIFY(isHttpAddress("https://example.com/a"));
        QVERIFY(isHttpAddress("HTTP://example.com"));
        for (const char *text : {"", "example.com", "/home/a.json", "file:///etc/passwd", "ftp://a", "http:/a"})
            QVERIFY2(!isHttpAddress(text), text);
    }

    void bytesInMemory()
    {
        std::string body(3'000'000, 'x');
        body[1'000'000] = '\0';
        WebServer server({{"/a", {.body = body}},
                          {"/empty", {}},
                          {"/open", {.body = body, .hasLength = false}},
                          {"/gzip", {.body = zipped(body), .headers = {"Content-Encoding: gzip"}}},
                          {"/moved", {.status = "302 Found", .headers = {"Location: /a"}}}});
        HttpProgress last;
        const auto got = httpGet(server.url("/a"), {}, plenty, [&](const HttpProgress &progress) {
            QVERIFY(progress.bytes >= last.bytes);
            last = progress;
        });
        QVERIFY(got);
        QVERIFY(*got == body);
        QCOMPARE(last.bytes, std::uint64_t{body.size()});
        QCOMPARE(last.total, std::optional<std::uint64_t>(body.size()));
        QCOMPARE(*httpGet(server.url("/empty"), {}, plenty), std::string());
        for (const char *path : {"/open", "/gzip", "/moved"})
            QVERIFY2(*httpGet(server.url(path), {}, plenty) == body, path);
    }

    void theKindOfWhatComes()
    {
        WebServer server({{"/a", {.body = "x", .headers = {"Content-Type: Image/JPEG; charset=x"}}}});
        std::string type;
        const auto take = [&](const HttpHead &head, std::string_view) {
            type = head.contentType;
            return isolate::Result<void, FeedError>();
        };
        QVERIFY(HttpFetcher().get({server.url("/a"), plenty, take}, {}));
        QCOMPARE(type, std::string("image/jpeg"));
        // What the receiver of the bytes has to say is what comes back.
        const auto refuse = [](const HttpHead &, std::string_view) -> isolate::Result<void, FeedError> {
            return FeedError{FeedErrorCode::writeFailed, "no room"};
        };
        QCOMPARE(HttpFetcher().get({server.url("/a"), plenty, refuse}, {}).error().message, std::string("no room"));
    }

    void lettersOfAllScriptsInAddresses()
    {
        WebServer server({{"/a%20b.jpg", {.body = "a"}}, {"/k%c3%b6ln/%e4%ba%ac", {.body = "b"}}});
        QCOMPARE(*httpGet(server.url("/a b.jpg"), {}, plenty), std::string("a"));
        QCOMPARE(*httpGet(server.url("/a%20b.jpg"), {}, plenty), std::string("a"));
        static_cast<void>(httpGet(server.url("/köln/京"), {}, plenty).ok());
        QCOMPARE(QString::fromStdString(server.requests().back()).toLower(), QString("/k%c3%b6ln/%e4%ba%ac"));
        using namespace std::string_literals;
        QCOMPARE(codeOf(server.url("/a%20b.jpg") + "\0/../b"s), FeedErrorCode::badAddress);
        QCOMPARE(server.requests().size(), std::size_t{3});
    }

    void oneConnectionForMany()
    {
        WebServer server({{"/a", {.body = "a"}}, {"/b", {.body = "b"}}});
        HttpFetcher fetcher;
        std::string all;
        const auto take = [&](const HttpHead &, std::string_view piece) {
            all += piece;
            return isolate::Result<void, FeedError>();
        };
        for (const char *path : {"/a", "/none", "/b", "/a"})
            static_cast<void>(fetcher.get({server.url(path), plenty, take}, {}).ok());
        QCOMPARE(all, std::string("aba"));
        QCOMPARE(server.requests(), (std::vector<std::string>{"/a", "/none", "/b", "/a"}));
    }

    void tooMuch()
    {
        const std::string body(100'000, 'x');
        WebServer server({{"/told", {.body = body}},
                          {"/open", {.body = body, .hasLength = false}},
                          {"/gzip", {.body = zipped(body), .headers = {"Content-Encoding: gzip"}}}});
        for (const char *path : {"/told", "/open", "/gzip"}) {
            QCOMPARE(codeOf(server.url(path), 99'999), FeedErrorCode::tooLarge);
            QVERIFY(httpGet(server.url(path), {}, 100'000));
        }
    }

    void whatGoesWrong()
    {
        WebServer server({{"/denied", {.body = "no", .status = "403 Forbidden"}},
                          {"/broken", {.status = "500 Internal Server Error"}},
                          {"/busy", {.status = "503 Service Unavailable"}},
                          {"/circle", {.status = "302 Found", .headers = {"Location: /circle"}}},
                          {"/to-file", {.status = "302 Found", .headers = {"Location: file:///etc/passwd"}}},
                          {"/cut", {.body = std::string(10'000, 'x'), .cutAfter = 5'000}},
                          {"/garbled", {.body = "this is no gzip", .headers = {"Content-Encoding: gzip"}}}});
        QCOMPARE(codeOf("file:///etc/passwd"), FeedErrorCode::badAddress);
        QCOMPARE(codeOf("http://"), FeedErrorCode::badAddress);
        QCOMPARE(codeOf(server.url("/none")), FeedErrorCode::refused);
        QCOMPARE(codeOf(server.url("/denied")), FeedErrorCode::refused);
        QCOMPARE(codeOf(server.url("/broken")), FeedErrorCode::network);
        QCOMPARE(codeOf(server.url("/busy")), FeedErrorCode::network);
        QCOMPARE(codeOf(server.url("/circle")), FeedErrorCode::refused);
        QCOMPARE(codeOf(server.url("/to-file")), FeedErrorCode::badAddress);
        QCOMPARE(codeOf(server.url("/cut")), FeedErrorCode::network);
        QCOMPARE(codeOf(server.url("/garbled")), FeedErrorCode::damaged);
        std::string gone;
        {
            WebServer ended({});
            gone = ended.url("/a");
        }
        QCOMPARE(codeOf(gone), FeedErrorCode::network);
        QVERIFY(httpGet(gone, {}, plenty).error().message.find("try again") != std::string::npos);
    }

    /// A server that says nothing more does not hold a cancellation up.
    void cancelledWhileItWaits()
    {
        WebServer server({{"/slow", {.body = std::string(1000, 'x'), .cutAfter = 500, .waits = true}}});
        std::stop_source stop;
        std::thread canceller([&] {
            server.waitForRequests(1);
            stop.request_stop();
        });
        QCOMPARE(httpGet(server.url("/slow"), stop.get_token(), plenty).error().code, FeedErrorCode::cancelled);
        canceller.join();
    }

    void aServerThatStopsAnswering()
    {
        WebServer server({{"/slow", {.body = std::string(1000, 'x'), .cutAfter = 500, .waits = true}}});
        const auto drop = [](const HttpHead &, std::string_view) { return isolate::Result<void, FeedError>(); };
        HttpFetcher fetcher({.stall = std::chrono::milliseconds(100)});
        QCOMPARE(fetcher.get({server.url("/slow"), plenty, drop}, {}).error().code, FeedErrorCode::network);
    }

private:
    static FeedErrorCode codeOf(const std::string &url, std::uint64_t most = plenty)
    {
        const auto got = httpGet(url, {}, most);
        if (got)
            qFatal("%s was fetched", url.c_str());
        return got.error().code;
    }
};

QTEST_GUILESS_MAIN(FeedFetchTest)
#include "feed_fetch_test.moc"
