#include "feed_texts.h"

#include "feed/row_walker.h"
#include "feed/structural_index.h"

#include <isolate_core/sendable.h>

#include <algorithm>
#include <limits>

using namespace steadyframe::feed;
using namespace steadyframe;
using namespace std::string_literals;

static_assert(isolate::Sendable<std::shared_ptr<const ui::FeedTable>>);
static_assert(isolate::Sendable<FeedError>);
static_assert(isolate::Sendable<FeedProgress>);

namespace {

constexpr const char *onePhoto = "1|2|a|u|t\n";

/// A feed of one photo, from its fields.
std::string feedOf(const std::string &fields)
{
    return "[{" + fields + "}]";
}

} // namespace

class FeedRowsTest : public QObject {
    Q_OBJECT

private slots:
    void noneOneAndMany()
    {
        QCOMPARE(outcomeInAnyWindow("[]"), ""s);
        QCOMPARE(outcomeInAnyWindow(" [ \n ] \n"), ""s);
        QCOMPARE(outcomeInAnyWindow("[" + photoText(1) + "]"), "1|1|title 1|https://u/1|https://t/1\n"s);
        std::string text;
        std::string expected;
        for (int i = 1; i <= 100; ++i) {
            text += (i == 1 ? "[" : ",") + photoText(i);
            expected += outcome(parseFeedText("[" + photoText(i) + "]", ""));
        }
        QCOMPARE(outcomeInAnyWindow(text + "]"), expected);
        QCOMPARE(outcomeInAnyWindow("\xEF\xBB\xBF" + text + "]"), expected);
    }

    void fieldsInAnyOrder()
    {
        std::array<std::string, 5> fields{R"("albumId":1)", R"("id":2)", R"("title":"a")", R"("url":"u")",
                                          R"("thumbnailUrl":"t")"};
        std::sort(fields.begin(), fields.end());
        int orders = 0;
        do {
            std::string text;
            for (const std::string &field : fields)
                text += (text.empty() ? "" : ", ") + field;
            QCOMPARE(outcome(parseFeedText(feedOf(text), "")), std::string(onePhoto));
            ++orders;
        } while (std::next_permutation(fields.begin(), fields.end()));
        QCOMPARE(orders, 120);
    }

    void unknownFieldsAreSkipped()
    {
        QCOMPARE(outcomeInAnyWindow(
                     feedOf("\"x\":{\"id\":5,\"title\":[\"]}\",{}]},\"albumId\":1,\"id\":2,\"ids\":3,\"Title\":\"b\","
                            R"("title":"a","url":"u","uRl":0,"thumbnailUrl":"t","thumbnailurl":null)")),
                 std::string(onePhoto));
    }

    void namesMayBeEscaped()
    {
        QCOMPARE(outcomeInAnyWindow(feedOf(R"("\u0061lbumId":1,"i\u0064":2,"titl\u0065":"a","u\u0072\u006C":"u",)"
                                           R"("thumbnailUr\u006c":"t")")),
                 std::string(onePhoto));
    }

    void theLastOfTwoFieldsCounts()
    {
        const std::string rest = R"(,"albumId":1,"url":"u","thumbnailUrl":"t","title":"a")";
        QCOMPARE(outcomeInAnyWindow(feedOf(R"("id":7,"id":2)" + rest)), std::string(onePhoto));
        QCOMPARE(outcomeInAnyWindow(feedOf(R"("id":"x","id":2)" + rest)), std::string(onePhoto));
        QCOMPARE(outcomeInAnyWindow(feedOf(R"("id":2,"id":"x")" + rest)),
                 "issue 1 1:15 \"id\" has to be a whole number.\n"s);
        // A fault that was made good does not come back with another one.
        QCOMPARE(outcomeInAnyWindow(feedOf(R"("id":"x","id":2,"albumId":1,"url":"u","thumbnailUrl":"t","title":1)")),
                 "issue 1 1:68 \"title\" has to be a text in quotes.\n"s);
    }

