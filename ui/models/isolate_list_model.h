#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// One isolate as the list shows it.
struct IsolateRow {
    qint64 id = 0;
    QString name;
    QString placement;
    QString state;
    QString activity; ///< what it said that it is doing
    qint64 waiting = 0; ///< messages in its mailbox
    qint64 received = 0;
    double busyMs = 0;

    bool operator==(const IsolateRow &) const = default;
};

/// The isolates that live. All members: @thread ui
class IsolateListModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum Role {
        NameRole = Qt::UserRole + 1, ///< Its name.
        PlacementRole, ///< Where it runs: pooled, dedicated or main.
        StateRole, ///< idle, ready, running, paused.
        ActivityRole, ///< What it is doing, in words.
        WaitingRole, ///< Messages in its mailbox.
        ReceivedRole, ///< Messages it has handled.
        BusyRole, ///< Time it was busy, in words.
    };
    Q_ENUM(Role)

    explicit IsolateListModel(QObject *parent = nullptr);
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }

public slots:
    /// Makes the list this one, in ascending order of ids, changing rows that stay in place.
    void replace(const QList<steadyframe::ui::IsolateRow> &rows);

signals:
    void countChanged();

private:
    QList<IsolateRow> m_rows;
};

} // namespace steadyframe::ui
