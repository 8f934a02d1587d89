#include "models/feed/feed_cells.h"

#include <QColor>

#include <algorithm>
#include <cstdlib>

namespace steadyframe::ui {

int FeedCells::rowOf(int cell) const
{
    // The only row from `first` on, within a round of the cells, that this cell takes turns to.
    const int row = m_first + (cell - m_first % m_cells + m_cells) % m_cells;
    return m_feed && row < m_feed->count() ? row : -1;
}

QVariant FeedCells::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_cells)
        return {};
    const int row = rowOf(index.row());
    if (role == RowRole)
        return row;
    if (row >= 0)
        return m_feed->data(m_feed->index(row), role);
    // Of the right kind, since the properties of a cell have types.
    switch (role) {
    case FeedModel::AlbumIdRole:
    case FeedModel::PhotoIdRole:
        return 0.0;
    case FeedModel::SelectedRole:
        return false;
    case FeedModel::SwatchRole:
        return QVariant::fromValue(QColor(Qt::transparent));
    default:
        return QString();
    }
}

QHash<int, QByteArray> FeedCells::roleNames() const
{
    QHash<int, QByteArray> names = FeedModel::names();
    names.insert(RowRole, "row");
    return names;
}

void FeedCells::setFeed(FeedModel *feed)
{
    if (m_feed == feed)
        return;
    if (m_feed)
        m_feed->disconnect(this);
    m_feed = feed;
    if (feed) {
        connect(feed, &FeedModel::shownChanged, this, [this] { changed({}); });
        connect(feed, &FeedModel::selectionChanged, this, [this] { changed({FeedModel::SelectedRole}); });
    }
    changed({});
    emit feedChanged();
}

void FeedCells::changed(const QList<int> &roles)
{
    if (m_cells > 0)
        emit dataChanged(index(0), index(m_cells - 1), roles);
}

void FeedCells::setFirst(int first)
{
    first = std::max(0, first);
    if (first == m_first)
        return;
    const int from = std::min(first, m_first);
    const int moved = std::abs(first - m_first);
    m_first = first;
    if (moved >= m_cells) {
        changed({});
    } else {
        // Those that went out of the view on one side come into it on the other.
        const int begin = from % m_cells;
        const int end = begin + moved;
        emit dataChanged(index(begin), index(std::min(end, m_cells) - 1));
        if (end > m_cells)
            emit dataChanged(index(0), index(end - m_cells - 1));
    }
    emit firstChanged();
}

void FeedCells::setCells(int cells)
{
    cells = std::max(0, cells);
    if (cells == m_cells)
        return;
    if (cells > m_cells) {
        beginInsertRows({}, m_cells, cells - 1);
        m_cells = cells;
        endInsertRows();
    } else {
        beginRemoveRows({}, cells, m_cells - 1);
        m_cells = cells;
        endRemoveRows();
    }
    // Every cell takes turns with another row now.
    changed({});
    emit cellsChanged();
}

} // namespace steadyframe::ui
