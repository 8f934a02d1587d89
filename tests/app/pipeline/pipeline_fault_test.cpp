// The pipeline with its real companions, through a proxy that breaks things: each fault ends in the right state,
// nothing is lost and nothing that was acknowledged is sent again.
#include "pipeline_world.h"

#include "app/upload/fault_proxy.h"
#include "app/upload/tls_front.h"

#include <limits>
#include <optional>
#include <set>

using namespace steadyframe;
using namespace steadyframe::tests;
using library::PhotoState;
using upload::UploadErrc;

namespace {

constexpr const char *destination = "the receiver";

std::string answer(const std::string &status, const std::string &headers = {})
{
    return "HTTP/1.1 " + status + "\r\nTus-Resumable: 1.0.0\r\nContent-Length: 0\r\nConnection: close\r\n" + headers
        + "\r\n";
}

/// A world whose uploads pass the proxy one at a time, with waits that a test can afford.
struct FaultWorld {
    explicit FaultWorld(World &all) : world(all)
    {
        world.tune = [](pipeline::Config &config) {
            oneByOne(config);
            config.patience.retry.first = std::chrono::milliseconds(2);
            config.patience.retry.longest = std::chrono::milliseconds(20);
            config.patience.stallLimit = std::chrono::seconds(1);
            config.recipe.settings.target = {.quality = 100};
        };
    }
    isolate::Task<> start()
    {
        co_await world.startPipeline();
        if (!world.receiver)
            world.runReceiver();
        if (!proxy)
            proxy.emplace(world.receiver->port());
    }
    /// The next start is one after the program ended.
    isolate::Task<> restart()
    {
        co_await world.stop();
        world.watcher = std::make_unique<Watcher>();
        co_await start();
    }
    void refuse(const std::string &method, std::size_t times, const std::string &with)
    {
        proxy->answerInstead(method, std::vector<std::string>(times, with));
    }
    void useProxy() { world.use(proxy->endpoint(), destination); }
    /// Picks photos and waits for their results, so that it is known how many bytes are to be sent.
    isolate::Task<> compress(std::vector<std::string> picks)
    {
        const std::size_t count = picks.size();
        world.pipeline.send(pipeline::Pick{std::move(picks)});
        co_await world.watcher->until([count](auto &w) { return w.count(PhotoState::compressed) == count; });
    }
    [[nodiscard]] std::uint64_t bytesToSend() const
    {
        std::uint64_t bytes = 0;
        for (const auto &[id, photo] : world.watcher->photos)
            bytes += photo.resultBytes;
        return bytes;
    }
    isolate::Future<void> untilNoneIsLeft()
    {
        return world.watcher->until([](auto &w) {
            return !w.photos.empty() && w.count(PhotoState::uploaded) + w.count(PhotoState::failed) == w.photos.size();
        });
    }
    /// What is wrong with what arrived; empty when each photo did, once.
    [[nodiscard]] std::string wrongArrivals() const
    {
        std::string words = proxy->sentAgain();
        std::set<std::string> expected;
        for (const auto &[id, photo] : world.watcher->photos) {
            const std::string name = photo.name.substr(0, photo.name.rfind('.')) + ".jpg";
            expected.insert(name);
            if (photo.state != PhotoState::uploaded)
                words += photo.name + " is " + std::string(nameOf(photo.state)) + ": " + photo.lastError + ' ';
            else if (contentOf(world.receiver->folder() / name) != contentOf(photo.resultPath))
                words += photo.name + " arrived damaged. ";
        }
        for (const auto &entry : std::filesystem::directory_iterator(world.receiver->folder())) {
            if (entry.is_regular_file() && !expected.contains(entry.path().filename()))
                words += "There is " + entry.path().filename().native() + ", too. ";
        }
        for (const auto &entry : std::filesystem::directory_iterator(world.receiver->folder() / ".incoming")) {
            if (entry.path().extension() == ".data")
                words += "An unfinished upload was left. ";
        }
        return words;
    }

    World &world;
    std::optional<FaultProxy> proxy{};
};

#define CO_ARRIVED(faults)                                                                                             \
    do {                                                                                                               \
        const std::string wrong = (faults).wrongArrivals();                                                            \
        CO_VERIFY2(wrong.empty(), wrong.c_str());                                                                      \
    } while (false)

} // namespace

