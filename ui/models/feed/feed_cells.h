#pragma once

#include "models/feed/feed_model.h"

#include <QAbstractAnimation>
#include <QAbstractListModel>
#include <QPointer>
#include <QtQml/qqmlregistration.h>

#include <chrono>
#include <deque>

namespace steadyframe::ui {

/// The few rows of a feed that are on the screen, in a fixed number of cells that are used again and again: when the
/// view moves on by a row, one cell takes another row and the others stay as they are. When every cell takes another
/// row, as many do at once as fit beside everything else in a frame, from the first on, and the others follow in the
/// next frames. The roles are those of `FeedModel`, and `row`. A view places its cells by their rows, in numbers that
/// stay exact at any length of the feed. All members: @thread ui
class FeedCells : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(steadyframe::ui::FeedModel *feed READ feed WRITE setFeed NOTIFY feedChanged FINAL)
    /// The first row that has a cell.
    Q_PROPERTY(int first READ first WRITE setFirst NOTIFY firstChanged FINAL)
    /// How many cells there are to be, at least 0; they are made over frames, too.
    Q_PROPERTY(int cells READ cells WRITE setCells NOTIFY cellsChanged FINAL)

public:
    /// The row of a cell among those that are shown, from 0; -1 of a cell that has none. An int.
    static constexpr int RowRole = FeedModel::ThumbnailIdRole + 1;

    /// How long, at most, a change of all the cells takes of one frame, in a cell more: text is laid out meanwhile.
    static constexpr std::chrono::milliseconds UsualBudget{5};

    explicit FeedCells(QObject *parent = nullptr, std::chrono::nanoseconds budget = UsualBudget);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_made; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] FeedModel *feed() const { return m_feed; }
    [[nodiscard]] int first() const { return m_first; }
    [[nodiscard]] int cells() const { return m_cells; }
    void setFeed(FeedModel *feed);
    void setFirst(int first);
    void setCells(int cells);
    /// Whether cells wait for the next frames, to be made or to take their rows.
    [[nodiscard]] bool filling() const { return !m_waiting.empty() || m_made < m_cells; }

signals:
    void feedChanged();
    void firstChanged();
    void cellsChanged();

private:
    /// Fills cells as long as some wait, a part in each frame.
    class Filling : public QAbstractAnimation {
    public:
        explicit Filling(FeedCells &cells) : m_cells(cells) {}
        [[nodiscard]] int duration() const override { return -1; }

    protected:
        /// The start is told, too: in the frame that has had its part.
        void updateCurrentTime(int milliseconds) override
        {
            if (milliseconds > 0)
                m_cells.fill();
        }

    private:
        FeedCells &m_cells;
    };

    [[nodiscard]] int rowOf(int cell) const;
    void changed(int from, int to);
    void allChanged();
    void fill();

    const std::chrono::nanoseconds m_budget;
    QPointer<FeedModel> m_feed;
    int m_first = 0;
    int m_cells = 0;
    int m_made = 0; // of m_cells, those that are there
    std::deque<int> m_waiting;
    Filling m_filling{*this};
};

} // namespace steadyframe::ui
