#pragma once

#include "models/feed/feed_model.h"

#include <QAbstractListModel>
#include <QPointer>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// The few rows of a feed that are on the screen, in a fixed number of cells that are used again and again: when the
/// view moves on by a row, one cell takes another row and the others stay as they are. The roles are those of
/// `FeedModel`, and `row`. A view places its cells by their rows, in numbers that stay exact at any length of the feed.
/// All members: @thread ui
class FeedCells : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(steadyframe::ui::FeedModel *feed READ feed WRITE setFeed NOTIFY feedChanged FINAL)
    /// The first row that has a cell.
    Q_PROPERTY(int first READ first WRITE setFirst NOTIFY firstChanged FINAL)
    /// How many cells there are, at least 0.
    Q_PROPERTY(int cells READ cells WRITE setCells NOTIFY cellsChanged FINAL)

public:
    /// The row of a cell among those that are shown, from 0; -1 of a cell that has none. An int.
    static constexpr int RowRole = FeedModel::ThumbnailIdRole + 1;

    explicit FeedCells(QObject *parent = nullptr) : QAbstractListModel(parent) {}

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_cells; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] FeedModel *feed() const { return m_feed; }
    [[nodiscard]] int first() const { return m_first; }
    [[nodiscard]] int cells() const { return m_cells; }
    void setFeed(FeedModel *feed);
    void setFirst(int first);
    void setCells(int cells);

signals:
    void feedChanged();
    void firstChanged();
    void cellsChanged();

private:
    [[nodiscard]] int rowOf(int cell) const;
    void changed(const QList<int> &roles);

    QPointer<FeedModel> m_feed;
    int m_first = 0;
    int m_cells = 0;
};

} // namespace steadyframe::ui
