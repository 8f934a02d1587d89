// Uploads to servers of others: @tus/server, nginx with WebDAV, and an S3 store that verifies signatures. What arrived
// is compared byte by byte, since such servers accept nearly anything.
#include "upload_fixture.h"

#include "peers/peer.h"
#include "upload/s3_destination.h"
#include "upload/webdav_destination.h"

#include <QCryptographicHash>
#include <QDir>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <memory>

using namespace steadyframe;
using namespace steadyframe::upload;
using tests::contentOf;
using tests::FaultProxy;
using tests::Peer;
using tests::Progress;

namespace fs = std::filesystem;

namespace {

constexpr const char *oddName = "b\xc3\xa4r & 100% +#?.jpg";
constexpr std::uint64_t partBytes = 300'000;

} // namespace

class UploadDestinationsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_served = fs::path(m_folder->path().toStdString()) / "served";
        fs::create_directories(m_served);
        m_progress = {};
    }
    void cleanup()
    {
        m_proxy.reset();
        m_server.reset();
        m_nginx.reset();
        m_folder.reset();
    }

    // --- tus

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

    // --- WebDAV

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

    void davFaults_data()
    {
        QTest::addColumn<QByteArray>("fault");
        for (const char *fault :
             {"cut at a third", "cut at the last byte", "answer lost", "500 for a while", "429", "423"})
            QTest::newRow(fault) << QByteArray(fault);
    }
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

    void davRefusesWhatIsTooLarge()
    {
        if (!startNginx())
            return;
        const auto result = WebDavDestination(dav("/basic/")).upload(file(1'100'000, "large.jpg"), {}, {});
        QCOMPARE(result.error().code, UploadErrc::request);
        QCOMPARE(result.error().httpStatus, 413);
    }

    // --- S3

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

    void s3FaultsInParts_data() { davFaults_data(); }
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

