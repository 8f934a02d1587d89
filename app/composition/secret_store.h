#pragma once

#include <QObject>
#include <QString>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace steadyframe::composition {

/// Passwords, keys and tokens: in the system's keyring where there is one, else in a file that only its owner can read.
/// @thread ui
class SecretStore final : public QObject {
    Q_OBJECT
public:
    enum class Place { nowhere, keyring, file };

    explicit SecretStore(std::filesystem::path file, QObject *parent = nullptr);

    /// Calls `done` with the secret and where it was; empty and nowhere when there is none.
    void read(const QString &key, std::function<void(const QString &secret, Place place)> done);
    /// Calls `done` with where it is kept now; nowhere when it could not be kept. An empty secret is forgotten.
    void write(const QString &key, const QString &secret, std::function<void(Place place)> done);

private:
    void readFile(const QString &key, std::function<void(const QString &, Place)> done);
    void writeFile(const QString &key, const QString &secret, std::function<void(Place)> done);

    const std::filesystem::path m_file;
};

using Secrets = std::map<std::string, std::string>;

/// All secrets in the file; none when it is missing or damaged. Takes the permission of others to read it away. @thread
/// any; blocks on the disk
[[nodiscard]] Secrets readSecrets(const std::filesystem::path &file);

/// Sets one, or forgets it when it is empty, and replaces the file as a whole by one that only its owner can read.
/// False when that could not be done. @thread any; blocks on the disk
[[nodiscard]] bool writeSecret(const std::filesystem::path &file, const std::string &key, const std::string &secret);

} // namespace steadyframe::composition
