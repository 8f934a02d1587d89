// The pipeline with its real companions, through a proxy that breaks things: each fault ends in the right state,
// nothing is lost and nothing that was acknowledged is sent again.
#include "pipeline_faults.h"

#include "app/upload/tls_front.h"
#include "file_size_limit.h"

#include <limits>

using namespace steadyframe;
using namespace steadyframe::tests;

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

    void aCompressionThatThrowsIsToldAsAFailure()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            world.tune = [](pipeline::Config &config) {
                config.workshop.imaging.readOther
                    = [](const imaging::InputFile &, const imaging::ImagingLimits &,
                         const std::stop_token &) -> isolate::Result<imaging::OtherPicture, imaging::ImagingError> {
                    throw std::runtime_error("No such luck.");
                };
            };
            co_await faults.start();
            write(world.folder / "photos" / "a.png", "\x89PNG\r\n\x1a\n and nothing else");
            world.pipeline.send(pipeline::Pick{{(world.folder / "photos" / "a.png").native()}});
            co_await world.watcher->until(
                [](auto &w) { return w.count(PhotoState::failed) + w.count(PhotoState::cancelled) == 1; });
            const auto *photo = world.watcher->named("a.png");
            CO_COMPARE(photo->state, PhotoState::failed);
            CO_VERIFY2(photo->lastError.find("No such luck.") != std::string::npos, photo->lastError.c_str());
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
