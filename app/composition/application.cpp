#include "composition/application.h"

#include "composition/exception_text.h"
#include "composition/freed_memory.h"
#include "composition/image_file.h"
#include "composition/local_path.h"
#include "composition/receiver_isolate.h"
#include "composition/renderer_choice.h"
#include "composition/short_slices.h"
#include "feed/ascii_case.h"
#include "feed/http_fetch.h"
#include "imaging/other_formats.h"
#include "library/library_isolate.h"
#include "pipeline/pipeline.h"
#include "recipe/trash.h"

#include <isolate_core/run.h>
#include <isolate_core/runtime.h>

#include <QDateTime>
#include <QDesktopServices>
#include <QEventLoop>
#include <QFile>
#include <QGuiApplication>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iterator>

namespace steadyframe::composition {

namespace {

using namespace std::chrono_literals;

constexpr auto shutdownPatience = 10s;
constexpr auto restBeforeGivingBack = 10s; // without work, before free memory goes back to the system

constexpr int feedPage = 1;

bool isFeed(const std::string &named)
{
    return feed::isHttpAddress(named) || feed::endsWithIgnoringCase(named, ".json")
        || feed::endsWithIgnoringCase(named, ".json.gz");
}

QString displayPath(const std::filesystem::path &path)
{
    return QFile::decodeName(path.c_str());
}

} // namespace

Application::Application(AppFolders folders, QObject *parent)
    : QObject(parent), m_folders(std::move(folders)), m_mainIsolate(isolate::Runtime::instance()),
      m_thumbnails(std::make_unique<ThumbnailService>(imaging::readOtherWithQt)),
      m_bridge(std::make_unique<PhotoBridge>(m_session, m_photos, *m_thumbnails)),
      m_settingsBridge(std::make_unique<SettingsBridge>(m_folders, m_settings, m_session)),
      m_previews(std::make_unique<PreviewService>(
          m_preview, *m_settingsBridge, imaging::readOtherWithQt, m_folders.previews(),
          [this](qint64 id) {
              const int row = m_photos.rowOf(id);
              return std::pair(m_bridge->sourceOf(id), row < 0 ? QString() : m_photos.at(row).name);
          })),
      m_destination(std::make_unique<DestinationService>(
          *m_session.destination(), m_folders.root,
          [this](pipeline::Command command) { m_bridge->send(std::move(command)); })),
      m_feeds(std::make_unique<FeedBridge>(m_folders, m_feed, m_feedActions, m_session,
                                           [this](std::vector<std::string> paths) { pick(std::move(paths)); })),
      m_feedThumbnails(std::make_unique<FeedThumbnails>(ThumbnailStore{m_folders.thumbnails()},
                                                        imaging::readOtherWithQt,
                                                        [this](qint64 id) { return m_feed.thumbnailAddress(id); })),
      m_comparison(std::make_unique<ComparisonBridge>(m_monitor, m_folders, m_comparisonModel)),
      m_activity(std::make_unique<ActivityBridge>(m_monitor, m_isolates))
{
    isolate::Runtime::instance().setErrorSink([this](const isolate::ErrorNotice &error) {
        std::fprintf(stderr, "isolate \"%s\": %s\n", error.name.c_str(), error.text.c_str());
        QMetaObject::invokeMethod(
            &m_session,
            [this,
             text = tr("Something went wrong in \"%1\": %2")
                        .arg(QString::fromStdString(error.name), QString::fromStdString(error.text))] {
                m_session.notify(text, ui::Session::Error);
            },
            Qt::QueuedConnection);
    });
    connectPhotos();
    connect(m_comparison.get(), &ComparisonBridge::ended, this, &Application::comparisonEnded);
}

Application::~Application()
{
    shutDown();
    isolate::Runtime::instance().setErrorSink({});
}

bool Application::start()
{
    keepFreedMemory();
    chooseRenderer();
    askForShortSlices();
    m_engine = std::make_unique<QQmlApplicationEngine>();
    m_engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
    provideThumbnails(QStringLiteral("thumbnails"), *m_thumbnails);
    provideThumbnails(QStringLiteral("feed"), *m_feedThumbnails);
    m_engine->addImageProvider(QStringLiteral("preview"), new ui::PreviewProvider(m_preview.pictures()));
    m_engine->setInitialProperties({
        {QStringLiteral("session"), QVariant::fromValue(&m_session)},
        {QStringLiteral("settings"), QVariant::fromValue(&m_settings)},
        {QStringLiteral("preview"), QVariant::fromValue(&m_preview)},
        {QStringLiteral("photos"), QVariant::fromValue(&m_photos)},
        {QStringLiteral("feed"), QVariant::fromValue(&m_feed)},
        {QStringLiteral("feedActions"), QVariant::fromValue(&m_feedActions)},
        {QStringLiteral("isolates"), QVariant::fromValue(&m_isolates)},
        {QStringLiteral("comparison"), QVariant::fromValue(&m_comparisonModel)},
        {QStringLiteral("monitor"), QVariant::fromValue(&m_monitor)},
    });
    m_session.setFolders(displayPath(m_folders.results()), displayPath(m_folders.received()), {});
    m_engine->load(QUrl(QStringLiteral("qrc:/qt/qml/Steadyframe/Main.qml")));
    if (m_engine->rootObjects().isEmpty())
        return false;
    m_window = qobject_cast<QQuickWindow *>(m_engine->rootObjects().constFirst());
    if (!m_window)
        return false;
    drawInShortSlices(*m_window);
    m_monitor.attach(m_window);
    m_monitor.setEnabled(true);
    m_settingsBridge->load();
    return true;
}

template <class Service>
void Application::provideThumbnails(const QString &name, Service &service)
{
    auto *provider = new ui::ThumbnailProvider; // the engine owns it
    m_engine->addImageProvider(name, provider);
    connect(provider->requests(), &ui::ThumbnailRequests::wanted, &service, &Service::want);
    connect(provider->requests(), &ui::ThumbnailRequests::unwanted, &service, &Service::unwant);
    connect(&service, &Service::made, provider->requests(), &ui::ThumbnailRequests::deliver);
    connect(&service, &Service::failed, provider->requests(), &ui::ThumbnailRequests::failed);
}

void Application::goOnWithoutWindow()
{
    QGuiApplication::setQuitOnLastWindowClosed(false);
    m_background = std::make_unique<BackgroundWork>(m_session, *m_window);
    connect(m_background.get(), &BackgroundWork::ended, qApp, &QGuiApplication::quit, Qt::QueuedConnection);
    connect(m_background.get(), &BackgroundWork::said, this,
            [](const QString &text) { std::fprintf(stderr, "steadyframe: %s\n", qPrintable(text)); });
}

void Application::showWindow()
{
    if (m_background)
        m_background->show();
}

void Application::startPipeline()
{
    const auto broken = [this](std::exception_ptr error) { cannotStart(textOf(error)); };
    library::startLibrary(m_folders.library())
        .then(
            [this, broken](library::LibraryAnswer<library::StartedLibrary> library) {
                if (!library)
                    return cannotStart(QString::fromStdString(library.error().message));
                if (!library->report.message.empty())
                    m_session.notify(QString::fromStdString(library->report.message), ui::Session::Warning);
                if (!library->report.created)
                    m_feeds->jobs().removeAbandoned(library->port);
                pipeline::Config config;
                config.library = library->port;
                config.resultFolder = m_folders.results();
                config.workshop.imaging.readOther = imaging::readOtherWithQt;
                config.workshop.moveToTrash = recipe::moveToTrash;
                config.workshop.overwrittenToTrash = true;
                config.recipe = m_settingsBridge->recipe();
                for (const auto &folder : {m_folders.fetched(), m_folders.pasted(), m_folders.samples()})
                    config.ownSources.push_back(std::filesystem::absolute(folder).lexically_normal());
                pipeline::startPipeline(std::move(config))
                    .then(
                        [this](isolate::SendPort<pipeline::Command> port) {
                            m_bridge->connectTo(std::move(port));
                            m_destination->load();
                            startReceiver();
                        },
                        broken);
            },
            broken);
}

void Application::startReceiver()
{
    composition::startReceiver(m_folders.received())
        .then(
            [this](upload::Target target) {
                m_session.setFolders(displayPath(m_folders.results()), displayPath(m_folders.received()),
                                     QString::fromStdString(target.endpoint));
                m_destination->setReceiver(std::move(target));
                emit ready();
            },
            [this](std::exception_ptr error) {
                cannotStart(tr("The built-in receiver could not start: %1").arg(textOf(error)));
            });
}

void Application::cannotStart(const QString &reason)
{
    std::fprintf(stderr, "steadyframe: %s\n", qPrintable(reason));
    m_session.setObstacle(reason);
    emit failed();
}

void Application::sendWithSettings(pipeline::Command command)
{
    m_settingsBridge->flush();
    m_bridge->send(std::move(command));
}

void Application::pick(std::vector<std::string> paths)
{
    if (paths.empty())
        return;
    // Without a pipeline nothing could be recorded; what is picked while it starts is kept.
    if (!m_session.obstacle().isEmpty() && !m_bridge->connected())
        return m_session.notify(tr("These photos were not taken: %1").arg(m_session.obstacle()), ui::Session::Error);
    sendWithSettings(pipeline::Pick{std::move(paths)});
}

void Application::open(std::vector<std::string> named)
{
    const auto feeds = std::stable_partition(named.begin(), named.end(), std::not_fn(isFeed));
    if (feeds != named.end()) {
        if (m_window)
            m_window->setProperty("currentPage", feedPage);
        QList<QUrl> urls;
        std::transform(feeds, named.end(), std::back_inserter(urls), [](const std::string &feed) {
            std::error_code error;
            return feed::isHttpAddress(feed) ? QUrl::fromEncoded(QByteArray::fromStdString(feed))
                                             : localUrl(std::filesystem::absolute(feed, error));
        });
        m_session.openFeeds(urls);
    }
    named.erase(feeds, named.end());
    pick(std::move(named));
}

void Application::connectPhotos()
{
    using ui::Session;
    connect(&m_session, &Session::picked, this, [this](const QList<QUrl> &urls) {
        std::vector<std::string> paths;
        for (const QUrl &url : urls) {
            if (url.isLocalFile())
                paths.push_back(localPath(url).native());
            else
                m_session.notify(
                    tr("%1 is not on this machine. Save it first, then pick the file.").arg(url.toDisplayString()),
                    Session::Warning);
        }
        pick(std::move(paths));
    });
    connect(&m_session, &Session::imagePasted, this, &Application::savePasted);
    connect(&m_session, &Session::pauseWanted, this, [this] { m_bridge->send(pipeline::Pause{}); });
    connect(&m_session, &Session::resumeWanted, this, [this] { sendWithSettings(pipeline::Resume{}); });
    connect(&m_session, &Session::manifestWanted, this, [this] {
        m_bridge->send(pipeline::WriteManifest{m_folders.manifests(), m_destination->addresses()});
    });
    connect(m_bridge.get(), &PhotoBridge::manifestWritten, this, [this](const std::filesystem::path &path) {
        m_session.notify(tr("The manifest is on the feed page. The file is %1").arg(displayPath(path)), Session::Info);
        m_feeds->service().open(path);
    });
    connect(m_bridge.get(), &PhotoBridge::removed, &m_feeds->jobs(), &FeedJobs::photoRemoved);
    connect(&m_session, &Session::nameAnswered, this, [this](Session::NameAnswer answer) {
        using upload::NamePolicy;
        m_bridge->send(pipeline::AnswerName{answer == Session::KeepBoth      ? NamePolicy::keepBoth
                                                : answer == Session::Replace ? NamePolicy::replace
                                                                             : NamePolicy::skip});
    });
    connect(m_destination.get(), &DestinationService::problem, &m_session,
            [this](const QString &text) { m_session.notify(text, Session::Warning); });
    connect(&m_session, &Session::cancelWanted, this, [this](qint64 id) { m_bridge->send(pipeline::Cancel{{id}}); });
    connect(&m_session, &Session::cancelAllWanted, this, [this] { m_bridge->send(pipeline::Cancel{}); });
    connect(&m_session, &Session::retryWanted, this, [this](qint64 id) { sendWithSettings(pipeline::Retry{{id}}); });
    connect(&m_session, &Session::retryFailedWanted, this, [this] { sendWithSettings(pipeline::Retry{}); });
    connect(&m_session, &Session::retryCancelledWanted, this, [this] {
        sendWithSettings(pipeline::Retry{{}, library::PhotoState::cancelled});
    });
    connect(&m_session, &Session::removeWanted, this, [this](const QList<qint64> &ids) {
        if (!ids.isEmpty())
            m_bridge->send(pipeline::Remove{{ids.begin(), ids.end()}});
    });
    connect(&m_session, &Session::uploadAgainWanted, this, [this](const QList<qint64> &ids) {
        m_bridge->send(pipeline::UploadAgain{{ids.begin(), ids.end()}});
    });
    connect(&m_session, &Session::holdWanted, this, [this](const QList<qint64> &ids, bool held) {
        if (ids.isEmpty())
            return; // none would mean all
        if (held)
            m_bridge->send(pipeline::Pause{{ids.begin(), ids.end()}});
        else
            sendWithSettings(pipeline::Resume{{ids.begin(), ids.end()}});
    });
    connect(&m_session, &Session::priorityWanted, this, [this](const QList<qint64> &ids, int priority) {
        m_bridge->send(pipeline::Prioritize{{ids.begin(), ids.end()}, priority});
    });
    connect(&m_session, &Session::clearFinishedWanted, this, [this] { m_bridge->send(pipeline::Remove{}); });
    m_atRest.setSingleShot(true);
    m_atRest.setInterval(restBeforeGivingBack);
    connect(&m_atRest, &QTimer::timeout, this, [] {
        isolate::runWith({.name = "giving back memory"}, giveBackFreedMemory).then([] {}, [](std::exception_ptr) {});
    });
    const auto mayRest = [this] {
        if (m_session.left() == 0 && !m_feed.busy())
            m_atRest.start();
        else
            m_atRest.stop();
    };
    connect(&m_session, &Session::totalsChanged, &m_atRest, mayRest);
    connect(&m_feed, &ui::FeedModel::busyChanged, &m_atRest, mayRest);
    const auto workChanged = [this] {
        const bool working = m_session.left() > 0 && !m_session.paused();
        m_activity->setWorking(working);
        m_comparison->setObstacle(working ? tr("Photos are being compressed and uploaded meanwhile, and would count "
                                               "too. Pause them or let them end, then run the comparison.")
                                          : QString());
    };
    connect(&m_session, &Session::totalsChanged, m_comparison.get(), workChanged);
    connect(&m_session, &Session::pausedChanged, m_comparison.get(), workChanged);
    connect(m_settingsBridge.get(), &SettingsBridge::loaded, this, &Application::startPipeline);
    connect(m_settingsBridge.get(), &SettingsBridge::recipeChanged, this, &Application::useRecipe);
    connect(&m_session, &Session::executionModeWanted, this, &Application::useExecutionMode);
    connect(&m_session, &Session::openResultWanted, this, [this](qint64 id) {
        const auto result = m_bridge->resultOf(id);
        if (result.empty())
            m_session.notify(tr("There is no compressed file yet."), Session::Info);
        else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(displayPath(result))))
            m_session.notify(tr("No program opens pictures here. The file is %1").arg(displayPath(result)),
                             Session::Info);
    });
    connect(&m_session, &Session::openResultFolderWanted, this, [this] { showFolder(m_folders.results()); });
    connect(&m_session, &Session::openReceiverFolderWanted, this, [this] { showFolder(m_folders.received()); });
    connect(&m_session, &Session::isolateListShown, m_activity.get(), &ActivityBridge::setListVisible);
}

