#pragma once

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

namespace steadyframe::tests {

namespace fs = std::filesystem;
using namespace upload;

inline constexpr const char *oddName = "b\xc3\xa4r & 100% +#?.jpg";
inline constexpr std::uint64_t partBytes = 300'000;

/// Servers of others in processes of their own, a proxy before them that breaks things, and files to upload.
class DestinationServers {
protected:
    void setUp()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_served = fs::path(m_folder->path().toStdString()) / "served";
        fs::create_directories(m_served);
        m_progress = {};
    }
    void tearDown()
    {
        m_proxy.reset();
        m_server.reset();
        m_nginx.reset();
        m_folder.reset();
    }

    static void faults()
    {
        QTest::addColumn<QByteArray>("fault");
        for (const char *fault :
             {"cut at a third", "cut at the last byte", "answer lost", "500 for a while", "429", "423"})
            QTest::newRow(fault) << QByteArray(fault);
    }

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

} // namespace steadyframe::tests
