#include "composition/single_instance.h"

#include "feed/http_fetch.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QLocalServer>
#include <QLocalSocket>

namespace steadyframe::composition {

namespace {

constexpr int patience = 2000; // milliseconds; the other may be busy starting
constexpr qint64 largestMessage = 16 * 1024 * 1024;

QString nameFor(const std::filesystem::path &folder)
{
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(folder, error);
    const auto bytes = QByteArray::fromStdString(error ? folder.native() : path.native());
    return QStringLiteral("steadyframe-")
        + QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().left(24));
}

} // namespace

SingleInstance::SingleInstance(const std::filesystem::path &dataFolder, QObject *parent)
    : QObject(parent), m_name(nameFor(dataFolder))
{
}

SingleInstance::~SingleInstance() = default;

bool SingleInstance::handOver(const std::vector<std::string> &picks) const
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(patience))
        return false;
    QList<QByteArray> paths;
    for (const auto &pick : picks) {
        std::error_code error; // the other one has another working folder
        const auto absolute = std::filesystem::absolute(pick, error);
        const bool asItIs = error || feed::isHttpAddress(pick);
        paths.append(QByteArray::fromStdString(asItIs ? pick : absolute.native()));
    }
    QByteArray message;
    QDataStream stream(&message, QIODevice::WriteOnly);
    stream << paths;
    socket.write(message);
    socket.disconnectFromServer(); // once all is written
    return socket.state() == QLocalSocket::UnconnectedState || socket.waitForDisconnected(patience);
}

void SingleInstance::listen()
{
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server.get(), &QLocalServer::newConnection, this, &SingleInstance::read);
    if (m_server->listen(m_name))
        return;
    // Nobody answered `handOver`, so what is there was left by one that crashed.
    QLocalServer::removeServer(m_name);
    m_server->listen(m_name);
}

void SingleInstance::read()
{
    while (QLocalSocket *socket = m_server->nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, this, [this, socket] {
            socket->deleteLater();
            QList<QByteArray> paths;
            QDataStream stream(socket->read(largestMessage));
            stream >> paths;
            if (stream.status() != QDataStream::Ok)
                return;
            std::vector<std::string> picks;
            for (const QByteArray &path : std::as_const(paths))
                picks.push_back(path.toStdString());
            emit started(picks);
        });
    }
}

} // namespace steadyframe::composition
