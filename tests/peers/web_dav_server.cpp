#include "peers/web_dav_server.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUuid>

namespace steadyframe::tests {

namespace {

QString program()
{
    return QStandardPaths::findExecutable("nginx", {"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"});
}

bool writeText(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

QByteArray configuration(const QString &folder, quint16 port, const QString &readyPath)
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
                   "        location = %3 {\n"
                   "            return 204;\n"
                   "        }\n"
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
        .arg(readyPath)
        .toUtf8();
}

/// Whether it is this server that answers at the port: another program may have taken it first.
bool answers(quint16 port, const QString &readyPath)
{
    constexpr int limit = 1000; // milliseconds
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    if (!socket.waitForConnected(limit))
        return false;
    socket.write("GET " + readyPath.toUtf8() + " HTTP/1.0\r\n\r\n");
    QByteArray answer;
    while (!answer.contains('\n') && socket.waitForReadyRead(limit))
        answer += socket.readAll();
    return answer.startsWith("HTTP/1.1 204");
}

} // namespace

QString WebDavServer::whyNot()
{
    return program().isEmpty() ? QStringLiteral("There is no nginx (on Debian: apt-get install nginx-light)")
                               : QString();
}

WebDavServer::~WebDavServer()
{
    m_process.kill();
    m_process.waitForFinished();
}

quint16 WebDavServer::start(const QString &folder)
{
    constexpr int attempts = 5;
    const QString readyPath = "/" + QUuid::createUuid().toString(QUuid::WithoutBraces);
    QDir(folder).mkpath("served/basic");
    QDir(folder).mkpath("served/bearer");
    if (!writeText(folder + "/users", "person:{PLAIN}secret\n"))
        return 0;
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        quint16 port = 0;
        {
            QTcpServer probe; // the port is free now, and most likely still is in a moment
            probe.listen(QHostAddress::LocalHost);
            port = probe.serverPort();
        }
        if (!writeText(folder + "/nginx.conf", configuration(folder, port, readyPath)))
            return 0;
        m_process.start(program(), {"-c", folder + "/nginx.conf", "-p", folder, "-e", "stderr"});
        while (m_process.state() != QProcess::NotRunning) {
            if (answers(port, readyPath))
                return port;
            m_process.waitForFinished(10);
        }
    }
    return 0;
}

} // namespace steadyframe::tests
