#pragma once

#include "composition/app_folders.h"
#include "composition/feed_jobs.h"
#include "composition/feed_service.h"
#include "feed/feed_view.h"
#include "models/feed/feed_actions.h"
#include "models/feed/feed_model.h"
#include "models/session.h"

#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>

#include <QObject>

#include <memory>
#include <optional>

namespace steadyframe::composition {

/// Connects the feed's page to those who do the work: who opens feeds, searches and sorts them, and remembers the
/// form of the page. @thread ui
class FeedBridge final : public QObject {
    Q_OBJECT
public:
    FeedBridge(const AppFolders &folders, ui::FeedModel &model, ui::FeedActions &actions, ui::Session &session,
               FeedJobs::PickPhotos pick, QObject *parent = nullptr);
    ~FeedBridge() override;

    [[nodiscard]] FeedService &service() { return m_service; }
    [[nodiscard]] FeedJobs &jobs() { return m_jobs; }
    /// Opens a file or what is at an address.
    void open(const QUrl &url);

private:
    void connectOpening();
    void connectSearch();
    void ask(const ui::FeedQuery &query);
    void rememberLayout();
    void loadLayout();

    const AppFolders m_folders;
    ui::FeedModel &m_model;
    ui::FeedActions &m_actions;
    ui::Session &m_session;
    FeedService m_service;
    FeedJobs m_jobs;
    isolate::RawReceivePort<feed::FeedMatches> m_matches;
    std::optional<isolate::SendPort<feed::FeedWish>> m_searcher; ///< none until it has started
    feed::FeedWish m_early; ///< what was wished before
    isolate::Pool m_files;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace steadyframe::composition
