#pragma once

#include "models/feed/feed_query.h"
#include "models/feed/feed_selection.h"
#include "models/feed/feed_table.h"

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <functional>
#include <memory>

namespace steadyframe::ui {

/// The list of a feed's photos: those that are searched for, in the order that is asked for, and which of them are
/// selected. Rows become Qt values only when they are asked for, so taking over a table or an answer costs the same for
/// one row and for a million. Who searches and sorts is told by `viewWanted` and answers with `setShown`.
/// All members: @thread ui
class FeedModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    /// How many photos are shown.
    Q_PROPERTY(int count READ count NOTIFY shownChanged FINAL)
    /// How many photos the feed has.
    Q_PROPERTY(int total READ total NOTIFY tableChanged FINAL)
    /// Name of the file that the list came from, without its folder; empty before the first.
    Q_PROPERTY(QString fileName READ fileName NOTIFY tableChanged FINAL)
    /// How many characters the longest number of a photo or an album has.
    Q_PROPERTY(int longestNumber READ longestNumber NOTIFY tableChanged FINAL)
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
    /// What is searched for in titles, albums and numbers; empty: nothing.
    Q_PROPERTY(QString searchText READ searchText WRITE setSearchText NOTIFY queryChanged FINAL)
    /// Only photos of this album are shown; empty: of all. What is no number finds none.
    Q_PROPERTY(QString album READ album WRITE setAlbum NOTIFY queryChanged FINAL)
    Q_PROPERTY(SortColumn sortColumn READ sortColumn NOTIFY queryChanged FINAL)
    Q_PROPERTY(bool descending READ descending NOTIFY queryChanged FINAL)
    /// Something is searched for, or an album chosen.
    Q_PROPERTY(bool filtered READ filtered NOTIFY queryChanged FINAL)
    /// The answer to the newest wish is not complete yet.
    Q_PROPERTY(bool searching READ searching NOTIFY searchingChanged FINAL)
    /// How many photos fit, as far as that is known: `count` once the answer is complete.
    Q_PROPERTY(int matches READ matches NOTIFY shownChanged FINAL)
    Q_PROPERTY(int selectedCount READ selectedCount NOTIFY selectionChanged FINAL)

public:
    enum Role {
        TitleRole = Qt::UserRole + 1, ///< Title of the photo, a string; of a long one the beginning.
        AlbumIdRole, ///< Number of its album; a string, since the numbers of QML have 53 bits.
        PhotoIdRole, ///< Number of the photo in the feed; a string.
        UrlRole, ///< Address of the photo, a string as the feed has it; of a long one the beginning.
        ThumbnailUrlRole, ///< Address of its thumbnail, a string as the feed has it.
        SwatchRole, ///< The colour that its address ends in, as on placeholder.com; else transparent.
        MarkedTitleRole, ///< The title as Qt's styled text with what was searched for as links; else empty.
        AlbumMarkedRole, ///< Whether its album's number was searched for, a bool.
        PhotoIdMarkedRole, ///< Whether its own number was, a bool.
        SelectedRole, ///< Whether it is selected, a bool.
        ThumbnailIdRole, ///< Names its thumbnail among those of this run; a string, empty without an address.
    };
    Q_ENUM(Role)
    enum SortColumn { FeedOrder, Title, AlbumId, Id, Url };
    Q_ENUM(SortColumn)

    /// So many bytes of a title or an address are shown, or some fewer, since it is one line.
    static constexpr std::size_t mostShown = 1000;
    [[nodiscard]] static std::string_view shownPart(std::string_view text);

    /// Where tables go that the model has done with. It gets the model's only reference, so that the last one is
    /// dropped wherever the receiver likes: destroying a big table would cost a frame here.
    using TableReceiver = std::function<void(std::shared_ptr<const FeedTable>)>;

    explicit FeedModel(QObject *parent = nullptr);
    ~FeedModel() override;