    void escapes_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QByteArray>("meant");
        const auto row = [](const char *name, const char *written, const std::string &meant) {
            QTest::newRow(name) << QByteArray(written) << QByteArray::fromStdString(meant);
        };
        row("none", R"("a")", "a");
        row("empty", R"("")", "");
        row("all short ones", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
        row("ASCII", R"("\u0041\u007a")", "Az");
        row("NUL", R"("a\u0000b")", "a\0b"s);
        row("two bytes", R"("\u00e9\u07FF")", "\u00E9\u07FF");
        row("three bytes", R"("\u20ac\uFFFF")", "\u20AC\uFFFF");
        row("a pair", R"("\ud83d\ude00")", "\U0001F600");
        row("first and last pair", R"("\uD800\uDC00\uDBFF\uDFFF")", "\U00010000\U0010FFFF");
        row("high half alone", R"("a\ud83db")", "a\uFFFDb");
        row("low half alone", R"("a\ude00b")", "a\uFFFDb");
        row("halves the wrong way round", R"("\ude00\ud83d")", "\uFFFD\uFFFD");
        row("high half before another escape", R"("\ud83d\n")", "\uFFFD\n");
        row("high half before a pair", R"("\ud83d\ud83d\ude00")", "\uFFFD\U0001F600");
        row("high half at the end", R"("\ud83d")", "\uFFFD");
        row("a backslash and a u", R"("\\u0041")", "\\u0041");
        row("an escaped quote at the end", "\"a\\\\\\\"\"", "a\\\"");
        row("between plain characters", R"("\u20aca\u00e9 b \\c")", "\u20ACa\u00E9 b \\c");
        row("plain UTF-8", "\"\u00E9\u20AC\U0001F600\"", "\u00E9\u20AC\U0001F600");
        row("brackets", "\"},{][\"", "},{][");
    }
    void escapes()
    {
        QFETCH(QByteArray, written);
        QFETCH(QByteArray, meant);
        const std::string text = written.toStdString();
        QCOMPARE(outcomeInAnyWindow(feedWithTitle(text)), "1|2|" + meant.toStdString() + "|u|t\n");
        QCOMPARE(outcomeInAnyWindow(
                     feedOf(R"("id":2,"albumId":1,"title":"a","thumbnailUrl":)" + text + R"(,"url":)" + text)),
                 "1|2|a|" + meant.toStdString() + '|' + meant.toStdString() + '\n');
    }

