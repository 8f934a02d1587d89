#include "models/feed/feed_cells.h"

#include <QColor>

#include <algorithm>
#include <cstdlib>

namespace steadyframe::ui {

FeedCells::FeedCells(QObject *parent, std::chrono::nanoseconds budget) : QAbstractListModel(parent), m_budget(budget) {}

int FeedCells::rowOf(int cell) const
{
    // The only row from `first` on, within a round of the cells, that this cell takes turns to.
    const int row = m_first + (cell - m_first % m_cells + m_cells) % m_cells;
    return m_feed && row < m_feed->count() ? row : -1;
}

QVariant FeedCells::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_made)
        return {};
    const int row = rowOf(index.row());
    if (role == RowRole)
        return row;
    if (row >= 0)
        return m_feed->data(m_feed->index(row), role);
    // Of the right kind, since the properties of a cell have types.
    switch (role) {
    case FeedModel::AlbumMarkedRole:
    case FeedModel::PhotoIdMarkedRole:
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
        connect(feed, &FeedModel::shownChanged, this, &FeedCells::allChanged);
        connect(feed, &FeedModel::selectionChanged, this, [this] {
            if (m_made > 0)
                emit dataChanged(index(0), index(m_made - 1), {FeedModel::SelectedRole});
        });
    }
    allChanged();
    emit feedChanged();
}

void FeedCells::changed(int from, int to)
{
    to = std::min(to, m_made);
    if (from >= to)
        return;
    std::erase_if(m_waiting, [from, to](int cell) { return cell >= from && cell < to; });
    emit dataChanged(index(from), index(to - 1));
}

void FeedCells::allChanged()
{
    m_waiting.clear();
    if (!m_feed) {
        // They are not seen, so what they showed may stay.
        if (m_made > 0)
            emit dataChanged(index(0), index(m_made - 1), {RowRole});
    }
    for (int turn = 0; m_feed && turn < m_cells; ++turn) {
        const int cell = (m_first + turn) % m_cells;
        if (cell >= m_made)
            continue;
        // A cell without a row costs nothing, and must not show one that is gone.
        if (rowOf(cell) < 0)
            emit dataChanged(index(cell), index(cell));
        else
            m_waiting.push_back(cell);
    }
    // This frame has had its part when the others are being filled already.
    if (m_filling.state() != QAbstractAnimation::Running)
        fill();
}

void FeedCells::fill()
{
    const auto begin = std::chrono::steady_clock::now();
    while (filling()) {
        if (!m_waiting.empty()) {
            const int cell = m_waiting.front();
            m_waiting.pop_front();
            emit dataChanged(index(cell), index(cell));
        } else {
            beginInsertRows({}, m_made, m_made);
            ++m_made;
            endInsertRows();
        }
        if (std::chrono::steady_clock::now() - begin >= m_budget)
            break;
    }
    if (!filling())
        m_filling.stop();
    else if (m_filling.state() != QAbstractAnimation::Running)
        m_filling.start();
}

void FeedCells::setFirst(int first)
{
    first = std::max(0, first);
    if (first == m_first)
        return;
    const int from = std::min(first, m_first);
    const int moved = std::abs(first - m_first);
    m_first = first;
    if (m_feed && moved >= m_cells) {
        allChanged();
    } else if (m_feed) {
        // Those that went out of the view on one side come into it on the other.
        const int begin = from % m_cells;
        const int end = begin + moved;
        changed(begin, std::min(end, m_cells));
        if (end > m_cells)
            changed(0, end - m_cells);
    }
    emit firstChanged();
}

void FeedCells::setCells(int cells)
{
    cells = std::max(0, cells);
    if (cells == m_cells)
        return;
    m_cells = cells;
    m_waiting.clear();
    if (m_made > cells) {
        beginRemoveRows({}, cells, m_made - 1);
        m_made = cells;
        endRemoveRows();
    }
    // Every cell takes turns with another row now.
    allChanged();
    emit cellsChanged();
}

} // namespace steadyframe::ui
