#include "composition/feed_bridge.h"

#include "composition/local_path.h"
#include "feed/title_search.h"

#include <QFile>
#include <QSaveFile>

#include <filesystem>
#include <vector>

namespace steadyframe::composition {

namespace {

std::vector<ui::FeedMark> marksIn(std::string_view title, std::string_view text)
{
    std::vector<ui::FeedMark> marks;
    for (const auto &[begin, length] : feed::matchesIn(title, text))
        marks.push_back({begin, length});
    return marks;
}

feed::FeedColumn toColumn(ui::FeedSort sort)
{
    switch (sort) {
    case ui::FeedSort::FeedOrder:
        return feed::FeedColumn::feedOrder;
    case ui::FeedSort::Title:
        return feed::FeedColumn::title;
    case ui::FeedSort::AlbumId:
        return feed::FeedColumn::albumId;
    case ui::FeedSort::Id:
        return feed::FeedColumn::id;
    case ui::FeedSort::Url:
        return feed::FeedColumn::url;
    }
    return feed::FeedColumn::feedOrder;
}

/// Nothing, or something else, is the list.
bool readGrid(std::filesystem::path path)
{
    isolate::setActivity("reading how the feed is shown");
    QFile file(QFile::decodeName(path.c_str()));
    return file.open(QIODevice::ReadOnly) && file.read(4) == "grid";
}

/// What can't be written is the list again at the next start: not worth a word.
bool writeGrid(std::filesystem::path path, bool grid)
{
    isolate::setActivity("writing how the feed is shown");
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    QSaveFile file(QFile::decodeName(path.c_str()));
    return file.open(QIODevice::WriteOnly) && file.write(grid ? "grid\n" : "list\n") == 5 && file.commit();
}

} // namespace

FeedBridge::FeedBridge(const AppFolders &folders, ui::FeedModel &model, ui::FeedActions &actions, ui::Session &session,
                       FeedJobs::PickPhotos pick, QObject *parent)
    : QObject(parent), m_folders(folders), m_model(model), m_actions(actions), m_session(session),
      m_service(folders.samples()), m_jobs(folders, model, actions, session, std::move(pick)),
      m_matches([this](feed::FeedMatches matches) {
          m_model.setShown(matches.serial, matches.rows, matches.complete, matches.total, matches.set);
      }),
      m_files({.name = "feed page", .workers = 1})
{
    connectSearch(); // first: the searcher is told to forget a table before it is asked about the next
    connectOpening();
    loadLayout();
}

FeedBridge::~FeedBridge()
{
    *m_alive = false;
}

void FeedBridge::connectOpening()
{
    m_model.setReleasedTableReceiver(FeedService::release);
    connect(&m_service, &FeedService::started, &m_model, &ui::FeedModel::setStarted);
    connect(&m_service, &FeedService::progressed, &m_model, &ui::FeedModel::setProgress);
    connect(&m_service, &FeedService::opened, &m_model, &ui::FeedModel::setTable);
    connect(&m_service, &FeedService::failed, &m_model, &ui::FeedModel::setFailed);
    connect(&m_service, &FeedService::cancelled, &m_model, &ui::FeedModel::setCancelled);
    connect(&m_session, &ui::Session::openFeedWanted, this, &FeedBridge::open);
    connect(&m_session, &ui::Session::generateFeedWanted, &m_service, &FeedService::openSample);
    connect(&m_actions, &ui::FeedActions::openWanted, this, &FeedBridge::open);
    connect(&m_actions, &ui::FeedActions::cancelOpeningWanted, &m_service, &FeedService::cancel);
}

void FeedBridge::open(const QUrl &url)
{
    if (url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https"))
        m_service.openAddress(url);
    else if (url.isLocalFile())
        m_service.open(localPath(url));
    else
        m_session.notify(
            tr("%1 is neither a file of this machine nor an address of the web.").arg(url.toDisplayString()),
            ui::Session::Warning);
}

void FeedBridge::connectSearch()
{
    m_model.setHighlighter(marksIn);
    connect(&m_model, &ui::FeedModel::viewWanted, this, &FeedBridge::ask);
    // What the searcher remembers of the table of before would keep it in memory.
    connect(&m_service, &FeedService::opened, this, [this] { ask({}); });
    feed::startFeedView(m_matches.sendPort())
        .then(
            [this, alive = m_alive](isolate::SendPort<feed::FeedWish> searcher) {
                if (!*alive)
                    return;
                m_searcher = std::move(searcher);
                m_searcher->send(std::exchange(m_early, {}));
            },
            [](std::exception_ptr) {}); // the program ends before it has begun
}

void FeedBridge::ask(const ui::FeedQuery &query)
{
    feed::FeedWish wish{query.serial, query.table, query.text, toColumn(query.sort), query.descending, query.albumId};
    if (m_searcher)
        m_searcher->send(std::move(wish));
    else
        m_early = std::move(wish);
}

void FeedBridge::loadLayout()
{
    m_files.submit(readGrid, m_folders.feedLayout())
        .then(
            [this, alive = m_alive](bool grid) {
                if (!*alive)
                    return;
                m_actions.setGrid(grid);
                connect(&m_actions, &ui::FeedActions::gridChanged, this, &FeedBridge::rememberLayout);
            },
            [](std::exception_ptr) {});
}

void FeedBridge::rememberLayout()
{
    m_files.submit(writeGrid, m_folders.feedLayout(), m_actions.grid()).then([](bool) {}, [](std::exception_ptr) {});
}

} // namespace steadyframe::composition
