#include "models/thumbnail_provider.h"

#include <QMutexLocker>

namespace steadyframe::ui {

namespace {

constexpr int usualPixels = 128;

} // namespace

/// One picture that a view waits for.
class ThumbnailResponse final : public QQuickImageResponse {
public:
    ThumbnailResponse(std::shared_ptr<ThumbnailRequests> requests, qint64 id)
        : m_requests(std::move(requests)), m_id(id)
    {
    }
    ~ThumbnailResponse() override { m_requests->cancel(m_id, this); }

    [[nodiscard]] QQuickTextureFactory *textureFactory() const override
    {
        return m_image.isNull() ? nullptr : QQuickTextureFactory::textureFactoryForImage(m_image);
    }
    void cancel() override
    {
        // Qt frees a response when it has finished, a cancelled one too; it holds a lock while it cancels.
        if (m_requests->cancel(m_id, this))
            QMetaObject::invokeMethod(this, &QQuickImageResponse::finished, Qt::QueuedConnection);
    }

    /// @thread any; once
    void finishWith(const QImage &image)
    {
        m_image = image;
        emit finished();
    }

private:
    const std::shared_ptr<ThumbnailRequests> m_requests;
    const qint64 m_id;
    QImage m_image;
};

ThumbnailRequests::ThumbnailRequests(qint64 bytes) : m_cache(bytes) {}

void ThumbnailRequests::request(qint64 id, int pixels, ThumbnailResponse *response)
{
    QImage known;
    bool first = false;
    {
        const QMutexLocker lock(&m_mutex);
        if (const Made *cached = m_cache.object(id); cached && cached->pixels >= pixels) {
            known = cached->image;
        } else {
            first = m_asked.value(id) < pixels;
            if (first)
                m_asked.insert(id, pixels);
            m_waiting.insert(id, response);
        }
    }
    if (!known.isNull()) {
        // Not before the caller has connected itself to the response.
        QMetaObject::invokeMethod(
            response, [response, known] { response->finishWith(known); }, Qt::QueuedConnection);
    } else if (first) {
        QMetaObject::invokeMethod(
            this, [this, id, pixels] { emit wanted(id, pixels); }, Qt::QueuedConnection);
    }
}

bool ThumbnailRequests::cancel(qint64 id, ThumbnailResponse *response)
{
    {
        const QMutexLocker lock(&m_mutex);
        if (m_waiting.remove(id, response) == 0)
            return false;
        if (m_waiting.contains(id))
            return true;
        m_asked.remove(id);
    }
    QMetaObject::invokeMethod(
        this, [this, id] { emit unwanted(id); }, Qt::QueuedConnection);
    return true;
}

void ThumbnailRequests::deliver(qint64 id, const QImage &image)
{
    finish(id, image);
}
void ThumbnailRequests::failed(qint64 id)
{
    finish(id, {});
}

void ThumbnailRequests::finish(qint64 id, const QImage &image)
{
    const QMutexLocker lock(&m_mutex);
    const auto asked = m_asked.constFind(id);
    const int pixels = asked == m_asked.cend() ? usualPixels : *asked; // nobody waits: as one usually would have
    if (asked != m_asked.cend())
        m_asked.erase(asked);
    if (!image.isNull())
        m_cache.insert(id, new Made{image, pixels}, image.sizeInBytes());
    // Under the lock, so that a response that is being destroyed elsewhere waits until it was served.
    for (ThumbnailResponse *response : m_waiting.values(id))
        response->finishWith(image);
    m_waiting.remove(id);
}

ThumbnailProvider::ThumbnailProvider(qint64 cacheBytes)
    : m_requests(new ThumbnailRequests(cacheBytes), [](ThumbnailRequests *requests) { requests->deleteLater(); })
{
}

QQuickImageResponse *ThumbnailProvider::requestImageResponse(const QString &id, const QSize &requestedSize)
{
    const qint64 photo = id.toLongLong();
    const int pixels = std::max(requestedSize.width(), requestedSize.height());
    auto *response = new ThumbnailResponse(m_requests, photo);
    m_requests->request(photo, pixels > 0 ? pixels : usualPixels, response);
    return response;
}

} // namespace steadyframe::ui
