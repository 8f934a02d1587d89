#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

namespace steadyframe::tests {

/// A program in a process of its own, killed at the end of its life here. @thread one
class Peer {
public:
    /// Why scripts with packages from npm can't be run; empty when they can.
    [[nodiscard]] static QString whyNoScripts();

    Peer();
    ~Peer();

    /// Starts a program and waits for the first line it writes, by which it says that it is ready; empty when it ended
    /// without one.
    [[nodiscard]] QString start(const QString &program, const QStringList &arguments);
    /// The same with a script of this folder, run by Node.
    [[nodiscard]] QString startScript(const QString &name, const QStringList &arguments);
    /// The next line, or empty at the end.
    [[nodiscard]] QString nextLine();
    /// Waits until it has ended by itself; its exit status, -1 when it crashed or was killed.
    [[nodiscard]] int waitForEnd();
    /// Asks it to end, as a person with Ctrl+C does, and waits.
    [[nodiscard]] int terminate();
    /// SIGKILL.
    void kill();
    /// All it wrote that was not read as lines.
    [[nodiscard]] QString rest();

private:
    QProcess m_process;
};

} // namespace steadyframe::tests
