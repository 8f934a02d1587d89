#include "receiver_fixture.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace steadyframe;
using receiver::Receiver;
using receiver::ReceiverErrc;
using receiver::ReceiverOptions;
using receiver::StoredFile;
using tests::contentOf;
using tests::namesIn;
using tests::RawAnswer;
using tests::RawHttp;
using tests::ReceiverFixture;
namespace fs = std::filesystem;

namespace {

const int niceAtStart = ::getpriority(PRIO_PROCESS, 0);
} // namespace

/// What lies in the folder: names, limits, restarts, many at once, and the end.
class ReceiverStorageTest : public QObject, private ReceiverFixture {
    Q_OBJECT

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void nastyNamesStayInTheFolder_data();
    void nastyNamesStayInTheFolder();
    void theSameNameTwiceKeepsBoth();
    void aFileThatIsThereIsNeverReplaced();
    void storedFilesAreTold();
    void theWholeIsComparedWithItsHash();
    void manyAtOnce();
    void moreConnectionsThanThreads();
    void aRestartGoesOnWhereItWas();
    void aRestartTakesBackUnverifiedBytes();
    void aRestartFinishesWhatOnlyLacksItsName();
    void aRestartRemembersWhatArrived();
    void aFileThatWasTakenAwayIsToldOf();
    void aRestartKeepsThePortWhereItIsFree();
    void terminationRemovesWhatArrived_data();
    void terminationRemovesWhatArrived();
    void aRestartClearsStrays();
    void aJournalThatWasCutShortLosesOneLineAtMost();
    void uploadsOfAnEarlierVersionGoOn();
    void oldUploadsExpire();
    void spaceThatMustStayFreeIsKept();
    void aFullDiskKeepsWhatArrived();
    void oneReceiverAFolder();
    void aFolderThatCannotBeUsedIsSaid();
    void aPortThatIsTakenIsSaid();
    void onlyTheLoopbackAddressAnswers();
    void threadsGiveWay();
    void stopsWithOpenConnections();
};

void ReceiverStorageTest::nastyNamesStayInTheFolder_data()
{
    QTest::addColumn<QByteArray>("requested");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("up and away") << QByteArray("../../../escape.jpg") << QByteArray("escape.jpg");
    QTest::newRow("dot dot") << QByteArray("..") << QByteArray("upload");
    QTest::newRow("our own folder") << QByteArray(".incoming") << QByteArray("_incoming");
    QTest::newRow("not UTF-8") << QByteArray("b\xe9"
                                             "b\xe9\xff.jpg")
                               << QByteArray("b\xe9"
                                             "b\xe9\xff.jpg");
    QTest::newRow("300 characters") << QByteArray(300, 'n') + ".jpg" << QByteArray(236, 'n') + ".jpg";
    QTest::newRow("percent") << QByteArray("%2e%2e%2fx.jpg") << QByteArray("%2e%2e%2fx.jpg");
    QTest::newRow("a line break") << QByteArray("a\r\nb.jpg") << QByteArray("a__b.jpg");
}

void ReceiverStorageTest::nastyNamesStayInTheFolder()
{
    QFETCH(QByteArray, requested);
    QFETCH(QByteArray, expected);
    QCOMPARE(patch(create(5, requested.toStdString()), 0, "hello").status, 204);
    QCOMPARE(namesIn(folder()), std::vector<std::string>{expected.toStdString()});
    QCOMPARE(contentOf(folder() / expected.toStdString()), std::string("hello"));
    QCOMPARE(m_stored.at(0).requestedName, requested.toStdString());
}

void ReceiverStorageTest::theSameNameTwiceKeepsBoth()
{
    for (const char *content : {"first", "other", "third"})
        QCOMPARE(patch(create(5, "photo.jpg"), 0, content).status, 204);
    QCOMPARE(contentOf(folder() / "photo.jpg"), std::string("first"));
    QCOMPARE(contentOf(folder() / "photo (2).jpg"), std::string("other"));
    QCOMPARE(contentOf(folder() / "photo (3).jpg"), std::string("third"));
}

