#include "feed_texts.h"

#include <simdjson.h>

#include <random>

using namespace steadyframe::feed;
using namespace std::string_literals;

namespace {

void addRow(const char *name, const std::string &text, const char *expected)
{
    QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(expected);
}

/// What `outcome` says of a feed whose only photo is sound, with this title.
std::string accepted(const std::string &title = "a")
{
    return "1|2|" + title + "|u|t\n";
}

} // namespace

class FeedGrammarTest : public QObject {
    Q_OBJECT

private slots:
    void acceptedValues_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char *value : {"0",
                                  "-0",
                                  "1",
                                  "-1",
                                  "10",
                                  "1.5",
                                  "-0.0",
                                  "1e5",
                                  "1E+5",
                                  "2e-5",
                                  "1.25e10",
                                  "1e400",
                                  "0e1",
                                  "1E5",
                                  "-1e-2",
                                  "true",
                                  "false",
                                  "null",
                                  "\"\"",
                                  "\"\\u0000\"",
                                  "\"\\ud800\"",
                                  "\"a\\\\\"",
                                  "\"]}\"",
                                  "\"},{\"",
                                  "{}",
                                  "[]",
                                  "[ ]",
                                  "{ }",
                                  "[1]",
                                  "[1,2]",
                                  "[[],{}]",
                                  "{\"a\":1}",
                                  "{\"a\":{\"b\":[1,{\"c\":null}]}}",
                                  "{\"\":0}",
                                  "{\"a\":1,\"a\":2}",
                                  "123456789012345678901234567890",
                                  "-123456789012345678901234567890",
                                  "[\n1\t,\r2 ]",
                                  "{\"title\":\"inner\",\"id\":9}",
                                  "\"\x7F\"",
                                  "\"\uFFFD\"",
                                  "\"\u2028\u2029\"",
                                  "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""})
            QTest::addRow("%s", value) << QByteArray(value);
        QTest::newRow("1024 deep") << QByteArray(1024, '[') + QByteArray(1024, ']');
    }
    void acceptedValues()
    {
        QFETCH(QByteArray, value);
        QCOMPARE(outcomeInAnyWindow(feedWithUnknown(value.toStdString())), accepted());
    }

