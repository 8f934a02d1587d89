#include "models/feed/feed_actions.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace steadyframe::ui {

namespace {

/// Not valid when the text is no address of the web.
QUrl webAddress(const QString &text)
{
    const QString address = text.trimmed();
    if (address.isEmpty() || address.contains(u'\n'))
        return {};
    const QUrl url(address.contains(QLatin1String("://")) ? address : QLatin1String("https://") + address,
                   QUrl::StrictMode);
    const bool web = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    // A single word is more likely something else than a host.
    return web && !url.host().isEmpty() && (address.contains(QLatin1String("://")) || url.host().contains(u'.'))
        ? url
        : QUrl();
}

} // namespace

void FeedActions::setGrid(bool grid)
{
    if (m_grid == grid)
        return;
    m_grid = grid;
    emit gridChanged();
}

void FeedActions::setJob(const QString &text)
{
    setJobProgress(0);
    if (m_jobText == text)
        return;
    m_jobText = text;
    emit jobChanged();
}

void FeedActions::setJobProgress(double progress)
{
    if (m_jobProgress == progress)
        return;
    m_jobProgress = progress;
    emit jobProgressChanged();
}

QString FeedActions::openAddress(const QString &text)
{
    const QUrl url = webAddress(text);
    if (!url.isValid())
        return tr("This is no address of the web. One looks like https://example.org/photos.json");
    emit openWanted(url);
    return {};
}

bool FeedActions::paste()
{
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    if (!data)
        return false;
    if (data->hasUrls() && data->urls().size() == 1 && data->urls().constFirst().isLocalFile()) {
        emit openWanted(data->urls().constFirst());
        return true;
    }
    return data->hasText() && openAddress(data->text()).isEmpty();
}

} // namespace steadyframe::ui