void ReceiverStorageTest::aFileThatIsThereIsNeverReplaced()
{
    std::ofstream(folder() / "photo.jpg") << "of the person";
    fs::create_symlink("nowhere", folder() / "photo (2).jpg");
    fs::create_directory(folder() / "photo (3).jpg");
    QCOMPARE(patch(create(5, "photo.jpg"), 0, "hello").status, 204);
    QCOMPARE(contentOf(folder() / "photo.jpg"), std::string("of the person"));
    QCOMPARE(contentOf(folder() / "photo (4).jpg"), std::string("hello"));
}

void ReceiverStorageTest::storedFilesAreTold()
{
    const auto path = create(5, "told.jpg");
    QCOMPARE(patch(path, 0, "he").status, 204);
    QVERIFY(m_stored.empty());
    QCOMPARE(patch(path, 2, "llo").status, 204);
    QCOMPARE(m_stored.size(), std::size_t(1));
    QCOMPARE(m_stored[0].path, folder() / "told.jpg");
    QCOMPARE(m_stored[0].bytes, std::uint64_t(5));
    QCOMPARE("/files/" + m_stored[0].uploadId, path);
}

void ReceiverStorageTest::theWholeIsComparedWithItsHash()
{
    const auto hash = QCryptographicHash::hash("hello world", QCryptographicHash::Sha256).toHex().toStdString();
    auto path = create(11, "good.jpg", hash);
    QCOMPARE(patch(path, 0, "hello").status, 204);
    start(); // the first half is then hashed from the disk
    QCOMPARE(patch(path, 5, " world").status, 204);
    QCOMPARE(m_stored.at(0).sha256, hash);

    path = create(11, "bad.jpg", hash);
    QCOMPARE(patch(path, 0, "hello").status, 204);
    QCOMPARE(patch(path, 5, " World").status, 460);
    QCOMPARE(ask("HEAD", path).status, 404); // which byte is wrong can't be known
    QCOMPARE(namesIn(folder()), std::vector<std::string>{"good.jpg"});
}

