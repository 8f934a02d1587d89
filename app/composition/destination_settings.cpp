#include "composition/destination_settings.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QUrl>

#include <array>
#include <utility>

namespace steadyframe::composition {

namespace {

constexpr std::array<std::pair<upload::Protocol, const char *>, 3> protocols{{
    {upload::Protocol::tus, "tus"},
    {upload::Protocol::webDav, "webdav"},
    {upload::Protocol::s3, "s3"},
}};
constexpr qint64 largestFile = 64 * 1024;
constexpr int mostAtOnce = 6;

} // namespace

DestinationSettings loadDestinationSettings(const std::filesystem::path &path)
{
    DestinationSettings settings;
    QFile file(QFile::decodeName(path.c_str()));
    if (!file.open(QIODevice::ReadOnly))
        return settings;
    const QJsonObject json = QJsonDocument::fromJson(file.read(largestFile)).object();
    const QString kind = json["kind"].toString();
    for (const auto &[protocol, name] : protocols) {
        if (kind == QLatin1String(name)) {
            settings.isReceiver = false;
            settings.protocol = protocol;
        }
    }
    settings.address = json["address"].toString().toStdString();
    settings.user = json["user"].toString().toStdString();
    settings.region = json["region"].toString().toStdString();
    settings.atOnce = static_cast<unsigned>(qBound(0, json["filesAtOnce"].toInt(), mostAtOnce));
    settings.bytesPerSecond = static_cast<std::uint64_t>(qMax(0.0, json["bytesPerSecond"].toDouble()));
    if (!problemOf(settings).empty())
        settings.isReceiver = true;
    return settings;
}

std::string saveDestinationSettings(const std::filesystem::path &path, const DestinationSettings &settings)
{
    QJsonObject json;
    json["kind"] = QStringLiteral("receiver");
    if (!settings.isReceiver) {
        for (const auto &[protocol, name] : protocols) {
            if (protocol == settings.protocol)
                json["kind"] = QLatin1String(name);
        }
        json["address"] = QString::fromStdString(settings.address);
        json["user"] = QString::fromStdString(settings.user);
        json["region"] = QString::fromStdString(settings.region);
    }
    json["filesAtOnce"] = static_cast<int>(settings.atOnce);
    json["bytesPerSecond"] = static_cast<double>(settings.bytesPerSecond);
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    QSaveFile file(QFile::decodeName(path.c_str()));
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(json).toJson()) < 0 || !file.commit())
        return "The destination could not be saved, so the next start has the one before: "
            + file.errorString().toStdString() + '.';
    return {};
}

upload::Target targetOf(const DestinationSettings &settings, const std::string &secret)
{
    upload::Target target;
    target.endpoint = settings.address;
    target.protocol = settings.protocol;
    target.region = settings.region;
    const bool hasUser = settings.protocol == upload::Protocol::s3
        || (settings.protocol == upload::Protocol::webDav && !settings.user.empty());
    if (hasUser) {
        target.user = settings.user;
        target.password = secret;
    } else {
        target.token = secret;
    }
    return target;
}

std::string problemOf(const DestinationSettings &settings)
{
    if (settings.isReceiver)
        return {};
    const QUrl url(QString::fromStdString(settings.address), QUrl::StrictMode);
    const bool isHttp = url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
    if (!url.isValid() || !isHttp || url.host().isEmpty())
        return "Enter an address that starts with https://.";
    if (!url.userInfo().isEmpty())
        return "Enter the user and the password in their own fields, not in the address.";
    if (settings.protocol == upload::Protocol::s3 && settings.user.empty())
        return "Enter the access key.";
    if (settings.protocol == upload::Protocol::s3 && url.path().size() <= 1)
        return "Enter the bucket, too: https://s3.example.org/bucket.";
    return {};
}

QString secretKeyOf(const DestinationSettings &settings)
{
    return QString::fromStdString(settings.user + '@' + settings.address);
}

} // namespace steadyframe::composition
