// Uploads to an S3 store with keys that may not look at what it has.
#include "destination_servers.h"

#include <algorithm>

using namespace steadyframe;
using namespace steadyframe::tests;
using namespace steadyframe::upload;

class UploadS3RightsTest : public QObject, private DestinationServers {
    Q_OBJECT

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void s3WithAKeyOfFewRights_data()
    {
        QTest::addColumn<QString>("rights");
        QTest::addColumn<quint64>("bytes");
        for (const char *rights : {"no-list", "write-only"}) {
            QTest::addRow("%s", rights) << QString(rights) << quint64(1000);
            QTest::addRow("%s, in parts", rights) << QString(rights) << quint64(2 * partBytes + 5);
        }
    }
    void s3WithAKeyOfFewRights()
    {
        QFETCH(QString, rights);
        QFETCH(quint64, bytes);
        if (!startS3(rights))
            return;
        QVERIFY(S3Destination(s3()).check({}).ok());
        const auto first = file(bytes, "photo.jpg");
        const auto arrived = S3Destination(s3()).upload(first, m_progress.observer(), {});
        QVERIFY2(arrived.ok(), arrived.ok() ? "" : arrived.error().message.c_str());
        QCOMPARE(stored("photos/photo.jpg"), contentOf(first.file));

        // What is there can't be seen, and is not replaced all the same.
        auto second = file(bytes, "photo.jpg");
        QCOMPARE(S3Destination(s3()).upload(second, {}, {}).error().code, UploadErrc::nameExists);
        second.namePolicy = NamePolicy::skip;
        QVERIFY(S3Destination(s3()).upload(second, {}, {})->skipped);
        second.namePolicy = NamePolicy::keepBoth;
        const auto both = S3Destination(s3()).upload(second, {}, {});
        QVERIFY2(both.ok(), both.ok() ? "" : both.error().message.c_str());
        QCOMPARE(stored("photos/photo.jpg"), contentOf(first.file));
        QCOMPARE(stored("photos/photo (2).jpg"), contentOf(second.file));
        second.namePolicy = NamePolicy::replace;
        QVERIFY(S3Destination(s3()).upload(second, {}, {}).ok());
        QCOMPARE(stored("photos/photo.jpg"), contentOf(second.file));
    }

    void s3WithAKeyOfFewRightsGoesOnAfterACut_data() { s3WithAKeyOfFewRights_data(); }
    void s3WithAKeyOfFewRightsGoesOnAfterACut()
    {
        QFETCH(QString, rights);
        QFETCH(quint64, bytes);
        if (!startS3(rights))
            return;
        auto request = file(bytes, "photo.jpg");
        m_proxy->cutAfter(bytes / 2);
        const auto result = S3Destination(s3()).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(stored("photos/photo.jpg"), contentOf(request.file));
        QVERIFY(m_proxy->bodyBytes() <= bytes + std::min<std::uint64_t>(bytes, partBytes) + 2000);
        QCOMPARE(namesIn(m_served).size(), 1);
    }

    void s3ThatCannotKeepWhatIsThereSaysWhatToDo()
    {
        if (!startS3("no-list"))
            return;
        m_proxy->answerInstead("PUT", {"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n"});
        const auto result = S3Destination(s3()).upload(file(1000, "photo.jpg"), m_progress.observer(), {});
        QCOMPARE(result.error().code, UploadErrc::request);
        QVERIFY(result.error().message.find("s3:ListBucket") != std::string::npos);
        QVERIFY(namesIn(m_served).isEmpty());
    }

    void s3IsAskedWhetherItStillHasAContent_data()
    {
        QTest::addColumn<QString>("rights");
        QTest::addColumn<bool>("isGone");
        QTest::addColumn<bool>("found");
        QTest::newRow("there") << "all" << false << true;
        QTest::newRow("gone") << "all" << true << false;
        QTest::newRow("nobody may look") << "write-only" << true << true;
    }
    void s3IsAskedWhetherItStillHasAContent()
    {
        QFETCH(QString, rights);
        QFETCH(bool, isGone);
        QFETCH(bool, found);
        if (!startS3(rights))
            return;
        auto request = file(1000, "photo.jpg");
        const auto arrived = S3Destination(s3()).upload(request, {}, {});
        QVERIFY(arrived.ok());
        request.arrivedUrl = arrived->url;
        if (isGone)
            QVERIFY(QFile::remove(QDir(QString::fromStdString(m_served.native())).filePath(namesIn(m_served).at(0))));
        const auto again = S3Destination(s3()).upload(request, {}, {});
        QVERIFY(again.ok());
        QCOMPARE(again->found, found);
        QCOMPARE(again->url, arrived->url);
        QCOMPARE(m_proxy->count("PUT"), found ? 1 : 2);
    }
};

QTEST_GUILESS_MAIN(UploadS3RightsTest)
#include "upload_s3_rights_test.moc"