void ReceiverStorageTest::manyAtOnce()
{
    constexpr int senders = 8;
    constexpr int filesEach = 10;
    std::vector<std::thread> threads;
    for (int sender = 0; sender < senders; ++sender) {
        threads.emplace_back([&, sender] {
            for (int i = 0; i < filesEach; ++i) {
                const std::string body(100'000, static_cast<char>('a' + sender));
                const auto path = create(body.size(), "same.jpg");
                patch(path, 0, body.substr(0, 50'000));
                patch(path, 50'000, body.substr(50'000));
            }
        });
    }
    for (auto &thread : threads)
        thread.join();
    std::map<char, int> seen;
    for (const auto &name : namesIn(folder())) {
        const auto content = contentOf(folder() / name);
        QCOMPARE(content, std::string(100'000, content.at(0)));
        ++seen[content[0]];
    }
    QCOMPARE(seen.size(), std::size_t(senders));
    for (const auto &[letter, count] : seen)
        QCOMPARE(count, filesEach);
}

void ReceiverStorageTest::moreConnectionsThanThreads()
{
    m_options.maximumConnections = 2;
    start();
    std::vector<std::unique_ptr<RawHttp>> kept;
    for (int i = 0; i < 6; ++i) {
        kept.push_back(std::make_unique<RawHttp>(m_receiver->port()));
        QCOMPARE(kept.back()->exchange("OPTIONS", "/files", withToken()).status, 204);
    }
}

void ReceiverStorageTest::aRestartGoesOnWhereItWas()
{
    const auto path = create(11, "on.jpg");
    RawHttp sender(m_receiver->port());
    QVERIFY(beginPatch(sender, path, 11, "hello"));
    QTRY_COMPARE(arrived(path), 5U);
    start();
    QCOMPARE(offset(path), std::string("5"));
    QCOMPARE(patch(path, 5, " world").status, 204);
    QCOMPARE(contentOf(folder() / "on.jpg"), std::string("hello world"));
}

void ReceiverStorageTest::aRestartTakesBackUnverifiedBytes()
{
    const auto path = create(11, "unverified.jpg");
    QCOMPARE(patch(path, 0, "he").status, 204);
    m_receiver.reset();
    // As a crash leaves it in the middle of a chunk with a checksum.
    const auto base = folder() / ".incoming" / path.substr(path.rfind('/') + 1);
    std::ofstream(base.string() + ".data", std::ios::app) << "XXXX";
    std::ofstream(base.string() + ".unverified") << "2";
    start();
    QCOMPARE(offset(path), std::string("2"));
    QCOMPARE(patch(path, 2, "llo world").status, 204);
    QCOMPARE(contentOf(folder() / "unverified.jpg"), std::string("hello world"));
}

void ReceiverStorageTest::aRestartFinishesWhatOnlyLacksItsName()
{
    const auto path = create(11, "whole.jpg");
    QCOMPARE(patch(path, 0, "hello").status, 204);
    m_receiver.reset();
    const auto base = folder() / ".incoming" / path.substr(path.rfind('/') + 1);
    std::ofstream(base.string() + ".data", std::ios::app) << " world";
    start();
    QCOMPARE(contentOf(folder() / "whole.jpg"), std::string("hello world"));
    QCOMPARE(offset(path), std::string("11"));
}

void ReceiverStorageTest::aRestartRemembersWhatArrived()
{
    const auto path = create(5, "here.jpg");
    QCOMPARE(patch(path, 0, "hello").status, 204);
    start();
    QCOMPARE(offset(path), std::string("5"));
    QCOMPARE(namesIn(folder()), std::vector<std::string>{"here.jpg"});
}

void ReceiverStorageTest::aFileThatWasTakenAwayIsToldOf()
{
    const auto path = create(5, " spaces .jpg");
    const auto other = create(3, "other.jpg");
    QCOMPARE(patch(path, 0, "hello").status, 204);
    QCOMPARE(patch(other, 0, "abc").status, 204);
    for (int restart = 0; restart < 3; ++restart) {
        const auto here = ask("HEAD", path);
        QCOMPARE(here.status, 200);
        QCOMPARE(here.header("upload-offset"), std::string("5"));
        QCOMPARE(here.header("steadyframe-removed"), restart == 0 ? std::string() : std::string("1"));
        QCOMPARE(ask("HEAD", other).header("steadyframe-removed"), std::string());
        fs::remove(folder() / " spaces .jpg");
        start();
    }
    // A line that was cut short names no file.
    m_receiver.reset();
    const auto journal = folder() / ".incoming" / "finished";
    std::string lines = contentOf(journal);
    while (lines.find('/') != std::string::npos)
        lines.replace(lines.find('/') - 3, 4, "");
    std::ofstream(journal, std::ios::trunc) << lines;
    start();
    QCOMPARE(ask("HEAD", path).header("steadyframe-removed"), std::string());
    QCOMPARE(offset(path), std::string("5"));
}

void ReceiverStorageTest::aRestartClearsStrays()
{
    m_receiver.reset();
    const auto incoming = folder() / ".incoming";
    const std::string id(32, 'a');
    std::ofstream(incoming / (id + ".data")) << "bytes of nobody";
    std::ofstream(incoming / (std::string(32, 'b') + ".info")) << "damaged";
    std::ofstream(incoming / (id + ".info.new")) << "half written";
    start();
    QCOMPARE(namesIn(incoming), (std::vector<std::string>{"finished", "lock", "uploads"}));
    QCOMPARE(ask("HEAD", "/files/" + id).status, 404);
}

void ReceiverStorageTest::aJournalThatWasCutShortLosesOneLineAtMost()
{
    const auto first = create(5, "first.jpg");
    const auto second = create(5, "second\n.jpg");
    m_receiver.reset();
    const auto journal = folder() / ".incoming" / "uploads";
    fs::resize_file(journal, fs::file_size(journal) - 5);
    start();
    QCOMPARE(ask("HEAD", first).status, 200);
    QCOMPARE(ask("HEAD", second).status, 404);
    QCOMPARE(patch(first, 0, "hello").status, 204);
    QCOMPARE(contentOf(folder() / "first.jpg"), std::string("hello"));
}

void ReceiverStorageTest::uploadsOfAnEarlierVersionGoOn()
{
    m_receiver.reset();
    const auto incoming = folder() / ".incoming";
    const std::string id(32, 'c');
    std::ofstream(incoming / (id + ".data")) << "he";
    std::ofstream(incoming / (id + ".info")) << "20:steadyframe upload 1\n1:5\n7:old.jpg\n7:old.jpg\n0:\n";
    start();
    QVERIFY(!fs::exists(incoming / (id + ".info")));
    start(); // it has moved to the journal
    QCOMPARE(patch("/files/" + id, 2, "llo").status, 204);
    QCOMPARE(contentOf(folder() / "old.jpg"), std::string("hello"));
}

void ReceiverStorageTest::aRestartKeepsThePortWhereItIsFree()
{
    m_options.keepsPort = true;
    start();
    const auto port = m_receiver->port();
    const auto path = create(5, "photo.jpg");
    QCOMPARE(patch(path, 0, "hello").status, 204);
    start();
    QCOMPARE(m_receiver->port(), port);
    QCOMPARE(RawHttp(port).exchange("GET", path, {}).body, std::string("hello"));

    m_receiver.reset();
    auto options = m_options;
    options.folder = folder() / "other";
    options.port = port;
    options.keepsPort = false;
    const auto other = Receiver::start(options);
    QVERIFY(other.ok());
    start();
    QVERIFY(m_receiver->port() != port);
    QCOMPARE(RawHttp(m_receiver->port()).exchange("GET", path, {}).body, std::string("hello"));
}

void ReceiverStorageTest::terminationRemovesWhatArrived_data()
{
    QTest::addColumn<QByteArray>("person"); // what the person did with the file
    for (const char *person : {"nothing", "changed it", "made it longer", "renamed it"})
        QTest::newRow(person) << QByteArray(person);
}

void ReceiverStorageTest::terminationRemovesWhatArrived()
{
    QFETCH(QByteArray, person);
    const auto path = create(5, "photo.jpg");
    QCOMPARE(patch(path, 0, "hello").status, 204);
    const auto file = folder() / "photo.jpg";
    if (person == "changed it") {
        std::ofstream(file) << "world";
        fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(5));
    } else if (person == "made it longer") {
        std::ofstream(file, std::ios::app) << " world";
    } else if (person == "renamed it") {
        fs::rename(file, folder() / "mine.jpg");
    }
    QCOMPARE(ask("DELETE", path).status, 204);
    QCOMPARE(namesIn(folder()).size(), std::size_t(person == "nothing" ? 0 : 1));
    for (int runs = 0; runs < 2; ++runs) {
        QCOMPARE(ask("HEAD", path).status, 404);
        start();
    }
    const auto again = create(5, "photo.jpg"); // a retry gets the name
    QCOMPARE(patch(again, 0, "hello").status, 204);
    QCOMPARE(m_stored.back().path.filename().string(),
             std::string(person == "nothing" || person == "renamed it" ? "photo.jpg" : "photo (2).jpg"));
}

void ReceiverStorageTest::oldUploadsExpire()
{
    const auto path = create(5, "old.jpg");
    const auto fresh = create(5, "fresh.jpg");
    m_receiver.reset();
    const auto data = folder() / ".incoming" / (path.substr(path.rfind('/') + 1) + ".data");
    fs::last_write_time(data, fs::file_time_type::clock::now() - m_options.expireAfter - std::chrono::hours(1));
    start();
    QCOMPARE(ask("HEAD", path).status, 404);
    QCOMPARE(ask("HEAD", fresh).status, 200);
}

void ReceiverStorageTest::spaceThatMustStayFreeIsKept()
{
    m_options.minimumFreeBytes = std::uint64_t(1) << 62;
    start();
    const auto answer = ask("POST", "/files", {{"Upload-Length", "5"}});
    QCOMPARE(answer.status, 507);
    QVERIFY(!answer.body.empty());
}

void ReceiverStorageTest::aFullDiskKeepsWhatArrived()
{
    // The limit on file sizes fails a write in its middle, as a full disk does, and needs no disk of its own.
    constexpr rlim_t limitBytes = 1'000'000;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const std::string body(3'000'000, 'x');
    const auto path = create(body.size(), "large.jpg");

    const rlimit small{limitBytes, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto answer = patch(path, 0, body);
    const auto kept = offset(path);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);

    QCOMPARE(answer.status, 507);
    QCOMPARE(kept, std::to_string(limitBytes));
    QCOMPARE(patch(path, limitBytes, body.substr(limitBytes)).status, 204);
    QCOMPARE(contentOf(folder() / "large.jpg"), body);
}

void ReceiverStorageTest::oneReceiverAFolder()
{
    const auto second = Receiver::start(m_options);
    QVERIFY(!second.ok());
    QCOMPARE(second.error().code, ReceiverErrc::folderInUse);
    m_receiver.reset();
    QVERIFY(Receiver::start(m_options).ok());
}

void ReceiverStorageTest::aFolderThatCannotBeUsedIsSaid()
{
    auto options = m_options;
    std::ofstream(folder() / "file") << "not a folder";
    options.folder = folder() / "file";
    const auto started = Receiver::start(options);
    QVERIFY(!started.ok());
    QCOMPARE(started.error().code, ReceiverErrc::folder);
    QVERIFY(started.error().message.find("Choose another folder") != std::string::npos);
}

void ReceiverStorageTest::aPortThatIsTakenIsSaid()
{
    auto options = m_options;
    options.folder = folder() / "other";
    options.port = m_receiver->port();
    const auto started = Receiver::start(options);
    QVERIFY(!started.ok());
    QCOMPARE(started.error().code, ReceiverErrc::address);
}

void ReceiverStorageTest::onlyTheLoopbackAddressAnswers()
{
    QVERIFY(RawHttp(m_receiver->port()).isConnected());
    // A server on all addresses would answer here too.
    QVERIFY(!RawHttp(m_receiver->port(), "127.0.0.2").isConnected());
    QCOMPARE(m_receiver->endpoint(), "http://127.0.0.1:" + std::to_string(m_receiver->port()) + "/files");
}

void ReceiverStorageTest::threadsGiveWay()
{
#ifdef __linux__
    QCOMPARE(ask("OPTIONS", "/files").status, 204);
    int niceThreads = 0;
    for (const auto &task : fs::directory_iterator("/proc/self/task")) {
        const auto id = static_cast<id_t>(std::stoul(task.path().filename().string()));
        if (::getpriority(PRIO_PROCESS, id) >= m_options.niceValue)
            ++niceThreads;
    }
    QVERIFY(niceThreads >= 2); // the one that accepts and the one that answered
    QCOMPARE(::getpriority(PRIO_PROCESS, 0), niceAtStart);
#else
    QSKIP("Only Linux has a nice value for each thread.");
#endif
}

void ReceiverStorageTest::stopsWithOpenConnections()
{
    RawHttp silent(m_receiver->port());
    RawHttp idle(m_receiver->port());
    QCOMPARE(idle.exchange("OPTIONS", "/files", withToken()).status, 204);
    RawHttp busy(m_receiver->port());
    const auto path = create(10, "busy.jpg");
    QVERIFY(beginPatch(busy, path, 10, "hello"));
    QTRY_COMPARE(arrived(path), 5U);

    const auto port = m_receiver->port();
    m_receiver->stop();
    m_receiver->stop();
    QVERIFY(silent.waitForEnd());
    QVERIFY(idle.waitForEnd());
    QVERIFY(busy.waitForEnd());
    QVERIFY(!RawHttp(port).isConnected());
}

QTEST_GUILESS_MAIN(ReceiverStorageTest)
#include "receiver_storage_test.moc"
