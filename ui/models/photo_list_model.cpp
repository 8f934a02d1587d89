#include "models/photo_list_model.h"

#include <algorithm>

namespace steadyframe::ui {

namespace {

/// More separate removals than this are told as one reset: each of them would renumber the rows behind it.
constexpr qsizetype mostRemovals = 64;

QString stateText(const PhotoRow &row)
{
    switch (row.state) {
    case PhotoState::Queued:
        return PhotoListModel::tr("Queued");
    case PhotoState::Compressing:
        return PhotoListModel::tr("Compressing");
    case PhotoState::Compressed:
        return PhotoListModel::tr("Compressed");
    case PhotoState::Uploading:
        return PhotoListModel::tr("Uploading");
    case PhotoState::Uploaded:
        return PhotoListModel::tr("Uploaded");
    case PhotoState::Failed:
        return PhotoListModel::tr("Failed");
    case PhotoState::Cancelled:
        // The person's own cancelling needs no reason.
        return row.message.isEmpty() ? PhotoListModel::tr("Cancelled") : PhotoListModel::tr("Skipped");
    }
    return {};
}

QString sizeText(const PhotoRow &row)
{
    if (row.originalBytes < 0)
        return {};
    if (row.resultBytes < 0)
        return readableBytes(static_cast<double>(row.originalBytes));
    return QStringLiteral("%1 → %2").arg(readableBytes(static_cast<double>(row.originalBytes)),
                                         readableBytes(static_cast<double>(row.resultBytes)));
}

int savedPercent(const PhotoRow &row)
{
    if (row.resultBytes < 0 || row.originalBytes <= 0)
        return -1;
    const double saved
        = 100.0 * static_cast<double>(row.originalBytes - row.resultBytes) / static_cast<double>(row.originalBytes);
    return std::max(0, qRound(saved));
}

QString savedText(const PhotoRow &row)
{
    if (row.resultBytes < 0 || row.originalBytes <= 0)
        return {};
    const auto percent = qRound(100.0 * static_cast<double>(row.originalBytes - row.resultBytes)
                                / static_cast<double>(row.originalBytes));
    return percent > 0 ? QObject::tr("%1 % smaller").arg(percent)
        : percent < 0  ? QObject::tr("%1 % larger").arg(-percent)
                       : QObject::tr("same size");
}

QString dimensions(const PhotoRow &row)
{
    return row.originalSize.isEmpty()
        ? QString()
        : QStringLiteral("%1 × %2").arg(row.originalSize.width()).arg(row.originalSize.height());
}

} // namespace

PhotoListModel::PhotoListModel(QObject *parent) : QAbstractListModel(parent) {}

int PhotoListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant PhotoListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PhotoRow &row = m_rows.at(index.row());
    switch (role) {
    case PhotoIdRole:
        return static_cast<double>(row.id);
    case Qt::DisplayRole:
    case NameRole:
        return row.name;
    case FolderRole:
        return row.folder;
    case StateRole:
        return static_cast<int>(row.state);
    case StateTextRole:
        return stateText(row);
    case ProgressRole:
        return row.progress;
    case SizeTextRole:
        return sizeText(row);
    case SavedPercentRole:
        return savedPercent(row);
    case SavedTextRole:
        return savedText(row);
    case DimensionsRole:
        return dimensions(row);
    case MessageRole:
        return row.message.isEmpty() ? row.note : row.message;
    case ThumbnailRole:
        return QStringLiteral("image://thumbnails/%1").arg(row.id);
    default:
        return {};
    }
}

QHash<int, QByteArray> PhotoListModel::roleNames() const
{
    return {{PhotoIdRole, "photoId"},     {NameRole, "name"},
            {FolderRole, "folder"},       {StateRole, "photoState"},
            {StateTextRole, "stateText"}, {ProgressRole, "progress"},
            {SizeTextRole, "sizeText"},   {SavedPercentRole, "savedPercent"},
            {SavedTextRole, "savedText"}, {DimensionsRole, "dimensions"},
            {MessageRole, "message"},     {ThumbnailRole, "thumbnail"}};
}

