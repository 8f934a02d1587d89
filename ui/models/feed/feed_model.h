#pragma once

#include "models/feed/feed_table.h"

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <functional>
#include <memory>

namespace steadyframe::ui {

/// The list of a feed's photos, one row each. Rows become Qt values only when they are asked for, so taking over a
/// table costs the same for one row and for a million. All members: @thread ui
class FeedModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    /// How many photos the list has.
    Q_PROPERTY(int count READ count NOTIFY tableChanged FINAL)
    /// Name of the file that the list came from, without its folder; empty before the first.
    Q_PROPERTY(QString fileName READ fileName NOTIFY tableChanged FINAL)
    /// How long reading and parsing the file took, in milliseconds.
    Q_PROPERTY(double parseMilliseconds READ parseMilliseconds NOTIFY tableChanged FINAL)
    /// Size of the file by that time, in 10^6 bytes a second; 0 when there is none.
    Q_PROPERTY(double megabytesPerSecond READ megabytesPerSecond NOTIFY tableChanged FINAL)
    /// How many faults the entries of the file have; an entry with one is not in the list.
    Q_PROPERTY(int issueCount READ issueCount NOTIFY tableChanged FINAL)
    /// The first of these faults in words, a line each with its place; empty when there is none.
    Q_PROPERTY(QString issueText READ issueText NOTIFY tableChanged FINAL)
    /// Why the last file could not be opened, in words; empty when it could. The list of before stays.
    Q_PROPERTY(QString error READ error NOTIFY errorChanged FINAL)
    /// A file is being parsed.
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged FINAL)
    /// How much of it has been parsed, 0 to 1.
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged FINAL)

public:
    enum Role {
        TitleRole = Qt::UserRole + 1, ///< Title of the photo, a string.
        AlbumIdRole, ///< Number of its album; a double, which QML numbers are.
        PhotoIdRole, ///< Number of the photo in the feed; a double.
        UrlRole, ///< Address of the photo, a string as the feed has it.
        ThumbnailUrlRole, ///< Address of its thumbnail, a string as the feed has it.
        SwatchRole, ///< The colour that its address ends in, as on placeholder.com; else transparent.
    };
    Q_ENUM(Role)

    /// Where tables go that the model has done with. It gets the model's only reference, so that the last one is
    /// dropped wherever the receiver likes: destroying a big table would cost a frame here.
    using TableReceiver = std::function<void(std::shared_ptr<const FeedTable>)>;

    explicit FeedModel(QObject *parent = nullptr);
    ~FeedModel() override;

    /// Set once, by whoever owns the model. Without one, tables are destroyed in place.
    void setReleasedTableReceiver(TableReceiver receiver);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const { return rowCount(); }
    [[nodiscard]] QString fileName() const;
    [[nodiscard]] double parseMilliseconds() const;
    [[nodiscard]] double megabytesPerSecond() const;
    [[nodiscard]] int issueCount() const;
    [[nodiscard]] QString issueText() const;
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] bool busy() const { return m_busy; }
    [[nodiscard]] double progress() const { return m_progress; }

public slots:
    /// A file is about to be parsed: the model is busy until a table or an error comes.
    void setStarted();
    /// So much of it has been parsed, 0 to 1.
    void setProgress(double progress);
    /// Shows this table, or nothing for a null one. Constant time. No longer busy, no error.
    void setTable(std::shared_ptr<const steadyframe::ui::FeedTable> table);
    /// The file could not be opened; @p message says why. No longer busy.
    void setFailed(const QString &message);
    /// The person gave up waiting: no longer busy, nothing else changes.
    void setCancelled();

signals:
    void tableChanged();
    void errorChanged();
    void busyChanged();
    void progressChanged();

private:
    void setBusy(bool busy);
    void setError(const QString &message);
    void release(std::shared_ptr<const FeedTable> table);

    std::shared_ptr<const FeedTable> m_table;
    TableReceiver m_receiver;
    QString m_error;
    double m_progress = 0;
    bool m_busy = false;
};

} // namespace steadyframe::ui
