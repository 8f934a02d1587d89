#include "composition/preview_service.h"

#include "models/photo_row.h"
#include "recipe/place_result.h"

#include <QLocale>

#include <cmath>

namespace steadyframe::composition {

namespace {

/// Parts are cut for a view; no view is larger.
constexpr int mostPartSide = 4096;

QString sizeText(int width, int height)
{
    return QStringLiteral("%1 × %2").arg(width).arg(height);
}

QString similarityText(double similarity)
{
    // Rounded down: what is not equal does not read 1.
    return QLocale().toString(std::floor(similarity * 10000) / 10000, 'f', 4);
}

} // namespace

PreviewService::PreviewService(ui::PreviewModel &model, const SettingsBridge &settings, imaging::ReadOther readOther,
                               std::filesystem::path folder, SourceOf sourceOf, QObject *parent)
    : QObject(parent), m_model(model), m_settings(settings), m_readOther(readOther), m_sourceOf(std::move(sourceOf)),
      m_folder(std::move(folder)), m_pool({.name = "preview", .workers = 1}),
      m_parts({.name = "preview part", .workers = 1}), m_progress([this](double fraction) {
          if (m_model.busy())
              m_model.setProgress(fraction);
      })
{
    using ui::PreviewModel;
    connect(&model, &PreviewModel::wanted, this, &PreviewService::show);
    connect(&model, &PreviewModel::visibleChanged, this, &PreviewService::setVisible);
    connect(&model, &PreviewModel::lookedAt, this, &PreviewService::lookAt);
    connect(&settings, &SettingsBridge::recipeChanged, this, &PreviewService::render);
}

PreviewService::~PreviewService()
{
    m_stop.request_stop();
    m_stopPart.request_stop();
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

void PreviewService::show(qint64 id)
{
    auto [source, name] = m_sourceOf(id);
    if (source.empty() || static_cast<double>(id) == m_model.photoId())
        return;
    m_stop.request_stop();
    m_source = std::move(source);
    m_made = {};
    m_shown.reset();
    m_model.setPhoto(id, name);
    render();
}

void PreviewService::setVisible(bool visible)
{
    m_visible = visible;
    if (visible && m_wantsAnew)
        render();
}

void PreviewService::render()
{
    m_wantsAnew = !m_visible;
    const auto &recipe = m_settings.recipe();
    const auto wanted = std::pair(recipe.settings, recipe.limits);
    if (!m_visible || m_source.empty() || (m_shown == wanted && m_model.state() == ui::PreviewModel::Ready))
        return;
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_shown = wanted;
    m_model.setBusy();
    PreviewOrder order{
        m_source, recipe.settings, {.limits = recipe.limits, .readOther = m_readOther}, m_folder, m_made.before};
    m_pool.submit(0, m_stop.get_token(), makePreview, std::move(order), m_progress.sendPort())
        .then(
            // A stop is asked for by whoever makes this obsolete, the end included.
            [this, stop = m_stop.get_token()](Made made) {
                if (!stop.stop_requested())
                    rendered(std::move(made));
            },
            [this, stop = m_stop.get_token()](std::exception_ptr) {
                if (!stop.stop_requested())
                    m_model.setFailed(tr("The comparison was ended before it was done."));
            });
}

void PreviewService::rendered(Made made)
{
    if (!made)
        return m_model.setFailed(QString::fromStdString(made.error().message));
    m_made = std::move(*made);
    const imaging::CompressResult &result = m_made.result;
    const QString before = tr("%1  ·  %2")
                               .arg(ui::readableBytes(static_cast<double>(result.sourceBytes)),
                                    sizeText(result.sourceWidth, result.sourceHeight));
    QStringList after{ui::readableBytes(static_cast<double>(result.resultBytes)),
                      sizeText(result.width, result.height)};
    if (result.sourceBytes > 0 && result.resultBytes < result.sourceBytes)
        after.append(tr("%1 % smaller")
                         .arg(100
                              - static_cast<int>(std::ceil(100.0 * static_cast<double>(result.resultBytes)
                                                           / static_cast<double>(result.sourceBytes)))));
    if (result.quality > 0)
        after.append(tr("quality %1").arg(result.quality));
    if (!std::isnan(m_made.similarity))
        after.append(tr("similarity %1").arg(similarityText(m_made.similarity)));
    m_model.setPictures({m_made.overviewBefore, m_made.overviewAfter}, {m_made.after->width, m_made.after->height},
                        before, after.join(QStringLiteral("  ·  ")), QString::fromStdString(recipe::noteOn(result)));
    m_made.overviewBefore = m_made.overviewAfter = {};
}

void PreviewService::lookAt(const QRectF &part, double scale)
{
    m_stopPart.request_stop();
    m_stopPart = std::stop_source();
    if (!m_made.before || !m_made.after || part.isEmpty())
        return;
    const QRect whole(0, 0, m_made.after->width, m_made.after->height);
    const QRect cut = part.toAlignedRect().intersected(whole);
    // More pixels than the picture has show nothing more: the view enlarges them itself.
    const double reduce = std::min(scale, 1.0);
    const QSize size(std::clamp(qRound(cut.width() * reduce), 1, mostPartSide),
                     std::clamp(qRound(cut.height() * reduce), 1, mostPartSide));
    const double overview = static_cast<double>(overviewSide) / std::max(whole.width(), whole.height());
    if (cut.isEmpty() || reduce <= std::min(overview, 1.0))
        return; // the whole picture is as sharp
    m_parts.submit(0, m_stopPart.get_token(), cutPart, m_made.before, m_made.after, cut, size)
        .then(
            [this, cut, stop = m_stopPart.get_token()](PreviewPart made) {
                if (!stop.stop_requested())
                    m_model.setDetail(cut, {made.before, made.after});
            },
            [](std::exception_ptr) {}); // a newer part was asked for
}

} // namespace steadyframe::composition
