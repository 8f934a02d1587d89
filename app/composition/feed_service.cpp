#include "composition/feed_service.h"

#include "composition/exception_text.h"
#include "feed/feed_maker.h"
#include "feed/feed_parser.h"

#include <isolate_core/receive_port.h>
#include <isolate_core/run.h>

#include <QFile>

#include <functional>
#include <thread>

namespace steadyframe::composition {

namespace {

/// Tells how far it is, as a part of the whole where that is known.
feed::FeedProgressHandler progressTo(const isolate::SendPort<double> &port)
{
    return [&port](const feed::FeedProgress &p) {
        isolate::checkpoint();
        if (p.bytesTotal > 0)
            port.send(static_cast<double>(p.bytesParsed) / static_cast<double>(p.bytesTotal));
    };
}

feed::FeedResult parse(std::filesystem::path path, isolate::SendPort<double> progress, std::stop_token stop)
{
    isolate::setActivity("parsing " + path.filename().native());
    return feed::parseFeedFile(path, stop, progressTo(progress));
}

feed::FeedResult parseUrl(std::string url, isolate::SendPort<double> progress, std::stop_token stop)
{
    isolate::setActivity("fetching and parsing a feed");
    return feed::parseFeedUrl(url, stop, progressTo(progress));
}

} // namespace

std::string makeSampleFeed(std::filesystem::path path, std::stop_token stop)
{
    isolate::setActivity("writing a sample feed");
    std::error_code error;
    if (std::filesystem::exists(path, error))
        return {};
    std::filesystem::create_directories(path.parent_path(), error);
    // Under a name of its own, so that neither a crash nor another who makes one leaves half a feed.
    std::filesystem::path unfinished = path;
    unfinished += "." + std::to_string(std::hash<std::thread::id>{}(std::this_thread::get_id())) + ".part";
    if (auto made = feed::makeFeed(unfinished, stop); !made)
        return feed::describe(made.error());
    std::filesystem::rename(unfinished, path, error);
    return error ? error.message() : std::string();
}

FeedService::FeedService(std::filesystem::path sampleFolder, QObject *parent)
    : QObject(parent), m_sampleFolder(std::move(sampleFolder))
{
}

FeedService::~FeedService()
{
    m_stop.request_stop();
}

std::filesystem::path FeedService::samplePath() const
{
    return m_sampleFolder / "photos_211640.json";
}

void FeedService::release(std::shared_ptr<const ui::FeedTable> table)
{
    static_cast<void>(isolate::run([](std::shared_ptr<const ui::FeedTable> last) { last.reset(); }, std::move(table)));
}

std::stop_token FeedService::begin()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    return m_stop.get_token();
}

void FeedService::cancel()
{
    m_stop.request_stop();
    emit cancelled();
}

template <class Start>
void FeedService::run(const QString &name, Start start)
{
    const auto stop = begin();
    emit started();
    const auto about = [name](const QString &problem) { return QStringLiteral("%1: %2").arg(name, problem); };
    // Keeps only the newest: a hundred steps cost one event a frame. It closes when the parse has ended.
    auto progress = std::make_shared<isolate::RawReceivePort<double>>(
        [this, stop](double fraction) {
            if (!stop.stop_requested())
                emit progressed(fraction);
        },
        isolate::PortOptions::latest());
    start(progress->sendPort(), stop)
        .then(
            [this, stop, progress, about](feed::FeedResult table) {
                progress->close();
                if (stop.stop_requested())
                    return;
                if (table)
                    emit opened(std::move(table).value());
                else
                    emit failed(about(QString::fromStdString(feed::describe(table.error()))));
            },
            [this, stop, progress, about](std::exception_ptr error) {
                progress->close();
                if (!stop.stop_requested())
                    emit failed(about(textOf(error)));
            });
}

void FeedService::open(const std::filesystem::path &path)
{
    run(QFile::decodeName(path.filename().c_str()), [&](isolate::SendPort<double> progress, std::stop_token stop) {
        return isolate::computeWith({.name = "feed"}, parse, path, std::move(progress), std::move(stop));
    });
}

void FeedService::openAddress(const QUrl &url)
{
    // Never on the main isolate: nobody wants to see what a slow network does to frames.
    run(url.toDisplayString(QUrl::RemoveUserInfo), [&](isolate::SendPort<double> progress, std::stop_token stop) {
        return isolate::runWith({.name = "feed download", .placement = isolate::Placement::dedicated}, parseUrl,
                                url.toEncoded(QUrl::RemoveFragment).toStdString(), std::move(progress),
                                std::move(stop));
    });
}

void FeedService::openSample()
{
    const auto stop = begin();
    emit started();
    isolate::runWith({.name = "sample"}, makeSampleFeed, samplePath(), stop)
        .then(
            [this, stop](const std::string &problem) {
                if (stop.stop_requested())
                    return;
                if (problem.empty())
                    open(samplePath());
                else
                    emit failed(QString::fromStdString(problem));
            },
            [this, stop](std::exception_ptr error) {
                if (!stop.stop_requested())
                    emit failed(textOf(error));
            });
}

} // namespace steadyframe::composition