void Application::useRecipe()
{
    m_comparison->setSettings(m_settingsBridge->recipe().settings);
    m_thumbnails->setLimits(m_settingsBridge->recipe().limits);
    m_bridge->send(pipeline::UseRecipe{m_settingsBridge->recipe()});
}

void Application::useExecutionMode(ui::Session::ExecutionMode mode)
{
    if (m_comparison->isRunning())
        return m_session.notify(tr("The comparison uses both ways. Choose when it has ended."), ui::Session::Info);
    const bool main = mode == ui::Session::MainIsolate;
    isolate::Runtime::instance().setExecutionMode(main ? isolate::ExecutionMode::mainIsolate
                                                       : isolate::ExecutionMode::isolates);
    m_bridge->send(pipeline::UseMainIsolate{main});
    m_session.setExecutionMode(mode);
}

void Application::savePasted(const QImage &image)
{
    const auto name = QDateTime::currentDateTime().toString(QStringLiteral("'Pasted' yyyy-MM-dd HH.mm.ss.zzz'.png'"));
    const auto path = m_folders.pasted() / name.toStdString();
    isolate::runWith({.name = "paste"}, saveImage, image, path)
        .then(
            [this, path](const std::string &problem) {
                if (problem.empty())
                    pick({path.native()});
                else
                    m_session.notify(QString::fromStdString(problem), ui::Session::Error);
            },
            [this](std::exception_ptr error) { m_session.notify(textOf(error), ui::Session::Error); });
}

