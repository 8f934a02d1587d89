#pragma once

#include "models/photo_list_model.h"

#include <QSortFilterProxyModel>

namespace steadyframe::ui {

/// The photos of one kind. All members: @thread ui
class PhotoFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(steadyframe::ui::PhotoListModel *photos READ photos WRITE setPhotos NOTIFY photosChanged FINAL)
    Q_PROPERTY(Kind kind READ kind WRITE setKind NOTIFY kindChanged FINAL)
    /// How many photos there are of each kind, whichever is shown.
    Q_PROPERTY(int allCount READ allCount NOTIFY countsChanged FINAL)
    Q_PROPERTY(int activeCount READ activeCount NOTIFY countsChanged FINAL)
    Q_PROPERTY(int failedCount READ failedCount NOTIFY countsChanged FINAL)
    Q_PROPERTY(int doneCount READ doneCount NOTIFY countsChanged FINAL)

public:
    enum Kind {
        All,
        Active, ///< still on their way
        Failed, ///< failed or cancelled
        Done, ///< uploaded
    };
    Q_ENUM(Kind)

    explicit PhotoFilterModel(QObject *parent = nullptr);

    [[nodiscard]] PhotoListModel *photos() const { return m_photos; }
    void setPhotos(PhotoListModel *photos);
    [[nodiscard]] Kind kind() const { return m_kind; }
    void setKind(Kind kind);
    [[nodiscard]] int allCount() const { return m_photos ? m_photos->count() : 0; }
    [[nodiscard]] int activeCount() const { return allCount() - failedCount() - doneCount(); }
    [[nodiscard]] int failedCount() const;
    [[nodiscard]] int doneCount() const;

    /// The id of the photo in a row, or -1.
    Q_INVOKABLE double idAt(int row) const;

signals:
    void photosChanged();
    void kindChanged();
    void countsChanged();

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    PhotoListModel *m_photos = nullptr;
    Kind m_kind = All;
};

} // namespace steadyframe::ui
