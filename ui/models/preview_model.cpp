#include "models/preview_model.h"

#include <QMutexLocker>

namespace steadyframe::ui {

void PreviewPictures::put(const QString &kind, int serial, const PicturePair &pair)
{
    const QMutexLocker lock(&m_mutex);
    auto &kept = m_kept[kind];
    kept.append({serial, pair});
    while (kept.size() > 2)
        kept.removeFirst();
}

QImage PreviewPictures::find(const QString &id) const
{
    const QString kind = id.section(QLatin1Char('-'), 0, 0);
    const QString side = id.section(QLatin1Char('-'), 1).section(QLatin1Char('/'), 0, 0);
    const int serial = id.section(QLatin1Char('/'), 1).toInt();
    const QMutexLocker lock(&m_mutex);
    for (const auto &[number, pair] : m_kept.value(kind)) {
        if (number == serial)
            return side == QLatin1String("before") ? pair.before : pair.after;
    }
    return {};
}

void PreviewPictures::clear()
{
    const QMutexLocker lock(&m_mutex);
    m_kept.clear();
}

PreviewProvider::PreviewProvider(std::shared_ptr<PreviewPictures> pictures)
    : QQuickImageProvider(QQuickImageProvider::Image), m_pictures(std::move(pictures))
{
}

QImage PreviewProvider::requestImage(const QString &id, QSize *size, const QSize &)
{
    QImage image = m_pictures->find(id);
    if (size)
        *size = image.size();
    return image;
}

PreviewModel::PreviewModel(QObject *parent) : QObject(parent) {}

QUrl PreviewModel::address(const QString &kind, int serial)
{
    return serial == 0 ? QUrl() : QUrl(QStringLiteral("image://preview/%1/%2").arg(kind).arg(serial));
}

void PreviewModel::setPhoto(qint64 id, const QString &name)
{
    if (id == m_photo)
        return;
    m_photo = id;
    m_name = name;
    m_state = Empty;
    m_busy = false;
    m_message.clear();
    m_pixels = {};
    m_beforeText.clear();
    m_afterText.clear();
    m_serial = m_detailSerial = 0;
    m_detail = {};
    m_pictures->clear();
    emit photoChanged();
    emit picturesChanged();
    emit detailChanged();
    emit stateChanged();
}

void PreviewModel::setBusy()
{
    if (m_state != Ready)
        m_state = Rendering;
    m_busy = true;
    m_progress = 0;
    emit progressChanged();
    emit stateChanged();
}

void PreviewModel::setProgress(double fraction)
{
    m_progress = fraction;
    emit progressChanged();
}

void PreviewModel::setFailed(const QString &message)
{
    m_state = Failed;
    m_busy = false;
    m_message = message;
    emit stateChanged();
}

void PreviewModel::setPictures(const PicturePair &whole, QSize pixels, const QString &before, const QString &after,
                               const QString &message)
{
    // Serials never come again, so that no view takes an old picture for a new one.
    static int lastSerial = 0;
    m_serial = ++lastSerial;
    m_pictures->put(QStringLiteral("whole"), m_serial, whole);
    m_detailSerial = 0;
    m_detail = {};
    m_pixels = pixels;
    m_beforeText = before;
    m_afterText = after;
    m_state = Ready;
    m_busy = false;
    m_message = message;
    emit detailChanged();
    emit picturesChanged();
    emit stateChanged();
}

void PreviewModel::setDetail(const QRectF &part, const PicturePair &pair)
{
    static int lastSerial = 0;
    m_detailSerial = ++lastSerial;
    m_pictures->put(QStringLiteral("part"), m_detailSerial, pair);
    m_detail = part;
    emit detailChanged();
}

} // namespace steadyframe::ui