    void refusedValues_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char *value : {"",
                                  "01",
                                  "-",
                                  "+1",
                                  "1.",
                                  ".5",
                                  "1e",
                                  "1e+",
                                  "0x10",
                                  "1a",
                                  "-a",
                                  "--1",
                                  "NaN",
                                  "Infinity",
                                  "-Infinity",
                                  "tru",
                                  "True",
                                  "truee",
                                  "nul",
                                  "nulll",
                                  "undefined",
                                  "'a'",
                                  "\"\\x\"",
                                  "\"\\u12\"",
                                  "\"\\u12g4\"",
                                  "\"\\U1234\"",
                                  "\"a\" \"b\"",
                                  "\"a\"b",
                                  "1 2",
                                  "1\"a\"",
                                  "[1",
                                  "[1,]",
                                  "[,1]",
                                  "[1 2]",
                                  "[1:2]",
                                  "[,]",
                                  "]",
                                  "}",
                                  "{\"a\"}",
                                  "{\"a\":}",
                                  "{\"a\":1,}",
                                  "{,}",
                                  "{a:1}",
                                  "{1:1}",
                                  "{\"a\" 1}",
                                  "{\"a\":1 \"b\":2}",
                                  "{\"a\",1}",
                                  "[}",
                                  "{]",
                                  "{\"a\":[}",
                                  "[{]}",
                                  "[1}",
                                  "{\"a\":1]",
                                  "// a\n1",
                                  "/* a */ 1",
                                  "\f1",
                                  "1\v",
                                  "\xC2\xA0"
                                  "1",
                                  "*",
                                  "\\",
                                  "\\\"a\\\"",
                                  "\"\t\"",
                                  "\"\n\"",
                                  ",",
                                  ":",
                                  "1,,",
                                  "\"\\\\\\\"",
                                  "&1",
                                  "-01",
                                  "-.5",
                                  "1.e1",
                                  "1.2.3",
                                  "1e1.5",
                                  "1eE1",
                                  "- 1",
                                  "-NaN",
                                  "1_000",
                                  "\uFF11",
                                  "\"\\a\"",
                                  "\"\\0\"",
                                  "\"\\'\"",
                                  "\"\\v\"",
                                  "\"\\u\"",
                                  "\"\\u00e\"",
                                  "\"\\ud83d\\uZZZZ\"",
                                  "[]]",
                                  "[[]",
                                  "[1,,2]",
                                  "[[1,,2]]",
                                  "{\"a\":1,,\"b\":2}",
                                  "{,\"a\":1}",
                                  "[\"a\":1]",
                                  "[1] // a"})
            QTest::addRow("%s", value) << QByteArray(value);
        QTest::newRow("1025 deep") << QByteArray(1025, '[') + QByteArray(1025, ']');
        QTest::newRow("100000 open brackets") << QByteArray(100'000, '[');
        QTest::newRow("NUL as a value") << QByteArray("\0", 1);
        QTest::newRow("NUL in a string") << QByteArray("\"a\0b\"", 5);
        for (char control = 0x01; control < 0x20; ++control) {
            QTest::addRow("control character %d in a string", control) << QByteArray("\"a") + control + "b\"";
            QTest::addRow("control character %d in a name", control) << QByteArray("{\"a") + control + "b\":1}";
        }
    }
    void refusedValues()
    {
        QFETCH(QByteArray, value);
        const std::string wrong = value.toStdString();
        std::vector<std::string> feeds{feedWithUnknown(wrong), "[" + photoText(1) + "," + wrong + "]"};
        if (!wrong.empty())
            feeds.push_back("[" + wrong + "]");
        for (const char *field : {"albumId", "id", "title", "url", "thumbnailUrl"})
            feeds.push_back("[{\"" + std::string(field) + "\": " + wrong + ", \"x\": 1}]");
        for (const std::string &feed : feeds) {
            const std::string result = outcomeInAnyWindow(feed);
            QVERIFY2(
                result.starts_with("error " + std::to_string(static_cast<int>(FeedErrorCode::malformed)) + " Line "),
                (feed.substr(0, 200) + "\n" + result).c_str());
        }
    }

    /// Wherever in the blocks of the scan they stand.
    void charactersOfFourBytesAtAnyPlace()
    {
        for (std::size_t before = 0; before < 130; ++before) {
            const std::string title = std::string(before, 'a') + "\U0001F600";
            QCOMPARE(outcomeInAnyWindow(feedWithTitle('"' + title + '"')), accepted(title));
        }
    }

    void places_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const std::string photo = photoText(1);
        addRow("empty", "", "empty 0:0");
        addRow("blanks", " \n\t\r\n ", "empty 0:0");
        addRow("only a byte order mark", "\xEF\xBB\xBF", "empty 0:0");
        addRow("an object", R"({"albumId": 1})", "notAnArray 1:1");
        addRow("an object after blanks", "\n\n  {}", "notAnArray 3:3");
        addRow("a string", "\"a\"", "notAnArray 1:1");
        addRow("a number", "12", "notAnArray 1:1");
        addRow("null", "null", "notAnArray 1:1");
        addRow("no JSON", "photos", "malformed 1:1");
        addRow("HTML", "\n<html></html>", "malformed 2:1");
        addRow("open bracket", "[", "malformed 1:2");
        addRow("open bracket and line", "[\n\n", "malformed 3:1");
        addRow("open brace", "[{", "malformed 1:3");
        addRow("lonely comma", "[,]", "malformed 1:2");
        addRow("comma at the end", "[" + photo + ",]", qPrintable(QString("malformed 1:%1").arg(photo.size() + 3)));
        addRow("two commas", "[" + photo + ",\n,]", "malformed 2:1");
        addRow("no comma", "[" + photo + "\n" + photo + "]", "malformed 2:1");
        addRow("not closed", "[" + photo + "\n", "malformed 2:1");
        addRow("more after the end", "[" + photo + "]\n x", "malformed 2:2");
        addRow("two arrays", "[]\n[]", "malformed 2:1");
        addRow("closing brace at the end", "[" + photo + "\n}", "malformed 2:1");
        addRow("missing colon", "[\n  {\"id\" 1}]", "malformed 2:9");
        addRow("name without quotes", "[\n  {id: 1}]", "malformed 2:4");
        addRow("comma before a brace", "[{\"id\": 1,}]", "malformed 1:11");
        addRow("open quote at the end", "[{\"id\": 1, \"title\": \"abc", "malformed 1:21");
        addRow("open quote before a line break", "[{\"id\": 1,\n\"title\": \"abc,\n\"url\": \"u\"}]", "malformed 2:15");
        addRow("open quote without a line break", "[{\"id\": 1, \"title\": \"abc, \"url\": \"u\"}]", "malformed 1:28");
        addRow("columns are characters", "[{\"\u00E9\u20AC\U0001F600\": x}]", "malformed 1:10");
        addRow("columns start behind the byte order mark", "\xEF\xBB\xBF[x]", "malformed 1:2");
        addRow("carriage returns", "[\r\n\r\nx]", "malformed 3:1");
        addRow("bad escape", "[{\"title\": \"ab\\q\"}]", "malformed 1:15");
        addRow("bad escape in a name", "[{\"ti\\qtle\": \"a\"}]", "malformed 1:6");
        addRow("tab in a string", "[{\"title\": \"a\tb\"}]", "malformed 1:14");
        addRow("NUL between", "[\0]"s, "malformed 1:2");
        addRow("NULs behind", "[]\0\0"s, "malformed 1:3");
        addRow("bad number", "[{\"id\": 012}]", "malformed 1:9");
        addRow("the first of two faults", "[{\"id\": 012,\n\"title\": \"\xFF\"}]", "malformed 1:9");
        addRow("the first of two other faults", "[{\"title\": \"\xFF\",\n\"id\": 012}]", "invalidUtf8 1:13");
        addRow("UTF-8: stray byte", "[{\"title\": \"a\xFF\"}]", "invalidUtf8 1:14");
        addRow("UTF-8: outside of a string", "[\n\xE9]", "invalidUtf8 2:1");
        addRow("UTF-8: cut character", "[{\"title\": \"a\xE2\x82\"}]", "invalidUtf8 1:14");
        addRow("UTF-8: overlong", "[{\"title\": \"\xC0\xAF\"}]", "invalidUtf8 1:13");
        addRow("UTF-8: surrogate", "[{\"title\": \"\xED\xA0\x80\"}]", "invalidUtf8 1:13");
        addRow("UTF-8: beyond Unicode", "[{\"title\": \"\xF4\x90\x80\x80\"}]", "invalidUtf8 1:13");
        addRow("UTF-8: in the third row", "[" + photo + ",\n" + photo + ",\n{\"title\": \"\x80\"}]",
               "invalidUtf8 3:12");
        addRow("UTF-8: at the very end", "[]\xE2\x82", "invalidUtf8 1:3");
        const std::string behindPhoto = QString("invalidUtf8 1:%1").arg(photo.size() + 2).toStdString();
        addRow("UTF-8: lead behind a photo", "[" + photo + "\xF0", behindPhoto.c_str());
        addRow("UTF-8: cut character behind a photo", "[" + photo + "\xF0\x9F\x98]", behindPhoto.c_str());
        for (const std::string &bytes : {"\xE0\x80\x80"s,
                                         "\xE0\x9F\xBF"s,
                                         "\xF0\x80\x80\x80"s,
                                         "\xF0\x8F\xBF\xBF"s,
                                         "\xF0"s,
                                         "\xF0\x9F"s,
                                         "\xF0\x9F\x98"s,
                                         "\xF5\x80\x80\x80"s,
                                         "\xF6\x80\x80\x80"s,
                                         "\xF7\xBF\xBF\xBF"s,
                                         "\xF8\x88\x80\x80\x80"s,
                                         "\xF9\x80\x80\x80\x80"s,
                                         "\xFA\x80\x80\x80\x80"s,
                                         "\xFB\xBF\xBF\xBF\xBF"s,
                                         "\xFC\x84\x80\x80\x80\x80"s,
                                         "\xFD\xBF\xBF\xBF\xBF\xBF"s,
                                         "\xFE"s,
                                         "\x80"s,
                                         "\xBF"s,
                                         "\xC3"s}) {
            const QByteArray name = "UTF-8: " + QByteArray::fromStdString(bytes).toHex(' ');
            addRow(name.constData(), "[{\"title\": \"" + bytes + "\"}]", "invalidUtf8 1:13");
        }
        addRow("UTF-16", "\xFF\xFE[\0]\0"s, "invalidUtf8 1:1");
        addRow("UTF-16, high bytes first", "\xFE\xFF\0[\0]"s, "invalidUtf8 1:1");
        addRow("UTF-16 without a mark", "[\0]\0"s, "malformed 1:2");
        addRow("UTF-16 without a mark, high bytes first", "\0[\0]"s, "malformed 1:1");
        addRow("UTF-32", "\xFF\xFE\0\0[\0\0\0]\0\0\0"s, "invalidUtf8 1:1");
        addRow("UTF-32, high bytes first", "\0\0\xFE\xFF\0\0\0[\0\0\0]"s, "invalidUtf8 1:3");
        addRow("a second byte order mark", "\xEF\xBB\xBF\xEF\xBB\xBF[]", "malformed 1:1");
        addRow("a byte order mark behind a blank", " \xEF\xBB\xBF[]", "malformed 1:2");
        addRow("a cut byte order mark", "\xEF\xBB", "invalidUtf8 1:1");
        addRow("a cut byte order mark before a feed", "\xEF\xBB[]", "invalidUtf8 1:1");
        addRow("a comment behind the feed", "[] // a", "malformed 1:4");
        addRow("a comment behind the feed, in signs", "[]\n/* a */", "malformed 2:1");
        std::string decoded = feedWithTitle("\"a\\nb\\n\\n\\u000a\"");
        decoded.pop_back();
        addRow("after decoded line breaks", decoded + ",\n  x]", "malformed 2:3");
    }
    void places()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const std::string_view input(text.constData(), static_cast<std::size_t>(text.size()));
        const FeedResult result = parseFeedText(input, "test");
        QVERIFY(!result);
        const FeedError &error = result.error();
        const char *code = error.code == FeedErrorCode::empty ? "empty"
            : error.code == FeedErrorCode::malformed          ? "malformed"
            : error.code == FeedErrorCode::invalidUtf8        ? "invalidUtf8"
            : error.code == FeedErrorCode::notAnArray         ? "notAnArray"
                                                              : "other";
        QCOMPARE(QString("%1 %2:%3").arg(code).arg(error.line).arg(error.column), QString(expected));
        QVERIFY(!error.message.empty());
        QCOMPARE(outcomeInAnyWindow(input), outcome(result));
    }

    void eachTruncationIsRefused()
    {
        const std::string feed = "\n[" + photoText(1) + ",\n {\"x\": [1, {\"y\": \"\\u00e9\\\"\"}, tru" + "e], "
            + photoText(2).substr(1) + ",\n" + photoText(3) + "\n]";
        QCOMPARE(outcomeInAnyWindow(feed),
                 outcome(parseFeedText("[" + photoText(1) + "," + photoText(2) + "," + photoText(3) + "]", "test")));
        for (std::size_t length = 0; length < feed.size(); ++length) {
            const std::string_view cut = std::string_view(feed).substr(0, length);
            const std::string result = outcomeInAnyWindow(cut);
            QVERIFY2(result.starts_with("error "), qPrintable(QString("%1 bytes: %2").arg(length).arg(result.c_str())));
            const FeedResult parsed = parseFeedText(cut, "test");
            QCOMPARE(parsed.error().code, length < 2 ? FeedErrorCode::empty : FeedErrorCode::malformed);
            // The place is at the end, or at the token that the end has cut.
            const auto line = static_cast<std::uint64_t>(std::count(cut.begin(), cut.end(), '\n')) + 1;
            QCOMPARE(parsed.error().line, length < 2 ? 0 : line);
        }
    }

    /// Feeds with random faults are accepted or refused as simdjson's own document parser does.
    void agreesWithSimdjson()
    {
        std::mt19937 random(7);
        const auto below = [&](std::size_t limit) { return std::size_t{random()} % limit; };
        const std::string feed = "[" + photoText(1)
            + ", {\"a\": [1.5e3, true, {\"b\": null}], \"\\u0074itle\": \"q\\\"\", " + photoText(2).substr(1)
            + ", {\"title\": \"\u00E9\\n\", " + photoText(3).substr(1) + "]";
        constexpr std::string_view spice = "{}[]:,\"\\ \n019-+.eEtfnu\x01\xC3\xA9";
        simdjson::dom::parser reference;
        int sound = 0;
        int broken = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string text = feed;
            for (std::size_t faults = 1 + below(2); faults > 0; --faults) {
                const std::size_t at = below(text.size());
                const char c = spice[below(spice.size())];
                if (const std::size_t kind = below(3); kind == 0)
                    text[at] = c;
                else if (kind == 1)
                    text.insert(at, 1, c);
                else
                    text.erase(at, 1 + below(4));
            }
            simdjson::dom::array array;
            const auto expected = reference.parse(text).get(array);
            const FeedResult whole = parseFeedText(text, "test");
            const FeedResult pieces = parseFeedText(text, "test", {}, {}, {.windowBytes = 1 + below(100)});
            QCOMPARE(outcome(pieces), outcome(whole));
            QVERIFY2(whole.ok() == (expected == simdjson::SUCCESS), text.c_str());
            ++(whole.ok() ? sound : broken);
        }
        QVERIFY2(sound > 1000 && broken > 1000, qPrintable(QString("%1 sound, %2 broken").arg(sound).arg(broken)));
    }
};

QTEST_GUILESS_MAIN(FeedGrammarTest)
#include "feed_grammar_test.moc"