double PhotoListModel::neighbour(double id, int step) const
{
    if (m_rows.isEmpty())
        return -1;
    const int row = rowOf(static_cast<qint64>(id));
    return static_cast<double>(m_rows.at(row < 0 ? 0 : std::clamp(row + step, 0, count() - 1)).id);
}

void PhotoListModel::upsert(const QList<PhotoRow> &rows)
{
    QList<PhotoRow> added;
    bool statesDiffer = false;
    for (const PhotoRow &row : rows) {
        const int known = rowOf(row.id);
        if (known < 0) {
            added.append(row);
            continue;
        }
        PhotoRow &current = m_rows[known];
        if (current == row)
            continue;
        if (current.state != row.state) {
            --m_counts[static_cast<std::size_t>(current.state)];
            ++m_counts[static_cast<std::size_t>(row.state)];
            statesDiffer = true;
        }
        current = row;
        const QModelIndex changed = index(known);
        emit dataChanged(changed, changed);
    }
    if (!added.isEmpty()) {
        beginInsertRows({}, count(), count() + static_cast<int>(added.size()) - 1);
        for (const PhotoRow &row : added) {
            m_rowOf.insert(row.id, count());
            ++m_counts[static_cast<std::size_t>(row.state)];
            m_rows.append(row);
        }
        endInsertRows();
        emit countChanged();
    }
    if (statesDiffer || !added.isEmpty())
        emit statesChanged();
}

void PhotoListModel::setProgress(qint64 id, double progress)
{
    const int row = rowOf(id);
    if (row < 0 || m_rows.at(row).progress == progress)
        return;
    m_rows[row].progress = progress;
    const QModelIndex changed = index(row);
    emit dataChanged(changed, changed, {ProgressRole});
}

void PhotoListModel::remove(const QList<qint64> &ids)
{
    QList<int> rows;
    for (const qint64 id : ids) {
        if (const int row = rowOf(id); row >= 0)
            rows.append(row);
    }
    if (rows.isEmpty())
        return;
    std::sort(rows.begin(), rows.end(), std::greater<>());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    QList<QPair<int, int>> runs; // of neighbours, the last first
    for (const int row : rows) {
        if (!runs.isEmpty() && runs.last().first == row + 1)
            runs.last().first = row;
        else
            runs.append({row, row});
    }
    if (runs.size() > mostRemovals) {
        removeByReset(QSet<qint64>(ids.begin(), ids.end()));
        return;
    }
    for (const auto &[first, last] : runs) {
        beginRemoveRows({}, first, last);
        for (int row = first; row <= last; ++row)
            forget(m_rows.at(row));
        m_rows.remove(first, last - first + 1);
        // Whoever looks at the model while it tells of the removal finds the rows right.
        renumberFrom(first);
        endRemoveRows();
    }
    emit countChanged();
    emit statesChanged();
}

void PhotoListModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_rowOf.clear();
    m_counts.fill(0);
    endResetModel();
    emit countChanged();
    emit statesChanged();
}

void PhotoListModel::forget(const PhotoRow &row)
{
    m_rowOf.remove(row.id);
    --m_counts[static_cast<std::size_t>(row.state)];
}

void PhotoListModel::removeByReset(const QSet<qint64> &ids)
{
    beginResetModel();
    m_rows.removeIf([&](const PhotoRow &row) {
        if (!ids.contains(row.id))
            return false;
        forget(row);
        return true;
    });
    renumberFrom(0);
    endResetModel();
    emit countChanged();
    emit statesChanged();
}

void PhotoListModel::renumberFrom(int row)
{
    for (; row < count(); ++row)
        m_rowOf[m_rows.at(row).id] = row;
}

} // namespace steadyframe::ui
