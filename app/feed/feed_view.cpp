#include "feed/feed_view.h"

#include <isolate_core/monitor.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/spawn.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <iterator>
#include <numeric>
#include <string_view>
#include <utility>

namespace steadyframe::feed {

namespace {

using Clock = std::chrono::steady_clock;
using Rows = std::vector<std::uint32_t>;

constexpr std::size_t rowsInWord = 64;
constexpr std::size_t rowsBetweenChecks = 2048;
constexpr std::size_t rowsAhead = 12; // their titles are on their way from memory
/// What fits is sorted by itself, rather than picked from the order of all, when it is less than one row in so many.
constexpr std::size_t fewAmong = 8;
/// A first part is told once the search has taken so long and has found anything.
constexpr auto longSearch = std::chrono::milliseconds(8);

/// A set of rows, a bit each.
class RowSet {
public:
    explicit RowSet(std::size_t rows) : m_words((rows + rowsInWord - 1) / rowsInWord) {}

    void add(std::size_t row) { m_words[row / rowsInWord] |= std::uint64_t{1} << row % rowsInWord; }
    [[nodiscard]] const std::vector<std::uint64_t> &words() const { return m_words; }
    [[nodiscard]] bool has(std::size_t row) const { return m_words[row / rowsInWord] >> row % rowsInWord & 1; }
    /// Calls `f(row)` for each from @p begin, a multiple of 64, to @p end.
    template <class F>
    void each(std::size_t begin, std::size_t end, F f) const
    {
        for (std::size_t word = begin / rowsInWord; word * rowsInWord < end; ++word) {
            for (std::uint64_t left = m_words[word]; left != 0; left &= left - 1)
                f(word * rowsInWord + static_cast<std::size_t>(std::countr_zero(left)));
        }
    }

private:
    std::vector<std::uint64_t> m_words;
};

/// A wish's text and album, in a form that is searched for.
struct Filter {
    explicit Filter(const FeedWish &wish) : text(wish.text), patterns(patternsOf(wish.text)), albumId(wish.albumId) {}

    [[nodiscard]] bool isOpen() const { return patterns.empty() && !albumId; }

    [[nodiscard]] bool fits(const ui::FeedTable &table, std::size_t row, const char *readable) const
    {
        if (albumId && table.albumId(row) != *albumId)
            return false;
        return std::all_of(patterns.begin(), patterns.end(), [&](const TitlePattern &pattern) {
            if (const auto number = pattern.number();
                number && (table.id(row) == *number || table.albumId(row) == *number))
                return true;
            return pattern.isIn(table.title(row), readable);
        });
    }

    /// Whether all that fits fitted @p earlier, too: then the text has only grown, and not by digits of a number.
    [[nodiscard]] bool narrows(const Filter &earlier) const
    {
        const bool sameAlbum = !earlier.albumId || earlier.albumId == albumId;
        if (!sameAlbum || !std::string_view(text).starts_with(earlier.text))
            return false;
        const auto isNumber = [](const TitlePattern &pattern) { return pattern.number().has_value(); };
        return text == earlier.text || std::none_of(patterns.begin(), patterns.end(), isNumber);
    }

    std::string text;
    std::vector<TitlePattern> patterns;
    std::optional<std::int64_t> albumId;
};

} // namespace

struct FeedSearcher::Memory {
    std::shared_ptr<const ui::FeedTable> table;
    /// The last search that came to its end.
    std::optional<Filter> filter;
    RowSet fitting{0};
    std::size_t count = 0;
    /// All rows by a column; not known of any other.
    Rows order;
    FeedColumn column = FeedColumn::feedOrder;
};

/// The way from one wish to its answer.
class FeedSearcher::Work {
public:
    Work(Memory &memory, const FeedWish &wish, const std::stop_token &stop, const Tell &tell)
        : m_memory(memory), m_wish(wish), m_stop(stop), m_tell(tell), m_table(*wish.table),
          m_rowCount(m_table.rowCount())
    {
    }

    void run()
    {
        if (search())
            finish();
    }

private:
    /// Finds what fits. False when it was stopped.
    bool search()
    {
        Filter filter(m_wish);
        if (m_memory.filter && m_memory.filter->text == filter.text && m_memory.filter->albumId == filter.albumId)
            return !m_stop.stop_requested();
        const bool narrows = m_memory.filter && filter.narrows(*m_memory.filter);
        RowSet fitting(m_rowCount);
        std::size_t count = 0;
        // Each title but the last is followed by others: so much may be read behind it.
        const char *readable = m_rowCount > 0 ? m_table.title(m_rowCount - 1).data() : nullptr;
        const auto look = [&](std::size_t row) {
            __builtin_prefetch(m_table.title(std::min(row + rowsAhead, m_rowCount - 1)).data());
            if (filter.fits(m_table, row, readable)) {
                fitting.add(row);
                ++count;
            }
        };
        const bool inOrder = m_wish.sort == FeedColumn::feedOrder && !m_wish.descending;
        bool told = false;
        for (std::size_t begin = 0; begin < m_rowCount; begin += rowsBetweenChecks) {
            if (m_stop.stop_requested())
                return false;
            const std::size_t end = std::min(begin + rowsBetweenChecks, m_rowCount);
            if (narrows) {
                m_memory.fitting.each(begin, end, look);
            } else {
                for (std::size_t row = begin; row < end; ++row)
                    look(row);
            }
            const bool worthTelling = count >= screenRows || (count > 0 && Clock::now() - m_start > longSearch);
            if (inOrder && !told && worthTelling && end < m_rowCount) {
                tell(listed(fitting, count), count, false);
                told = true;
            }
        }
        m_memory.filter = std::move(filter);
        m_memory.fitting = std::move(fitting);
        m_memory.count = count;
        return true;
    }