private:
    bool startScript(const QString &script, const QStringList &more)
    {
        if (const auto why = Peer::whyNoScripts(); !why.isEmpty()) {
            [this, why] { QSKIP(qPrintable(why)); }();
            return false;
        }
        m_server = std::make_unique<Peer>();
        const auto line = m_server->startScript(script, QStringList(QString::fromStdString(m_served.native())) + more);
        if (!line.startsWith("listening "))
            qFatal("%s did not start: %s", qPrintable(script), qPrintable(line));
        m_proxy = std::make_unique<FaultProxy>(line.section(' ', 1).toUShort());
        return true;
    }
    bool startS3() { return startScript("s3_server.mjs", {"the-key", "the-secret"}); }
    bool startNginx()
    {
        const auto program
            = QStandardPaths::findExecutable("nginx", {"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"});
        if (program.isEmpty()) {
            [] { QSKIP("There is no nginx (on Debian: apt-get install nginx-light)"); }();
            return false;
        }
        fs::create_directories(root(false));
        fs::create_directories(root(true));
        for (int attempt = 0; attempt < 5; ++attempt) {
            quint16 port = 0;
            {
                QTcpServer probe; // the port is free now, and most likely still is in a moment
                probe.listen(QHostAddress::LocalHost);
                port = probe.serverPort();
            }
            const QString folder = m_folder->path();
            writeText(folder + "/users", "person:{PLAIN}secret\n");
            writeText(folder + "/nginx.conf", configuration(folder, port));
            m_nginx.reset(new QProcess);
            m_nginx->setProcessChannelMode(QProcess::ForwardedErrorChannel);
            m_nginx->start(program, {"-c", folder + "/nginx.conf", "-p", folder, "-e", "stderr"});
            while (m_nginx->state() != QProcess::NotRunning) {
                QTcpSocket socket;
                socket.connectToHost(QHostAddress::LocalHost, port);
                if (socket.waitForConnected(1000)) {
                    m_proxy = std::make_unique<FaultProxy>(port);
                    m_server = std::make_unique<Peer>();
                    return true;
                }
                m_nginx->waitForFinished(10);
            }
        }
        qFatal("nginx did not start");
        return false;
    }
    static QByteArray configuration(const QString &folder, quint16 port)
    {
        return QString("daemon off;\n"
                       "master_process off;\n"
                       "pid %1/nginx.pid;\n"
                       "error_log stderr crit;\n"
                       "events {}\n"
                       "http {\n"
                       "    access_log off;\n"
                       "    client_body_temp_path %1/temporary;\n"
                       "    client_max_body_size 1m;\n"
                       "    server {\n"
                       "        listen 127.0.0.1:%2;\n"
                       "        root %1/served;\n"
                       "        dav_methods PUT DELETE MKCOL;\n"
                       "        location /basic/ {\n"
                       "            auth_basic photos;\n"
                       "            auth_basic_user_file %1/users;\n"
                       "        }\n"
                       "        location /bearer/ {\n"
                       "            if ($http_authorization != 'Bearer the-token') {\n"
                       "                return 401;\n"
                       "            }\n"
                       "        }\n"
                       "    }\n"
                       "}\n")
            .arg(folder)
            .arg(port)
            .toUtf8();
    }
    static void writeText(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("%s can't be written", qPrintable(path));
    }
    fs::path root(bool bearer) const { return m_served / (bearer ? "bearer" : "basic"); }

    static RetryLimits quickRetry()
    {
        RetryLimits retry;
        retry.first = std::chrono::milliseconds(2);
        retry.longest = std::chrono::milliseconds(20);
        retry.networkAttempts = 6;
        return retry;
    }
    std::string base() const
    {
        const auto endpoint = m_proxy->endpoint();
        return endpoint.substr(0, endpoint.rfind('/'));
    }
    WebDavOptions dav(const std::string &path) const
    {
        WebDavOptions options;
        options.folder = base() + path;
        options.user = "person";
        options.password = "secret";
        options.retry = quickRetry();
        return options;
    }
    S3Options s3() const
    {
        S3Options options;
        options.folder = base() + "/bucket/photos";
        options.keys = {"the-key", "the-secret", "eu-central-1"};
        options.retry = quickRetry();
        options.partBytes = partBytes;
        return options;
    }
    void inject(const QByteArray &fault, const std::string &method, std::uint64_t bytes)
    {
        const auto answer = [](const std::string &status) {
            return "HTTP/1.1 " + status + "\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        };
        if (fault == "cut at a third")
            m_proxy->cutAfter(bytes / 3);
        else if (fault == "cut at the last byte")
            m_proxy->cutAfter(bytes - 1);
        else if (fault == "answer lost")
            m_proxy->loseAnswerOf(method);
        else if (fault == "500 for a while")
            m_proxy->answerInstead(method, std::vector<std::string>(3, answer("500 Internal Server Error")));
        else if (fault == "429")
            m_proxy->answerInstead(method, {answer("429 Too Many Requests")});
        else
            m_proxy->answerInstead(method, {answer("423 Locked")});
    }
    UploadRequest file(std::uint64_t bytes, const std::string &name)
    {
        QByteArray content(static_cast<qsizetype>(bytes), Qt::Uninitialized);
        std::minstd_rand random(static_cast<unsigned>(bytes + ++m_files));
        for (char &c : content)
            c = static_cast<char>(random() >> 8);
        UploadRequest request;
        request.file = fs::path(m_folder->path().toStdString()) / ("source-" + std::to_string(m_files));
        writeText(QString::fromStdString(request.file.native()), content);
        request.fileName = name;
        request.bytes = bytes;
        request.sha256 = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex().toStdString();
        return request;
    }
    QByteArray stored(const std::string &key) const
    {
        const auto name = QByteArray::fromStdString(key).toPercentEncoding("!'()*");
        return contentOf(m_served / name.toStdString());
    }
    QByteArray uploadsUnderWay() const
    {
        const auto options = s3();
        HttpClient client({});
        HttpRequest get;
        get.url = base() + "/bucket/under%20way";
        get.aws = &options.keys;
        get.headers.push_back("x-amz-content-sha256: "
                              + QCryptographicHash::hash({}, QCryptographicHash::Sha256).toHex().toStdString());
        QByteArray text;
        get.sink = [&](std::string_view bytes) { text.append(bytes.data(), static_cast<qsizetype>(bytes.size())); };
        return client.exchange(get, {}).ok() ? text : QByteArray("no answer");
    }
    static QStringList namesIn(const fs::path &folder)
    {
        return QDir(QString::fromStdString(folder.native())).entryList(QDir::Files | QDir::Hidden);
    }
    static std::string idOf(const std::string &url) { return url.substr(url.rfind('/') + 1); }

    struct Ended {
        void operator()(QProcess *process) const
        {
            process->kill();
            process->waitForFinished();
            delete process;
        }
    };
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_served;
    std::unique_ptr<Peer> m_server;
    std::unique_ptr<QProcess, Ended> m_nginx;
    std::unique_ptr<FaultProxy> m_proxy;
    Progress m_progress;
    unsigned m_files = 0;
};

QTEST_GUILESS_MAIN(UploadDestinationsTest)
#include "upload_destinations_test.moc"
