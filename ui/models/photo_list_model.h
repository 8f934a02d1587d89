#pragma once

#include "models/photo_row.h"

#include <QAbstractListModel>
#include <QHash>
#include <QList>
#include <QSet>

#include <array>

namespace steadyframe::ui {

/// The photos, in the order in which they were picked. A photo is known by its id; its row changes when others are
/// removed. All members: @thread ui
class PhotoListModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum Role {
        PhotoIdRole = Qt::UserRole + 1, ///< The photo's id, a double as QML numbers are.
        NameRole, ///< File name.
        FolderRole, ///< Where the original is.
        StateRole, ///< A PhotoState, as a number.
        StateTextRole, ///< The state in words.
        ProgressRole, ///< 0 to 1.
        SizeTextRole, ///< "4.1 MB → 1.2 MB", or what is known of it.
        SavedPercentRole, ///< 0 to 100; -1 while there is no result.
        SavedTextRole, ///< "68 % smaller", "3 % larger"; empty while there is no result.
        DimensionsRole, ///< "4000 × 3000", of the original; empty while not known.
        MessageRole, ///< Why it failed, what it waits for, or what is to be known of its result.
        ThumbnailRole, ///< Address of its thumbnail.
    };
    Q_ENUM(Role)

    explicit PhotoListModel(QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] const PhotoRow &at(int row) const { return m_rows.at(row); }
    /// The row of a photo, or -1.
    [[nodiscard]] int rowOf(qint64 id) const { return m_rowOf.value(id, -1); }
    /// How many photos are in a state.
    [[nodiscard]] int countIn(PhotoState state) const { return m_counts[static_cast<std::size_t>(state)]; }

    /// The photo that is `step` rows after another one, or the nearest; the first for one that is not there. -1 when
    /// there is none.
    Q_INVOKABLE double neighbour(double id, int step) const;

public slots:
    /// Appends photos that are new, in one insertion, and changes those that are known.
    void upsert(const QList<steadyframe::ui::PhotoRow> &rows);
    void setProgress(qint64 id, double progress);
    void remove(const QList<qint64> &ids);
    void clear();

signals:
    void countChanged();
    /// Photos came, went or changed their state.
    void statesChanged();

private:
    void renumberFrom(int row);
    void forget(const PhotoRow &row);
    void removeByReset(const QSet<qint64> &ids);

    QList<PhotoRow> m_rows;
    QHash<qint64, int> m_rowOf;
    std::array<int, 7> m_counts{};
};

} // namespace steadyframe::ui