    /// The rows of a set in the order of the feed.
    [[nodiscard]] Rows listed(const RowSet &set, std::size_t count) const
    {
        Rows rows;
        rows.reserve(count);
        set.each(0, m_rowCount, [&](std::size_t row) { rows.push_back(static_cast<std::uint32_t>(row)); });
        return rows;
    }

    /// What fits, in the order of the feed or, where the order of the column is known, in that.
    [[nodiscard]] Rows inOrder() const
    {
        if (m_wish.sort == FeedColumn::feedOrder || m_memory.column != m_wish.sort)
            return listed(m_memory.fitting, m_memory.count);
        Rows rows;
        rows.reserve(m_memory.count);
        std::copy_if(m_memory.order.begin(), m_memory.order.end(), std::back_inserter(rows),
                     [&](std::uint32_t row) { return m_memory.fitting.has(row); });
        return rows;
    }

    void finish()
    {
        const bool ordered = m_wish.sort == FeedColumn::feedOrder || m_memory.column == m_wish.sort;
        Rows rows = inOrder();
        if (!ordered && rows.size() > screenRows && rows.size() >= m_rowCount / fewAmong) {
            Rows first = firstRows(m_table, m_wish.sort, rows, screenRows, m_wish.descending, m_stop);
            tell(std::move(first), rows.size(), false);
            Rows all(m_rowCount);
            std::iota(all.begin(), all.end(), 0U);
            if (!sortRows(m_table, m_wish.sort, all, m_stop))
                return;
            m_memory.order = std::move(all);
            m_memory.column = m_wish.sort;
            rows = inOrder();
        } else if (!ordered && !sortRows(m_table, m_wish.sort, rows, m_stop)) {
            return;
        }
        if (m_wish.descending)
            std::reverse(rows.begin(), rows.end());
        const std::size_t count = rows.size();
        tell(std::move(rows), count, true);
    }

    void tell(Rows rows, std::size_t total, bool complete) const
    {
        if (m_stop.stop_requested())
            return;
        const std::chrono::duration<double, std::milli> taken = Clock::now() - m_start;
        FeedMatches matches{m_wish.serial, std::make_shared<const Rows>(std::move(rows))};
        if (complete && total < m_rowCount)
            matches.set = std::make_shared<const std::vector<std::uint64_t>>(m_memory.fitting.words());
        matches.complete = complete;
        matches.total = total;
        matches.milliseconds = taken.count();
        m_tell(std::move(matches));
    }

    const Clock::time_point m_start = Clock::now();
    Memory &m_memory;
    const FeedWish &m_wish;
    const std::stop_token &m_stop;
    const Tell &m_tell;
    const ui::FeedTable &m_table;
    const std::size_t m_rowCount;
};

FeedSearcher::FeedSearcher() : m_memory(std::make_unique<Memory>()) {}
FeedSearcher::~FeedSearcher() = default;

void FeedSearcher::answer(const FeedWish &wish, const std::stop_token &stop, const Tell &tell)
{
    if (m_memory->table != wish.table) {
        *m_memory = Memory();
        m_memory->table = wish.table;
    }
    if (wish.table)
        Work(*m_memory, wish, stop, tell).run();
}

FeedMatches findMatches(const FeedWish &wish)
{
    FeedMatches whole;
    FeedSearcher().answer(wish, {}, [&](FeedMatches matches) { whole = std::move(matches); });
    return whole;
}

namespace {

/// A wish, and the token by which a newer one ends the work on it.
struct Assignment {
    FeedWish wish;
    std::stop_token stop;
};

isolate::Task<> work(isolate::SendPort<FeedMatches> to, isolate::Completer<isolate::SendPort<Assignment>> started)
{
    isolate::ReceivePort<Assignment> assignments(isolate::PortOptions::latest());
    const isolate::RawReceivePort<bool> deserted([&](bool) { assignments.close(); });
    isolate::monitor(to, deserted.sendPort(), true);
    started.complete(assignments.sendPort());
    FeedSearcher searcher;
    while (auto assignment = co_await assignments.next()) {
        isolate::setActivity("searching a feed");
        searcher.answer(assignment->wish, assignment->stop, [&](FeedMatches matches) { to.send(std::move(matches)); });
        isolate::setActivity({});
    }
}

/// Takes wishes while the other isolate works, so that a newer one is heard at once.
isolate::Task<> listen(isolate::SendPort<FeedMatches> to, isolate::Completer<isolate::SendPort<FeedWish>> started)
{
    isolate::Completer<isolate::SendPort<Assignment>> working;
    auto worker = working.future();
    // A spawn that failed drops the completer, and with it this isolate's own.
    static_cast<void>(isolate::spawnWith({.name = "feed search"}, work, to, std::move(working)).ok());
    const isolate::SendPort<Assignment> assignments = co_await std::move(worker);

    isolate::ReceivePort<FeedWish> wishes;
    const isolate::RawReceivePort<bool> deserted([&](bool) { wishes.close(); });
    isolate::monitor(to, deserted.sendPort(), true);
    started.complete(wishes.sendPort());
    std::stop_source current;
    while (auto wish = co_await wishes.next()) {
        current.request_stop();
        current = std::stop_source();
        Assignment assignment{std::move(*wish), current.get_token()};
        assignments.send(std::move(assignment));
    }
    current.request_stop();
}

} // namespace

isolate::Future<isolate::SendPort<FeedWish>> startFeedView(isolate::SendPort<FeedMatches> to)
{
    isolate::Completer<isolate::SendPort<FeedWish>> started;
    auto view = started.future();
    static_cast<void>(isolate::spawnWith({.name = "feed view"}, listen, std::move(to), std::move(started)).ok());
    return view;
}

} // namespace steadyframe::feed
