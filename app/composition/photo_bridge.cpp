#include "composition/photo_bridge.h"

namespace steadyframe::composition {

using library::PhotoState;

namespace {

ui::PhotoState toUi(PhotoState state)
{
    switch (state) {
    case PhotoState::queued:
        return ui::PhotoState::Queued;
    case PhotoState::compressing:
        return ui::PhotoState::Compressing;
    case PhotoState::compressed:
        return ui::PhotoState::Compressed;
    case PhotoState::uploading:
        return ui::PhotoState::Uploading;
    case PhotoState::uploaded:
        return ui::PhotoState::Uploaded;
    case PhotoState::failed:
        return ui::PhotoState::Failed;
    case PhotoState::cancelled:
        return ui::PhotoState::Cancelled;
    }
    return ui::PhotoState::Failed;
}

ui::PhotoRow toRow(const library::PhotoRecord &photo)
{
    ui::PhotoRow row;
    row.id = photo.id;
    row.name = QString::fromStdString(photo.name);
    row.folder = QString::fromStdString(photo.folder);
    row.state = toUi(photo.state);
    row.originalBytes = static_cast<qint64>(photo.originalBytes);
    row.resultBytes = photo.resultPath.empty() ? -1 : static_cast<qint64>(photo.resultBytes);
    row.originalSize = {photo.originalSize.width, photo.originalSize.height};
    row.resultSize = {photo.resultSize.width, photo.resultSize.height};
    if (photo.state == PhotoState::uploaded)
        row.progress = 1;
    else if (photo.state == PhotoState::uploading && photo.resultBytes > 0)
        row.progress = static_cast<double>(photo.acknowledgedBytes) / static_cast<double>(photo.resultBytes);
    row.message = QString::fromStdString(photo.lastError);
    row.note = QString::fromStdString(photo.note);
    if (photo.held && photo.state < PhotoState::uploaded)
        row.message = ui::Session::tr("Paused. Let it go on by its menu.");
    return row;
}

ui::Session::Attention toUi(pipeline::Attention attention)
{
    switch (attention) {
    case pipeline::Attention::none:
        return ui::Session::NoAttention;
    case pipeline::Attention::credentials:
        return ui::Session::Credentials;
    case pipeline::Attention::certificate:
        return ui::Session::Certificate;
    case pipeline::Attention::nameExists:
        return ui::Session::NameExists;
    }
    return ui::Session::NoAttention;
}

ui::Totals toUi(const library::LibraryTotals &totals)
{
    const auto count = [&](PhotoState state) { return static_cast<qint64>(totals[state].count); };
    ui::Totals result;
    result.queued = count(PhotoState::queued);
    result.compressing = count(PhotoState::compressing);
    result.compressed = count(PhotoState::compressed);
    result.uploading = count(PhotoState::uploading);
    result.uploaded = count(PhotoState::uploaded);
    result.failed = count(PhotoState::failed);
    result.cancelled = count(PhotoState::cancelled);
    for (const auto &state : totals.byState)
        result.total += static_cast<qint64>(state.count);
    // Saved is told of what has a result: what is still to come saves nothing yet.
    for (const PhotoState state : {PhotoState::compressed, PhotoState::uploading, PhotoState::uploaded}) {
        result.bytesBefore += static_cast<qint64>(totals[state].originalBytes);
        result.bytesAfter += static_cast<qint64>(totals[state].resultBytes);
    }
    return result;
}

} // namespace

PhotoBridge::PhotoBridge(ui::Session &session, ui::PhotoListModel &photos, ThumbnailService &thumbnails,
                         QObject *parent)
    : QObject(parent), m_session(session), m_photos(photos), m_thumbnails(thumbnails),
      m_updates([this](pipeline::Update update) { apply(std::move(update)); })
{
}

void PhotoBridge::connectTo(isolate::SendPort<pipeline::Command> pipeline)
{
    m_pipeline = std::move(pipeline);
    m_pipeline->send(pipeline::Subscribe{m_updates.sendPort()});
    for (auto &command : std::exchange(m_early, {}))
        m_pipeline->send(std::move(command));
}

void PhotoBridge::send(pipeline::Command command)
{
    if (m_pipeline)
        m_pipeline->send(std::move(command));
    else
        m_early.push_back(std::move(command));
}

std::filesystem::path PhotoBridge::resultOf(qint64 id) const
{
    const auto files = m_files.find(id);
    return files == m_files.end() ? std::filesystem::path() : files->second.result;
}

std::filesystem::path PhotoBridge::sourceOf(qint64 id) const
{
    const auto files = m_files.find(id);
    return files == m_files.end() ? std::filesystem::path() : files->second.source;
}

void PhotoBridge::apply(pipeline::Update update)
{
    QList<ui::PhotoRow> rows;
    rows.reserve(static_cast<qsizetype>(update.photos.size()));
    for (const library::PhotoRecord &photo : update.photos) {
        rows.append(toRow(photo));
        m_files.insert_or_assign(photo.id, Files{photo.sourcePath, photo.resultPath});
        m_thumbnails.setSource(photo.id, photo.sourcePath);
    }
    if (!rows.isEmpty())
        m_photos.upsert(rows);
    for (const pipeline::Progress &progress : update.progress)
        m_photos.setProgress(progress.id, progress.fraction);
    if (!update.removed.empty()) {
        m_photos.remove(QList<qint64>(update.removed.begin(), update.removed.end()));
        for (const qint64 id : update.removed) {
            m_thumbnails.forget(id);
            emit removed(sourceOf(id));
            m_files.erase(id);
        }
    }
    ui::Totals totals = toUi(update.totals);
    totals.held = static_cast<qint64>(update.held);
    m_session.setTotals(totals);
    m_session.setPace({update.pace.uploadBytesPerSecond, update.pace.photosPerSecond, update.pace.secondsLeft});
    m_session.setPaused(update.paused);
    m_session.setAttention(toUi(update.attention), QString::fromStdString(update.attentionText));
    for (const std::string &notice : update.notices)
        m_session.notify(QString::fromStdString(notice), ui::Session::Warning);
    for (const auto &path : update.manifests)
        emit manifestWritten(path);
    update.applied.complete();
    emit updated();
}

} // namespace steadyframe::composition
