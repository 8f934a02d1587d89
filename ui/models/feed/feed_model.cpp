#include "models/feed/feed_model.h"

#include <QColor>
#include <QStringList>

#include <algorithm>
#include <charconv>
#include <limits>

namespace steadyframe::ui {

namespace {

constexpr int shownIssues = 20;
constexpr int thumbnailRowBits = 32; // a feed has less than 2^32 rows

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// The beginning of a text, as much of it as a wide screen may show in a line: a text can have megabytes.
QString lineOf(std::string_view text)
{
    const std::string_view start = FeedModel::shownPart(text);
    QString line = toQString(start);
    for (QChar &c : line) {
        if (c < u' ' || c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            c = u' ';
    }
    return start.size() == text.size() ? line : line + QChar(0x2026);
}

/// placeholder.com draws `https://via.placeholder.com/150/92c952` in the colour of the last part.
QColor swatch(std::string_view url)
{
    constexpr std::size_t digits = 6;
    if (url.size() <= digits || url[url.size() - digits - 1] != '/')
        return Qt::transparent;
    const char *end = url.data() + url.size();
    unsigned rgb = 0;
    const auto [rest, error] = std::from_chars(end - digits, end, rgb, 16);
    return error == std::errc{} && rest == end ? QColor::fromRgb(rgb) : QColor(Qt::transparent);
}

} // namespace

FeedModel::FeedModel(QObject *parent) : QAbstractListModel(parent) {}

FeedModel::~FeedModel()
{
    release(std::move(m_table));
}

void FeedModel::setReleasedTableReceiver(TableReceiver receiver)
{
    m_receiver = std::move(receiver);
}

int FeedModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return m_shown ? static_cast<int>(m_shown->size()) : total();
}

int FeedModel::total() const
{
    constexpr std::size_t most = std::numeric_limits<int>::max();
    return m_table ? static_cast<int>(std::min(m_table->rowCount(), most)) : 0;
}

QVariant FeedModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const std::size_t row = tableRow(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return lineOf(m_table->title(row));
    case AlbumIdRole:
        return QString::number(m_table->albumId(row));
    case PhotoIdRole:
        return QString::number(m_table->id(row));
    case UrlRole:
        return lineOf(m_table->url(row));
    case ThumbnailUrlRole:
        return toQString(m_table->thumbnailUrl(row));
    case SwatchRole:
        return swatch(m_table->thumbnailUrl(row));
    case MarkedTitleRole:
        return markedTitle(row);
    case AlbumMarkedRole:
        return std::ranges::find(m_shownNumbers, m_table->albumId(row)) != m_shownNumbers.end();
    case PhotoIdMarkedRole:
        return std::ranges::find(m_shownNumbers, m_table->id(row)) != m_shownNumbers.end();
    case SelectedRole:
        return m_selection.contains(row);
    case ThumbnailIdRole:
        return m_table->thumbnailUrl(row).empty()
            ? QString()
            : QString::number(m_tableNumber << thumbnailRowBits | static_cast<quint64>(row));
    default:
        return {};
    }
}

std::string_view FeedModel::shownPart(std::string_view text)
{
    if (text.size() <= mostShown)
        return text;
    std::size_t end = mostShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end; // in the midst of a character
    return text.substr(0, end);
}

QHash<int, QByteArray> FeedModel::names()
{
    return {{TitleRole, "title"},
            {AlbumIdRole, "albumId"},
            {PhotoIdRole, "photoId"},
            {UrlRole, "url"},
            {ThumbnailUrlRole, "thumbnailUrl"},
            {SwatchRole, "swatch"},
            {MarkedTitleRole, "markedTitle"},
            {AlbumMarkedRole, "albumMarked"},
            {PhotoIdMarkedRole, "photoIdMarked"},
            {SelectedRole, "selected"},
            {ThumbnailIdRole, "thumbnailId"}};
}

QString FeedModel::fileName() const
{
    return m_table ? toQString(m_table->facts().name) : QString();
}

int FeedModel::longestNumber() const
{
    return m_table ? static_cast<int>(m_table->longestNumber()) : 0;
}

double FeedModel::parseMilliseconds() const
{
    return m_table ? std::chrono::duration<double, std::milli>(m_table->facts().parseTime).count() : 0;
}

double FeedModel::megabytesPerSecond() const
{
    const double milliseconds = parseMilliseconds();
    return milliseconds > 0 ? static_cast<double>(m_table->facts().textBytes) / milliseconds / 1000 : 0;
}

int FeedModel::issueCount() const
{
    constexpr std::uint64_t most = std::numeric_limits<int>::max();
    return m_table ? static_cast<int>(std::min(m_table->facts().issueCount, most)) : 0;
}

QString FeedModel::issueText() const
{
    if (!m_table)
        return {};
    QStringList lines;
    for (const FeedIssue &issue : m_table->facts().issues) {
        if (lines.size() == shownIssues)
            break;
        lines << tr("Entry %1, line %2, column %3: %4")
                     .arg(issue.row)
                     .arg(issue.line)
                     .arg(issue.column)
                     .arg(toQString(issue.message));
    }
    return lines.join(u'\n');
}

void FeedModel::setStarted()
{
    setError({});
    setProgress(0);
    setBusy(true);
}

void FeedModel::setProgress(double progress)
{
    progress = std::clamp(progress, 0.0, 1.0);
    if (m_progress == progress)
        return;
    m_progress = progress;
    emit progressChanged();
}

void FeedModel::setTable(std::shared_ptr<const FeedTable> table)
{
    beginResetModel();
    std::swap(m_table, table);
    m_shown.reset();
    m_shownSet.reset();
    setShownText({});
    m_wantsAll = false;
    m_selection.reset(static_cast<std::size_t>(total()));
    m_anchor = -1;
    m_matches = total();
    ++m_tableNumber;
    endResetModel();
    release(std::move(table));
    setError({});
    setBusy(false);
    emit tableChanged();
    emit shownChanged();
    emit viewReplaced();
    emit selectionChanged();
    if (filtered() || m_sortColumn != FeedOrder)
        ask();
}

void FeedModel::setFailed(const QString &message)
{
    setError(message);
    setBusy(false);
}

void FeedModel::setCancelled()
{
    setBusy(false);
}

void FeedModel::setSearching(bool searching)
{
    if (m_searching == searching)
        return;
    m_searching = searching;
    emit searchingChanged();
}

void FeedModel::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    emit busyChanged();
}

void FeedModel::setError(const QString &message)
{
    if (m_error == message)
        return;
    m_error = message;
    emit errorChanged();
}

void FeedModel::release(std::shared_ptr<const FeedTable> table)
{
    if (table && m_receiver)
        m_receiver(std::move(table));
}

} // namespace steadyframe::ui
