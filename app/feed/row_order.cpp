#include "feed/row_order.h"

#include "feed/case_folding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstring>
#include <string>
#include <string_view>

namespace steadyframe::feed {

namespace {

constexpr std::size_t keyBytes = sizeof(std::uint64_t);
constexpr std::size_t rowsBetweenChecks = 2048;
constexpr std::size_t fewRows = 48; // sorted faster by comparing than by counting

/// A row and the part of its text, or the number, that decides next.
struct KeyedRow {
    std::uint64_t key;
    std::uint32_t row;
};

bool isText(FeedColumn column)
{
    return column == FeedColumn::title || column == FeedColumn::url;
}

std::string_view textOf(const ui::FeedTable &table, FeedColumn column, std::uint32_t row)
{
    return column == FeedColumn::title ? table.title(row) : table.url(row);
}

/// Numbers as unsigned ones of the same order.
std::uint64_t numberKey(const ui::FeedTable &table, FeedColumn column, std::uint32_t row)
{
    const std::int64_t number = column == FeedColumn::albumId ? table.albumId(row) : table.id(row);
    return static_cast<std::uint64_t>(number) ^ std::uint64_t{1} << 63;
}

/// Bytes as a number of the same order; what is missing is 0.
std::uint64_t keyOf(std::string_view text)
{
    std::uint64_t key = 0;
    std::memcpy(&key, text.data(), std::min(text.size(), keyBytes));
    if constexpr (std::endian::native == std::endian::little)
        key = __builtin_bswap64(key);
    return key;
}

/// The ASCII letters among eight bytes that are all ASCII become small.
std::uint64_t smallLetters(std::uint64_t key)
{
    constexpr std::uint64_t each = 0x0101'0101'0101'0101;
    const std::uint64_t fromA = key + each * (0x80 - 'A');
    const std::uint64_t beyondZ = key + each * (0x80 - 'Z' - 1);
    return key | ((fromA & ~beyondZ & each * 0x80) >> 2);
}

/// The first bytes of a folded text, at least @p wanted where it has so many.
std::string foldedStart(std::string_view text, std::size_t wanted)
{
    std::string folded;
    while (!text.empty() && folded.size() < wanted) {
        const Character character = firstCharacter(text);
        appendCharacter(folded, foldCase(character.code));
        text.remove_prefix(character.bytes);
    }
    return folded;
}

bool isAscii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

/// The eight bytes behind the first @p depth ones, folded if the column is; @p goesOn is set if there are more.
std::uint64_t textKey(FeedColumn column, std::string_view text, std::size_t depth, bool &goesOn)
{
    if (column == FeedColumn::url || isAscii(text.substr(0, depth + keyBytes))) {
        goesOn |= text.size() > depth + keyBytes;
        const std::uint64_t key = text.size() > depth ? keyOf(text.substr(depth)) : 0;
        return column == FeedColumn::url ? key : smallLetters(key);
    }
    const std::string folded = foldedStart(text, depth + keyBytes + 1);
    goesOn |= folded.size() > depth + keyBytes;
    return folded.size() > depth ? keyOf(std::string_view(folded).substr(depth)) : 0;
}

/// The part of a row's text behind the first @p depth bytes, or its number.
std::uint64_t keyOfRow(const ui::FeedTable &table, FeedColumn column, std::uint32_t row, std::size_t depth,
                       bool &goesOn)
{
    return isText(column) ? textKey(column, textOf(table, column, row), depth, goesOn) : numberKey(table, column, row);
}

std::strong_ordering compareFolded(std::string_view a, std::string_view b)
{
    while (!a.empty() && !b.empty()) {
        const Character first = firstCharacter(a);
        const Character second = firstCharacter(b);
        if (first.code != second.code) {
            const auto order = foldCase(first.code) <=> foldCase(second.code);
            if (order != 0)
                return order;
        }
        a.remove_prefix(first.bytes);
        b.remove_prefix(second.bytes);
    }
    return a.size() <=> b.size();
}

/// The order of two rows, which are never equal: the feed decides at last.
bool comesBefore(const ui::FeedTable &table, FeedColumn column, std::uint32_t a, std::uint32_t b)
{
    std::strong_ordering order = std::strong_ordering::equal;
    if (column == FeedColumn::title)
        order = compareFolded(table.title(a), table.title(b));
    else if (column == FeedColumn::url)
        order = table.url(a) <=> table.url(b);
    else
        order = numberKey(table, column, a) <=> numberKey(table, column, b);
    return order != 0 ? order < 0 : a < b;
}

/// Sorts by key, what is equal stays in its order: digit by digit from the last, those left out in which all agree.
bool sortByKey(KeyedRow *rows, KeyedRow *spare, std::size_t count, const std::stop_token &stop)
{
    constexpr std::size_t digits = keyBytes;
    constexpr std::size_t values = 256;
    std::array<std::array<std::uint32_t, values>, digits> counts{};
    for (std::size_t i = 0; i < count; ++i) {
        if (i % rowsBetweenChecks == 0 && stop.stop_requested())
            return false;
        for (std::size_t digit = 0; digit < digits; ++digit)
            ++counts[digit][rows[i].key >> 8 * digit & 0xFF];
    }
    KeyedRow *from = rows;
    KeyedRow *to = spare;
    for (std::size_t digit = 0; digit < digits; ++digit) {
        auto &next = counts[digit];
        if (next[from[0].key >> 8 * digit & 0xFF] == count)
            continue;
        std::uint32_t begin = 0;
        for (std::uint32_t &value : next)
            begin += std::exchange(value, begin);
        for (std::size_t i = 0; i < count; ++i) {
            if (i % rowsBetweenChecks == 0 && stop.stop_requested())
                return false;
            to[next[from[i].key >> 8 * digit & 0xFF]++] = from[i];
        }
        std::swap(from, to);
    }
    if (from != rows)
        std::copy(from, from + count, rows);
    return true;
}

/// Rows that agree up to a depth of their texts.
struct Group {
    std::size_t begin;
    std::size_t end;
    std::size_t depth;
};

} // namespace

bool sortRows(const ui::FeedTable &table, FeedColumn column, std::vector<std::uint32_t> &rows,
              const std::stop_token &stop)
{
    if (column == FeedColumn::feedOrder || rows.size() < 2)
        return true;
    std::vector<KeyedRow> keyed(rows.size());
    std::vector<KeyedRow> spare(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        keyed[i].row = rows[i];
    std::vector<Group> groups{{0, rows.size(), 0}};
    while (!groups.empty()) {
        const Group group = groups.back();
        groups.pop_back();
        if (stop.stop_requested())
            return false;
        const auto begin = keyed.begin() + static_cast<std::ptrdiff_t>(group.begin);
        const auto end = keyed.begin() + static_cast<std::ptrdiff_t>(group.end);
        if (group.end - group.begin <= fewRows) {
            std::sort(begin, end,
                      [&](const KeyedRow &a, const KeyedRow &b) { return comesBefore(table, column, a.row, b.row); });
            continue;
        }
        bool goesOn = false;
        for (auto row = begin; row != end; ++row) {
            if (static_cast<std::size_t>(row - begin) % rowsBetweenChecks == 0 && stop.stop_requested())
                return false;
            row->key = keyOfRow(table, column, row->row, group.depth, goesOn);
        }
        if (!sortByKey(&*begin, spare.data(), group.end - group.begin, stop))
            return false;
        for (auto run = begin; goesOn && run != end;) {
            const auto runEnd = std::find_if(run, end, [&](const KeyedRow &row) { return row.key != run->key; });
            if (runEnd - run > 1)
                groups.push_back({static_cast<std::size_t>(run - keyed.begin()),
                                  static_cast<std::size_t>(runEnd - keyed.begin()), group.depth + keyBytes});
            run = runEnd;
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = keyed[i].row;
    return true;
}

std::vector<std::uint32_t> firstRows(const ui::FeedTable &table, FeedColumn column,
                                     const std::vector<std::uint32_t> &rows, std::size_t count, bool fromTheLast,
                                     const std::stop_token &stop)
{
    constexpr std::size_t partsKept = 4;
    const auto before = [&](const KeyedRow &a, const KeyedRow &b) {
        const KeyedRow &low = fromTheLast ? b : a;
        const KeyedRow &high = fromTheLast ? a : b;
        return low.key != high.key ? low.key < high.key : comesBefore(table, column, low.row, high.row);
    };
    // The best so far, the worst of them last, and behind it others that are better than that.
    std::vector<KeyedRow> best;
    const auto keepBest = [&] {
        if (best.size() > count) {
            std::nth_element(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(count) - 1, best.end(), before);
            best.resize(count);
        }
    };
    bool isFull = false;
    bool goesOn = false;
    for (std::size_t i = 0; i < rows.size() && count > 0; ++i) {
        if (i % rowsBetweenChecks == 0 && stop.stop_requested())
            return {};
        // The first bytes of addresses are the same, and tell nothing.
        const KeyedRow row{column == FeedColumn::url ? 0 : keyOfRow(table, column, rows[i], 0, goesOn), rows[i]};
        if (isFull && !before(row, best[count - 1]))
            continue;
        best.push_back(row);
        if (best.size() == partsKept * count) {
            keepBest();
            isFull = true;
        }
    }
    keepBest();
    std::sort(best.begin(), best.end(), before);
    std::vector<std::uint32_t> first(best.size());
    std::transform(best.begin(), best.end(), first.begin(), [](const KeyedRow &row) { return row.row; });
    return first;
}

} // namespace steadyframe::feed
