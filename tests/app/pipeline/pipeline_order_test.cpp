// The person's wishes, and what the pipeline does by itself, with its real companions.
#include "pipeline_world.h"

#include "app/upload/fault_proxy.h"
#include "feed/feed_parser.h"
#include "file_size_limit.h"
#include "upload/http_client.h"

using namespace steadyframe;
using namespace steadyframe::tests;
using library::PhotoState;

namespace {

/// File names of uploads in the order in which they began.
QByteArrayList uploadsIn(const FaultProxy &proxy)
{
    QByteArrayList names;
    for (const SeenRequest &request : proxy.requests()) {
        if (request.method != "POST")
            continue;
        const QByteArray metadata(request.headers.at("upload-metadata").c_str());
        const QByteArray encoded = metadata.split(',').first().split(' ').last(); // "filename BASE64,…"
        names.push_back(QByteArray::fromBase64(encoded));
    }
    return names;
}

/// What anybody gets who knows an address.
std::string readFrom(const std::string &url)
{
    std::string content;
    upload::HttpClient client({});
    upload::HttpRequest get;
    get.url = url;
    get.sink = [&](std::string_view bytes) { content += bytes; };
    return client.exchange(get, {}).ok() ? content : "no answer";
}

} // namespace

class PipelineOrderTest : public QObject {
    Q_OBJECT

private slots:
    void theSameContentIsUploadedOnce()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            const std::string photo = world.makePhoto("a.jpg", 1);
            const auto copy = world.folder / "photos" / "copy.jpg";
            std::filesystem::copy_file(photo, copy);
            world.startReceiver("the receiver");
            world.pipeline.send(pipeline::Pick{{photo, photo, copy.native(), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 4; });
            CO_COMPARE(filesIn(world.receiver->folder()), std::size_t{2});
            co_await world.stop();

            // Also when it comes again later, and the address has changed.
            world.watcher = std::make_unique<Watcher>();
            co_await world.startPipeline();
            world.startReceiver("the receiver");
            world.pipeline.send(pipeline::Pick{{photo}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 5; });
            CO_COMPARE(filesIn(world.receiver->folder()), std::size_t{2});

            // Another destination does not have it.
            world.startReceiver("another receiver");
            world.pipeline.send(pipeline::Pick{{photo}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 6; });
            CO_COMPARE(filesIn(world.receiver->folder()), std::size_t{3});
            co_await world.stop();
        });
    }

    void whatWasDeletedAtTheDestinationIsSentAgain()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver("the receiver");
            const std::string photo = world.makePhoto("a.jpg", 1);
            world.pipeline.send(pipeline::Pick{{photo}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            const auto received = world.receiver->folder() / "a.jpg";
            const std::string content = contentOf(received);

            std::filesystem::remove(received);
            world.pipeline.send(pipeline::Pick{{photo}}); // it is asked for, and is not there
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            CO_VERIFY(contentOf(received) == content);
            world.pipeline.send(pipeline::Pick{{photo}}); // it is there
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 3; });
            CO_COMPARE(filesIn(world.receiver->folder()), std::size_t{1});
            co_await world.stop();
        });
    }

    void thePersonCanHaveItUploadedAgain()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver("the receiver");
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            const library::PhotoRecord before = *world.watcher->named("a.jpg");
            const auto a = before.id;
            const auto hasArrivedAnew = [a](std::string former) {
                return [a, former](const Watcher &w) {
                    const auto &photo = w.photos.at(a);
                    return photo.state == PhotoState::uploaded && photo.uploadUrl != former;
                };
            };
            world.pipeline.send(pipeline::Retry{{a}}); // of no effect: it has arrived
            world.pipeline.send(pipeline::UploadAgain{{a}});
            const auto once = hasArrivedAnew(before.uploadUrl);
            co_await world.watcher->until(once);
            CO_COMPARE(filesIn(world.receiver->folder()), std::size_t{3}); // it asked for this
            CO_VERIFY(contentOf(world.receiver->folder() / "a (2).jpg")
                      == contentOf(world.watcher->named("a.jpg")->resultPath));
            constexpr auto compressing = static_cast<std::size_t>(PhotoState::compressing);
            CO_VERIFY(world.watcher->named("a.jpg")->enteredAt[compressing] == before.enteredAt[compressing]);

            // Its result is made again where it is gone.
            std::filesystem::remove(world.watcher->named("a.jpg")->resultPath);
            const auto twice = hasArrivedAnew(world.watcher->named("a.jpg")->uploadUrl);
            world.pipeline.send(pipeline::UploadAgain{{a}});
            co_await world.watcher->until(twice);
            CO_COMPARE(filesIn(world.receiver->folder()), std::size_t{4});
            co_await world.stop();
        });
    }

    void onePhotoIsPausedAndTheOthersGoOn()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.pipeline.send(pipeline::Pause{});
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) { return w.photos.size() == 2; });
            const auto a = world.watcher->named("a.jpg")->id;
            world.pipeline.send(pipeline::Pause{{a}});
            co_await world.watcher->until([](auto &w) { return w.named("a.jpg")->held && w.held == 1; });
            world.startReceiver();
            world.pipeline.send(pipeline::Resume{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            CO_COMPARE(world.watcher->named("a.jpg")->state, PhotoState::queued);
            co_await world.stop();

            world.watcher = std::make_unique<Watcher>(); // it stays paused
            co_await world.startPipeline();
            world.startReceiver();
            world.pipeline.send(pipeline::Pick{{world.makePhoto("c.jpg", 3)}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            CO_COMPARE(world.watcher->named("a.jpg")->state, PhotoState::queued);
            CO_COMPARE(world.watcher->held, std::uint64_t(1));
            world.pipeline.send(pipeline::Resume{{a}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 3; });
            CO_COMPARE(world.watcher->held, std::uint64_t(0));
            co_await world.stop();
        });
    }

    void priorityAndOrderDecideWhoseTurnItIs()
    {
        inWorld([](World &world) -> isolate::Task<> {
            world.tune = [](pipeline::Config &config) {
                oneByOne(config);
                config.mostWaitingUploads = 1; // then uploads begin in the order of compression
            };
            co_await world.startPipeline();
            world.pipeline.send(pipeline::Pause{});
            std::vector<std::string> picks;
            for (const char *name : {"a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"})
                picks.push_back(world.makePhoto(name, static_cast<std::uint64_t>(name[0])));
            world.pipeline.send(pipeline::Pick{picks});
            co_await world.watcher->until([](auto &w) { return w.photos.size() == 5; });
            const auto idOf = [&](const char *name) { return world.watcher->named(name)->id; };
            world.pipeline.send(pipeline::Prioritize{{idOf("d.jpg")}, 10});
            world.pipeline.send(pipeline::Prioritize{{idOf("b.jpg")}, -1});
            world.pipeline.send(pipeline::Arrange{{idOf("e.jpg"), idOf("c.jpg"), idOf("a.jpg")}});
            const auto last = idOf("a.jpg");
            co_await world.watcher->until([last](auto &w) { return w.photos.at(last).position == 5; });
            world.startReceiver();
            const FaultProxy proxy(world.receiver->port());
            world.pipeline.send(pipeline::UseTarget{{proxy.endpoint(), world.receiver->token()}});
            world.pipeline.send(pipeline::Resume{});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 5; });
            const QByteArrayList expected{"d.jpg", "e.jpg", "c.jpg", "a.jpg", "b.jpg"};
            CO_COMPARE(uploadsIn(proxy).join(" "), expected.join(" "));
            co_await world.stop();
        });
    }

    void resultsDoNotPileUpBeforeASlowNetwork()
    {
        inWorld([](World &world) -> isolate::Task<> {
            world.tune = [](pipeline::Config &config) {
                oneByOne(config);
                config.mostWaitingUploads = 2;
            };
            co_await world.startPipeline(); // there is nowhere to upload to yet
            std::vector<std::string> picks;
            for (int i = 0; i < 6; ++i)
                picks.push_back(world.makePhoto(std::to_string(i) + ".jpg", static_cast<std::uint64_t>(i)));
            world.pipeline.send(pipeline::Pick{picks});
            co_await world.watcher->until([](auto &w) {
                return w.count(PhotoState::compressed) == 2 && w.count(PhotoState::compressing) == 0
                    && w.count(PhotoState::queued) == 4;
            });
            CO_COMPARE(filesIn(world.folder / "results"), std::size_t{2});
            world.startReceiver();
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 6; });
            co_await world.stop();
        });
    }

    void credentialsThatAreRefusedWaitForThePerson()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver();
            const upload::Target right{world.receiver->endpoint(), world.receiver->token()};
            world.pipeline.send(pipeline::UseTarget{{right.endpoint, "not the token"}});
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) {
                return w.attention == pipeline::Attention::credentials && w.count(PhotoState::compressed) == 2;
            });
            CO_VERIFY(!world.watcher->attentionText.empty());
            CO_VERIFY(world.watcher->attentionText.find("not the token") == std::string::npos);
            CO_COMPARE(world.watcher->count(PhotoState::failed), std::size_t{0});
            world.pipeline.send(pipeline::UseTarget{right});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            CO_COMPARE(world.watcher->attention, pipeline::Attention::none);
            co_await world.stop();
        });
    }

    void theManifestListsWhatArrivedAndArrivesItself()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver("the receiver");
            std::vector<std::string> picks;
            for (const char *name : {"a.jpg", "quo\"te\\ \xc3\xa4.jpg", "c.jpg"})
                picks.push_back(world.makePhoto(name, static_cast<std::uint64_t>(name[0])));
            picks.push_back((world.folder / "photos" / "gone.jpg").native());
            world.pipeline.send(pipeline::Pick{picks});
            co_await world.watcher->until(
                [](auto &w) { return w.count(PhotoState::uploaded) == 3 && w.count(PhotoState::failed) == 1; });
            world.pipeline.send(pipeline::WriteManifest{world.folder / "manifests"});
            co_await world.watcher->until([](auto &w) { return w.manifests.size() == 1 && w.notices.size() == 1; });
            CO_COMPARE(world.watcher->notices.front(), std::string("The manifest was uploaded."));
            const auto path = world.watcher->manifests.front();
            CO_COMPARE(contentOf(world.receiver->folder() / path.filename()), contentOf(path));
            CO_COMPARE(filesIn(world.folder / "manifests"), std::size_t{1});

            const auto feed = feed::parseFeedFile(path); // the feed page opens it
            CO_VERIFY(feed.ok());
            CO_COMPARE((*feed)->rowCount(), std::size_t{3});
            for (std::size_t row = 0; row < 3; ++row) { // and shows what is at its addresses
                const auto found = std::find_if(world.watcher->photos.begin(), world.watcher->photos.end(),
                                                [&](const auto &entry) { return entry.first == (*feed)->id(row); });
                CO_VERIFY(found != world.watcher->photos.end());
                CO_VERIFY(readFrom(std::string((*feed)->thumbnailUrl(row))) == contentOf(found->second.resultPath));
            }
            co_await world.stop();
        });
    }

    void manifestsWaitForEachOtherAndForThePerson()
    {
        inWorld([](World &world) -> isolate::Task<> {
            world.tune = [](pipeline::Config &config) { config.patience.stallLimit = std::chrono::hours(1); };
            co_await world.startPipeline();
            for (std::size_t count = 1; count <= 2; ++count) { // there is nowhere to upload to yet
                world.pipeline.send(pipeline::WriteManifest{world.folder / "manifests"});
                co_await world.watcher->until([count](auto &w) { return w.manifests.size() == count; });
            }
            world.runReceiver();
            FaultProxy proxy(world.receiver->port());
            proxy.stallAfter(1);
            world.use(proxy.endpoint());
            proxy.waitUntilStalled();
            world.pipeline.send(pipeline::Pause{}); // lets go of the connection
            co_await world.watcher->until([](auto &w) { return w.paused; });
            world.pipeline.send(pipeline::Resume{});
            co_await world.watcher->until([](auto &w) { return w.notices.size() == 2; });
            for (const auto &manifest : world.watcher->manifests)
                CO_COMPARE(contentOf(world.receiver->folder() / manifest.filename()), contentOf(manifest));
            CO_COMPARE(proxy.count("POST"), 2);
            CO_COMPARE(proxy.sentAgain(), std::string());
            co_await world.stop();
        });
    }

    void theManifestHasTheAddressOfEachDestination()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver("the built-in one"); // has a name, since its address changes
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1)}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            auto builtIn = std::move(world.receiver);
            const std::string builtInAddress = builtIn->endpoint();

            receiver::ReceiverOptions options;
            options.folder = world.folder / "elsewhere";
            for (const char *name : {"b.jpg", "c.jpg"}) { // each to a server of its own, known by its address
                auto started = receiver::Receiver::start(options);
                CO_VERIFY(started.ok());
                world.receiver = std::move(started).value();
                world.use(world.receiver->endpoint());
                world.pipeline.send(pipeline::Pick{{world.makePhoto(name, std::uint64_t(name[0]))}});
                const auto hasArrived
                    = [name](auto &w) { return w.named(name) && w.named(name)->state == PhotoState::uploaded; };
                co_await world.watcher->until(hasArrived);
                options.folder = world.folder / "elsewhere still";
            }
            world.pipeline.send(
                pipeline::WriteManifest{world.folder / "manifests", {{"the built-in one", builtInAddress}}});
            co_await world.watcher->until([](auto &w) { return w.manifests.size() == 1 && w.notices.size() == 1; });
            const auto feed = feed::parseFeedFile(world.watcher->manifests.front());
            CO_VERIFY(feed.ok());
            CO_COMPARE((*feed)->rowCount(), std::size_t{3});
            for (std::size_t row = 0; row < 3; ++row) {
                const auto *photo = world.watcher->named(std::string((*feed)->title(row)));
                const std::string server = row == 0 ? builtInAddress : photo->destination;
                const std::string wanted = server.substr(0, server.rfind('/')) + photo->uploadUrl;
                CO_COMPARE(std::string((*feed)->url(row)), wanted);
            }
            co_await world.stop();
        });
    }

    void aLibraryThatCannotRecordIsWaitedFor()
    {
        inWorld([](World &world) -> isolate::Task<> {
            co_await world.startPipeline();
            world.startReceiver();
            const std::vector<std::string> picks{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)};
            {
                const FileSizeLimit full(1);
                world.pipeline.send(pipeline::Pick{picks});
                co_await world.watcher->until([](auto &w) { return !w.notices.empty(); });
                CO_VERIFY(world.watcher->photos.empty()); // nothing is told that is not recorded
            }
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 2; });
            CO_COMPARE(filesIn(world.receiver->folder()), std::size_t{2});
            co_await world.stop();
        });
    }
};

QTEST_GUILESS_MAIN(PipelineOrderTest)
#include "pipeline_order_test.moc"
