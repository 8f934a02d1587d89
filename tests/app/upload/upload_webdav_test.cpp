// Uploads to nginx with WebDAV. What arrived is compared byte by byte, since it accepts nearly anything.
#include "destination_servers.h"

using namespace steadyframe;
using namespace steadyframe::tests;
using namespace steadyframe::upload;

namespace fs = std::filesystem;

class UploadWebDavTest : public QObject, private DestinationServers {
    Q_OBJECT

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void davArrivesInAFolderThatIsMade_data()
    {
        QTest::addColumn<bool>("bearer");
        QTest::newRow("basic") << false;
        QTest::newRow("bearer") << true;
    }
    void davArrivesInAFolderThatIsMade()
    {
        QFETCH(bool, bearer);
        if (!startNginx())
            return;
        auto options = dav(bearer ? "/bearer/some%20folder/below" : "/basic/some%20folder/below");
        if (bearer) {
            options.user.clear();
            options.bearerToken = "the-token";
        }
        WebDavDestination destination(options);
        for (const char *name : {"photo.jpg", oddName}) {
            const auto request = file(400'000, name);
            const auto result = destination.upload(request, m_progress.observer(), {});
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
            QCOMPARE(contentOf(root(bearer) / "some folder" / "below" / name), contentOf(request.file));
        }
        QCOMPARE(m_progress.created.size(), std::size_t(2));
        QCOMPARE(m_progress.acknowledged, (std::vector<std::uint64_t>{400'000, 400'000}));
        QVERIFY(destination.check({}).ok());
        QCOMPARE(namesIn(root(bearer) / "some folder" / "below").size(), 2);
    }

    void davCredentialsThatAreRefused()
    {
        if (!startNginx())
            return;
        auto options = dav("/basic/photos");
        options.password = "wrong-secret";
        const auto result = WebDavDestination(options).upload(file(1000, "photo.jpg"), m_progress.observer(), {});
        QCOMPARE(result.error().code, UploadErrc::credentials);
        QVERIFY(result.error().message.find("wrong-secret") == std::string::npos);
        QCOMPARE(WebDavDestination(options).check({}).error().code, UploadErrc::credentials);
    }

    void davNameThatExists_data()
    {
        QTest::addColumn<int>("policy");
        QTest::addColumn<QString>("name"); // under which ours is
        QTest::newRow("ask") << int(NamePolicy::ask) << QString();
        QTest::newRow("keep both") << int(NamePolicy::keepBoth) << "photo (2).jpg";
        QTest::newRow("replace") << int(NamePolicy::replace) << "photo.jpg";
        QTest::newRow("skip") << int(NamePolicy::skip) << QString();
    }
    void davNameThatExists()
    {
        QFETCH(int, policy);
        QFETCH(QString, name);
        if (!startNginx())
            return;
        WebDavDestination destination(dav("/basic/"));
        const auto other = file(2000, "photo.jpg");
        QVERIFY(destination.upload(other, {}, {}).ok());
        auto request = file(3000, "photo.jpg");
        request.namePolicy = static_cast<NamePolicy>(policy);
        const auto result = destination.upload(request, m_progress.observer(), {});
        QCOMPARE(result.ok(), request.namePolicy != NamePolicy::ask);
        if (!result)
            QCOMPARE(result.error().code, UploadErrc::nameExists);
        else
            QCOMPARE(result->skipped, request.namePolicy == NamePolicy::skip);
        if (!name.isEmpty())
            QCOMPARE(contentOf(root(false) / name.toStdString()), contentOf(request.file));
        if (name != "photo.jpg")
            QCOMPARE(contentOf(root(false) / "photo.jpg"), contentOf(other.file));
        // The same content under the name is not sent again, whatever the policy.
        const int puts = m_proxy->count("PUT");
        auto same = name == "photo.jpg" ? request : other;
        same.namePolicy = NamePolicy::ask;
        QVERIFY(destination.upload(same, {}, {}).ok());
        QCOMPARE(m_proxy->count("PUT"), puts);
    }

    void davFaults_data() { faults(); }
    void davFaults()
    {
        QFETCH(QByteArray, fault);
        if (!startNginx())
            return;
        const auto request = file(600'000, "photo.jpg");
        inject(fault, "PUT", request.bytes);
        const auto result = WebDavDestination(dav("/basic/a")).upload(request, m_progress.observer(), {});
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QCOMPARE(namesIn(root(false) / "a"), QStringList{"photo.jpg"});
        QCOMPARE(contentOf(root(false) / "a" / "photo.jpg"), contentOf(request.file));
        if (fault == "answer lost") // it asks whether all is there before it sends again
            QCOMPARE(m_proxy->count("PUT"), 1);
    }

    void davGoesOnAfterARestartOfOurs()
    {
        if (!startNginx())
            return;
        auto request = file(50'000, "photo.jpg");
        QVERIFY(WebDavDestination(dav("/basic/")).upload(request, m_progress.observer(), {}).ok());
        request.resumeUrl = m_progress.created.at(0); // killed before it was recorded that all had arrived
        QVERIFY(WebDavDestination(dav("/basic/")).upload(request, {}, {}).ok());
        QCOMPARE(m_proxy->count("PUT"), 1);
        fs::remove(root(false) / "photo.jpg"); // killed before it was sent
        QVERIFY(WebDavDestination(dav("/basic/")).upload(request, {}, {}).ok());
        QCOMPARE(contentOf(root(false) / "photo.jpg"), contentOf(request.file));
    }

    void davIsAskedWhetherItStillHasAContent()
    {
        if (!startNginx())
            return;
        auto request = file(50'000, "photo.jpg");
        WebDavDestination destination(dav("/basic/"));
        request.arrivedUrl = destination.upload(request, {}, {})->url;
        m_proxy->answerInstead("HEAD", {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"});
        auto again = destination.upload(request, m_progress.observer(), {});
        QVERIFY(again.ok() && again->found);
        QCOMPARE(m_progress.waits.size(), std::size_t(1)); // it asks until it is told
        QCOMPARE(m_proxy->count("PUT"), 1);
        QCOMPARE(m_proxy->count("GET"), 0);

        fs::remove(root(false) / "photo.jpg");
        again = destination.upload(request, m_progress.observer(), {});
        QVERIFY(again.ok() && !again->found);
        QCOMPARE(contentOf(root(false) / "photo.jpg"), contentOf(request.file));

        writeText(QString::fromStdString((root(false) / "photo.jpg").native()), "another file");
        request.namePolicy = NamePolicy::keepBoth;
        again = destination.upload(request, m_progress.observer(), {});
        QVERIFY(again.ok() && !again->found);
        QCOMPARE(contentOf(root(false) / "photo (2).jpg"), contentOf(request.file));
    }

    void davTakesNoNameThatAnotherTookMeanwhile_data()
    {
        QTest::addColumn<int>("policy");
        QTest::newRow("ask") << int(NamePolicy::ask);
        QTest::newRow("keep both") << int(NamePolicy::keepBoth);
        QTest::newRow("replace") << int(NamePolicy::replace);
    }
    void davTakesNoNameThatAnotherTookMeanwhile()
    {
        QFETCH(int, policy);
        if (!startNginx())
            return;
        auto request = file(3000, "photo.jpg");
        request.namePolicy = static_cast<NamePolicy>(policy);
        const bool replaces = request.namePolicy == NamePolicy::replace;
        writeText(QString::fromStdString((root(false) / "photo.jpg").native()), "another's");
        m_proxy->answerInstead("HEAD", {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}); // it was not there yet
        if (!replaces) // nginx does not know the condition
            m_proxy->answerInstead("PUT", {"HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n"});
        const auto result = WebDavDestination(dav("/basic/")).upload(request, {}, {});
        for (const SeenRequest &seen : m_proxy->requests()) {
            if (seen.method == "PUT")
                QCOMPARE(seen.headers.count("if-none-match"), std::size_t(replaces ? 0 : 1));
        }
        if (request.namePolicy == NamePolicy::ask)
            QCOMPARE(result.error().code, UploadErrc::nameExists);
        else
            QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        if (request.namePolicy == NamePolicy::keepBoth)
            QCOMPARE(contentOf(root(false) / "photo (2).jpg"), contentOf(request.file));
        QCOMPARE(contentOf(root(false) / "photo.jpg"), replaces ? contentOf(request.file) : QByteArray("another's"));
    }

    void davLeavesWhatAnotherPutThereMeanwhile_data()
    {
        QTest::addColumn<bool>("cancelled");
        QTest::newRow("sends it again") << false;
        QTest::newRow("cancelled") << true;
    }
    void davLeavesWhatAnotherPutThereMeanwhile()
    {
        QFETCH(bool, cancelled);
        if (!startNginx())
            return;
        const auto request = file(3000, "photo.jpg");
        m_proxy->loseAnswerOf("PUT");
        std::stop_source stop;
        UploadObserver observer;
        observer.onWaiting = [&](const UploadError &, std::chrono::milliseconds) {
            writeText(QString::fromStdString((root(false) / "photo.jpg").native()), "another's");
            if (cancelled)
                stop.request_stop();
        };
        const auto result = WebDavDestination(dav("/basic/")).upload(request, observer, stop.get_token());
        QCOMPARE(result.error().code, cancelled ? UploadErrc::cancelled : UploadErrc::nameExists);
        QCOMPARE(contentOf(root(false) / "photo.jpg"), QByteArray("another's"));
    }

    void davWritesOverThePartThatItSentItself_data() { davLeavesWhatAnotherPutThereMeanwhile_data(); }
    void davWritesOverThePartThatItSentItself()
    {
        QFETCH(bool, cancelled);
        if (!startNginx())
            return;
        const auto request = file(3000, "photo.jpg");
        m_proxy->loseAnswerOf("PUT");
        std::stop_source stop;
        UploadObserver observer;
        observer.onWaiting = [&](const UploadError &, std::chrono::milliseconds) {
            fs::resize_file(root(false) / "photo.jpg", 1000); // as a server leaves it that writes in place
            if (cancelled)
                stop.request_stop();
        };
        const auto result = WebDavDestination(dav("/basic/")).upload(request, observer, stop.get_token());
        QCOMPARE(result.ok(), !cancelled);
        if (cancelled)
            QVERIFY(!fs::exists(root(false) / "photo.jpg"));
        else
            QCOMPARE(contentOf(root(false) / "photo.jpg"), contentOf(request.file));
    }

    void davThatSaysOfNoNameThatItIsTakenIsGivenUp()
    {
        if (!startNginx())
            return;
        m_proxy->answerInstead("PUT", std::vector<std::string>(6, "HTTP/1.1 412 No\r\nContent-Length: 0\r\n\r\n"));
        const auto result = WebDavDestination(dav("/basic/")).upload(file(3000, "photo.jpg"), {}, {});
        QCOMPARE(result.error().code, UploadErrc::server);
        QVERIFY(namesIn(root(false)).isEmpty());
    }

    void davRefusesWhatIsTooLarge()
    {
        if (!startNginx())
            return;
        const auto result = WebDavDestination(dav("/basic/")).upload(file(1'100'000, "large.jpg"), {}, {});
        QCOMPARE(result.error().code, UploadErrc::request);
        QCOMPARE(result.error().httpStatus, 413);
    }
};

QTEST_GUILESS_MAIN(UploadWebDavTest)
#include "upload_webdav_test.moc"
