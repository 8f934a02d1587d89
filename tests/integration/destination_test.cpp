// Another destination than the built-in receiver, chosen, tested and mended in the window.
#include "application_world.h"

#include "peers/web_dav_server.h"
#include "receiver/receiver.h"

using namespace steadyframe;
using tests::ApplicationWorld;
using ui::PhotoState;

class DestinationTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_world = std::make_unique<ApplicationWorld>();
        receiver::ReceiverOptions options;
        options.folder = m_world->root() / "elsewhere";
        options.token = "the right token";
        auto started = receiver::Receiver::start(std::move(options));
        QVERIFY(started.ok());
        m_receiver = std::move(started).value();
    }
    void cleanupTestCase()
    {
        m_world.reset();
        m_receiver.reset();
    }

    void aTestSaysWhatIsWrong()
    {
        auto &destination = *m_world->session().destination();
        const auto kind = ui::DestinationModel::Tus;
        const auto result = [&](const QString &address, const QString &token) {
            destination.test(kind, address, {}, token, {});
            [&] { QTRY_VERIFY_WITH_TIMEOUT(!destination.testing() && !destination.testText().isEmpty(), 30'000); }();
            return destination.testGood();
        };
        QVERIFY(result(endpoint(), "the right token"));
        QVERIFY(!result(endpoint(), "a wrong token"));
        QVERIFY(destination.testText().contains("credentials"));
        QVERIFY(!destination.testText().contains("a wrong token"));
        QVERIFY(!result("not an address", "x"));
        QVERIFY(destination.testText().contains("https://"));
        QVERIFY(!result("http://127.0.0.1:1/files", "x"));
        for (const auto &entry : std::filesystem::directory_iterator(m_world->root() / "elsewhere" / ".incoming"))
            QVERIFY2(entry.path().extension() != ".data", entry.path().c_str()); // a test leaves nothing behind
    }

    void credentialsAreAskedForAndMended()
    {
        auto &session = m_world->session();
        m_world->press(Qt::Key_6, Qt::ControlModifier);
        QTRY_VERIFY(m_world->item("destinationKind"));
        m_world->item("destinationKind")->setProperty("currentIndex", int(ui::DestinationModel::Tus));
        QTRY_VERIFY(m_world->item("destinationAddress"));
        m_world->item("destinationAddress")->setProperty("text", endpoint());
        m_world->item("destinationSecret")->setProperty("text", "a wrong token");
        m_world->drawFrame(); // with the rows of that kind
        m_world->item("destinationUse")->forceActiveFocus(Qt::TabFocusReason); // scrolls to it
        QVERIFY(m_world->click("destinationUse"));
        QTRY_COMPARE(session.destination()->address(), endpoint());
        QVERIFY(
            m_world->item("destinationSecret")->property("text").toString().isEmpty()); // shown no longer than needed

        m_world->press(Qt::Key_1, Qt::ControlModifier);
        m_world->application().pick(
            {m_world->makePhoto("first.jpg").native(), m_world->makePhoto("second.jpg").native()});
        QTRY_COMPARE_WITH_TIMEOUT(session.attention(), ui::Session::Credentials, 30'000);
        QTRY_VERIFY(m_world->item("attention"));
        QCOMPARE(session.failed(), 0);

        session.destination()->use(ui::DestinationModel::Tus, endpoint(), {}, "the right token", {});
        QTRY_VERIFY_WITH_TIMEOUT(m_world->allAre(PhotoState::Uploaded, 2), 30'000);
        QCOMPARE(session.attention(), ui::Session::NoAttention);
        for (const char *name : {"first.jpg", "second.jpg"}) {
            const auto *photo = m_world->photo(name);
            QVERIFY(photo);
            const auto result = ApplicationWorld::contentOf(m_world->application().bridge().resultOf(photo->id));
            QVERIFY(!result.empty());
            QVERIFY(ApplicationWorld::contentOf(m_receiver->folder() / name) == result);
        }
    }

    void theSecretIsKeptForItsOwnerAlone()
    {
        const auto data = m_world->root() / "data";
        const auto settings = ApplicationWorld::contentOf(data / "destination.json");
        QVERIFY(settings.find(m_receiver->endpoint()) != std::string::npos);
        QVERIFY(settings.find("the right token") == std::string::npos);
        // There is no keyring in a test; see its environment.
        const auto secrets = data / "secrets.json";
        QTRY_VERIFY(ApplicationWorld::contentOf(secrets).find("the right token") != std::string::npos);
        QCOMPARE(std::filesystem::status(secrets).permissions() & std::filesystem::perms::mask,
                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }

    void theQuestionAboutANameIsAnsweredOnce()
    {
        if (const auto why = tests::WebDavServer::whyNot(); !why.isEmpty())
            QSKIP(qPrintable(why));
        QTemporaryDir folder;
        tests::WebDavServer server;
        const quint16 port = server.start(folder.path());
        QVERIFY(port > 0);
        const auto served = std::filesystem::path(folder.path().toStdString()) / "served" / "basic";
        for (const char *name : {"third.jpg", "fourth.jpg"})
            std::ofstream(served / name) << "another file";

        auto &session = m_world->session();
        const QString address = QStringLiteral("http://127.0.0.1:%1/basic").arg(port);
        session.destination()->use(ui::DestinationModel::WebDav, address, QStringLiteral("person"),
                                   QStringLiteral("secret"), {});
        QTRY_COMPARE(session.destination()->address(), address);
        const QStringList names{"third.jpg", "fourth.jpg"};
        for (const QString &name : names)
            m_world->application().pick({m_world->makePhoto(name.toStdString()).native()});
        QTRY_COMPARE_WITH_TIMEOUT(session.attention(), ui::Session::NameExists, 30'000);
        QTRY_VERIFY(m_world->item("attention"));
        QVERIFY(m_world->item("attention")->property("text").toString().contains(".jpg"));
        QVERIFY(!m_world->item("tryAgain"));
        QCOMPARE(session.failed(), 0);
        QTRY_VERIFY(m_world->item("nameKeepBoth"));
        QVERIFY(m_world->click("nameKeepBoth"));
        // The answer is good for the other one, too.
        QTRY_VERIFY_WITH_TIMEOUT(m_world->allAre(PhotoState::Uploaded, 4), 30'000);
        QCOMPARE(session.attention(), ui::Session::NoAttention);
        for (const QString &name : names) {
            const std::string stem = name.section('.', 0, 0).toStdString();
            const auto result
                = ApplicationWorld::contentOf(m_world->application().bridge().resultOf(m_world->photo(name)->id));
            QVERIFY(!result.empty());
            QVERIFY(ApplicationWorld::contentOf(served / (stem + " (2).jpg")) == result);
            QCOMPARE(ApplicationWorld::contentOf(served / (stem + ".jpg")), std::string("another file"));
        }
        // Back to the first destination, and here again: the answer is remembered.
        session.destination()->use(ui::DestinationModel::Tus, endpoint(), {}, "the right token", {});
        session.destination()->use(ui::DestinationModel::WebDav, address, QStringLiteral("person"),
                                   QStringLiteral("secret"), {});
        std::ofstream(served / "fifth.jpg") << "another file";
        m_world->application().pick({m_world->makePhoto("fifth.jpg").native()});
        QTRY_VERIFY_WITH_TIMEOUT(m_world->allAre(PhotoState::Uploaded, 5), 30'000);
        QVERIFY(std::filesystem::exists(served / "fifth (2).jpg"));
        session.destination()->use(ui::DestinationModel::Tus, endpoint(), {}, "the right token", {});
        QTRY_COMPARE(session.destination()->address(), endpoint());
    }

    void theManifestOpensOnTheFeedPage()
    {
        QSignalSpy opened(&m_world->application().feeds(), &composition::FeedService::opened);
        m_world->session().writeManifest();
        QVERIFY(opened.wait(30'000));
        QCOMPARE(m_world->application().feed().count(), 5);
    }

private:
    [[nodiscard]] QString endpoint() const { return QString::fromStdString(m_receiver->endpoint()); }

    std::unique_ptr<ApplicationWorld> m_world;
    std::unique_ptr<receiver::Receiver> m_receiver;
};

int main(int argc, char **argv)
{
    return tests::runTest<DestinationTest>(argc, argv);
}
#include "destination_test.moc"
