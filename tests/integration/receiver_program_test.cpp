// `steadyframe receiver` as a program: by hand and by tus-js-client.
#include "peers/peer.h"

#include <QCryptographicHash>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using steadyframe::tests::Peer;

class ReceiverProgramTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }
    void cleanup() { m_folder.reset(); }

    void saysWhatItNeeds_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::newRow("help") << QStringList{"--help"} << 0;
        QTest::newRow("no folder") << QStringList{} << 2;
        QTest::newRow("no such option") << QStringList{"--dir", "x", "--fast"} << 2;
        QTest::newRow("no value") << QStringList{"--dir"} << 2;
        QTest::newRow("a port that is none") << QStringList{"--dir", "x", "--port", "70000"} << 2;
        QTest::newRow("a folder that can't be made") << QStringList{"--dir", "/proc/nothing"} << 1;
    }
    void saysWhatItNeeds()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        Peer receiver;
        const auto line = receiver.start(program(), QStringList("receiver") + arguments);
        QCOMPARE(receiver.waitForEnd(), status);
        QCOMPARE(line.isEmpty(), status != 0);
    }

    void keepsItsTokenForItsOwner()
    {
        const auto tokenFile = m_folder->filePath("token");
        QByteArray token;
        for (int start = 0; start < 2; ++start) {
            Peer receiver;
            const auto endpoint = receiver.start(program(), arguments({"--token-file", tokenFile}));
            QVERIFY2(endpoint.startsWith("http://127.0.0.1:"), qPrintable(endpoint));
            QCOMPARE(receiver.terminate(), 0);
            QVERIFY(receiver.rest().isEmpty()); // the token is not printed
            QFile file(tokenFile);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto found = file.readAll().trimmed();
            QVERIFY(found.size() >= 32);
            QVERIFY(token.isEmpty() || found == token);
            token = found;
            struct stat information {};
            QCOMPARE(::stat(tokenFile.toLocal8Bit().constData(), &information), 0);
            QCOMPARE(information.st_mode & 0777, mode_t(0600));
        }
    }

    void refusesATokenFileThatKeepsNoSecret_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("mode");
        QTest::newRow("empty") << QByteArray() << 0600;
        QTest::newRow("only a line end") << QByteArray("\n") << 0600;
        QTest::newRow("others may read it") << QByteArray("0123456789abcdef\n") << 0644;
        QTest::newRow("the group may write it") << QByteArray("0123456789abcdef\n") << 0620;
        QTest::newRow("too long") << QByteArray(10'000, 'x') << 0600;
    }
    void refusesATokenFileThatKeepsNoSecret()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, mode);
        QFile file(m_folder->filePath("token"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        QCOMPARE(::chmod(file.fileName().toLocal8Bit().constData(), static_cast<mode_t>(mode)), 0);
        Peer receiver;
        QVERIFY(receiver.start(program(), arguments({"--token-file", file.fileName()})).isEmpty());
        QCOMPARE(receiver.waitForEnd(), 1);
    }

    void tusJsClientUploads()
    {
        if (const auto why = Peer::whyNoScripts(); !why.isEmpty())
            QSKIP(qPrintable(why));
        Peer receiver;
        start(receiver);
        const auto content = makeFile(3'000'000);
        Peer client;
        QCOMPARE(client.startScript("tus_client.mjs", clientArguments(1'000'000)), QString("began 0"));
        QCOMPARE(client.waitForEnd(), 0);
        QCOMPARE(received("photo.jpg"), content);
        QCOMPARE(receiver.terminate(), 0);
    }

    void tusJsClientGoesOnAfterBothWereKilled()
    {
        if (const auto why = Peer::whyNoScripts(); !why.isEmpty())
            QSKIP(qPrintable(why));
        auto receiver = std::make_unique<Peer>();
        start(*receiver);
        const auto content = makeFile(3'000'000);
        const auto state = m_folder->filePath("state");
        Peer client;
        QCOMPARE(client.startScript("tus_client.mjs", clientArguments(500'000) + QStringList{state, "1500000"}),
                 QString());
        QCOMPARE(client.waitForEnd(), -1);
        receiver->kill();
        receiver = std::make_unique<Peer>();
        start(*receiver);
        Peer again;
        QCOMPARE(again.startScript("tus_client.mjs", clientArguments(500'000) + QStringList{state}),
                 QString("began 1500000")); // nothing that was acknowledged is sent again
        QCOMPARE(again.waitForEnd(), 0);
        QCOMPARE(received("photo.jpg"), content);
    }

private:
    static QString program() { return QStringLiteral(STEADYFRAME_PROGRAM); }
    QStringList arguments(const QStringList &more) const
    {
        return QStringList{"receiver", "--dir", m_folder->filePath("received")} + more;
    }
    void start(Peer &receiver)
    {
        QStringList more;
        if (!m_port.isEmpty())
            more = QStringList{"--port", m_port};
        m_endpoint
            = receiver.start(program(), arguments(more + QStringList{"--token-file", m_folder->filePath("token")}));
        QVERIFY2(m_endpoint.startsWith("http://127.0.0.1:"), qPrintable(m_endpoint));
        m_port = m_endpoint.section(':', 2).section('/', 0, 0);
    }
    QStringList clientArguments(int chunkBytes) const
    {
        QFile token(m_folder->filePath("token"));
        [[maybe_unused]] const bool open = token.open(QIODevice::ReadOnly);
        return {m_endpoint, QString::fromLatin1(token.readAll()).trimmed(), m_folder->filePath("source"), "photo.jpg",
                QString::number(chunkBytes)};
    }
    QByteArray makeFile(int bytes) const
    {
        QByteArray content(bytes, Qt::Uninitialized);
        QRandomGenerator random(7);
        for (char &c : content)
            c = static_cast<char>(random.generate());
        QFile file(m_folder->filePath("source"));
        [[maybe_unused]] const bool open = file.open(QIODevice::WriteOnly);
        file.write(content);
        return content;
    }
    QByteArray received(const QString &name) const
    {
        QFile file(m_folder->filePath("received/" + name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no such file)");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_endpoint;
    QString m_port;
};

QTEST_GUILESS_MAIN(ReceiverProgramTest)
#include "receiver_program_test.moc"
