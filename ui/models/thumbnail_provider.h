#pragma once

#include <QCache>
#include <QHash>
#include <QImage>
#include <QMutex>
#include <QObject>
#include <QPointer>
#include <QQuickAsyncImageProvider>

#include <memory>

namespace steadyframe::ui {

class ThumbnailResponse;

/// What the provider asks of whoever makes thumbnails, and takes from it. Signals and slots: @thread ui
class ThumbnailRequests final : public QObject {
    Q_OBJECT
public:
    /// Thumbnails that were made are kept up to so many bytes, the longest unused go first.
    explicit ThumbnailRequests(qint64 cacheBytes);

    /// Answers from the cache, if it was made for so many pixels or more, else asks. @thread any
    void request(qint64 id, int pixels, ThumbnailResponse *response);
    /// Nobody waits for it any more. False when it was answered already. @thread any
    bool cancel(qint64 id, ThumbnailResponse *response);

public slots:
    void deliver(qint64 id, const QImage &image);
    void failed(qint64 id);

signals:
    /// A view shows this photo; `pixels` is the longest side. Again with more when a larger one is asked for.
    void wanted(qint64 id, int pixels);
    /// It scrolled away before it was made.
    void unwanted(qint64 id);

private:
    struct Made {
        QImage image;
        int pixels; ///< that were asked for
    };
    void finish(qint64 id, const QImage &image);

    QMutex m_mutex; ///< guards the rest
    QCache<qint64, Made> m_cache;
    QMultiHash<qint64, ThumbnailResponse *> m_waiting;
    QHash<qint64, int> m_asked; ///< the most pixels that were asked for of those that are waited for
};

/// Gives views the thumbnails of photos under `image://thumbnails/<id>`, asynchronously: a view never waits for one.
class ThumbnailProvider final : public QQuickAsyncImageProvider {
    Q_OBJECT
public:
    /// Keeps thumbnails of up to so many bytes.
    explicit ThumbnailProvider(qint64 cacheBytes = usualCacheBytes);
    QQuickImageResponse *requestImageResponse(const QString &id, const QSize &requestedSize) override;
    /// Lives as long as the provider. @thread ui
    [[nodiscard]] ThumbnailRequests *requests() const { return m_requests.get(); }

    static constexpr qint64 usualCacheBytes = 64'000'000;

private:
    // Responses may outlive the provider.
    std::shared_ptr<ThumbnailRequests> m_requests;
};

} // namespace steadyframe::ui
