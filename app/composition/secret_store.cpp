#include "composition/secret_store.h"

#include <isolate_core/run.h>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <qt6keychain/keychain.h>

#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace steadyframe::composition {

namespace {

constexpr mode_t ownerOnly = 0600;
constexpr qint64 largestFile = 256 * 1024;

QString service()
{
    return QStringLiteral("steadyframe");
}

bool writeAll(int descriptor, const QByteArray &text)
{
    return ::write(descriptor, text.constData(), static_cast<std::size_t>(text.size())) == text.size()
        && ::fsync(descriptor) == 0;
}

} // namespace

Secrets readSecrets(const std::filesystem::path &path)
{
    ::chmod(path.c_str(), ownerOnly);
    Secrets secrets;
    QFile file(QFile::decodeName(path.c_str()));
    if (!file.open(QIODevice::ReadOnly))
        return secrets;
    const QJsonObject json = QJsonDocument::fromJson(file.read(largestFile)).object();
    for (auto entry = json.begin(); entry != json.end(); ++entry)
        secrets[entry.key().toStdString()] = entry.value().toString().toStdString();
    return secrets;
}

bool writeSecret(const std::filesystem::path &path, const std::string &key, const std::string &secret)
{
    auto secrets = readSecrets(path);
    if (secret.empty() && !secrets.contains(key))
        return true;
    if (secret.empty())
        secrets.erase(key);
    else
        secrets[key] = secret;
    QJsonObject json;
    for (const auto &[name, value] : secrets)
        json[QString::fromStdString(name)] = QString::fromStdString(value);
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    const std::string fresh = path.native() + ".new";
    ::unlink(fresh.c_str());
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, ownerOnly);
    if (descriptor < 0)
        return false;
    const bool written = writeAll(descriptor, QJsonDocument(json).toJson());
    ::close(descriptor);
    if (written && ::rename(fresh.c_str(), path.c_str()) == 0)
        return true;
    ::unlink(fresh.c_str());
    return false;
}

SecretStore::SecretStore(std::filesystem::path file, QObject *parent) : QObject(parent), m_file(std::move(file)) {}

void SecretStore::read(const QString &key, std::function<void(const QString &, Place)> done)
{
    auto *job = new QKeychain::ReadPasswordJob(service(), this); // it deletes itself
    job->setInsecureFallback(false);
    job->setKey(key);
    connect(job, &QKeychain::Job::finished, this, [this, job, key, done = std::move(done)] {
        if (job->error() == QKeychain::NoError && !job->textData().isEmpty())
            done(job->textData(), Place::keyring);
        else
            readFile(key, done);
    });
    job->start();
}

void SecretStore::readFile(const QString &key, std::function<void(const QString &, Place)> done)
{
    isolate::runWith({.name = "secrets"}, readSecrets, m_file)
        .then(
            [key = key.toStdString(), done](const Secrets &secrets) {
                const auto found = secrets.find(key);
                if (found == secrets.end())
                    done({}, Place::nowhere);
                else
                    done(QString::fromStdString(found->second), Place::file);
            },
            [done](std::exception_ptr) { done({}, Place::nowhere); });
}

void SecretStore::write(const QString &key, const QString &secret, std::function<void(Place)> done)
{
    if (secret.isEmpty()) {
        auto *job = new QKeychain::DeletePasswordJob(service(), this);
        job->setInsecureFallback(false);
        job->setKey(key);
        connect(job, &QKeychain::Job::finished, this,
                [this, key, done = std::move(done)] { writeFile(key, {}, [done](Place) { done(Place::nowhere); }); });
        return job->start();
    }
    auto *job = new QKeychain::WritePasswordJob(service(), this);
    job->setInsecureFallback(false);
    job->setKey(key);
    job->setTextData(secret);
    connect(job, &QKeychain::Job::finished, this, [this, job, key, secret, done = std::move(done)] {
        if (job->error() != QKeychain::NoError)
            return writeFile(key, secret, done);
        // One that was kept in the file before there was a keyring has no business there any more.
        writeFile(key, {}, [done](Place) { done(Place::keyring); });
    });
    job->start();
}

void SecretStore::writeFile(const QString &key, const QString &secret, std::function<void(Place)> done)
{
    isolate::runWith({.name = "secrets"}, writeSecret, m_file, key.toStdString(), secret.toStdString())
        .then([done](bool kept) { done(kept ? Place::file : Place::nowhere); },
              [done](std::exception_ptr) { done(Place::nowhere); });
}

} // namespace steadyframe::composition
