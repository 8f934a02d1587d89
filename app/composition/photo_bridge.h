#pragma once

#include "composition/thumbnail_service.h"
#include "models/photo_list_model.h"
#include "models/session.h"
#include "pipeline/messages.h"

#include <isolate_core/receive_port.h>

#include <QObject>

#include <filesystem>
#include <optional>
#include <unordered_map>
#include <vector>

namespace steadyframe::composition {

/// Connects the pipeline to the window: what it tells goes to the models, what the person wishes goes to it. Wishes
/// that come before the pipeline has started are kept. @thread ui
class PhotoBridge final : public QObject {
    Q_OBJECT
public:
    PhotoBridge(ui::Session &session, ui::PhotoListModel &photos, ThumbnailService &thumbnails,
                QObject *parent = nullptr);

    /// The pipeline has started.
    void connectTo(isolate::SendPort<pipeline::Command> pipeline);
    void send(pipeline::Command command);
    [[nodiscard]] bool connected() const { return m_pipeline.has_value(); }

    /// Where the result of a photo is; empty before it is compressed.
    [[nodiscard]] std::filesystem::path resultOf(qint64 id) const;
    [[nodiscard]] std::filesystem::path sourceOf(qint64 id) const;

signals:
    /// A list of what was uploaded is there. It is an absolute path.
    void manifestWritten(const std::filesystem::path &path);
    /// A photo was taken off the list; `source` is its original.
    void removed(const std::filesystem::path &source);
    /// An update was applied to the models.
    void updated();

private:
    struct Files {
        std::filesystem::path source;
        std::filesystem::path result;
    };
    void apply(pipeline::Update update);

    ui::Session &m_session;
    ui::PhotoListModel &m_photos;
    ThumbnailService &m_thumbnails;
    isolate::RawReceivePort<pipeline::Update> m_updates;
    std::optional<isolate::SendPort<pipeline::Command>> m_pipeline;
    std::vector<pipeline::Command> m_early;
    std::unordered_map<qint64, Files> m_files;
};

} // namespace steadyframe::composition
