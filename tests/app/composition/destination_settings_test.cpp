// Where photos go and the secrets for it, as they are kept between runs.
#include "composition/destination_settings.h"
#include "composition/secret_store.h"

#include <isolate_core/qt/main_isolate.h>
#include <isolate_core/runtime.h>

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <optional>
#include <sys/stat.h>

using namespace steadyframe::composition;
using steadyframe::upload::Protocol;

class DestinationSettingsTest : public QObject {
    Q_OBJECT

private slots:
    void settingsComeBackWithoutASecret()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("below/destination.json").toStdString();
        QCOMPARE(loadDestinationSettings(file), DestinationSettings{});
        DestinationSettings settings;
        settings.isReceiver = false;
        settings.protocol = Protocol::s3;
        settings.address = "https://s3.example.org/bucket/ph\xc3\xb6tos";
        settings.user = "AKID";
        settings.region = "eu-central-1";
        settings.atOnce = 4;
        settings.bytesPerSecond = 500'000;
        QCOMPARE(saveDestinationSettings(file, settings), std::string());
        QCOMPARE(loadDestinationSettings(file), settings);
    }

    void damagedSettingsGoToTheReceiver_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut short") << QByteArray("{\"kind\": \"tus\", \"addr");
        QTest::newRow("a kind of the future") << QByteArray("{\"kind\": \"pigeon\", \"address\": \"https://x.org/\"}");
        QTest::newRow("an address that is none") << QByteArray("{\"kind\": \"tus\", \"address\": \"file:///etc\"}");
        QTest::newRow("other types") << QByteArray("{\"kind\": 5, \"filesAtOnce\": \"many\", \"bytesPerSecond\": -1}");
    }
    void damagedSettingsGoToTheReceiver()
    {
        QFETCH(QByteArray, text);
        const QTemporaryDir folder;
        QFile file(folder.filePath("destination.json"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        const auto settings = loadDestinationSettings(file.fileName().toStdString());
        QVERIFY(settings.isReceiver);
        QCOMPARE(settings.atOnce, 0U);
        QCOMPARE(settings.bytesPerSecond, std::uint64_t(0));
    }

    void whatCannotBeUsedIsSaid_data()
    {
        QTest::addColumn<int>("protocol");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("user");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *name, Protocol protocol, const char *address, const char *user, bool good) {
            QTest::newRow(name) << int(protocol) << QString(address) << QString(user) << good;
        };
        row("tus", Protocol::tus, "https://tus.example.org/files/", "", true);
        row("plain", Protocol::webDav, "http://127.0.0.1:8080/dav", "me", true);
        row("nothing", Protocol::tus, "", "", false);
        row("a path", Protocol::webDav, "/srv/photos", "", false);
        row("another scheme", Protocol::webDav, "ftp://example.org/", "", false);
        row("a password in it", Protocol::webDav, "https://me:secret@example.org/", "", false);
        row("a store without a key", Protocol::s3, "https://s3.example.org/bucket", "", false);
        row("a store without a bucket", Protocol::s3, "https://s3.example.org/", "AKID", false);
    }
    void whatCannotBeUsedIsSaid()
    {
        QFETCH(int, protocol);
        QFETCH(QString, address);
        QFETCH(QString, user);
        QFETCH(bool, good);
        DestinationSettings settings;
        settings.isReceiver = false;
        settings.protocol = static_cast<Protocol>(protocol);
        settings.address = address.toStdString();
        settings.user = user.toStdString();
        QCOMPARE(problemOf(settings).empty(), good);
    }

    void aSecretIsATokenWhereThereIsNoUser()
    {
        DestinationSettings settings;
        settings.protocol = Protocol::webDav;
        QCOMPARE(targetOf(settings, "s").token, std::string("s"));
        QVERIFY(targetOf(settings, "s").password.empty());
        settings.user = "me";
        QCOMPARE(targetOf(settings, "s").password, std::string("s"));
        QVERIFY(targetOf(settings, "s").token.empty());
    }

    void theFileIsForItsOwnerAlone()
    {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.filePath("secrets.json").toStdString());
        QVERIFY(writeSecret(file, "a", "one \xc3\xa4\"\n"));
        QVERIFY(writeSecret(file, "b", "two"));
        QCOMPARE(modeOf(file), mode_t(0600));
        QCOMPARE(readSecrets(file), (Secrets{{"a", "one \xc3\xa4\"\n"}, {"b", "two"}}));
        std::filesystem::permissions(file, std::filesystem::perms(0644)); // somebody's mistake
        QCOMPARE(readSecrets(file).size(), std::size_t(2));
        QCOMPARE(modeOf(file), mode_t(0600));
        QVERIFY(writeSecret(file, "a", ""));
        QCOMPARE(readSecrets(file), (Secrets{{"b", "two"}}));
        QVERIFY(!writeSecret("/proc/nothing/secrets.json", "a", "b"));
    }

    void withoutAKeyringTheFileIsUsed()
    {
        // There is no session bus in a test: see its environment.
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("secrets.json").toStdString();
        roundTrip(file, SecretStore::Place::file);
        QVERIFY(readSecrets(file).empty()); // forgotten at the end
    }

    void aKeyringIsPreferred()
    {
        const auto session = QStandardPaths::findExecutable("dbus-run-session");
        const auto keyring = QStandardPaths::findExecutable("gnome-keyring-daemon");
        if (session.isEmpty() || keyring.isEmpty())
            QSKIP("There is no keyring (on Debian: apt-get install gnome-keyring dbus)");
        const QTemporaryDir folder;
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("HOME", folder.path());
        environment.insert("XDG_DATA_HOME", folder.filePath("data"));
        environment.insert("XDG_RUNTIME_DIR", folder.path());
        environment.insert("XDG_CURRENT_DESKTOP", "GNOME");
        process.setProcessEnvironment(environment);
        process.start(session,
                      {"--", "sh", "-c",
                       "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$0\" "
                       "inTheKeyring",
                       QCoreApplication::applicationFilePath()});
        QVERIFY(process.waitForFinished(60'000));
        const auto said = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, said.constData());
    }

    void inTheKeyring()
    {
        if (qEnvironmentVariable("XDG_CURRENT_DESKTOP") != "GNOME")
            QSKIP("aKeyringIsPreferred runs this in a session of its own");
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("secrets.json").toStdString();
        QVERIFY(writeSecret(file, "key", "of a time without a keyring"));
        roundTrip(file, SecretStore::Place::keyring);
        QVERIFY(readSecrets(file).empty()); // what was in the file has moved
    }

private:
    static mode_t modeOf(const std::filesystem::path &file)
    {
        struct stat information {};
        return ::stat(file.c_str(), &information) == 0 ? information.st_mode & 0777 : 0;
    }
    static void roundTrip(const std::filesystem::path &file, SecretStore::Place expected)
    {
        isolate::Runtime runtime;
        const isolate::qt::MainIsolate main(runtime);
        SecretStore store(file);
        std::optional<SecretStore::Place> kept;
        store.write("key", "s3cr\xc3\xa9t", [&](SecretStore::Place place) { kept = place; });
        QTRY_VERIFY_WITH_TIMEOUT(kept.has_value(), 30'000);
        QCOMPARE(*kept, expected);
        std::optional<QString> secret;
        store.read("key", [&](const QString &found, SecretStore::Place place) {
            secret = found;
            kept = place;
        });
        QTRY_VERIFY_WITH_TIMEOUT(secret.has_value(), 30'000);
        QCOMPARE(*secret, QString::fromUtf8("s3cr\xc3\xa9t"));
        QCOMPARE(*kept, expected);
        kept.reset();
        store.write("key", "", [&](SecretStore::Place place) { kept = place; });
        QTRY_VERIFY_WITH_TIMEOUT(kept.has_value(), 30'000);
        secret.reset();
        store.read("key", [&](const QString &found, SecretStore::Place) { secret = found; });
        QTRY_VERIFY_WITH_TIMEOUT(secret.has_value(), 30'000);
        QCOMPARE(*secret, QString());
    }
};

QTEST_GUILESS_MAIN(DestinationSettingsTest)
#include "destination_settings_test.moc"
