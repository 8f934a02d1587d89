// Photos of one name on their way to servers that store files under the names that they are given.
#include "pipeline_world.h"

#include "app/upload/fault_proxy.h"
#include "peers/peer.h"
#include "peers/web_dav_server.h"
#include "pipeline/pipeline_text.h"

using namespace steadyframe;
using namespace steadyframe::tests;
using library::PhotoState;

namespace {

namespace fs = std::filesystem;

/// A real server of another's, with a proxy before it.
struct NamedServer {
    explicit NamedServer(upload::Protocol which) : protocol(which) {}

    [[nodiscard]] QString whyNot() const
    {
        return protocol == upload::Protocol::s3 ? Peer::whyNoScripts() : WebDavServer::whyNot();
    }
    void start(const fs::path &folder)
    {
        served = folder / "served";
        fs::create_directories(served);
        quint16 port = 0;
        if (protocol == upload::Protocol::s3) {
            const QString folderText = QString::fromStdString(served.native());
            port = s3.startScript("s3_server.mjs", {folderText, "person", "secret"}).section(' ', 1).toUShort();
        } else {
            port = webDav.start(QString::fromStdString(folder.native()));
            served /= "basic";
        }
        if (port == 0)
            throw std::runtime_error("The server did not start.");
        proxy.emplace(port);
    }
    [[nodiscard]] upload::Target target() const
    {
        const char *path = protocol == upload::Protocol::s3 ? "/bucket" : "/basic";
        upload::Target result{"http://127.0.0.1:" + std::to_string(proxy->port()) + path};
        result.protocol = protocol;
        result.user = "person";
        result.password = "secret";
        result.region = "eu-central-1";
        return result;
    }
    /// What it has, in the order of the names.
    [[nodiscard]] std::map<std::string, std::string> contents() const
    {
        std::map<std::string, std::string> found;
        for (const auto &entry : fs::directory_iterator(served)) {
            const auto name = QByteArray::fromPercentEncoding(QByteArray::fromStdString(entry.path().filename()));
            found[name.toStdString()] = contentOf(entry.path());
        }
        return found;
    }

    const upload::Protocol protocol;
    fs::path served{};
    Peer s3{};
    WebDavServer webDav{};
    std::optional<FaultProxy> proxy{};
};

} // namespace

class PipelineNamesTest : public QObject {
    Q_OBJECT

private slots:
    void photosOfOneNameAllArrive_data()
    {
        QTest::addColumn<int>("protocol");
        QTest::addColumn<bool>("asks");
        QTest::newRow("WebDAV, asks") << int(upload::Protocol::webDav) << true;
        QTest::newRow("WebDAV, keeps both") << int(upload::Protocol::webDav) << false;
        QTest::newRow("S3, asks") << int(upload::Protocol::s3) << true;
        QTest::newRow("S3, keeps both") << int(upload::Protocol::s3) << false;
    }
    void photosOfOneNameAllArrive()
    {
        QFETCH(int, protocol);
        QFETCH(bool, asks);
        NamedServer server(static_cast<upload::Protocol>(protocol));
        if (const auto why = server.whyNot(); !why.isEmpty())
            QSKIP(qPrintable(why));
        inWorld([&](World &world) -> isolate::Task<> {
            world.tune = [](pipeline::Config &config) {
                config.uploads = 3;
                config.patience.retry.first = std::chrono::milliseconds(2);
                config.patience.stallLimit = std::chrono::seconds(1);
            };
            server.start(world.folder);
            co_await world.startPipeline();
            world.pipeline.send(
                pipeline::Pick{{world.makePhoto("one/DSC_1.jpg", 1), world.makePhoto("two/DSC_1.jpg", 2),
                                world.makePhoto("three/DSC_1 (2).jpg", 3)}});
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::compressed) == 3; });
            std::multiset<std::string> results;
            for (const auto &[id, photo] : world.watcher->photos)
                results.insert(contentOf(photo.resultPath));
            server.proxy->stallAfter(results.begin()->size() / 3); // all that can begin does, before one has arrived
            if (!asks) {
                library::RememberAnswer answer{pipeline::nameQuestion(server.target()),
                                               std::string(pipeline::textOf(upload::NamePolicy::keepBoth))};
                const auto remembered = co_await library::ask(world.library->port, std::move(answer));
                CO_VERIFY(remembered.ok());
            }
            world.pipeline.send(pipeline::UseTarget{server.target()});
            if (asks) {
                co_await world.watcher->until([](auto &w) { return w.attention == pipeline::Attention::nameExists; });
                world.pipeline.send(pipeline::AnswerName{upload::NamePolicy::keepBoth});
            }
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 3; });
            std::multiset<std::string> arrived;
            for (const auto &[name, content] : server.contents())
                arrived.insert(content);
            CO_VERIFY(arrived == results);
            std::set<std::string> addresses;
            for (const auto &[id, photo] : world.watcher->photos)
                addresses.insert(photo.uploadUrl);
            CO_COMPARE(addresses.size(), std::size_t(3));
            co_await world.stop();
        });
    }

    void anUploadThatOutlivesItsDestinationKeepsItsAddress()
    {
        NamedServer server(upload::Protocol::webDav);
        if (const auto why = server.whyNot(); !why.isEmpty())
            QSKIP(qPrintable(why));
        inWorld([&](World &world) -> isolate::Task<> {
            world.tune = [](pipeline::Config &config) {
                oneByOne(config);
                config.patience.retry.first = std::chrono::milliseconds(2);
                config.patience.stallLimit = std::chrono::seconds(1);
            };
            server.start(world.folder);
            co_await world.startPipeline();
            world.pipeline.send(pipeline::UseTarget{server.target()});
            server.proxy->stallAfter(1000);
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1)}});
            server.proxy->waitUntilStalled();
            world.startReceiver("the receiver");
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::uploaded) == 1; });
            CO_COMPARE(world.watcher->named("a.jpg")->uploadUrl, server.target().endpoint + "/a.jpg");
            CO_COMPARE(server.contents().size(), std::size_t(1));
            co_await world.stop();
        });
    }
};

QTEST_GUILESS_MAIN(PipelineNamesTest)
#include "pipeline_names_test.moc"
