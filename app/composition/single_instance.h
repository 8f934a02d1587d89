#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

class QLocalServer;

namespace steadyframe::composition {

/// One program for each data folder: a second one hands over what it was called with, and ends. That is also how a
/// window is found again whose work went on without it. @thread ui
class SingleInstance final : public QObject {
    Q_OBJECT
public:
    explicit SingleInstance(const std::filesystem::path &dataFolder, QObject *parent = nullptr);
    ~SingleInstance() override;

    /// Hands the picks, native bytes, to the program that has the folder already. False when there is none.
    [[nodiscard]] bool handOver(const std::vector<std::string> &picks) const;
    /// From now on others hand over to this one. Nothing happens when that can't be: then the library tells.
    void listen();

signals:
    /// Another start: the window is wanted, and these were picked.
    void started(const std::vector<std::string> &picks);

private:
    void read();

    const QString m_name;
    std::unique_ptr<QLocalServer> m_server;
};

} // namespace steadyframe::composition
