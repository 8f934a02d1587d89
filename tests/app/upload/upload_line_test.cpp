// The line between the client and a real server: gone, slow, limited, or not the server's own.
#include "tls_front.h"
#include "upload_fixture.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <future>

using namespace steadyframe;
using namespace steadyframe::upload;
using tests::contentOf;
using tests::FaultProxy;
using tests::Progress;
using tests::TlsFront;
using tests::UploadFixture;

class UploadLineTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_fixture = std::make_unique<UploadFixture>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_progress = {};
    }
    void cleanup()
    {
        m_fixture.reset();
        m_folder.reset();
    }

    void aServerThatIsAwayIsWaitedFor()
    {
        auto options = m_fixture->client();
        options.retry.networkAttempts = 0;
        const auto request = m_fixture->file(100'000);
        m_fixture->options.port = m_fixture->receiver->port();
        m_fixture->options.token = m_fixture->receiver->token();
        m_fixture->receiver.reset(); // connections are refused from now on
        std::promise<void> tried;
        std::atomic<int> tries = 0;
        auto observer = m_progress.observer();
        observer.onWaiting = [&](const UploadError &error, std::chrono::milliseconds) {
            if (error.code == UploadErrc::network && ++tries == 10)
                tried.set_value();
        };
        auto result
            = std::async(std::launch::async, [&] { return TusDestination(options).upload(request, observer, {}); });
        tried.get_future().wait();
        m_fixture->start();
        QVERIFY(result.get().ok()); // it went on by itself
        QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(request.file));
    }

    void aSlowLineIsNoStall()
    {
        FaultProxy proxy(m_fixture->receiver->port());
        proxy.slowDown(1024);
        auto options = m_fixture->client(&proxy);
        options.chunks.first = options.chunks.smallest = 512;
        options.http.stallLimit = std::chrono::seconds(20);
        const auto request = m_fixture->file(2048);
        QVERIFY(TusDestination(options).upload(request, m_progress.observer(), {}).ok());
        QVERIFY(m_progress.waits.empty());
        QCOMPARE(proxy.bodyBytes(), std::uint64_t(2048));
        QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(request.file));
    }

    void aLimitHoldsForAllTogetherAndIsNoStall()
    {
        auto options = m_fixture->client();
        options.http.rate = std::make_shared<SendRate>();
        options.http.rate->setLimit(100'000, std::chrono::steady_clock::now());
        options.http.stallLimit = std::chrono::seconds(20);
        const auto first = m_fixture->file(50'000, "first.jpg");
        const auto second = m_fixture->file(50'001, "second.jpg");
        QElapsedTimer timer;
        timer.start();
        auto other = std::async(std::launch::async, [&] { return TusDestination(options).upload(second, {}, {}); });
        QVERIFY(TusDestination(options).upload(first, m_progress.observer(), {}).ok());
        QVERIFY(other.get().ok());
        QVERIFY(timer.elapsed() >= 850); // the one bound that a busy machine can't break: it is never sooner
        QCOMPARE(m_fixture->stored("first.jpg"), contentOf(first.file));
        QCOMPARE(m_fixture->stored("second.jpg"), contentOf(second.file));
    }

    void aLimitedUploadCanBeCancelled()
    {
        auto options = m_fixture->client();
        options.http.rate = std::make_shared<SendRate>();
        options.http.rate->setLimit(1, std::chrono::steady_clock::now());
        std::stop_source stop;
        auto observer = m_progress.observer();
        observer.onCreated = [&](const std::string &) { stop.request_stop(); };
        const auto result = TusDestination(options).upload(m_fixture->file(50'000), observer, stop.get_token());
        QCOMPARE(result.error().code, UploadErrc::cancelled);
        QVERIFY(m_fixture->unfinished().empty());
    }

    void certificatesAreVerified_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("trusted");
        QTest::addColumn<bool>("arrives");
        QTest::newRow("trusted and for this host") << QByteArray("127.0.0.1") << true << true;
        QTest::newRow("for another host") << QByteArray("photos.example.org") << true << false;
        QTest::newRow("signed by nobody") << QByteArray("127.0.0.1") << false << false;
    }
    void certificatesAreVerified()
    {
        QFETCH(QByteArray, host);
        QFETCH(bool, trusted);
        QFETCH(bool, arrives);
        const auto file = m_folder->filePath("certificate.pem").toStdString();
        const TlsFront front(m_fixture->receiver->port(), host.toStdString(), file);
        auto options = m_fixture->client();
        options.endpoint = front.endpoint();
        if (trusted)
            options.http.certificateFile = file;
        const auto request = m_fixture->file(200'000);
        const auto result = TusDestination(options).upload(request, m_progress.observer(), {});
        QCOMPARE(result.ok(), arrives);
        QVERIFY(m_progress.waits.empty()); // it is not tried again
        if (arrives) {
            QCOMPARE(m_fixture->stored("photo.jpg"), contentOf(request.file));
        } else {
            QCOMPARE(result.error().code, UploadErrc::certificate);
            QVERIFY(!result.error().retryable);
            QCOMPARE(front.received(), std::uint64_t(0)); // not even the token
        }
    }

private:
    std::unique_ptr<UploadFixture> m_fixture;
    std::unique_ptr<QTemporaryDir> m_folder;
    Progress m_progress;
};

QTEST_GUILESS_MAIN(UploadLineTest)
#include "upload_line_test.moc"
