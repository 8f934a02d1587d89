// The pipeline goes on where it was: with an upload that was interrupted, and with a result that is not there any more.
#include "pipeline_faults.h"

using namespace steadyframe;
using namespace steadyframe::tests;

class PipelineResumeTest : public QObject {
    Q_OBJECT

private slots:
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
};

QTEST_GUILESS_MAIN(PipelineResumeTest)
#include "pipeline_resume_test.moc"
