#include "feed_texts.h"
#include "web_server.h"

#include "feed/photo_fetcher.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/run.h>

#include <QTemporaryDir>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

using namespace steadyframe::feed;
using namespace std::string_literals;
using steadyframe::tests::WebPage;
using steadyframe::tests::WebServer;

namespace {

using Outcomes = std::map<std::uint64_t, isolate::Result<std::filesystem::path, FeedError>>;

/// Has photos fetched, and waits for all of them.
Outcomes fetchAll(FetchPhotos wanted, std::size_t atOnce)
{
    return isolate::run(
               [](FetchPhotos photos, std::size_t limit) -> isolate::Task<Outcomes> {
                   isolate::ReceivePort<FetchedPhoto> fetched;
                   const auto fetcher = co_await startPhotoFetcher(fetched.sendPort(), limit);
                   const std::size_t count = photos.photos.size();
                   fetcher.send(std::move(photos));
                   Outcomes outcomes;
                   while (outcomes.size() < count) {
                       auto photo = co_await fetched.next();
                       outcomes.emplace(photo->serial, std::move(photo->file));
                   }
                   co_return outcomes;
               },
               std::move(wanted), atOnce)
        .get();
}

std::string bytesOf(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

/// Feeds and photos from a server.
class FeedWebTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aFeedFromAnAddress()
    {
        std::string text = "[" + photoText(1);
        for (int id = 2; id <= 30'000; ++id)
            text += "," + photoText(id);
        text += "]";
        WebServer server({{"/photos.json", {.body = text}},
                          {"/photos.json?page=1", {.body = "[]"}},
                          {"/photos.json.gz", {.body = zipped(text)}},
                          {"/encoded", {.body = zipped(text), .headers = {"Content-Encoding: gzip"}}},
                          {"/twice", {.body = zipped(zipped(text)), .headers = {"Content-Encoding: gzip"}}},
                          {"/open", {.body = text, .hasLength = false}}});
        const std::string expected = outcome(parseFeedText(text, "test"));
        for (const char *path : {"/photos.json", "/photos.json.gz", "/encoded", "/twice", "/open"}) {
            FeedProgress last;
            const auto result = parseFeedUrl(server.url(path), {}, [&](const FeedProgress &progress) {
                QVERIFY(progress.bytesParsed >= last.bytesParsed && progress.rows >= last.rows);
                last = progress;
            });
            QVERIFY2(outcome(result) == expected, path);
            QCOMPARE((*result)->facts().textBytes, std::uint64_t{text.size()});
            QCOMPARE(last.rows, std::uint64_t{30'000});
        }
        QCOMPARE((*parseFeedUrl(server.url("/photos.json?page=1")))->facts().name, "photos.json"s);
    }

    void smallFeedsFromAddresses()
    {
        const std::string text = "[" + photoText(1) + "]";
        WebServer server({{"/one", {.body = text}},
                          {"/none", {.body = "[]"}},
                          {"/digit", {.body = "1"}},
                          {"/empty", {}},
                          {"/object", {.body = "{}"}},
                          {"/html", {.body = "<!DOCTYPE html><p>Not found"}},
                          {"/cut", {.body = text, .cutAfter = 40}},
                          {"/cut.gz", {.body = zipped(text).substr(0, 60)}}});
        QCOMPARE((*parseFeedUrl(server.url("/one")))->rowCount(), std::size_t{1});
        QCOMPARE((*parseFeedUrl(server.url("/none")))->rowCount(), std::size_t{0});
        QCOMPARE(codeOf(server.url("/digit")), FeedErrorCode::notAnArray);
        QCOMPARE(codeOf(server.url("/empty")), FeedErrorCode::empty);
        QCOMPARE(codeOf(server.url("/object")), FeedErrorCode::notAnArray);
        QCOMPARE(codeOf(server.url("/html")), FeedErrorCode::malformed);
        QCOMPARE(codeOf(server.url("/cut")), FeedErrorCode::network);
        QCOMPARE(codeOf(server.url("/cut.gz")), FeedErrorCode::damaged);
        QCOMPARE(codeOf(server.url("/missing")), FeedErrorCode::refused);
        QCOMPARE(codeOf("file:///etc/passwd"), FeedErrorCode::badAddress);
    }

    /// A text beyond the limit is refused, also when it only becomes so by being unpacked.
    void tooMuchText()
    {
        const std::string text = "[" + photoText(1) + std::string(100'000, ' ') + "]";
        WebServer server({{"/plain", {.body = text}},
                          {"/open", {.body = text, .hasLength = false}},
                          {"/gzip", {.body = zipped(text)}}});
        const auto file = folder() / "feed.json.gz";
        std::ofstream(file, std::ios::binary) << zipped(text);
        const FeedOptions tight{.textLimit = text.size() - 1};
        const FeedOptions enough{.textLimit = text.size()};
        for (const char *path : {"/plain", "/open", "/gzip"}) {
            QCOMPARE(parseFeedUrl(server.url(path), {}, {}, tight).error().code, FeedErrorCode::tooLarge);
            QVERIFY(parseFeedUrl(server.url(path), {}, {}, enough));
        }
        QCOMPARE(parseFeedFile(file, {}, {}, tight).error().code, FeedErrorCode::tooLarge);
        QVERIFY(parseFeedFile(file, {}, {}, enough));
    }

    void cancelledWhileTheServerWaits()
    {
        WebServer server({{"/slow", {.body = "[" + photoText(1) + "]", .cutAfter = 30, .waits = true}}});
        std::stop_source stop;
        std::thread canceller([&] {
            server.waitForRequests(1);
            stop.request_stop();
        });
        QCOMPARE(parseFeedUrl(server.url("/slow"), stop.get_token()).error().code, FeedErrorCode::cancelled);
        canceller.join();
    }

    void photosToFiles()
    {
        const std::string bytes(300'000, '\x7f');
        WebServer server({{"/1", {.body = bytes, .headers = {"Content-Type: image/jpeg"}}},
                          {"/2.PNG", {.body = "b"}},
                          {"/3", {.body = "c", .headers = {"Content-Type: image/webp; x"}}},
                          {"/page", {.body = "<p>", .headers = {"Content-Type: text/html"}}},
                          {"/empty", {.headers = {"Content-Type: image/jpeg"}}},
                          {"/cut", {.body = bytes, .cutAfter = 1000}}});
        std::filesystem::create_directory(folder() / "photos");
        std::ofstream(folder() / "photos/Harbour.jpg") << "precious";
        const Outcomes outcomes = fetchAll({{{1, server.url("/1"), "Harbour"},
                                             {2, server.url("/2.PNG"), "../..//etc/\npasswd"},
                                             {3, server.url("/3"), ""},
                                             {4, server.url("/page"), "page"},
                                             {5, server.url("/empty"), "empty"},
                                             {6, server.url("/cut"), "cut"},
                                             {7, server.url("/missing"), "missing"},
                                             {8, "file:///etc/passwd", "local"}},
                                            folder() / "photos"},
                                           3);
        QCOMPARE(nameOf(outcomes, 1), "Harbour (2).jpg"s);
        QVERIFY(bytesOf(*outcomes.at(1)) == bytes);
        QCOMPARE(bytesOf(folder() / "photos/Harbour.jpg"), "precious"s);
        QCOMPARE(nameOf(outcomes, 2), "_..__etc__passwd.PNG"s);
        QCOMPARE(nameOf(outcomes, 3), "3.webp"s);
        QCOMPARE(outcomes.at(4).error().code, FeedErrorCode::refused);
        QCOMPARE(outcomes.at(5).error().code, FeedErrorCode::empty);
        QCOMPARE(outcomes.at(6).error().code, FeedErrorCode::network);
        QCOMPARE(outcomes.at(7).error().code, FeedErrorCode::refused);
        QCOMPARE(outcomes.at(8).error().code, FeedErrorCode::badAddress);
        QCOMPARE(filesIn(folder() / "photos"), 4);
    }

    void whatFilesAreCalled()
    {
        WebServer server({{"/1.jpg", {.body = "x", .headers = {"Content-Type: image/jpeg"}}},
                          {"/", {.body = "x", .headers = {"Content-Type: image/png"}}}});
        std::string longTitle; // of three bytes each, the last in the midst of the longest name
        std::string shortened;
        for (int i = 0; i < 60; ++i)
            longTitle += "京";
        for (int i = 0; i < 33; ++i)
            shortened += "京";
        const Outcomes outcomes = fetchAll({{{1, server.url("/1.jpg"), longTitle},
                                             {2, server.url("/1.jpg"), "Harbour.JPG"},
                                             {3, server.url("/1.jpg?size=2"), " .. "},
                                             {4, server.url("/"), ""},
                                             {5, server.url("/1.jpg"), ".jpg"}},
                                            folder()},
                                           2);
        QCOMPARE(nameOf(outcomes, 1), shortened + ".jpg");
        QCOMPARE(nameOf(outcomes, 2), "Harbour.jpg"s);
        QCOMPARE(nameOf(outcomes, 4), "photo.png"s);
        QCOMPARE(nameOf(outcomes, 5), "jpg.jpg"s);
        QVERIFY(!outcomes.at(3)); // the server knows nothing of a size
    }

    /// The name of a feed is shown to whoever looks over one's shoulder.
    void noPasswordInAName()
    {
        WebServer server({{"/", {.body = "[]"}}});
        const std::string address = server.url("/").substr(std::string("http://").size());
        const auto feed = parseFeedUrl("http://me:secret@" + address);
        QVERIFY(feed);
        QCOMPARE((*feed)->facts().name + "/", address);
    }

    void noMoreAtOnceThanAllowed()
    {
        WebServer server({{"/a", {.body = std::string(1000, 'x'), .headers = {"Content-Type: image/png"}}}});
        FetchPhotos wanted{{}, folder()};
        for (std::uint64_t serial = 1; serial <= 40; ++serial)
            wanted.photos.push_back({serial, server.url("/a"), "same"});
        const Outcomes outcomes = fetchAll(std::move(wanted), 3);
        QVERIFY(std::all_of(outcomes.begin(), outcomes.end(), [](const auto &o) { return o.second.ok(); }));
        QCOMPARE(filesIn(folder()), 40);
        QVERIFY(server.mostAtOnce() <= 3);
    }

    void aPhotoThatIsTooLarge()
    {
        WebServer server({{"/a", {.body = std::string(1001, 'x'), .headers = {"Content-Type: image/png"}}}});
        const Outcomes outcomes = fetchAll({{{1, server.url("/a"), "a"}}, folder(), {}, 1000}, 1);
        QCOMPARE(outcomes.at(1).error().code, FeedErrorCode::tooLarge);
        QCOMPARE(filesIn(folder()), 0);
    }

    void whereNothingCanBeWritten()
    {
        WebServer server({{"/a", {.body = "x", .headers = {"Content-Type: image/png"}}}});
        std::ofstream(folder() / "file") << "x";
        const Outcomes outcomes = fetchAll({{{1, server.url("/a"), "a"}}, folder() / "file/below"}, 1);
        QCOMPARE(outcomes.at(1).error().code, FeedErrorCode::writeFailed);
    }

    void cancelledOnTheWay()
    {
        WebServer server({{"/slow", {.body = std::string(1000, 'x'), .cutAfter = 500, .waits = true}}});
        std::stop_source stop;
        std::thread canceller([&] {
            server.waitForRequests(2);
            stop.request_stop();
        });
        FetchPhotos wanted{{}, folder(), stop.get_token()};
        for (std::uint64_t serial = 1; serial <= 20; ++serial)
            wanted.photos.push_back({serial, server.url("/slow"), "slow"});
        const Outcomes outcomes = fetchAll(std::move(wanted), 2);
        canceller.join();
        QCOMPARE(outcomes.size(), std::size_t{20});
        for (const auto &[serial, file] : outcomes)
            QCOMPARE(file.error().code, FeedErrorCode::cancelled);
        QCOMPARE(filesIn(folder()), 0);
        QCOMPARE(server.requests().size(), std::size_t{2});
    }

private:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    static int filesIn(const std::filesystem::path &folder)
    {
        const std::filesystem::directory_iterator files(folder);
        return static_cast<int>(std::distance(begin(files), end(files)));
    }
    static std::string nameOf(const Outcomes &outcomes, std::uint64_t serial)
    {
        const auto &outcome = outcomes.at(serial);
        return outcome ? outcome->filename().native() : "error: " + outcome.error().message;
    }
    static FeedErrorCode codeOf(const std::string &url)
    {
        const FeedResult result = parseFeedUrl(url);
        if (result)
            qFatal("%s was opened", url.c_str());
        return result.error().code;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(FeedWebTest)
#include "feed_web_test.moc"
