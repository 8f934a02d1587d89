#include "models/isolate_list_model.h"

namespace steadyframe::ui {

IsolateListModel::IsolateListModel(QObject *parent) : QAbstractListModel(parent) {}

int IsolateListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant IsolateListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const IsolateRow &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return row.name;
    case PlacementRole:
        return row.placement;
    case StateRole:
        return row.state;
    case ActivityRole:
        return row.activity;
    case WaitingRole:
        return static_cast<double>(row.waiting);
    case ReceivedRole:
        return static_cast<double>(row.received);
    case BusyRole:
        return row.busyMs < 1000 ? tr("%1 ms").arg(row.busyMs, 0, 'f', 1)
                                 : tr("%1 s").arg(row.busyMs / 1000, 0, 'f', 2);
    default:
        return {};
    }
}

QHash<int, QByteArray> IsolateListModel::roleNames() const
{
    return {{NameRole, "name"},         {PlacementRole, "placement"}, {StateRole, "isolateState"},
            {ActivityRole, "activity"}, {WaitingRole, "waiting"},     {ReceivedRole, "received"},
            {BusyRole, "busy"}};
}

void IsolateListModel::replace(const QList<IsolateRow> &rows)
{
    const int before = count();
    int row = 0;
    for (const IsolateRow &wanted : rows) {
        while (row < count() && m_rows.at(row).id < wanted.id) {
            beginRemoveRows({}, row, row);
            m_rows.removeAt(row);
            endRemoveRows();
        }
        if (row < count() && m_rows.at(row).id == wanted.id) {
            if (m_rows.at(row) != wanted) {
                m_rows[row] = wanted;
                emit dataChanged(index(row), index(row));
            }
        } else {
            beginInsertRows({}, row, row);
            m_rows.insert(row, wanted);
            endInsertRows();
        }
        ++row;
    }
    if (row < count()) {
        beginRemoveRows({}, row, count() - 1);
        m_rows.resize(row);
        endRemoveRows();
    }
    if (before != count())
        emit countChanged();
}

} // namespace steadyframe::ui
