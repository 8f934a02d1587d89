// What of the feed is shown and selected.
#include "models/feed/feed_model.h"

#include <QStringView>

#include <algorithm>
#include <utility>

namespace steadyframe::ui {

namespace {

void appendEscaped(QString &to, std::string_view text)
{
    to += QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toHtmlEscaped();
}

} // namespace

void FeedModel::setSearchText(const QString &text)
{
    if (text == m_searchText)
        return;
    m_searchText = text;
    emit queryChanged();
    ask();
}

void FeedModel::setAlbum(const QString &album)
{
    const QString wanted = album.trimmed();
    if (wanted == m_album)
        return;
    m_album = wanted;
    emit queryChanged();
    ask();
}

void FeedModel::sortBy(SortColumn column)
{
    if (column != m_sortColumn) {
        m_sortColumn = column;
        m_descending = false;
    } else if (!m_descending) {
        m_descending = true;
    } else {
        m_sortColumn = FeedOrder;
        m_descending = false;
    }
    emit queryChanged();
    ask();
}

void FeedModel::clearFilter()
{
    if (!filtered())
        return;
    m_searchText.clear();
    m_album.clear();
    emit queryChanged();
    ask();
}

void FeedModel::ask()
{
    ++m_serial;
    m_wantsAll = false;
    if (!m_table)
        return setSearching(false);
    FeedQuery query{m_serial,     m_table, m_searchText.toStdString(), static_cast<FeedSort>(m_sortColumn),
                    m_descending, {}};
    bool isNumber = true;
    if (!m_album.isEmpty())
        query.albumId = m_album.toLongLong(&isNumber);
    if (!filtered() && m_sortColumn == FeedOrder && !m_descending)
        return setShown(m_serial, {}, true, static_cast<quint64>(total()));
    if (!isNumber)
        return setShown(m_serial, std::make_shared<const std::vector<std::uint32_t>>(), true, 0);
    setSearching(true);
    emit viewWanted(query);
}

void FeedModel::setShown(quint64 serial, const FeedRowList &rows, bool complete, quint64 matches, const FeedRowSet &set)
{
    if (serial != m_serial)
        return;
    const bool first = m_answered != serial;
    m_answered = serial;
    if (first)
        m_anchor = -1;
    beginResetModel();
    m_shown = rows;
    m_shownSet = set;
    setShownText(m_searchText);
    m_matches = static_cast<int>(matches);
    endResetModel();
    emit shownChanged();
    if (first)
        emit viewReplaced();
    setSearching(!complete);
    if (complete && std::exchange(m_wantsAll, false))
        selectAll();
}

void FeedModel::setShownText(const QString &text)
{
    m_shownText = text.toStdString();
    m_shownNumbers.clear();
    for (const QString &word : text.simplified().split(u' ')) {
        bool isNumber = false;
        const qlonglong number = word.toLongLong(&isNumber);
        if (isNumber)
            m_shownNumbers.push_back(number);
    }
}

QString FeedModel::markedTitle(std::size_t row) const
{
    if (m_shownText.empty() || !m_highlighter)
        return {};
    const std::string_view whole = m_table->title(row);
    const std::string_view title = shownPart(whole);
    const auto marks = m_highlighter(title, m_shownText);
    if (marks.empty())
        return {};
    QString marked;
    std::size_t done = 0;
    for (const FeedMark &mark : marks) {
        appendEscaped(marked, title.substr(done, mark.begin - done));
        marked += QLatin1String("<b><a href=\".\">");
        appendEscaped(marked, title.substr(mark.begin, mark.length));
        marked += QLatin1String("</a></b>");
        done = mark.begin + mark.length;
    }
    appendEscaped(marked, title.substr(done));
    if (title.size() < whole.size())
        marked += QChar(0x2026);
    return marked;
}

std::string FeedModel::thumbnailAddress(qint64 thumbnailId) const
{
    const auto id = static_cast<quint64>(thumbnailId);
    const auto row = static_cast<std::size_t>(id & 0xFFFF'FFFF);
    if (!m_table || id >> 32 != m_tableNumber || row >= m_table->rowCount())
        return {};
    return std::string(m_table->thumbnailUrl(row));
}

void FeedModel::select(int row, int modifiers, int from)
{
    if (row < 0 || row >= count())
        return;
    if (m_anchor < 0 && from < count())
        m_anchor = from;
    const bool add = (modifiers & Qt::ControlModifier) != 0;
    const bool range = (modifiers & Qt::ShiftModifier) != 0 && m_anchor >= 0;
    const bool was = m_selection.contains(tableRow(row));
    if (!add && m_selection.count() > 0)
        m_selection.reset(static_cast<std::size_t>(total()));
    if (range) {
        selectRange(std::min(m_anchor, row), std::max(m_anchor, row));
    } else {
        m_selection.set(tableRow(row), !add || !was);
        m_anchor = row;
    }
    emit selectionChanged();
}

void FeedModel::selectRange(int from, int to)
{
    for (int row = from; row <= to; ++row)
        m_selection.set(tableRow(row), true);
}

void FeedModel::selectAll()
{
    if (m_searching) {
        m_wantsAll = true;
        return;
    }
    if (count() == total())
        m_selection.selectAll();
    else if (m_shownSet)
        m_selection.add(*m_shownSet);
    else
        selectRange(0, count() - 1);
    emit selectionChanged();
}

void FeedModel::unselect(const FeedTable &table, const std::vector<std::uint32_t> &rows)
{
    if (&table != m_table.get())
        return;
    for (const std::uint32_t row : rows)
        m_selection.set(row, false);
    emit selectionChanged();
}

void FeedModel::clearSelection()
{
    m_selection.reset(static_cast<std::size_t>(total()));
    m_wantsAll = false;
    m_anchor = -1;
    emit selectionChanged();
}

} // namespace steadyframe::ui
