#include "models/photo_filter_model.h"

namespace steadyframe::ui {

PhotoFilterModel::PhotoFilterModel(QObject *parent) : QSortFilterProxyModel(parent) {}

void PhotoFilterModel::setPhotos(PhotoListModel *photos)
{
    if (photos == m_photos)
        return;
    if (m_photos)
        m_photos->disconnect(this);
    m_photos = photos;
    setSourceModel(photos);
    if (photos)
        connect(photos, &PhotoListModel::statesChanged, this, &PhotoFilterModel::countsChanged);
    emit photosChanged();
    emit countsChanged();
}

void PhotoFilterModel::setKind(Kind kind)
{
    if (kind == m_kind)
        return;
    m_kind = kind;
    invalidateFilter();
    emit kindChanged();
}

int PhotoFilterModel::failedCount() const
{
    return m_photos ? m_photos->countIn(PhotoState::Failed) + m_photos->countIn(PhotoState::Cancelled) : 0;
}

int PhotoFilterModel::doneCount() const
{
    return m_photos ? m_photos->countIn(PhotoState::Uploaded) : 0;
}

double PhotoFilterModel::idAt(int row) const
{
    const QModelIndex source = mapToSource(index(row, 0));
    return source.isValid() ? static_cast<double>(m_photos->at(source.row()).id) : -1;
}

bool PhotoFilterModel::filterAcceptsRow(int row, const QModelIndex &) const
{
    if (m_kind == All || !m_photos)
        return true;
    const PhotoState state = m_photos->at(row).state;
    const bool failed = state == PhotoState::Failed || state == PhotoState::Cancelled;
    const bool done = state == PhotoState::Uploaded;
    return m_kind == Failed ? failed : m_kind == Done ? done : !failed && !done;
}

} // namespace steadyframe::ui
