// The pipeline with its real companions: the library, compression and upload isolates, and the receiver.
#include "pipeline_world.h"

#include <unistd.h>

using namespace steadyframe;
using namespace steadyframe::tests;
using library::PhotoState;

class PipelineTest : public QObject {
    Q_OBJECT

private slots:
    void photosArriveByteForByteAndInOrderOfStates()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver();
            std::vector<std::string> picks;
            for (int i = 0; i < 8; ++i)
                picks.push_back(world.makePhoto("photo-" + std::to_string(i) + ".jpg", static_cast<std::uint64_t>(i)));
            const std::string original = contentOf(picks[0]);
            world.pipeline.send(pipeline::Pick{picks});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 8; });

            for (const auto &[id, photo] : world.watcher->photos) {
                const std::string result = contentOf(photo.resultPath);
                CO_VERIFY(!result.empty());
                CO_COMPARE(result.size(), static_cast<std::size_t>(photo.resultBytes));
                const auto stored = world.receiver->folder() / photo.sourcePath.filename();
                CO_VERIFY2(contentOf(stored) == result, stored.c_str());
                const auto &history = world.watcher->histories[id];
                CO_VERIFY(std::is_sorted(history.begin(), history.end()));
                CO_COMPARE(history.back(), PhotoState::uploaded);
            }
            CO_VERIFY(contentOf(picks[0]) == original);
            co_await world.stop();
        });
    }

    void aPhotoWhoseResultIsThereIsLeftOutAndNothingFailed()
    {
        inWorld([](World &world) -> isolate::Task<> {
            const auto chosen = world.folder / "chosen";
            // The second one's name is known only once it was compressed.
            const std::vector<std::string> patterns{"{name}", "{name}-{width}"};
            for (const std::string &pattern : patterns) {
                world.tune = [&](pipeline::Config &config) {
                    config.recipe.output.place = recipe::OutputPlace::folder;
                    config.recipe.output.folder = chosen;
                    config.recipe.output.naming.pattern = pattern;
                    config.recipe.output.naming.ifExists = recipe::IfExists::skip;
                };
                const std::string name = pattern == "{name}" ? "there.jpg" : "there-320.jpg";
                write(chosen / name, "made before");
                co_await world.startPipeline();
                world.startReceiver();
                world.pipeline.send(pipeline::Pick{{world.makePhoto("there.jpg", 1)}});
                co_await world.watcher->until([](auto &w) { return w.count(PhotoState::cancelled) == 1; });
                const auto *photo = world.watcher->named("there.jpg");
                CO_COMPARE(photo->lastError, "Skipped: " + name + " is there already.");
                CO_VERIFY(contentOf(chosen / name) == "made before");
                CO_COMPARE(filesIn(chosen), std::size_t(1));
                const std::vector<pipeline::PhotoId> ids{photo->id};
                world.pipeline.send(pipeline::Remove{ids});
                co_await world.watcher->until([](auto &w) { return w.photos.empty(); });
                co_await world.stop();
                std::filesystem::remove_all(chosen);
            }
        });
    }

    void resultsOfTheApplicationsOwnPhotosStayWithIt_data()
    {
        QTest::addColumn<int>("place");
        QTest::newRow("beside the original") << int(recipe::OutputPlace::besideOriginal);
        QTest::newRow("in its place") << int(recipe::OutputPlace::replaceOriginal);
    }
    void resultsOfTheApplicationsOwnPhotosStayWithIt()
    {
        QFETCH(int, place);
        inWorld([place](World &world) -> isolate::Task<> {
            world.tune = [&](pipeline::Config &config) {
                config.recipe.output.place = recipe::OutputPlace(place);
                config.ownSources = {world.folder / "photos"};
            };
            co_await world.startPipeline();
            world.startReceiver();
            const std::string picked = world.makePhoto("fetched.jpg", 1);
            const std::string original = contentOf(picked);
            world.pipeline.send(pipeline::Pick{{picked}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            CO_VERIFY(contentOf(picked) == original);
            CO_COMPARE(filesIn(world.folder / "photos"), std::size_t(1));
            CO_COMPARE(world.watcher->named("fetched.jpg")->resultPath.parent_path(), world.folder / "results");
            co_await world.stop();
        });
    }

    void badInputFailsOnItsOwnRowWhileTheOthersGoOn()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver();
            const auto photos = world.folder / "photos";
            const std::string good = world.makePhoto("good.jpg", 1);
            const std::string bytes = contentOf(good);
            write(photos / "empty.jpg", "");
            write(photos / "text.jpg", "This is not a photograph.\n");
            write(photos / "truncated.jpg", bytes.substr(0, bytes.size() / 2));
            write(photos / "latin\xE9.jpg", bytes);
            // 65,500 by 65,500 pixels in a few bytes: a start, a frame header, and nothing behind it.
            write(photos / "huge.jpg",
                  std::string("\xFF\xD8\xFF\xC0\x00\x11\x08\xFF\xDC\xFF\xDC\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
                              "\xFF\xDA\x00\x0C\x03\x01\x00\x02\x11\x03\x11\x00\x3F\x00\xFF\xD9",
                              37));
            std::filesystem::create_directories(photos / "folder.jpg");
            const auto gone = photos / "gone.jpg";
            const auto secret = photos / "secret.jpg";
            write(secret, bytes);
            std::filesystem::permissions(secret, std::filesystem::perms::none);
            world.pipeline.send(pipeline::Pick{{(photos / "empty.jpg").native(), (photos / "text.jpg").native(),
                                                (photos / "truncated.jpg").native(), gone.native(),
                                                (photos / "huge.jpg").native(), (photos / "folder.jpg").native(),
                                                secret.native(), (photos / "latin\xE9.jpg").native(), good}});
            co_await world.watcher->until([](auto &w) {
                return w.photos.size() == 9 && w.count(PhotoState::uploaded) + w.count(PhotoState::failed) == 9;
            });
            const auto messageOf = [&](const char *name) {
                const auto *photo = world.watcher->named(name);
                return photo && photo->state == PhotoState::failed ? photo->lastError : std::string();
            };
            CO_VERIFY2(messageOf("empty.jpg").find("empty") != std::string::npos, messageOf("empty.jpg").c_str());
            CO_VERIFY2(messageOf("text.jpg").find("text") != std::string::npos, messageOf("text.jpg").c_str());
            // What could be saved of it is a result, and the row says so.
            const auto *truncated = world.watcher->named("truncated.jpg");
            CO_COMPARE(truncated->state, PhotoState::uploaded);
            CO_VERIFY2(!truncated->note.empty(), "a truncated JPEG");
            CO_VERIFY2(!messageOf("gone.jpg").empty(), "a file that vanished");
            CO_VERIFY2(messageOf("huge.jpg").find("65") != std::string::npos, messageOf("huge.jpg").c_str());
            CO_VERIFY2(messageOf("folder.jpg").find("folder") != std::string::npos, messageOf("folder.jpg").c_str());
            if (::geteuid() != 0) // for root there is no file without permission
                CO_VERIFY2(messageOf("secret.jpg").find("permission") != std::string::npos,
                           messageOf("secret.jpg").c_str());
            CO_COMPARE(world.watcher->named("good.jpg")->state, PhotoState::uploaded);
            const auto *latin = world.watcher->named("latin\xE9.jpg");
            CO_COMPARE(latin->state, PhotoState::uploaded);
            CO_VERIFY2(latin->name.find("\xEF\xBF\xBD") != std::string::npos, "shown with a replacement character");
            co_await world.stop();
        });
    }

    void aFileThatVanishesAfterThePickFails()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.pipeline.send(pipeline::Pause{});
            const std::string path = world.makePhoto("soon-gone.jpg", 1);
            world.pipeline.send(pipeline::Pick{{path}});
            co_await world.watcher->until([](auto &w) { return w.photos.size() == 1; });
            std::filesystem::remove(path);
            world.pipeline.send(pipeline::Resume{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::failed) == 1; });
            CO_VERIFY(!world.watcher->named("soon-gone.jpg")->lastError.empty());
            co_await world.stop();
        });
    }

    void aPausedPipelineStartsNothingAndGoesOn()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver();
            world.pipeline.send(pipeline::Pause{});
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) { return w.paused && w.count(PhotoState::queued) == 2; });
            world.pipeline.send(pipeline::Resume{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            for (const auto &[id, history] : world.watcher->histories)
                CO_COMPARE(history.front(), PhotoState::queued);
            CO_VERIFY(!world.watcher->paused);
            co_await world.stop();
        });
    }

    void cancelRetryAndRemove()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.pipeline.send(pipeline::Pause{});
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::queued) == 2; });
            const auto a = world.watcher->named("a.jpg")->id, b = world.watcher->named("b.jpg")->id;
            world.pipeline.send(pipeline::Cancel{{a}});
            world.pipeline.send(pipeline::Remove{{b}});
            co_await world.watcher->until(
                [](auto &w) { return w.photos.size() == 1 && w.count(PhotoState::cancelled) == 1; });
            world.pipeline.send(pipeline::Resume{});
            world.startReceiver();
            for (int i = 0; i < 3; ++i) // a double click does the same
                world.pipeline.send(pipeline::Retry{{a}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            world.pipeline.send(pipeline::Remove{}); // all that are uploaded
            co_await world.watcher->until([](auto &w) { return w.photos.empty(); });
            CO_VERIFY2(std::filesystem::exists(world.folder / "photos" / "b.jpg"), "removing touches no file");
            co_await world.stop();
        });
    }

    void whatWasLeftIsTakenUpAtTheNextStart()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            // There is nowhere to upload to yet.
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::compressed) == 2; });
            co_await world.stop();
            world.watcher = std::make_unique<Watcher>();
            co_await world.startPipeline();
            world.startReceiver();
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            co_await world.stop();
        });
    }

    void tenThousandPicksComeInBoundedUpdates()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.pipeline.send(pipeline::Pause{});
            const auto folder = world.folder / "many";
            std::filesystem::create_directories(folder / "below");
            constexpr int count = 10'000;
            for (int i = 0; i < count; ++i)
                write(folder / (i % 2 ? "below" : "") / (std::to_string(i) + ".jpg"), "x");
            world.pipeline.send(pipeline::Pick{{folder.native()}});
            co_await world.watcher->until([](auto &w) { return w.photos.size() == count; });
            CO_VERIFY(world.watcher->updates >= count / pipeline::mostPhotosInUpdate);
            world.pipeline.send(pipeline::Cancel{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::cancelled) == count; });
            co_await world.stop();
        });
    }
};

QTEST_GUILESS_MAIN(PipelineTest)
#include "pipeline_test.moc"
