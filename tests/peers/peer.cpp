#include "peers/peer.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcessEnvironment>
#include <QStandardPaths>

#include <filesystem>

namespace steadyframe::tests {

namespace {

constexpr int patience = 60'000; // milliseconds; only a hung program takes so long

}

QString Peer::whyNoScripts()
{
    QFile whyNot(QStringLiteral(PEERS_FOLDER "/why-not.txt"));
    if (whyNot.open(QIODevice::ReadOnly))
        return QString::fromUtf8(whyNot.readAll());
    if (!QDir(QStringLiteral(PEERS_FOLDER "/node_modules")).exists())
        return QStringLiteral("The peers are not installed: run the test peers_install first");
    if (QStandardPaths::findExecutable(QStringLiteral("node")).isEmpty())
        return QStringLiteral("There is no node (on Debian: apt-get install nodejs)");
    return {};
}

Peer::Peer()
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
}

Peer::~Peer()
{
    kill();
}

QString Peer::start(const QString &program, const QStringList &arguments)
{
    m_process.start(program, arguments);
    return nextLine();
}

QString Peer::startScript(const QString &name, const QStringList &arguments)
{
    // A module is looked for beside its script, so the scripts are where the packages are.
    const QString script = QStringLiteral(PEERS_FOLDER "/") + name;
    QFile source(QStringLiteral(PEERS_SCRIPTS "/") + name);
    QFile copy(script);
    if (source.open(QIODevice::ReadOnly)) {
        const QByteArray text = source.readAll();
        // Left alone when it is the same: other tests run it at the same time.
        if (!copy.open(QIODevice::ReadOnly) || copy.readAll() != text) {
            copy.close();
            const QString temporary = script + QString::number(QCoreApplication::applicationPid());
            QFile fresh(temporary);
            if (fresh.open(QIODevice::WriteOnly))
                fresh.write(text);
            fresh.close();
            // In one step: others may be about to run it.
            std::filesystem::rename(temporary.toStdString(), script.toStdString());
        }
    }
    return start(QStringLiteral("node"), QStringList(script) + arguments);
}

QString Peer::nextLine()
{
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(patience))
            break;
    }
    return QString::fromUtf8(m_process.readLine()).trimmed();
}

int Peer::waitForEnd()
{
    if (!m_process.waitForFinished(patience) && m_process.state() != QProcess::NotRunning)
        return -1;
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

int Peer::terminate()
{
    m_process.terminate();
    return waitForEnd();
}

void Peer::kill()
{
    m_process.kill();
    m_process.waitForFinished(patience);
}

QString Peer::rest()
{
    return QString::fromUtf8(m_process.readAllStandardOutput());
}

} // namespace steadyframe::tests
