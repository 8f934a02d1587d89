#pragma once

#include "imaging/imaging_options.h"

#include <isolate_core/pool.h>

#include <QImage>
#include <QObject>

#include <filesystem>
#include <memory>
#include <stop_token>
#include <unordered_map>

namespace steadyframe::composition {

/// Makes the thumbnails that the window asks for, in isolates: the newest first, because it is what the person looks
/// at, and none that scrolled away. @thread ui
class ThumbnailService final : public QObject {
    Q_OBJECT
public:
    /// `readOther` reads formats other than JPEG.
    explicit ThumbnailService(imaging::ReadOther readOther, QObject *parent = nullptr);
    /// Stops what is being made.
    ~ThumbnailService() override;

    /// What is refused from now on.
    void setLimits(const imaging::ImagingLimits &limits) { m_imaging.limits = limits; }
    /// Says where a photo is; without it `want` fails.
    void setSource(qint64 id, std::filesystem::path source);
    void forget(qint64 id);

public slots:
    void want(qint64 id, int pixels);
    void unwant(qint64 id);

signals:
    void made(qint64 id, const QImage &image);
    void failed(qint64 id);

private:
    imaging::ImagingOptions m_imaging;
    isolate::Pool m_pool;
    int m_lastPriority = 0;
    std::unordered_map<qint64, std::filesystem::path> m_sources;
    std::unordered_map<qint64, std::stop_source> m_wanted;
    std::shared_ptr<bool> m_alive
        = std::make_shared<bool>(true); ///< false once this is gone; for answers that come later
};

} // namespace steadyframe::composition
