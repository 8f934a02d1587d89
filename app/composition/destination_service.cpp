#include "composition/destination_service.h"

#include "upload/destinations.h"

#include <isolate_core/run.h>

namespace steadyframe::composition {

namespace {

constexpr std::uint64_t bytesInAKilobyte = 1000;

using Kind = ui::DestinationModel::Kind;

DestinationSettings settingsOf(const ui::DestinationModel::Entry &entry, const DestinationSettings &before)
{
    DestinationSettings settings = before;
    settings.isReceiver = entry.kind == Kind::Receiver;
    settings.protocol = entry.kind == Kind::WebDav ? upload::Protocol::webDav
        : entry.kind == Kind::S3                   ? upload::Protocol::s3
                                                   : upload::Protocol::tus;
    settings.address = entry.address.toStdString();
    settings.user = entry.user.toStdString();
    settings.region = entry.region.toStdString();
    return settings;
}

ui::DestinationModel::Entry entryOf(const DestinationSettings &settings)
{
    ui::DestinationModel::Entry entry;
    if (settings.isReceiver)
        return entry;
    entry.kind = settings.protocol == upload::Protocol::webDav ? Kind::WebDav
        : settings.protocol == upload::Protocol::s3            ? Kind::S3
                                                               : Kind::Tus;
    entry.address = QString::fromStdString(settings.address);
    entry.user = QString::fromStdString(settings.user);
    entry.region = QString::fromStdString(settings.region);
    return entry;
}

/// What is wrong with a destination; empty when nothing is.
std::string checkTarget(const upload::Target &target)
{
    const auto checked = upload::makeDestination(target)->check({});
    return checked ? std::string() : checked.error().message;
}

} // namespace

DestinationService::DestinationService(ui::DestinationModel &model, const std::filesystem::path &folder,
                                       std::function<void(pipeline::Command)> send, QObject *parent)
    : QObject(parent), m_model(model), m_file(folder / "destination.json"), m_send(std::move(send)),
      m_secrets(folder / "secrets.json")
{
    connect(&m_model, &ui::DestinationModel::useWanted, this, &DestinationService::use);
    connect(&m_model, &ui::DestinationModel::testWanted, this, &DestinationService::test);
    connect(&m_model, &ui::DestinationModel::uploadsWanted, this, &DestinationService::changeUploads);
}

void DestinationService::load()
{
    const auto take = [this](const DestinationSettings &settings) {
        m_settings = settings;
        m_isLoaded = true;
        m_model.setUploads(static_cast<int>(settings.atOnce),
                           static_cast<int>(settings.bytesPerSecond / bytesInAKilobyte));
        m_send(pipeline::UseUploads{settings.atOnce, settings.bytesPerSecond});
        withTarget(settings, {},
                   [this](const upload::Target &target, SecretStore::Place place) { chosen(target, place); });
    };
    isolate::runWith({.name = "settings"}, loadDestinationSettings, m_file).then(take, [take](std::exception_ptr) {
        take({});
    });
}

void DestinationService::setReceiver(upload::Target receiver)
{
    m_receiver = std::move(receiver);
    tell();
}

std::map<std::string, std::string> DestinationService::addresses() const
{
    if (!m_receiver)
        return {};
    return {{upload::identityOf(*m_receiver), m_receiver->endpoint}};
}

void DestinationService::withTarget(const DestinationSettings &settings, const QString &entered,
                                    std::function<void(const upload::Target &, SecretStore::Place)> done)
{
    if (settings.isReceiver)
        return done({}, SecretStore::Place::nowhere);
    if (!entered.isEmpty())
        return done(targetOf(settings, entered.toStdString()), SecretStore::Place::nowhere);
    m_secrets.read(secretKeyOf(settings), [settings, done](const QString &secret, SecretStore::Place place) {
        done(targetOf(settings, secret.toStdString()), place);
    });
}

void DestinationService::chosen(const upload::Target &target, SecretStore::Place place)
{
    m_target.reset();
    if (!m_settings.isReceiver)
        m_target = target;
    showPlace(place);
    tell();
}

void DestinationService::showPlace(SecretStore::Place place)
{
    QString text;
    if (place == SecretStore::Place::keyring)
        text = tr("Kept in the system's keyring.");
    else if (place == SecretStore::Place::file)
        text = tr("Kept in a file that only you can read: there is no keyring here.");
    m_model.setChosen(entryOf(m_settings), text);
}

void DestinationService::tell()
{
    if (!m_isLoaded)
        return;
    const auto &target = m_settings.isReceiver ? m_receiver : m_target;
    if (target)
        m_send(pipeline::UseTarget{*target});
}

void DestinationService::use(const ui::DestinationModel::Entry &entry)
{
    const auto settings = settingsOf(entry, m_settings);
    if (const auto wrong = problemOf(settings); !wrong.empty())
        return m_model.setTestResult(false, QString::fromStdString(wrong));
    m_settings = settings;
    save();
    withTarget(settings, entry.secret,
               [this, settings, secret = entry.secret](const upload::Target &target, SecretStore::Place place) {
                   // At once: it holds for what is picked next, however long a keyring takes.
                   chosen(target, place);
                   if (secret.isEmpty())
                       return;
                   m_secrets.write(secretKeyOf(settings), secret, [this, settings](SecretStore::Place kept) {
                       if (kept == SecretStore::Place::nowhere)
                           emit problem(tr("The password could not be kept. It is used until you quit."));
                       if (secretKeyOf(settings) == secretKeyOf(m_settings))
                           showPlace(kept);
                   });
               });
}

void DestinationService::test(const ui::DestinationModel::Entry &entry)
{
    const auto settings = settingsOf(entry, m_settings);
    if (const auto wrong = problemOf(settings); !wrong.empty())
        return m_model.setTestResult(false, QString::fromStdString(wrong));
    m_model.setTesting();
    withTarget(settings, entry.secret,
               [this, receiver = settings.isReceiver](const upload::Target &target, SecretStore::Place) {
                   if (receiver && !m_receiver)
                       m_model.setTestResult(false, tr("The built-in receiver has not started."));
                   else
                       runTest(receiver ? *m_receiver : target);
               });
}

void DestinationService::runTest(const upload::Target &target)
{
    isolate::SpawnOptions options;
    options.name = "test of a destination";
    options.placement = isolate::Placement::dedicated; // its calls block
    isolate::runWith(options, checkTarget, target)
        .then(
            [this](const std::string &wrong) {
                m_model.setTestResult(wrong.empty(),
                                      wrong.empty() ? tr("A file was stored there and removed again.")
                                                    : QString::fromStdString(wrong));
            },
            [this](std::exception_ptr) { m_model.setTestResult(false, tr("The test ended without an answer.")); });
}

void DestinationService::changeUploads(int atOnce, int kilobytesPerSecond)
{
    m_settings.atOnce = static_cast<unsigned>(qMax(0, atOnce));
    m_settings.bytesPerSecond = static_cast<std::uint64_t>(qMax(0, kilobytesPerSecond)) * bytesInAKilobyte;
    m_model.setUploads(atOnce, kilobytesPerSecond);
    m_send(pipeline::UseUploads{m_settings.atOnce, m_settings.bytesPerSecond});
    save();
}

void DestinationService::save()
{
    isolate::runWith({.name = "settings"}, saveDestinationSettings, m_file, m_settings)
        .then(
            [this](const std::string &wrong) {
                if (!wrong.empty())
                    emit problem(QString::fromStdString(wrong));
            },
            [this](std::exception_ptr) { emit problem(tr("The destination could not be saved.")); });
}

} // namespace steadyframe::composition
