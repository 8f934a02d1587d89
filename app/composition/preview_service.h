#pragma once

#include "composition/preview_work.h"
#include "composition/settings_bridge.h"
#include "models/preview_model.h"

#include <isolate_core/pool.h>
#include <isolate_core/receive_port.h>

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace steadyframe::composition {

/// Makes what the comparison of before and after shows, in isolates: the newest wish wins, and what is made for an
/// older one is cancelled inside its file. @thread ui
class PreviewService final : public QObject {
    Q_OBJECT
public:
    /// Where a photo is, and its name; an empty path when it is not known.
    using SourceOf = std::function<std::pair<std::filesystem::path, QString>(qint64 id)>;

    /// `folder` is for results that are looked at and removed again; it goes with this.
    PreviewService(ui::PreviewModel &model, const SettingsBridge &settings, imaging::ReadOther readOther,
                   std::filesystem::path folder, SourceOf sourceOf, QObject *parent = nullptr);
    /// Cancels what is being made.
    ~PreviewService() override;

private:
    using Made = isolate::Result<PreviewMade, imaging::ImagingError>;
    void show(qint64 id);
    void setVisible(bool visible);
    void render();
    void rendered(Made made);
    void lookAt(const QRectF &part, double scale);

    ui::PreviewModel &m_model;
    const SettingsBridge &m_settings;
    const imaging::ReadOther m_readOther;
    const SourceOf m_sourceOf;
    const std::filesystem::path m_folder;
    isolate::Pool m_pool;
    isolate::Pool m_parts;
    isolate::RawReceivePort<double> m_progress;
    std::stop_source m_stop; ///< of what is being made
    std::stop_source m_stopPart;
    std::filesystem::path m_source;
    /// What the model shows was made with these.
    std::optional<std::pair<imaging::CompressSettings, imaging::ImagingLimits>> m_shown;
    PreviewMade m_made;
    bool m_visible = false;
    bool m_wantsAnew = false; ///< something changed while it was not on the screen
};

} // namespace steadyframe::composition
