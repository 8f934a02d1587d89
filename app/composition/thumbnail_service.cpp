#include "composition/thumbnail_service.h"

#include "composition/thumbnail_image.h"
#include "imaging/thumbnail.h"

namespace steadyframe::composition {

namespace {

using Made = isolate::Result<imaging::Thumbnail, imaging::ImagingError>;

Made makeOne(std::filesystem::path source, int pixels, imaging::ImagingOptions options, std::stop_token stop)
{
    isolate::setActivity("thumbnail of " + source.filename().native());
    return imaging::makeThumbnail(source, pixels, stop, options);
}

} // namespace

ThumbnailService::ThumbnailService(imaging::ReadOther readOther, QObject *parent)
    : QObject(parent), m_imaging{.limits = {}, .readOther = readOther}, m_pool({.name = "thumbnails", .workers = 1})
{
}

ThumbnailService::~ThumbnailService()
{
    *m_alive = false;
    for (auto &[id, stop] : m_wanted)
        stop.request_stop();
}

void ThumbnailService::setSource(qint64 id, std::filesystem::path source)
{
    m_sources.insert_or_assign(id, std::move(source));
}

void ThumbnailService::forget(qint64 id)
{
    unwant(id);
    m_sources.erase(id);
}

void ThumbnailService::want(qint64 id, int pixels)
{
    const auto source = m_sources.find(id);
    if (source == m_sources.end()) {
        emit failed(id);
        return;
    }
    unwant(id);
    std::stop_source stop;
    m_wanted.emplace(id, stop);
    const auto isStillWanted = [this, alive = m_alive, id, token = stop.get_token()] {
        if (!*alive || token.stop_requested())
            return false;
        m_wanted.erase(id);
        return true;
    };
    m_pool.submit(++m_lastPriority, stop.get_token(), makeOne, source->second, pixels, m_imaging)
        .then(
            [this, isStillWanted, id](Made thumbnail) {
                if (!isStillWanted())
                    return;
                if (thumbnail)
                    emit made(id, toImage(std::move(thumbnail).value()));
                else
                    emit failed(id);
            },
            [this, isStillWanted, id](std::exception_ptr) {
                if (isStillWanted())
                    emit failed(id);
            });
}

void ThumbnailService::unwant(qint64 id)
{
    const auto wanted = m_wanted.find(id);
    if (wanted == m_wanted.end())
        return;
    wanted->second.request_stop();
    m_wanted.erase(wanted);
}

} // namespace steadyframe::composition