    void missingAndWrongFields_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const std::string &entry, const char *expected) {
            QTest::newRow(name) << QByteArray::fromStdString(entry) << QByteArray(expected);
        };
        row("no album", R"({"id":2,"title":"a","url":"u","thumbnailUrl":"t"})", "2:3 \"albumId\" is missing.\n");
        row("no title", R"({"albumId":1,"id":2,"url":"u","thumbnailUrl":"t"})", "2:3 \"title\" is missing.\n");
        row("title null", R"({"albumId":1,"id":2,"title":null,"url":"u","thumbnailUrl":"t"})",
            "2:31 \"title\" has to be a text in quotes.\n");
        row("title an object", R"({"albumId":1,"id":2,"title":{"a":"b"},"url":"u","thumbnailUrl":"t"})",
            "2:31 \"title\" has to be a text in quotes.\n");
        row("address a number", R"({"albumId":1,"id":2,"title":"a","url":5,"thumbnailUrl":"t"})",
            "2:41 \"url\" has to be a text in quotes.\n");
        row("id a text", R"({"albumId":1,"id":"2","title":"a","url":"u","thumbnailUrl":"t"})",
            "2:21 \"id\" has to be a whole number.\n");
        row("id a fraction", R"({"albumId":1,"id":2.0,"title":"a","url":"u","thumbnailUrl":"t"})",
            "2:21 \"id\" has to be a whole number.\n");
        row("id an exponent", R"({"albumId":1,"id":2e0,"title":"a","url":"u","thumbnailUrl":"t"})",
            "2:21 \"id\" has to be a whole number.\n");
        row("id huge", R"({"albumId":1,"id":9223372036854775808,"title":"a","url":"u","thumbnailUrl":"t"})",
            "2:21 This number is too large: a feed's numbers have at most 64 bits.\n");
        row("empty", "{}",
            "2:3 \"albumId\" is missing.\n2:3 \"id\" is missing.\n2:3 \"title\" is missing.\n"
            "2:3 \"url\" is missing.\n2:3 \"thumbnailUrl\" is missing.\n");
        row("two wrong, in the order of the text", R"({"title":1,"id":[],"albumId":1,"url":"u","thumbnailUrl":"t"})",
            "2:12 \"title\" has to be a text in quotes.\n2:19 \"id\" has to be a whole number.\n");
        row("a number", "5", "2:3 This entry is no photo: it has to be an object in curly brackets.\n");
        row("null", "null", "2:3 This entry is no photo: it has to be an object in curly brackets.\n");
        row("a text", "\"},{\"", "2:3 This entry is no photo: it has to be an object in curly brackets.\n");
        row("an array", "[{\"id\":[2]}]", "2:3 This entry is no photo: it has to be an object in curly brackets.\n");
    }
    void missingAndWrongFields()
    {
        QFETCH(QByteArray, entry);
        QFETCH(QByteArray, expected);
        const std::string text = "[" + photoText(1) + ",\n  " + entry.toStdString() + " , " + photoText(3) + "]";
        std::string wanted = outcome(parseFeedText("[" + photoText(1) + "," + photoText(3) + "]", ""));
        for (const QByteArray &line : expected.split('\n')) {
            if (!line.isEmpty())
                wanted += "issue 2 " + line.toStdString() + '\n';
        }
        QCOMPARE(outcomeInAnyWindow(text), wanted);
        QCOMPARE((*parseFeedText(text, ""))->facts().leftOut, std::uint64_t{1});
    }

    void placesAreThoseOfTheTextAsItWasWritten()
    {
        const std::string lines = R"({"albumId":1,"id":2,"title":"\n\n\u000a\u00e9é","url":"\n","thumbnailUrl":"t"})";
        const std::string text = "[" + lines + ", " + lines + ", {},\n 7]";
        const std::string row = "1|2|\n\n\n\u00E9\u00E9|\n|t\n";
        QVERIFY(outcomeInAnyWindow(text).starts_with(row + row + "issue 3 1:"));
        const FeedResult result = parseFeedText(text, "");
        const auto &issues = (*result)->facts().issues;
        QCOMPARE(issues.size(), std::size_t{6});
        QCOMPARE(issues[0].row, std::uint64_t{3});
        QCOMPARE(issues[0].line, std::uint64_t{1});
        // One character of two bytes in each of the two lines before.
        QCOMPARE(issues[0].column, std::uint64_t{2 + 2 * (lines.size() + 2) - 2});
        QCOMPARE(issues[5].line, std::uint64_t{2});
        QCOMPARE(issues[5].column, std::uint64_t{2});
    }

    void issuesAreBoundedAndCounted()
    {
        std::string text = "[";
        for (int i = 0; i < 5000; ++i)
            text += "1,\n";
        const FeedResult result = parseFeedText(text + photoText(1) + "]", "", {}, {}, {.issueLimit = 10});
        QCOMPARE((*result)->facts().issues.size(), std::size_t{10});
        QCOMPARE((*result)->facts().issues.back().line, std::uint64_t{10});
        QCOMPARE((*result)->facts().issueCount, std::uint64_t{5000});
        QCOMPARE((*result)->facts().leftOut, std::uint64_t{5000});
        QCOMPARE((*result)->rowCount(), std::size_t{1});
    }

    /// Also where no entry is a photo: the parse looks at its stop token between windows.
    void windowsStayShortWithoutABracket()
    {
        std::string text = "[";
        for (int i = 0; i < 100'000; ++i)
            text += "1,";
        text += "1]";
        int windows = 0;
        const FeedResult result = parseFeedText(text, "", {}, [&](const FeedProgress &) { ++windows; },
                                                {.issueLimit = 1, .windowBytes = 1000});
        QVERIFY(result);
        QCOMPARE((*result)->facts().leftOut, std::uint64_t{100'001});
        QVERIFY2(windows >= 200, std::to_string(windows).c_str());
    }

    void aLongWindowIsStoppedWithin_data()
    {
        QTest::addColumn<std::string>("begin");
        QTest::addColumn<std::string>("part");
        QTest::addColumn<std::string>("end");
        QTest::newRow("entries") << "["s
                                 << "1,"s
                                 << "1]"s;
        QTest::newRow("one entry") << "[["s
                                   << "1,"s
                                   << "1]]"s;
        QTest::newRow("one photo") << "[{"s
                                   << "\"a\":1,"s
                                   << "\"a\":1}]"s;
    }
    void aLongWindowIsStoppedWithin()
    {
        QFETCH(std::string, begin);
        QFETCH(std::string, part);
        QFETCH(std::string, end);
        std::string text = begin;
        for (int i = 0; i < 200'000; ++i)
            text += part;
        text += end;
        StructuralIndex index;
        QCOMPARE(index.scan(text), ScanOutcome::good);
        const Window window{0, text.size(), index.offsets(), false};
        QCOMPARE(RowWalker(text.data(), 0, 1).walk(window), RowWalker::Step::wholeWindow);
        std::stop_source stop;
        stop.request_stop();
        RowWalker stopped(text.data(), 0, 1, stop.get_token());
        QCOMPARE(stopped.walk(window), RowWalker::Step::needsMore);
        QVERIFY(!stopped.finished());
        QVERIFY(stopped.resumeAt() < text.size() / 2);
    }

    /// Also just after a growing list would have doubled.
    void longNumbersTakeLittleMemory()
    {
        constexpr int count = 33'000;
        constexpr std::int64_t first = 9'007'199'254'740'993;
        std::string text = "[";
        for (int i = 0; i < count; ++i) {
            const std::string n = std::to_string(i);
            text += std::string(i > 0 ? ",\n" : "") + "  {\n    \"albumId\": " + std::to_string(first + i / 50)
                + ",\n    \"id\": " + std::to_string(first - i) + ",\n    \"title\": \"accusamus beatae " + n
                + "\",\n    \"url\": \"https://via.placeholder.com/600/" + n
                + "\",\n    \"thumbnailUrl\": \"https://via.placeholder.com/150/" + n + "\"\n  }";
        }
        text += "]";
        const FeedResult result = parseFeedText(text, "");
        QVERIFY(result);
        const ui::FeedTable &table = **result;
        QCOMPARE(table.rowCount(), std::size_t{count});
        for (std::size_t row = 0; row < count; ++row) {
            QCOMPARE(table.albumId(row), first + static_cast<std::int64_t>(row) / 50);
            QCOMPARE(table.id(row), first - static_cast<std::int64_t>(row));
            QVERIFY(table.url(row).ends_with("/600/" + std::to_string(row)));
        }
        QVERIFY(static_cast<double>(table.memoryBytes()) <= 1.3 * static_cast<double>(text.size()));
        QCOMPARE(table.longestNumber(), std::size_t{16});
    }

    void numbersOf64Bits()
    {
        const FeedResult result = parseFeedText(
            R"([{"albumId":-9223372036854775808,"id":9223372036854775807,"title":"","url":"","thumbnailUrl":""}])", "");
        QVERIFY(result);
        QCOMPARE((*result)->albumId(0), std::numeric_limits<std::int64_t>::min());
        QCOMPARE((*result)->id(0), std::numeric_limits<std::int64_t>::max());
        QCOMPARE((*result)->title(0), std::string_view());
    }
};

QTEST_GUILESS_MAIN(FeedRowsTest)
#include "feed_rows_test.moc"
