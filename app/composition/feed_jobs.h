#pragma once

#include "composition/app_folders.h"
#include "feed/photo_fetcher.h"
#include "library/messages.h"
#include "models/feed/feed_actions.h"
#include "models/feed/feed_model.h"
#include "models/session.h"

#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>

#include <QObject>
#include <QUrl>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::composition {

/// Writes a feed to files, and fetches photos of it that are to be sent; one of the two at a time. What was fetched
/// lies in a folder of the application's until its photo is taken off the list. @thread ui
class FeedJobs final : public QObject {
    Q_OBJECT
public:
    /// Takes files to compress and upload.
    using PickPhotos = std::function<void(std::vector<std::string> paths)>;

    FeedJobs(const AppFolders &folders, ui::FeedModel &model, ui::FeedActions &actions, ui::Session &session,
             PickPhotos pick, QObject *parent = nullptr);
    /// Stops what runs.
    ~FeedJobs() override;

    /// A photo is no longer on the list: its file goes, if it is one that was fetched.
    void photoRemoved(const std::filesystem::path &source);
    /// What this run found in the folder and no photo on the list comes from goes: a program that ended while it
    /// fetched left it.
    void removeAbandoned(isolate::SendPort<library::LibraryMessage> library);

signals:
    /// The newest job has come to its end; not when it was cancelled.
    void ended();

private:
    struct Sending {
        std::uint64_t number = 0; ///< of the job
        std::shared_ptr<const ui::FeedTable> table{};
        ui::FeedRowList rows{}; ///< null until they are listed
        std::vector<std::uint32_t> fetched{}; ///< rows
        std::size_t done = 0;
        std::size_t failed = 0;
        QString firstProblem{};
    };

    void exportTo(const QUrl &file, ui::FeedActions::ExportFormat format, bool selection);
    void send();
    void take(feed::FetchedPhoto photo);
    void finishSending();
    void removeFile(const std::filesystem::path &path);
    std::stop_token begin(const QString &text);
    void end(const QString &notice, ui::Session::NoticeKind kind);
    void cancel();

    const std::filesystem::path m_folder;
    const std::filesystem::file_time_type m_started = std::filesystem::file_time_type::clock::now();
    ui::FeedModel &m_model;
    ui::FeedActions &m_actions;
    ui::Session &m_session;
    const PickPhotos m_pick;
    isolate::Pool m_files;
    isolate::RawReceivePort<feed::FetchedPhoto> m_fetched;
    std::optional<isolate::SendPort<feed::FetchPhotos>> m_fetcher; ///< none before the first photos
    std::optional<isolate::RawReceivePort<double>> m_progress;
    Sending m_sending;
    std::stop_source m_stop;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace steadyframe::composition
