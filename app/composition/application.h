#pragma once

#include "composition/activity_bridge.h"
#include "composition/app_folders.h"
#include "composition/background_work.h"
#include "composition/comparison_bridge.h"
#include "composition/destination_service.h"
#include "composition/feed_bridge.h"
#include "composition/feed_thumbnails.h"
#include "composition/photo_bridge.h"
#include "composition/preview_service.h"
#include "composition/settings_bridge.h"
#include "jank_monitor/jank_monitor.h"
#include "models/feed/feed_model.h"
#include "models/thumbnail_provider.h"

#include <isolate_core/qt/main_isolate.h>

#include <QImage>
#include <QObject>
#include <QQmlApplicationEngine>
#include <QTimer>

#include <memory>
#include <string>
#include <vector>

namespace steadyframe::composition {

/// The whole application: makes the models, the window and the isolates, connects them, and takes them down in order.
/// @thread ui
class Application final : public QObject {
    Q_OBJECT
public:
    explicit Application(AppFolders folders, QObject *parent = nullptr);
    /// As `shutDown`, if that was not called.
    ~Application() override;

    /// Opens the window and starts the isolates. False when the window could not be made; the reason is on the standard
    /// error.
    bool start();
    /// Records what is under way, ends the isolates, and waits for them, for some seconds at most. Names what hung on
    /// the standard error.
    void shutDown();
    /// After `shutDown`: something did not end, so the process can't wait for its threads.
    [[nodiscard]] bool hung() const { return m_hung; }

    /// Lets the work go on when the window is closed. Without it closing the window ends the program. After `start`.
    void goOnWithoutWindow();
    /// The window again, after it was closed.
    void showWindow();

    /// Files and folders, native bytes.
    void pick(std::vector<std::string> paths);
    /// What is named on the command line: picks files and folders, and opens a feed, which is an address of the web or
    /// a file called `….json` or `….json.gz`. Of several feeds the last is opened.
    void open(std::vector<std::string> named);

    [[nodiscard]] QQuickWindow *window() const { return m_window; }
    [[nodiscard]] ui::Session &session() { return m_session; }
    [[nodiscard]] ui::CompressionSettings &settings() { return m_settings; }
    [[nodiscard]] ui::PreviewModel &preview() { return m_preview; }
    [[nodiscard]] ui::PhotoListModel &photos() { return m_photos; }
    [[nodiscard]] ui::FeedModel &feed() { return m_feed; }
    [[nodiscard]] ui::ComparisonModel &comparison() { return m_comparisonModel; }
    [[nodiscard]] jank::JankMonitor &monitor() { return m_monitor; }
    [[nodiscard]] PhotoBridge &bridge() { return *m_bridge; }
    [[nodiscard]] FeedService &feeds() { return m_feeds->service(); }
    [[nodiscard]] ui::FeedActions &feedActions() { return m_feedActions; }
    [[nodiscard]] FeedJobs &feedJobs() { return m_feeds->jobs(); }
    [[nodiscard]] FeedThumbnails *feedThumbnails() { return m_feedThumbnails.get(); }
    [[nodiscard]] const AppFolders &folders() const { return m_folders; }
    /// Of the last comparison that finished; empty before. Until `shutDown`.
    [[nodiscard]] const ComparisonResult &comparisonResult() const { return m_comparison->result(); }

signals:
    /// Pictures can be compressed and uploaded.
    void ready();
    /// They can't; `session().obstacle()` says why.
    void failed();
    void comparisonEnded(bool succeeded);

private:
    void connectPhotos();
    /// Under `image://NAME/`.
    template <class Service>
    void provideThumbnails(const QString &name, Service &service);
    void useRecipe();
    void startPipeline();
    /// Sends what begins work, which is done as the person has set it by then.
    void sendWithSettings(pipeline::Command command);
    void startReceiver();
    void cannotStart(const QString &reason);
    void useExecutionMode(ui::Session::ExecutionMode mode);
    void savePasted(const QImage &image);
    void showFolder(const std::filesystem::path &path);

    const AppFolders m_folders;
    isolate::qt::MainIsolate m_mainIsolate;
    jank::JankMonitor m_monitor;
    ui::Session m_session;
    ui::CompressionSettings m_settings;
    ui::PreviewModel m_preview;
    ui::PhotoListModel m_photos;
    ui::FeedModel m_feed;
    ui::FeedActions m_feedActions;
    QTimer m_atRest; ///< since the last work ended
    ui::IsolateListModel m_isolates;
    ui::ComparisonModel m_comparisonModel;
    std::unique_ptr<ThumbnailService> m_thumbnails;
    std::unique_ptr<PhotoBridge> m_bridge;
    std::unique_ptr<SettingsBridge> m_settingsBridge;
    std::unique_ptr<PreviewService> m_previews;
    std::unique_ptr<DestinationService> m_destination;
    std::unique_ptr<FeedBridge> m_feeds;
    std::unique_ptr<FeedThumbnails> m_feedThumbnails;
    std::unique_ptr<ComparisonBridge> m_comparison;
    std::unique_ptr<ActivityBridge> m_activity;
    std::unique_ptr<QQmlApplicationEngine> m_engine;
    std::unique_ptr<BackgroundWork> m_background;
    QQuickWindow *m_window = nullptr;
    bool m_down = false;
    bool m_hung = false;
};

} // namespace steadyframe::composition