class PipelineFaultTest : public QObject {
    Q_OBJECT

private slots:
    void faultsThatPassAreWaitedOut_data()
    {
        QTest::addColumn<QByteArray>("method"); // empty: a break of the connection
        QTest::addColumn<QByteArray>("fault");
        const auto row = [](const char *method, const char *fault) {
            QTest::addRow("%s %s", method, fault) << QByteArray(method) << QByteArray(fault);
        };
        for (const char *fault : {"cut at a third", "cut at the last byte", "stalled at a third"})
            row("", fault);
        for (const char *fault : {"500 Internal Server Error", "503 Service Unavailable", "429 Too Many Requests",
                                  "409 Conflict", "423 Locked", "404 Not Found", "410 Gone", "the answer is lost"})
            row("PATCH", fault);
        row("POST", "503 Service Unavailable");
        row("POST", "the answer is lost");
    }
    void faultsThatPassAreWaitedOut()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, fault);
        inWorld([&](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const std::vector<std::string> picks{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2, 640, 480)};
            co_await faults.compress(picks);
            const std::uint64_t bytes = faults.bytesToSend();
            if (fault == "cut at a third")
                faults.proxy->cutAfter(bytes / 3);
            else if (fault == "cut at the last byte")
                faults.proxy->cutAfter(bytes - 1);
            else if (fault == "stalled at a third")
                faults.proxy->stallAfter(bytes / 3);
            else if (fault == "the answer is lost")
                faults.proxy->loseAnswerOf(method.toStdString());
            else
                faults.refuse(method.toStdString(), 2, answer(fault.toStdString(), "Retry-After: 0\r\n"));
            faults.useProxy();
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            for (const auto &[id, history] : world.watcher->histories)
                CO_COMPARE(history.back(), PhotoState::uploaded);
            if (fault == "the answer is lost")
                CO_COMPARE(faults.proxy->bodyBytes(), bytes);
            CO_COMPARE(world.watcher->attention, pipeline::Attention::none);
            co_await world.stop();
        });
    }

    void aWaitIsShownOnTheRow()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            faults.refuse("POST", 1, answer("503 Service Unavailable", "Retry-After: 3000\r\n"));
            faults.useProxy();
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1)}});
            co_await world.watcher->until([](auto &w) {
                const auto *a = w.named("a.jpg");
                return a && a->state == PhotoState::uploading
                    && a->lastError.find("Next try in 50 minutes") != std::string::npos;
            });
            // The person does not want to wait: it goes on at once.
            world.pipeline.send(pipeline::Pause{});
            co_await world.watcher->until([](auto &w) { return w.paused; });
            world.pipeline.send(pipeline::Resume{});
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            CO_VERIFY(world.watcher->named("a.jpg")->lastError.empty());
            co_await world.stop();
        });
    }

    void whatTheServerRefusesFailsAtOnceAndTheOthersGoOn_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("413") << QByteArray("413 Content Too Large") << QByteArray("larger than the server accepts");
        QTest::newRow("400") << QByteArray("400 Bad Request") << QByteArray("refused");
        QTest::newRow("507") << QByteArray("507 Insufficient Storage") << QByteArray("disk is full");
    }
    void whatTheServerRefusesFailsAtOnceAndTheOthersGoOn()
    {
        QFETCH(QByteArray, status);
        QFETCH(QByteArray, words);
        inWorld([&](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const std::vector<std::string> picks{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)};
            co_await faults.compress(picks);
            faults.refuse("POST", 1, answer(status.toStdString()));
            faults.useProxy();
            co_await faults.untilNoneIsLeft();
            const auto *a = world.watcher->named("a.jpg");
            CO_COMPARE(a->state, PhotoState::failed);
            CO_VERIFY2(a->lastError.find(words.toStdString()) != std::string::npos, a->lastError.c_str());
            CO_COMPARE(world.watcher->named("b.jpg")->state, PhotoState::uploaded);
            CO_COMPARE(faults.proxy->count("POST"), 2);
            constexpr auto compressing = static_cast<std::size_t>(PhotoState::compressing);
            const auto compressedAt = a->enteredAt[compressing];
            world.pipeline.send(pipeline::Retry{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            CO_ARRIVED(faults);
            CO_VERIFY(world.watcher->named("a.jpg")->enteredAt[compressing] == compressedAt); // the result was there
            co_await world.stop();
        });
    }

    void aServerThatKeepsFailingIsGivenUpAndARetryGoesOn()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const std::vector<std::string> picks{world.makePhoto("a.jpg", 1, 640, 480)};
            co_await faults.compress(picks);
            faults.proxy->cutAfter(faults.bytesToSend() / 2);
            faults.refuse("HEAD", 6, answer("500 Internal Server Error"));
            faults.useProxy();
            co_await faults.untilNoneIsLeft();
            const auto *a = world.watcher->named("a.jpg");
            CO_COMPARE(a->state, PhotoState::failed);
            CO_VERIFY2(a->lastError.find("The server failed (500)") != std::string::npos, a->lastError.c_str());
            world.pipeline.send(pipeline::Retry{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            CO_ARRIVED(faults);
            CO_COMPARE(faults.proxy->count("POST"), 1);
            co_await world.stop();
        });
    }

    void aReceiverWithAFullDiskTakesThemLater()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            world.tuneReceiver = [](receiver::ReceiverOptions &options) {
                options.minimumFreeBytes = std::numeric_limits<std::uint64_t>::max() / 2;
            };
            co_await faults.start();
            faults.useProxy();
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::failed) == 2; });
            const std::string &error = world.watcher->named("a.jpg")->lastError;
            CO_VERIFY2(error.find("disk is full (507)") != std::string::npos, error.c_str());
            world.tuneReceiver = nullptr;
            world.runReceiver(true);
            world.pipeline.send(pipeline::Retry{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void aFullDiskForResultsIsTold()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            faults.useProxy();
            const std::string large = world.makePhoto("large.jpg", 1, 2400, 1600);
            constexpr rlim_t room = 1'000'000; // enough for the library
            CO_VERIFY(std::filesystem::file_size(large) > room);
            {
                const FileSizeLimit full(room);
                world.pipeline.send(pipeline::Pick{{large, world.makePhoto("small.jpg", 2)}});
                co_await faults.untilNoneIsLeft();
            }
            const auto *failed = world.watcher->named("large.jpg");
            CO_COMPARE(failed->state, PhotoState::failed);
            CO_VERIFY2(failed->lastError.find("full") != std::string::npos
                           || failed->lastError.find("large") != std::string::npos,
                       failed->lastError.c_str());
            CO_COMPARE(world.watcher->named("small.jpg")->state, PhotoState::uploaded);
            CO_COMPARE(filesIn(world.folder / "results"), std::size_t(1)); // nothing half written
            world.pipeline.send(pipeline::Retry{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void aServerThatCannotProveWhoItIsGetsNothing()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const TlsFront front(world.receiver->port(), "127.0.0.1", world.folder / "certificate.pem");
            world.use(front.endpoint(), destination);
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) {
                return w.attention == pipeline::Attention::certificate && w.count(PhotoState::compressed) == 2;
            });
            CO_VERIFY(world.watcher->attentionText.find("Nothing was sent") != std::string::npos);
            CO_COMPARE(front.received(), std::uint64_t(0));
            faults.useProxy();
            co_await faults.untilNoneIsLeft();
            CO_COMPARE(world.watcher->attention, pipeline::Attention::none);
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void anOriginalThatChangesBeforeItsTurnIsTakenAsItIsThen()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            faults.useProxy();
            world.pipeline.send(pipeline::Pause{});
            const std::string path = world.makePhoto("a.jpg", 1);
            world.pipeline.send(pipeline::Pick{{path}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::queued) == 1; });
            const std::uint64_t before = world.watcher->named("a.jpg")->originalBytes;
            world.makePhoto("a.jpg", 2, 800, 600);
            world.pipeline.send(pipeline::Resume{});
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            const auto *a = world.watcher->named("a.jpg");
            CO_VERIFY(a->originalBytes > before);
            CO_COMPARE(a->originalBytes, static_cast<std::uint64_t>(std::filesystem::file_size(path)));
            CO_COMPARE(a->originalSize, (library::PixelSize{800, 600}));
            co_await world.stop();
        });
    }

    void aResultThatIsGoneOrChangedIsMadeAgain_data()
    {
        QTest::addColumn<QByteArray>("what");
        for (const char *what : {"gone", "shorter", "of the same size"})
            QTest::newRow(what) << QByteArray(what);
    }
    void aResultThatIsGoneOrChangedIsMadeAgain()
    {
        QFETCH(QByteArray, what);
        inWorld([&](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const std::vector<std::string> picks{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)};
            co_await faults.compress(picks);
            const auto result = world.watcher->named("a.jpg")->resultPath;
            const std::string content = contentOf(result);
            std::filesystem::remove(result);
            if (what == "shorter")
                write(result, content.substr(0, content.size() / 2));
            if (what == "of the same size") {
                write(result, std::string(content.size(), 'x'));
                // As after a restart: what the library knows is enough to find out. The file's time is in the future
                // of its result's by far.
                std::filesystem::last_write_time(
                    result, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
                co_await faults.restart();
            }
            faults.useProxy();
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            CO_VERIFY(contentOf(world.watcher->named("a.jpg")->resultPath) == content);
            CO_COMPARE(filesIn(world.folder / "results"), std::size_t(2));
            co_await world.stop();
        });
    }

    void aResultThatCannotBeMadeAgainFailsWithItsReason()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const std::string original = world.makePhoto("a.jpg", 1);
            const std::vector<std::string> picks{original};
            co_await faults.compress(picks);
            std::filesystem::remove(world.watcher->named("a.jpg")->resultPath);
            std::filesystem::remove(original);
            faults.useProxy();
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::failed) == 1; });
            CO_VERIFY(!world.watcher->named("a.jpg")->lastError.empty());
            CO_COMPARE(faults.proxy->bodyBytes(), std::uint64_t(0));
            world.makePhoto("a.jpg", 1); // it comes back
            world.pipeline.send(pipeline::Retry{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void anUploadGoesOnWhereItWas_data()
    {
        QTest::addColumn<QByteArray>("what");
        for (const char *what : {"paused", "this one paused", "the program ended", "the receiver was started again",
                                 "the receiver forgot it"})
            QTest::newRow(what) << QByteArray(what);
    }
    void anUploadGoesOnWhereItWas()
    {
        QFETCH(QByteArray, what);
        inWorld([&](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const std::vector<std::string> picks{world.makePhoto("a.jpg", 1, 1200, 800)};
            co_await faults.compress(picks);
            constexpr std::uint64_t firstChunk = 256 * 1024;
            CO_VERIFY(faults.bytesToSend() > firstChunk + 50'000);
            const auto id = world.watcher->photos.begin()->first;
            faults.proxy->stallAfter(firstChunk + 10'000);
            faults.useProxy();
            faults.proxy->waitUntilStalled();
            if (what == "paused") {
                world.pipeline.send(pipeline::Pause{});
                co_await world.watcher->until([](auto &w) { return w.paused; });
                world.pipeline.send(pipeline::Resume{});
            } else if (what == "this one paused") {
                world.pipeline.send(pipeline::Pause{{id}});
                co_await world.watcher->until([](auto &w) { return w.photos.begin()->second.held; });
                world.pipeline.send(pipeline::Resume{{id}});
            } else if (what == "the receiver was started again") {
                world.runReceiver(true);
            } else {
                co_await world.stop();
                world.watcher = std::make_unique<Watcher>();
                if (what == "the receiver forgot it") {
                    world.receiver.reset();
                    std::filesystem::remove_all(world.folder / "received");
                    faults.proxy.reset();
                }
                co_await faults.start();
                faults.useProxy();
            }
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            if (what != "the receiver forgot it") {
                CO_COMPARE(faults.proxy->count("POST"), 1);
                CO_VERIFY(faults.proxy->bodyBytes()
                          < faults.bytesToSend() + firstChunk); // the first was not sent again
            }
            co_await world.stop();
        });
    }

    void aCancelledUploadIsTakenAwayFromTheServer_data()
    {
        QTest::addColumn<bool>("remove");
        QTest::newRow("cancelled") << false;
        QTest::newRow("removed from the list") << true;
    }
    void aCancelledUploadIsTakenAwayFromTheServer()
    {
        QFETCH(bool, remove);
        inWorld([&](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            const std::vector<std::string> picks{world.makePhoto("a.jpg", 1, 640, 480), world.makePhoto("b.jpg", 2)};
            co_await faults.compress(picks);
            const auto id = world.watcher->named("a.jpg")->id;
            faults.proxy->stallAfter(world.watcher->named("a.jpg")->resultBytes / 2);
            faults.useProxy();
            faults.proxy->waitUntilStalled();
            if (remove)
                world.pipeline.send(pipeline::Remove{{id}});
            else
                world.pipeline.send(pipeline::Cancel{{id}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            CO_COMPARE(faults.proxy->count("DELETE"), 1);
            if (remove) {
                co_await world.watcher->until([](auto &w) { return w.photos.size() == 1; });
            } else {
                co_await world.watcher->until([](auto &w) { return w.count(PhotoState::cancelled) == 1; });
                world.pipeline.send(pipeline::Retry{{id}});
                co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            }
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void aLibraryThatAnotherProgramHasIsLeftAlone()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.start();
            faults.useProxy();
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1)}});
            const auto second = co_await library::startLibrary(world.folder / "library.sqlite");
            CO_VERIFY(!second.ok());
            CO_COMPARE(second.error().code, library::LibraryErrorCode::locked);
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }
};

QTEST_GUILESS_MAIN(PipelineFaultTest)
#include "pipeline_fault_test.moc"
