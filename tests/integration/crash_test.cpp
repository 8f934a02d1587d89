// The work is killed at random moments and started again each time. Twelve times in every run of the tests; as often as
// STEADYFRAME_CRASHES says, with STEADYFRAME_CRASH_PHOTOS photos, where that is set. The seed is printed, and taken
// from STEADYFRAME_CRASH_SEED.
#include "app/upload/fault_proxy.h"
#include "imaging/photo_maker.h"
#include "library/database.h"
#include "peers/peer.h"
#include "receiver/receiver.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <chrono>
#include <map>
#include <random>
#include <set>

using namespace steadyframe;
using tests::FaultProxy;
using tests::Peer;

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds longestLife{400};
constexpr unsigned uploadsAtOnce = 3;

unsigned numberFrom(const char *variable, unsigned otherwise)
{
    bool isNumber = false;
    const unsigned number = qEnvironmentVariable(variable).toUInt(&isNumber);
    return isNumber ? number : otherwise;
}

std::set<std::string> namesIn(const fs::path &folder)
{
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().native());
    return names;
}

std::string hashOf(const fs::path &path)
{
    QFile file(QString::fromStdString(path.native()));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return "unreadable";
    return hash.result().toHex().toStdString();
}

} // namespace

class CrashTest : public QObject {
    Q_OBJECT

private slots:
    void nothingIsLostAndNothingIsSentTwice()
    {
        const unsigned kills = numberFrom("STEADYFRAME_CRASHES", 12);
        const unsigned photos = numberFrom("STEADYFRAME_CRASH_PHOTOS", 12);
        const unsigned seed = numberFrom("STEADYFRAME_CRASH_SEED", std::random_device{}());
        qInfo("%u kills, %u photos, seed %u", kills, photos, seed);
        std::mt19937 random(seed);
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        const std::uint64_t bytes = makePhotos(folder / "photos", photos, random);

        receiver::ReceiverOptions options;
        options.folder = folder / "received";
        auto started = receiver::Receiver::start(options);
        QVERIFY(started.ok());
        const auto &receiver = *started;
        FaultProxy proxy(receiver->port());
        // So slow that the work is not over before the last kill.
        const double seconds = kills * std::chrono::duration<double>(longestLife).count();
        proxy.slowDown(std::max<std::uint64_t>(
            4096, static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds / uploadsAtOnce)));
        const QStringList arguments{temporary.path(), QString::fromStdString(proxy.endpoint()),
                                    QString::fromStdString(receiver->token())};

        std::uniform_int_distribution<int> life(0, static_cast<int>(longestLife.count()));
        unsigned early = 0;
        for (unsigned kill = 0; kill < kills; ++kill) {
            QProcess worker;
            worker.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            worker.start(QStringLiteral(CRASH_WORKER), arguments);
            QVERIFY(worker.waitForStarted());
            early += worker.waitForFinished(life(random)) ? 1 : 0;
            worker.kill();
            worker.waitForFinished();
        }
        QVERIFY2(early * 10 <= kills, qPrintable(QString("%1 of the kills came too late").arg(early)));
        proxy.slowDown(0);
        Peer last;
        QCOMPARE(last.start(QStringLiteral(CRASH_WORKER), arguments), QStringLiteral("done"));
        QCOMPARE(last.waitForEnd(), 0);

        verifyArrivals(folder, photos);
        QVERIFY(proxy.count("PATCH") > 0);
        QVERIFY2(proxy.sentAgain().empty(), proxy.sentAgain().c_str());
    }

private:
    /// Photos of mixed size; how many bytes their results have, about.
    static std::uint64_t makePhotos(const fs::path &folder, unsigned count, std::mt19937 &random)
    {
        static constexpr std::array<std::pair<int, int>, 6> sizes{
            {{160, 120}, {320, 240}, {640, 480}, {800, 600}, {1280, 960}, {1600, 1200}}};
        fs::create_directories(folder);
        std::uint64_t bytes = 0;
        for (unsigned i = 0; i < count; ++i) {
            const auto [width, height] = sizes[random() % sizes.size()];
            const auto path = folder / ("photo-" + std::to_string(i) + ".jpg");
            if (!imaging::makePhoto(path, width, height, i))
                qFatal("no photo could be made");
            bytes += fs::file_size(path);
        }
        return bytes / 2;
    }

    static void verifyArrivals(const fs::path &folder, unsigned photos)
    {
        auto database = library::Database::open(folder / "library.sqlite");
        QVERIFY(database.ok());
        QVERIFY(!database->openReport().keptAside);
        QCOMPARE(database->totals()[library::PhotoState::uploaded].count, std::uint64_t(photos));
        const auto records = database->page(0, photos + 1);
        QCOMPARE(records->size(), std::size_t(photos));
        std::set<std::string> expected;
        std::set<std::string> results;
        for (const auto &record : *records) {
            const std::string name = record.sourcePath.stem().native() + record.resultPath.extension().native();
            expected.insert(name);
            results.insert(record.resultPath.filename().native());
            QCOMPARE(hashOf(folder / "received" / name), record.sha256);
            QCOMPARE(hashOf(record.resultPath), record.sha256);
        }
        expected.insert(".incoming");
        QCOMPARE(namesIn(folder / "received"), expected); // each once, and nothing else
        QCOMPARE(namesIn(folder / "received" / ".incoming"), (std::set<std::string>{"finished", "lock", "uploads"}));
        QCOMPARE(namesIn(folder / "results"), results);
    }
};

QTEST_GUILESS_MAIN(CrashTest)
#include "crash_test.moc"