    /// Set once, by whoever owns the model. Without one, tables are destroyed in place.
    void setReleasedTableReceiver(TableReceiver receiver);
    /// Set once. Without one nothing is marked in titles.
    void setHighlighter(FeedHighlighter highlighter) { m_highlighter = std::move(highlighter); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override { return names(); }
    [[nodiscard]] static QHash<int, QByteArray> names();

    [[nodiscard]] int count() const { return rowCount(); }
    [[nodiscard]] int total() const;
    [[nodiscard]] QString fileName() const;
    [[nodiscard]] int longestNumber() const;
    [[nodiscard]] double parseMilliseconds() const;
    [[nodiscard]] double megabytesPerSecond() const;
    [[nodiscard]] int issueCount() const;
    [[nodiscard]] QString issueText() const;
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] bool busy() const { return m_busy; }
    [[nodiscard]] double progress() const { return m_progress; }
    [[nodiscard]] QString searchText() const { return m_searchText; }
    [[nodiscard]] QString album() const { return m_album; }
    [[nodiscard]] SortColumn sortColumn() const { return m_sortColumn; }
    [[nodiscard]] bool descending() const { return m_descending; }
    [[nodiscard]] bool filtered() const { return !m_searchText.isEmpty() || !m_album.isEmpty(); }
    [[nodiscard]] bool searching() const { return m_searching; }
    [[nodiscard]] int matches() const { return m_matches; }
    [[nodiscard]] int selectedCount() const { return static_cast<int>(m_selection.count()); }
    [[nodiscard]] std::shared_ptr<const FeedTable> table() const { return m_table; }
    /// What is shown, in its order; null: the whole table in the order of the feed.
    [[nodiscard]] FeedRowList shownRows() const { return m_shown; }
    [[nodiscard]] const FeedSelection &selection() const { return m_selection; }
    /// Takes rows of a table out of the selection; of one that is no longer shown nothing is selected.
    void unselect(const FeedTable &table, const std::vector<std::uint32_t> &rows);
    /// The address that a `ThumbnailIdRole` stands for; empty of one that is no longer in the list.
    [[nodiscard]] std::string thumbnailAddress(qint64 thumbnailId) const;

    void setSearchText(const QString &text);
    void setAlbum(const QString &album);
    /// Sorts by a column; by the same again the other way round, and a third time as the feed has it.
    Q_INVOKABLE void sortBy(steadyframe::ui::FeedModel::SortColumn column);
    /// Neither search nor album.
    Q_INVOKABLE void clearFilter();
    /// Selects a shown row alone; with Ctrl adds it or takes it out; with Shift all from the last one without, or from
    /// @p from when there is none.
    Q_INVOKABLE void select(int row, int modifiers, int from = -1);
    /// All that are shown, besides what is selected already. While more of them are being found, it waits for those.
    Q_INVOKABLE void selectAll();
    Q_INVOKABLE void clearSelection();

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
    /// The answer to a wish, or its beginning while `matches` fit in all; null rows are all of them. Of an older wish
    /// than the last it is dropped. Constant time. `set` has the same rows when the answer is complete; with it all of
    /// them are selected at once.
    void setShown(quint64 serial, const steadyframe::ui::FeedRowList &rows, bool complete, quint64 matches,
                  const steadyframe::ui::FeedRowSet &set = {});

signals:
    /// Somebody has to find these rows; `setShown` takes them.
    void viewWanted(const steadyframe::ui::FeedQuery &query);
    void queryChanged();
    void searchingChanged();
    /// Other rows are shown, or in another order.
    void shownChanged();
    /// As `shownChanged`, and they answer another wish: whoever looks at them begins at the first.
    void viewReplaced();
    void selectionChanged();
    void tableChanged();
    void errorChanged();
    void busyChanged();
    void progressChanged();

private:
    void setBusy(bool busy);
    void setError(const QString &message);
    void setSearching(bool searching);
    void release(std::shared_ptr<const FeedTable> table);
    /// Asks for the rows that are wished for now.
    void ask();
    [[nodiscard]] std::size_t tableRow(int shownRow) const
    {
        const auto row = static_cast<std::size_t>(shownRow);
        return m_shown ? (*m_shown)[row] : row;
    }
    [[nodiscard]] QString markedTitle(std::size_t row) const;
    void setShownText(const QString &text);
    void selectRange(int from, int to);

    std::shared_ptr<const FeedTable> m_table;
    FeedRowList m_shown; ///< null: all of them, as the feed has them
    FeedRowSet m_shownSet; ///< the same; null when nobody has made it
    std::string m_shownText; ///< what they were searched by
    std::vector<std::int64_t> m_shownNumbers; ///< the words of it that are numbers
    quint64 m_serial = 0; ///< of the last wish
    quint64 m_answered = 0; ///< the wish that is shown
    quint64 m_tableNumber = 0; ///< tells the thumbnails of one feed from those of the next
    QString m_searchText;
    QString m_album;
    SortColumn m_sortColumn = FeedOrder;
    bool m_descending = false;
    bool m_searching = false;
    int m_matches = 0;
    FeedSelection m_selection;
    bool m_wantsAll = false; ///< what is shown is selected once all of it is
    int m_anchor = -1; ///< the shown row where a range begins
    FeedHighlighter m_highlighter;
    TableReceiver m_receiver;
    QString m_error;
    double m_progress = 0;
    bool m_busy = false;
};

} // namespace steadyframe::ui
