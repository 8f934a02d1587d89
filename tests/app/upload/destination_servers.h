#pragma once

#include "upload_fixture.h"

#include "peers/peer.h"
#include "peers/web_dav_server.h"
#include "upload/s3_destination.h"
#include "upload/webdav_destination.h"

#include <QCryptographicHash>
#include <QDir>
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
    bool startS3(const QString &rights = "all")
    {
        return startScript("s3_server.mjs", {"the-key", "the-secret", rights});
    }
    bool startNginx()
    {
        if (const auto why = WebDavServer::whyNot(); !why.isEmpty()) {
            [why] { QSKIP(qPrintable(why)); }();
            return false;
        }
        m_nginx = std::make_unique<WebDavServer>();
        const quint16 port = m_nginx->start(m_folder->path());
        if (port == 0)
            qFatal("nginx did not start");
        m_proxy = std::make_unique<FaultProxy>(port);
        return true;
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

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_served;
    std::unique_ptr<Peer> m_server;
    std::unique_ptr<WebDavServer> m_nginx;
    std::unique_ptr<FaultProxy> m_proxy;
    Progress m_progress;
    unsigned m_files = 0;
};

} // namespace steadyframe::tests
