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
            [this] { return m_now; });
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
        auto web = std::make_unique<tests::WebServer>();
        web->fail(true);
        web->put("/1", m_jpeg);
        m_address = web->address("/");
        const auto thumbnails = make();
        const QSignalSpy failed(thumbnails.get(), &FeedThumbnails::failed);
        const QSignalSpy made(thumbnails.get(), &FeedThumbnails::made);
        std::size_t asked = 0;
        int wishes = 0;
        const auto wish = [&] {
            thumbnails->want(1, 60);
            ++wishes;
            QTRY_COMPARE_WITH_TIMEOUT(failed.count() + made.count(), wishes, 20'000);
            const std::size_t before = std::exchange(asked, web->asked().size());
            m_asksNow = asked > before;
        };
        wish();
        QVERIFY(m_asksNow);
        wish();
        QVERIFY(!m_asksNow);
        m_now += FeedThumbnails::firstPause;
        wish();
        QVERIFY(m_asksNow);
        m_now += FeedThumbnails::firstPause;
        wish();
        QVERIFY(!m_asksNow); // twice as long the second time
        m_now += FeedThumbnails::firstPause;
        web->fail(false);
        wish();
        QVERIFY(m_asksNow);
        QCOMPARE(made.count(), 1);
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

private:
    bool m_asksNow = false;
};

QTEST_MAIN(FeedThumbnailsTest)
#include "feed_thumbnails_test.moc"
