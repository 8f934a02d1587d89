#include "feed_texts.h"

#include "feed/case_folding.h"
#include "feed/feed_view.h"

#include <isolate_core/monitor.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/run.h>

#include <algorithm>
#include <numeric>

using namespace steadyframe;
using namespace steadyframe::feed;

namespace {

using Rows = std::vector<std::uint32_t>;
using Ranges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
using Table = std::shared_ptr<const ui::FeedTable>;

struct Photo {
    int album;
    int id;
    std::string title;
    std::string url = "u";
};

Table tableOf(const std::vector<Photo> &photos)
{
    std::string text = "[";
    for (const Photo &photo : photos) {
        text += text.size() > 1 ? "," : "";
        text += R"({"albumId": )" + std::to_string(photo.album) + R"(, "id": )" + std::to_string(photo.id)
            + R"(, "title": ")" + photo.title + R"(", "url": ")" + photo.url + R"(", "thumbnailUrl": "t"})";
    }
    auto table = parseFeedText(text + "]", "test");
    if (!table)
        qFatal("%s", describe(table.error()).c_str());
    return *table;
}

/// Words of a few letters of several scripts, many of them more than once.
Table bigTable(int rows)
{
    const std::vector<std::string> words{"lorem",   "IPSUM",  "dolor",  "sit",          "Skål", "ſkal", "straße",
                                         "ΣΊΣΥΦΟΣ", "москва", "МОСКВА", "consectetuer", "K",    "x",    "東京"};
    std::vector<Photo> photos;
    std::uint64_t dice = 1;
    const auto roll = [&](std::size_t below) {
        dice = dice * 6364136223846793005 + 1442695040888963407;
        return static_cast<std::size_t>(dice >> 33) % below;
    };
    for (int row = 0; row < rows; ++row) {
        std::string title;
        for (std::size_t word = 0, count = roll(8); word < count; ++word)
            title += (word > 0 ? " " : "") + words[roll(words.size())];
        photos.push_back({static_cast<int>(roll(50)), rows - row, title, "https://a/" + std::to_string(roll(300))});
    }
    return tableOf(photos);
}

std::u32string folded(std::string_view text)
{
    std::u32string result;
    while (!text.empty()) {
        const Character character = firstCharacter(text);
        result += foldCase(character.code);
        text.remove_prefix(character.bytes);
    }
    return result;
}

/// What a search has to find, worked out in the simplest way.
Rows expected(const FeedWish &wish)
{
    const ui::FeedTable &table = *wish.table;
    Rows rows;
    for (std::uint32_t row = 0; row < table.rowCount(); ++row) {
        bool fits = !wish.albumId || table.albumId(row) == *wish.albumId;
        for (const QByteArray &word : QByteArray::fromStdString(wish.text).split(' ')) {
            bool isNumber = false;
            const qlonglong number = word.toLongLong(&isNumber);
            const bool byNumber = isNumber && (table.id(row) == number || table.albumId(row) == number);
            fits = fits
                && (byNumber || folded(table.title(row)).find(folded(word.toStdString())) != std::u32string::npos);
        }
        if (fits)
            rows.push_back(row);
    }
    std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        switch (wish.sort) {
        case FeedColumn::title:
            return folded(table.title(a)) < folded(table.title(b));
        case FeedColumn::albumId:
            return table.albumId(a) < table.albumId(b);
        case FeedColumn::id:
            return table.id(a) < table.id(b);
        case FeedColumn::url:
            return table.url(a) < table.url(b);
        case FeedColumn::feedOrder:
            break;
        }
        return false;
    });
    if (wish.descending)
        std::reverse(rows.begin(), rows.end());
    return rows;
}

Rows found(const Table &table, const std::string &text)
{
    return *findMatches({.table = table, .text = text}).rows;
}

std::vector<std::uint64_t> expectedSet(const Rows &rows, std::size_t count)
{
    if (rows.size() == count)
        return {};
    std::vector<std::uint64_t> set((count + 63) / 64);
    for (const std::uint32_t row : rows)
        set[row / 64] |= std::uint64_t{1} << row % 64;
    return set;
}

/// Empty when there is none.
std::vector<std::uint64_t> setOf(const FeedMatches &matches)
{
    return matches.set ? *matches.set : std::vector<std::uint64_t>();
}

} // namespace

class FeedViewTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsFound()
    {
        const Table table = tableOf({{1, 10, "Harbour at Night"},
                                     {1, 11, "harbour by day"},
                                     {2, 12, "Straße in Köln"},
                                     {2, 1, "МОСКВА ночью"},
                                     {3, 14, "tab\\tand \\\"quotes\\\""},
                                     {3, 15, ""}});
        QCOMPARE(found(table, ""), (Rows{0, 1, 2, 3, 4, 5}));
        QCOMPARE(found(table, " \t "), (Rows{0, 1, 2, 3, 4, 5}));
        QCOMPARE(found(table, "HARBOUR"), (Rows{0, 1}));
        QCOMPARE(found(table, "night harb"), (Rows{0}));
        QCOMPARE(found(table, "STRAẞE"), (Rows{2}));
        QCOMPARE(found(table, "kÖLN"), (Rows{2}));
        QCOMPARE(found(table,
                       "\xE2\x84\xAA"
                       "öln"),
                 (Rows{2})); // the sign of Kelvin
        QCOMPARE(found(table, "москва"), (Rows{3}));
        QCOMPARE(found(table, "\"QUOTES\""), (Rows{4}));
        QCOMPARE(found(table, "nowhere"), Rows{});
        QCOMPARE(found(table, "11"), (Rows{1})); // an id
        QCOMPARE(found(table, "1"), (Rows{0, 1, 3})); // an album and an id
        QCOMPARE(found(table, "1 day"), (Rows{1}));
        QCOMPARE(*findMatches({.table = table, .text = "h", .albumId = 1}).rows, (Rows{0, 1}));
        QCOMPARE(*findMatches({.table = table, .albumId = 3}).rows, (Rows{4, 5}));
    }

    void aFeedOfNoneAndOne()
    {
        QCOMPARE(found(tableOf({}), "a"), Rows{});
        QCOMPARE(found(tableOf({}), ""), Rows{});
        const Table one = tableOf({{1, 1, "only"}});
        QCOMPARE(found(one, "ONLY"), Rows{0});
        QCOMPARE(*findMatches({.table = one, .sort = FeedColumn::title}).rows, Rows{0});
    }

    void everyPlaceInATitle()
    {
        // Around the width of the registers that titles are compared in.
        const std::string filling(100, '.');
        for (std::size_t length = 2; length < 100; ++length) {
            for (std::size_t at = 0; at + 2 <= length; ++at) {
                const std::string title = filling.substr(0, at) + "Ab" + filling.substr(0, length - at - 2);
                const TitlePattern pattern("aB");
                const std::string room = title + filling;
                QVERIFY(pattern.isIn(title, title.data() + title.size()));
                QVERIFY(pattern.isIn({room.data(), length}, room.data() + room.size()));
                // What stands behind a title does not count.
                QVERIFY(!pattern.isIn({room.data(), at + 1}, room.data() + room.size()));
                QCOMPARE(matchesIn(title, "AB"), (Ranges{{std::uint32_t(at), 2}}));
            }
        }
    }

    void asASimpleSearchFinds()
    {
        const Table table = bigTable(5000);
        FeedSearcher searcher; // remembers, which must not matter
        for (const FeedColumn column :
             {FeedColumn::feedOrder, FeedColumn::title, FeedColumn::albumId, FeedColumn::id, FeedColumn::url}) {
            for (const bool descending : {false, true}) {
                for (const char *text : {"s", "sk", "ska",  "skal",         "skalx",   "4",    "47", "471",
                                         "l", "lo", "lo i", "lo ip 7",      "σίσυφος", "МоСк", "京", "STRASSE",
                                         "ß", "ſ",  "k",    "consectetuer", "x x"}) {
                    const FeedWish wish{7, table, text, column, descending, {}};
                    FeedMatches last;
                    searcher.answer(wish, {}, [&](FeedMatches matches) { last = std::move(matches); });
                    QVERIFY(last.complete);
                    QCOMPARE(last.serial, std::uint64_t{7});
                    QVERIFY2(*last.rows == expected(wish), text);
                    QCOMPARE(last.total, std::uint64_t{last.rows->size()});
                    QVERIFY2(setOf(last) == expectedSet(*last.rows, table->rowCount()), text);
                }
            }
            const FeedWish ofAlbum{8, table, "s", column, false, 7};
            QVERIFY(*findMatches(ofAlbum).rows == expected(ofAlbum));
        }
    }

    void theFirstPartIsTheBeginning()
    {
        const Table table = bigTable(20'000);
        for (const FeedColumn column : {FeedColumn::feedOrder, FeedColumn::title, FeedColumn::id, FeedColumn::url}) {
            for (const bool descending : {false, true}) {
                std::vector<FeedMatches> parts;
                FeedSearcher().answer({1, table, "s", column, descending, {}}, {},
                                      [&](FeedMatches matches) { parts.push_back(std::move(matches)); });
                if (column == FeedColumn::feedOrder && descending) {
                    QCOMPARE(parts.size(), std::size_t{1});
                    continue;
                }
                QCOMPARE(parts.size(), std::size_t{2});
                QVERIFY(!parts[0].complete);
                QVERIFY(parts[0].rows->size() >= FeedSearcher::screenRows);
                QVERIFY(parts[1].complete);
                QVERIFY(std::equal(parts[0].rows->begin(), parts[0].rows->end(), parts[1].rows->begin()));
            }
        }
    }

    void stoppedAtOnceAndOnTheWay()
    {
        const Table table = bigTable(20'000);
        FeedSearcher searcher;
        std::stop_source before;
        before.request_stop();
        searcher.answer({1, table, "s"}, before.get_token(), [](FeedMatches) { QFAIL("answered"); });

        std::stop_source meanwhile;
        int answers = 0;
        searcher.answer({2, table, "s", FeedColumn::title}, meanwhile.get_token(), [&](FeedMatches matches) {
            QVERIFY(!matches.complete);
            ++answers;
            meanwhile.request_stop();
        });
        QCOMPARE(answers, 1);
        // And nothing half done is remembered.
        const FeedWish next{3, table, "sk", FeedColumn::title};
        FeedMatches whole;
        searcher.answer(next, {}, [&](FeedMatches matches) { whole = std::move(matches); });
        QVERIFY(*whole.rows == expected(next));
    }

    void anotherTableIsSearchedAnew()
    {
        FeedSearcher searcher;
        Rows rows;
        const auto tell = [&](FeedMatches matches) { rows = *matches.rows; };
        searcher.answer({1, tableOf({{1, 1, "a"}, {1, 2, "b"}}), "a", FeedColumn::title}, {}, tell);
        QCOMPARE(rows, Rows{0});
        searcher.answer({2, tableOf({{1, 1, "b"}, {1, 2, "a"}, {1, 3, "ab"}}), "a", FeedColumn::title}, {}, tell);
        QCOMPARE(rows, (Rows{1, 2}));
    }

    void whereItStands()
    {
        QCOMPARE(matchesIn("Lorem ipsum lorem", "lorem"), (Ranges{{0, 5}, {12, 5}}));
        QCOMPARE(matchesIn("banana", "ana nan"), (Ranges{{1, 5}})); // joined where they overlap
        QCOMPARE(matchesIn("abcd", "ab cd"), (Ranges{{0, 4}})); // and where they touch
        QCOMPARE(matchesIn("Köln KÖLN", "köln"), (Ranges{{0, 5}, {6, 5}}));
        QCOMPARE(matchesIn("\xE2\x84\xAA"
                           "elvin",
                           "k"),
                 (Ranges{{0, 3}}));
        QCOMPARE(matchesIn("ſtreet", "S"), (Ranges{{0, 2}}));
        QCOMPARE(matchesIn("title", ""), Ranges{});
        QCOMPARE(matchesIn("", "a"), Ranges{});
        QCOMPARE(matchesIn("a", "abc"), Ranges{});
    }

    void casesOfAllScripts()
    {
        QCOMPARE(foldCase(U'Ä'), U'ä');
        QCOMPARE(foldCase(U'Σ'), U'σ');
        QCOMPARE(foldCase(U'ς'), U'σ');
        QCOMPARE(foldCase(U'ẞ'), U'ß');
        QCOMPARE(foldCase(U'ᾈ'), U'ᾀ');
        QCOMPARE(foldCase(U'\u212A'), U'k');
        QCOMPARE(foldCase(U'𐐀'), U'𐐨');
        QCOMPARE(foldCase(U'İ'), U'İ'); // has no simple folding
        QCOMPARE(foldCase(U'ı'), U'ı');
        QCOMPARE(foldCase(U'\uAB70'), U'\u13A0'); // Cherokee folds to its capitals
        QCOMPARE(foldCase(U'\u13A0'), U'\u13A0');
        QCOMPARE(foldCase(U'\U0001E921'), U'\U0001E943'); // the last of all
        QCOMPARE(foldCase(U'\U0001E922'), U'\U0001E922');
        for (char32_t code = 0; code < 0x20000; ++code) {
            const char32_t once = foldCase(code);
            QCOMPARE(foldCase(once), once);
            // Qt leaves those alone that a full folding makes several characters of.
            if (const char32_t qts = QChar::toCaseFolded(code); qts != code)
                QCOMPARE(once, qts);
        }
    }

    /// The isolate: the newest wish is always answered, and nothing older after it.
    void theNewestWishWins()
    {
        const Table table = bigTable(20'000);
        const auto last = isolate::run(
                              [](Table searched) -> isolate::Task<FeedMatches> {
                                  isolate::ReceivePort<FeedMatches> answers;
                                  const auto wishes = co_await startFeedView(answers.sendPort());
                                  for (std::uint64_t serial = 1; serial <= 50; ++serial) {
                                      FeedWish wish{serial, searched, serial == 50 ? "dolor" : "s", FeedColumn::title};
                                      wishes.send(std::move(wish));
                                  }
                                  std::uint64_t latest = 0;
                                  for (;;) {
                                      auto matches = co_await answers.next();
                                      if (matches->serial < latest)
                                          throw std::logic_error("an older wish was answered after a newer one");
                                      latest = matches->serial;
                                      if (matches->complete && latest == 50)
                                          co_return std::move(*matches);
                                  }
                              },
                              table)
                              .get();
        QVERIFY(*last.rows == expected({50, table, "dolor", FeedColumn::title}));
    }

    void endsWithItsReceiver()
    {
        auto ended = isolate::run([]() -> isolate::Task<bool> {
            isolate::SendPort<FeedWish> wishes;
            {
                isolate::ReceivePort<FeedMatches> answers;
                wishes = co_await startFeedView(answers.sendPort());
            }
            isolate::ReceivePort<bool> closed;
            isolate::monitor(wishes, closed.sendPort(), true);
            co_await closed.next();
            co_return !wishes.isOpen();
        });
        QVERIFY(ended.get());
    }
};

QTEST_GUILESS_MAIN(FeedViewTest)
#include "feed_view_test.moc"