void Application::showFolder(const std::filesystem::path &path)
{
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(displayPath(path))))
        m_session.notify(tr("No program opens folders here. The files are in %1").arg(displayPath(path)),
                         ui::Session::Info);
}

void Application::shutDown()
{
    if (std::exchange(m_down, true))
        return;
    m_monitor.setEnabled(false);
    m_comparison.reset();
    m_destination.reset();
    m_feeds.reset();
    m_feedThumbnails.reset();
    m_previews.reset();
    m_thumbnails->disconnect();
    if (m_bridge->connected()) {
        // The loop runs on meanwhile: an upload that was placed on this thread has to come to its end here.
        const auto loop = std::make_shared<QEventLoop>();
        pipeline::Stop stop;
        auto stopped = stop.stopped.future();
        m_bridge->send(std::move(stop));
        std::move(stopped).then([loop] { loop->quit(); }, [loop](std::exception_ptr) { loop->quit(); });
        QTimer::singleShot(shutdownPatience, loop.get(), &QEventLoop::quit);
        loop->exec();
    }
    m_background.reset();
    m_engine.reset();
    m_window = nullptr;
    const auto report = isolate::Runtime::instance().shutdown(shutdownPatience);
    for (const std::string &name : report.hung)
        std::fprintf(stderr, "steadyframe: isolate \"%s\" did not end in time and was left\n", name.c_str());
    m_hung = !report.clean();
}

} // namespace steadyframe::composition
