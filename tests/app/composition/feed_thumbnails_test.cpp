// Thumbnails of a feed: fetched by isolates from a real server, which is left alone for a while when it fails.
#include "composition/feed_thumbnails.h"
#include "imaging/photo_maker.h"
#include "integration/web_server.h"

#include <isolate_core/qt/main_isolate.h>
#include <isolate_core/runtime.h>

#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace steadyframe;
using namespace steadyframe::composition;
using namespace std::chrono_literals;

class FeedThumbnailsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    std::unique_ptr<isolate::qt::MainIsolate> m_main;
    std::string m_jpeg;
    std::chrono::steady_clock::time_point m_now;
    std::string m_address; ///< of every thumbnail, with its number behind it
    int m_folders = 0;

    std::unique_ptr<FeedThumbnails> make(std::uint64_t bound = 1'000'000)
    {
        const auto folder = std::filesystem::path(m_temporary.path().toStdString()) / std::to_string(++m_folders);
        return std::make_unique<FeedThumbnails>(
            ThumbnailStore{folder, bound}, imaging::ReadOther(),
            [this](qint64 id) { return m_address.empty() ? std::string() : m_address + std::to_string(id); },
            FeedThumbnails::Patience{.clock = [this] { return m_now; }});
    }

private slots:
    void initTestCase()
    {
        m_main = std::make_unique<isolate::qt::MainIsolate>(isolate::Runtime::instance());
        const auto path = std::filesystem::path(m_temporary.path().toStdString()) / "a.jpg";
        QVERIFY(imaging::makePhoto(path, 300, 200, 1));
        std::ifstream file(path, std::ios::binary);
        m_jpeg.assign(std::istreambuf_iterator<char>(file), {});
    }
    void cleanupTestCase()
    {
        QVERIFY(isolate::Runtime::instance().shutdown(10s).clean());
        m_main.reset();
    }

    void aThumbnailIsFetchedDecodedToSizeAndKept()
    {
        tests::WebServer web;
        web.put("/1", m_jpeg);
        m_address = web.address("/");
        const auto thumbnails = make();
        QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        thumbnails->want(1, 60);
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 1, 20'000);
        QCOMPARE(made[0][0].toLongLong(), 1);
        QCOMPARE(made[0][1].value<QImage>().size(), QSize(60, 40));
        thumbnails->want(1, 90);
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 2, 20'000);
        QCOMPARE(made[1][1].value<QImage>().size(), QSize(90, 60));
        QCOMPARE(web.asked().size(), std::size_t{1});
    }

    void whatWasWishedForFirstComesFirst()
    {
        tests::WebServer web;
        web.hold(true);
        m_address = web.address("/");
        for (int i = 0; i < 12; ++i)
            web.put("/" + std::to_string(i), m_jpeg);
        const auto thumbnails = make();
        const QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        for (int i = 0; i < 12; ++i)
            thumbnails->want(i, 60);
        QTRY_COMPARE_WITH_TIMEOUT(web.asked().size(), std::size_t(FeedThumbnails::workers), 20'000);
        for (const std::string &path : web.asked())
            QVERIFY2(std::stoi(path.substr(1)) < FeedThumbnails::workers, path.c_str());
        // All scroll away but the last.
        for (int i = 0; i < 11; ++i)
            thumbnails->unwant(i);
        web.hold(false);
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 1, 20'000);
        QCOMPARE(made[0][0].toLongLong(), 11);
        QCOMPARE(web.asked().size(), std::size_t(FeedThumbnails::workers) + 1);
    }

    void whatTheServerHasNotIsNotAskedForAgain()
    {
        tests::WebServer web;
        web.put("/2", "no picture");
        m_address = web.address("/");
        const auto thumbnails = make();
        const QSignalSpy failed(thumbnails.get(), &FeedThumbnails::failed);
        for (int round = 1; round <= 2; ++round) {
            thumbnails->want(1, 60);
            thumbnails->want(2, 60);
            QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2 * round, 20'000);
        }
        QCOMPARE(web.asked().size(), std::size_t{2});
    }

    void aServerThatIsGoneIsLeftAloneForLongerAndLonger()
    {
        tests::WebServer web;
        web.fail(true);
        web.put("/1", m_jpeg);
        m_address = web.address("/");
        const auto thumbnails = make();
        const QSignalSpy failed(thumbnails.get(), &FeedThumbnails::failed);
        const QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        const auto first = FeedThumbnails::Patience().first;
        thumbnails->want(1, 60);
        QTRY_COMPARE_WITH_TIMEOUT(thumbnails->putOff(), std::size_t{1}, 20'000);
        QCOMPARE(web.asked().size(), std::size_t{1});
        thumbnails->askAgain();
        QCOMPARE(thumbnails->putOff(), std::size_t{1});
        m_now += first;
        thumbnails->askAgain();
        QCOMPARE(thumbnails->putOff(), std::size_t{0});
        QTRY_COMPARE_WITH_TIMEOUT(thumbnails->putOff(), std::size_t{1}, 20'000);
        QCOMPARE(web.asked().size(), std::size_t{2});
        m_now += first;
        thumbnails->askAgain();
        QCOMPARE(thumbnails->putOff(), std::size_t{1}); // twice as long the second time
        m_now += first;
        web.fail(false);
        thumbnails->askAgain();
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 1, 20'000);
        QCOMPARE(web.asked().size(), std::size_t{3});
        QCOMPARE(failed.count(), 0);
    }

    /// Nobody has to scroll away and back.
    void whatIsLookedAtComesWhenTheServerIsBack()
    {
        tests::WebServer web;
        web.fail(true);
        m_address = web.address("/");
        for (int i = 0; i < 12; ++i)
            web.put("/" + std::to_string(i), m_jpeg);
        const std::chrono::milliseconds soon(20);
        FeedThumbnails thumbnails(
            ThumbnailStore{std::filesystem::path(m_temporary.path().toStdString()) / "back"}, imaging::ReadOther(),
            [this](qint64 id) { return m_address + std::to_string(id); },
            FeedThumbnails::Patience{.first = soon, .longest = soon});
        const QSignalSpy failed(&thumbnails, &FeedThumbnails::failed);
        const QSignalSpy made(&thumbnails, &FeedThumbnails::made);
        for (int i = 0; i < 12; ++i)
            thumbnails.want(i, 60);
        QTRY_VERIFY_WITH_TIMEOUT(web.asked().size() >= 8 && thumbnails.putOff() > 0, 20'000);
        thumbnails.unwant(3);
        web.fail(false);
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 11, 20'000);
        QCOMPARE(failed.count(), 0);
        QCOMPARE(thumbnails.putOff(), std::size_t{0});
    }

    void aDiskThatTakesNothingIsTriedAgain()
    {
        tests::WebServer web;
        web.put("/1", m_jpeg);
        m_address = web.address("/");
        const auto thumbnails = make();
        const auto folder = std::filesystem::path(m_temporary.path().toStdString()) / std::to_string(m_folders);
        std::ofstream(folder) << "a file where the folder should be";
        const QSignalSpy failed(thumbnails.get(), &FeedThumbnails::failed);
        const QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        thumbnails->want(1, 60);
        QTRY_COMPARE_WITH_TIMEOUT(thumbnails->putOff(), std::size_t{1}, 20'000);
        std::filesystem::remove(folder);
        m_now += FeedThumbnails::Patience().first;
        thumbnails->askAgain();
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 1, 20'000);
        QCOMPARE(failed.count(), 0);
    }

    /// What a server has none of is remembered by its address, also when another feed is open by then.
    void whatIsNotThereIsRememberedOfItsFeed()
    {
        tests::WebServer web;
        web.hold(true);
        m_address = web.address("/none/");
        const auto thumbnails = make();
        const QSignalSpy failed(thumbnails.get(), &FeedThumbnails::failed);
        const QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        thumbnails->want(1, 60);
        QTRY_COMPARE_WITH_TIMEOUT(web.asked().size(), std::size_t{1}, 20'000);
        m_address = web.address("/some/");
        web.put("/some/1", m_jpeg);
        web.hold(false);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20'000);
        thumbnails->want(1, 60);
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 1, 20'000);
    }

    /// A network that wants a login answers for every server with its own page; the pictures are there afterwards.
    void aPageInPlaceOfAPictureIsNotRemembered()
    {
        tests::WebServer web;
        web.put("/1", "<html>Log in</html>", "text/html");
        web.put("/2", "no picture");
        m_address = web.address("/");
        const auto thumbnails = make();
        const QSignalSpy failed(thumbnails.get(), &FeedThumbnails::failed);
        const QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        thumbnails->want(1, 60);
        thumbnails->want(2, 60);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2, 20'000);
        web.put("/1", m_jpeg);
        web.put("/2", m_jpeg);
        thumbnails->want(2, 60);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 3, 20'000);
        thumbnails->want(1, 60);
        QTRY_COMPARE_WITH_TIMEOUT(made.count(), 1, 20'000);
        QCOMPARE(failed.count(), 3);
    }

    void theFolderStaysWithinItsBound()
    {
        tests::WebServer web;
        m_address = web.address("/");
        constexpr int many = 40;
        for (int i = 0; i < many; ++i)
            web.put("/" + std::to_string(i), m_jpeg);
        const std::uint64_t bound = 10 * m_jpeg.size();
        const auto thumbnails = make(bound);
        const auto folder = std::filesystem::path(m_temporary.path().toStdString()) / std::to_string(m_folders);
        const QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        for (int i = 0; i < many; ++i) {
            thumbnails->want(i, 60);
            QTRY_COMPARE_WITH_TIMEOUT(made.count(), i + 1, 20'000);
        }
        const auto bytes = [&folder] {
            std::uint64_t sum = 0;
            std::error_code gone;
            for (const auto &file : std::filesystem::directory_iterator(folder))
                sum += std::filesystem::file_size(file.path(), gone);
            return sum;
        };
        QTRY_VERIFY_WITH_TIMEOUT(bytes() <= bound, 20'000);
        QVERIFY(bytes() > 0);
    }

    void whatIsNotOfTheWebFailsAtOnce()
    {
        m_address.clear();
        const auto thumbnails = make();
        const QSignalSpy failed(thumbnails.get(), &FeedThumbnails::failed);
        thumbnails->want(1, 60);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20'000);
        m_address = "file:///etc/";
        thumbnails->want(2, 60);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2, 20'000);
    }
};

QTEST_MAIN(FeedThumbnailsTest)
#include "feed_thumbnails_test.moc"
