// Uploads to an S3 store that verifies signatures, and to @tus/server. What arrived is compared byte by byte.
#include "destination_servers.h"

using namespace steadyframe;
using namespace steadyframe::tests;
using namespace steadyframe::upload;

namespace fs = std::filesystem;

class UploadS3Test : public QObject, private DestinationServers {
    Q_OBJECT

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void tusArrivesAndGoesOn()
    {
        if (!startScript("tus_server.mjs", {}))
            return;
        TusOptions options;
        options.endpoint = m_proxy->endpoint();
        options.retry = quickRetry();
        options.chunks.first = options.chunks.smallest = options.chunks.largest = 100'000;
        const auto request = file(450'000, oddName);
        m_proxy->cutAfter(250'000);
        const auto result = TusDestination(options).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QVERIFY(m_proxy->count("HEAD") >= 1);
        QCOMPARE(m_proxy->count("POST"), 1);
        QCOMPARE(contentOf(m_served / idOf(result->url)), contentOf(request.file));
        QVERIFY(m_server->nextLine().startsWith("finished " + QString::fromStdString(idOf(result->url)) + " 450000 b"));
        QVERIFY(TusDestination(options).check({}).ok());
    }

    void tusServerThatIsKilledGoesOn()
    {
        if (!startScript("tus_server.mjs", {}))
            return;
        TusOptions options;
        options.endpoint = m_proxy->endpoint();
        options.retry = quickRetry();
        options.retry.networkAttempts = 3;
        options.chunks.first = options.chunks.smallest = options.chunks.largest = 100'000;
        auto request = file(450'000, "photo.jpg");
        m_progress.whenAcknowledged = [&](std::uint64_t offset) {
            if (offset == 200'000)
                m_server->kill();
        };
        QCOMPARE(TusDestination(options).upload(request, m_progress.observer(), {}).error().code, UploadErrc::network);
        m_progress.whenAcknowledged = nullptr;
        request.resumeUrl = m_progress.created.at(0);
        QVERIFY(startScript("tus_server.mjs", {}));
        options.endpoint = m_proxy->endpoint();
        const auto result = TusDestination(options).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(m_proxy->bodyBytes(), std::uint64_t(250'000)); // nothing that was acknowledged again
        QCOMPARE(contentOf(m_served / idOf(result->url)), contentOf(request.file));
    }

    void s3Arrives_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::newRow("empty") << quint64(0);
        QTest::newRow("small") << quint64(1234);
        QTest::newRow("just one") << quint64(partBytes);
        QTest::newRow("two parts") << quint64(partBytes + 1);
        QTest::newRow("five parts") << quint64(5 * partBytes);
    }
    void s3Arrives()
    {
        QFETCH(quint64, bytes);
        if (!startS3())
            return;
        const auto request = file(bytes, oddName);
        const auto result = S3Destination(s3()).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(stored(std::string("photos/") + oddName), contentOf(request.file));
        QCOMPARE(m_proxy->count("POST"), bytes > partBytes ? 2 : 0);
        QCOMPARE(m_progress.acknowledged.back(), bytes);
        QVERIFY(S3Destination(s3()).check({}).ok());
        QCOMPARE(namesIn(m_served).size(), 1);
    }

    void s3SignaturesThatDoNotMatch()
    {
        if (!startS3())
            return;
        auto options = s3();
        options.keys.secretKey = "another-secret";
        const auto result = S3Destination(options).upload(file(1000, "photo.jpg"), {}, {});
        QCOMPARE(result.error().code, UploadErrc::credentials);
        QVERIFY(result.error().message.find("another-secret") == std::string::npos);
        QCOMPARE(m_server->nextLine(), QString("refused SignatureDoesNotMatch"));
        QCOMPARE(S3Destination(options).check({}).error().code, UploadErrc::credentials);
        QVERIFY(namesIn(m_served).isEmpty());
    }

    void s3GoesOnWithThePartThatIsMissing()
    {
        if (!startS3())
            return;
        auto request = file(5 * partBytes - 7, "photo.jpg");
        std::stop_source stop;
        m_progress.whenAcknowledged = [&](std::uint64_t offset) {
            if (offset == 3 * partBytes)
                stop.request_stop();
        };
        m_progress.whenStopped = [] { return WhenStopped::keep; };
        QCOMPARE(S3Destination(s3()).upload(request, m_progress.observer(), stop.get_token()).error().code,
                 UploadErrc::cancelled);
        request.resumeUrl = m_progress.created.at(1);
        m_progress = {};
        const auto result = S3Destination(s3()).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(m_progress.acknowledged.front(), std::uint64_t(3 * partBytes));
        QCOMPARE(m_proxy->count("PUT"), 5); // each part once
        QCOMPARE(stored("photos/photo.jpg"), contentOf(request.file));
        request.resumeUrl = m_progress.created.empty() ? request.resumeUrl : m_progress.created.back();
        QVERIFY(S3Destination(s3()).upload(request, {}, {}).ok()); // it is complete
        QCOMPARE(m_proxy->count("PUT"), 5);
    }

    void s3FaultsInParts_data() { faults(); }
    void s3FaultsInParts()
    {
        QFETCH(QByteArray, fault);
        if (!startS3())
            return;
        const auto request = file(3 * partBytes, "photo.jpg");
        inject(fault, "PUT", request.bytes);
        const auto result = S3Destination(s3()).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(stored("photos/photo.jpg"), contentOf(request.file));
        QVERIFY(m_proxy->bodyBytes() <= request.bytes + partBytes + 2000); // at most one part again
        QCOMPARE(uploadsUnderWay(), QByteArray("0"));
    }

    void s3AnswerToTheEndIsLost()
    {
        if (!startS3())
            return;
        const auto request = file(2 * partBytes, "photo.jpg");
        m_progress.whenAcknowledged = [&](std::uint64_t offset) {
            if (offset == request.bytes && m_proxy->count("PUT") == 2)
                m_proxy->loseAnswerOf("POST");
        };
        QVERIFY(S3Destination(s3()).upload(request, m_progress.observer(), {}).ok());
        QCOMPARE(m_proxy->count("PUT"), 2);
        QCOMPARE(stored("photos/photo.jpg"), contentOf(request.file));
    }

    void s3PartsThatAreNotFoundAreSentAnew_data()
    {
        QTest::addColumn<bool>("always");
        QTest::newRow("once") << false;
        QTest::newRow("always") << true;
    }
    void s3PartsThatAreNotFoundAreSentAnew()
    {
        QFETCH(bool, always);
        if (!startS3())
            return;
        const std::string words = "<Error><Code>InvalidPart</Code><Message>No such part.</Message></Error>";
        const auto request = file(2 * partBytes, "photo.jpg");
        m_progress.whenAcknowledged = [&](std::uint64_t offset) {
            if (offset == request.bytes && (always || m_proxy->count("PUT") == 2))
                m_proxy->answerInstead("POST",
                                       {"HTTP/1.1 400 Bad Request\r\nContent-Length: " + std::to_string(words.size())
                                        + "\r\n\r\n" + words});
        };
        const auto result = S3Destination(s3()).upload(request, m_progress.observer(), {});
        QCOMPARE(result.ok(), !always);
        QCOMPARE(m_proxy->count("PUT"), always ? 6 : 4);
        QCOMPARE(uploadsUnderWay(), QByteArray("0"));
        if (always)
            QVERIFY2(result.error().message.find("No such part") != std::string::npos, result.error().message.c_str());
        else
            QCOMPARE(stored("photos/photo.jpg"), contentOf(request.file));
    }

    void s3CancelAborts()
    {
        if (!startS3())
            return;
        std::stop_source stop;
        m_progress.whenAcknowledged = [&](std::uint64_t) { stop.request_stop(); };
        QCOMPARE(S3Destination(s3())
                     .upload(file(3 * partBytes, "photo.jpg"), m_progress.observer(), stop.get_token())
                     .error()
                     .code,
                 UploadErrc::cancelled);
        QCOMPARE(uploadsUnderWay(), QByteArray("0"));
        QVERIFY(namesIn(m_served).isEmpty());
    }

    void s3ForgetsAnUpload()
    {
        if (!startS3())
            return;
        auto request = file(2 * partBytes, "photo.jpg");
        request.resumeUrl = "/bucket/photos/photo.jpg?uploadId=long%2Fgone";
        const auto result = S3Destination(s3()).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(stored("photos/photo.jpg"), contentOf(request.file));
    }

    void s3TakesNoNameThatAnotherTookMeanwhile_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<int>("unseen"); // for so many looks
        QTest::newRow("whole") << quint64(1001) << 1;
        QTest::newRow("parts, seen at the end") << quint64(2 * partBytes) << 1;
        QTest::newRow("parts, seen by the store alone") << quint64(2 * partBytes) << 2;
    }
    void s3TakesNoNameThatAnotherTookMeanwhile()
    {
        QFETCH(quint64, bytes);
        QFETCH(int, unseen);
        if (!startS3())
            return;
        const auto first = file(1000, "photo.jpg");
        QVERIFY(S3Destination(s3()).upload(first, {}, {}).ok());
        const std::vector<std::string> notThere(static_cast<std::size_t>(unseen),
                                                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        auto second = file(bytes, "photo.jpg");
        m_proxy->answerInstead("HEAD", notThere);
        QCOMPARE(S3Destination(s3()).upload(second, {}, {}).error().code, UploadErrc::nameExists);
        QCOMPARE(stored("photos/photo.jpg"), contentOf(first.file));
        QCOMPARE(uploadsUnderWay(), QByteArray("0"));
        second.namePolicy = NamePolicy::keepBoth;
        m_proxy->answerInstead("HEAD", notThere);
        const auto both = S3Destination(s3()).upload(second, {}, {});
        QVERIFY2(both.ok(), both.ok() ? "" : both.error().message.c_str());
        QCOMPARE(stored("photos/photo.jpg"), contentOf(first.file));
        QCOMPARE(stored("photos/photo (2).jpg"), contentOf(second.file));
    }

    void s3ThatDoesNotKnowConditionsIsAskedWithoutThem()
    {
        if (!startS3())
            return;
        m_proxy->answerInstead("PUT", {"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n"});
        S3Destination destination(s3());
        for (const char *name : {"a.jpg", "b.jpg"})
            QVERIFY(destination.upload(file(1000, name), m_progress.observer(), {}).ok());
        QVERIFY(m_progress.waits.empty());
        QCOMPARE(m_proxy->count("PUT"), 3);
        QCOMPARE(namesIn(m_served).size(), 2);
    }

    void s3KeepsBothNames()
    {
        if (!startS3())
            return;
        auto request = file(1000, "photo.jpg");
        QVERIFY(S3Destination(s3()).upload(request, {}, {}).ok());
        request = file(1001, "photo.jpg");
        QCOMPARE(S3Destination(s3()).upload(request, {}, {}).error().code, UploadErrc::nameExists);
        request.namePolicy = NamePolicy::keepBoth;
        const auto result = S3Destination(s3()).upload(request, {}, {});
        QVERIFY(result.ok());
        QVERIFY(result->url.ends_with("photo%20%282%29.jpg"));
        QCOMPARE(stored("photos/photo (2).jpg"), contentOf(request.file));
    }
};

QTEST_GUILESS_MAIN(UploadS3Test)
#include "upload_s3_test.moc"
