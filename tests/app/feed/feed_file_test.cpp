#include "feed_texts.h"

#include "feed/feed_maker.h"
#include "feed/growing_text.h"
#include "feed/inflater.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

using namespace steadyframe::feed;
using namespace std::string_literals;

class FeedFileTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aFile()
    {
        const auto file = path("caf\xE9.json");
        std::ofstream(file) << "[" << photoText(1) << "]";
        const FeedResult result = parseFeedFile(file);
        QVERIFY(result);
        QCOMPARE((*result)->rowCount(), std::size_t{1});
        QCOMPARE((*result)->facts().name, "caf\xE9.json"s);
        QCOMPARE((*result)->facts().textBytes, std::uint64_t{std::filesystem::file_size(file)});
        QVERIFY((*result)->facts().parseTime.count() > 0);
    }

    void aFileThatGzipCompressed()
    {
        const auto file = path("feed.json.gz");
        std::string text = "[" + photoText(1);
        for (int id = 2; id <= 50'000; ++id) // more text than is reserved at first
            text += ",\n" + photoText(id);
        text += "]";
        const auto half = static_cast<unsigned>(text.size() / 2);
        for (const bool second : {false, true}) { // two members, as tools append them
            gzFile zipped = ::gzopen(file.c_str(), second ? "ab" : "wb");
            const auto count = second ? static_cast<unsigned>(text.size()) - half : half;
            QCOMPARE(::gzwrite(zipped, text.data() + (second ? half : 0), count), static_cast<int>(count));
            QCOMPARE(::gzclose(zipped), Z_OK);
        }
        const FeedResult result = parseFeedFile(file);
        QVERIFY(result);
        QCOMPARE((*result)->rowCount(), std::size_t{50'000});
        std::filesystem::resize_file(file, std::filesystem::file_size(file) / 3);
        QCOMPARE(codeOf(file), FeedErrorCode::damaged);
        std::ofstream(path("broken.gz"), std::ios::binary) << "\x1f\x8b\x08 nonsense";
        QCOMPARE(codeOf(path("broken.gz")), FeedErrorCode::damaged);
    }

    void whatIsNoFile()
    {
        QCOMPARE(codeOf(path("missing.json")), FeedErrorCode::notFound);
        QCOMPARE(codeOf(path("missing/feed.json")), FeedErrorCode::notFound);
        QCOMPARE(codeOf(path("")), FeedErrorCode::notAFile);
        QCOMPARE(codeOf("/dev/null"), FeedErrorCode::notAFile);
        QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
        QCOMPARE(codeOf(path("pipe")), FeedErrorCode::notAFile);
        std::ofstream{path("empty.json")};
        QCOMPARE(codeOf(path("empty.json")), FeedErrorCode::empty);
    }

    void noPermission()
    {
        std::ofstream(path("secret.json")) << "[]";
        std::filesystem::permissions(path("secret.json"), std::filesystem::perms::none);
        if (::access(path("secret.json").c_str(), R_OK) == 0)
            QSKIP("This user may read everything");
        QCOMPARE(codeOf(path("secret.json")), FeedErrorCode::noPermission);
    }

    void moreThanFourGigabytes()
    {
        std::ofstream{path("sparse.json")};
        if (::truncate(path("sparse.json").c_str(), off_t{5} << 30) != 0)
            QSKIP("This file system has no sparse files of that size");
        QCOMPARE(codeOf(path("sparse.json")), FeedErrorCode::tooLarge);
    }

    void theDefaultFeed()
    {
        const auto file = path("feed.json");
        const auto bytes = makeFeed(file);
        QVERIFY(bytes);
        QCOMPARE(*bytes, std::uint64_t{std::filesystem::file_size(file)});
        QVERIFY(*bytes > 34'000'000 && *bytes < 37'000'000);

        std::uint64_t calls = 0;
        std::uint64_t last = 0;
        const FeedResult result = parseFeedFile(file, {}, [&](const FeedProgress &progress) {
            ++calls;
            QVERIFY(progress.bytesParsed >= last);
            last = progress.bytesParsed;
            QCOMPARE(progress.bytesTotal, *bytes);
        });
        QVERIFY(result);
        QVERIFY(calls > 20);
        QCOMPARE(last, *bytes);
        const auto &table = **result;
        QCOMPARE(table.rowCount(), std::size_t{211'640});
        QCOMPARE(table.facts().issueCount, std::uint64_t{0});
        QVERIFY(static_cast<double>(table.memoryBytes()) <= 1.3 * static_cast<double>(*bytes));

        // The lines of the file, each a photo, say what has to be in the rows.
        QFile lines(QString::fromStdString(file.native()));
        QVERIFY(lines.open(QIODevice::ReadOnly));
        for (std::size_t row = 0; row < table.rowCount(); ++row) {
            const QByteArray line = lines.readLine();
            if (row % 997 != 0 && row + 1 != table.rowCount())
                continue;
            const auto view = [](std::string_view text) { return QByteArray(text.data(), qsizetype(text.size())); };
            QCOMPARE(table.id(row), std::int64_t(row + 1));
            QCOMPARE(table.albumId(row), std::int64_t(row / 50 + 1));
            QVERIFY(line.contains("\"title\":\"" + view(table.title(row)) + "\",\"url\":\"" + view(table.url(row))
                                  + "\",\"thumbnailUrl\":\"" + view(table.thumbnailUrl(row)) + "\"}"));
        }
    }

    void windowsDoNotMatter()
    {
        const auto file = path("feed.json");
        QVERIFY(makeFeed(file, {}, {.rows = 3000}));
        const std::string whole = outcome(parseFeedFile(file));
        for (const std::size_t window : {100, 4096, 65'537, 1 << 20})
            QVERIFY(outcome(parseFeedFile(file, {}, {}, {.windowBytes = window})) == whole);
    }

    void theSameSeedMakesTheSameFeed()
    {
        const auto hash = [&](std::uint64_t seed) {
            if (!makeFeed(path("feed.json"), {}, {.rows = 500, .seed = seed}))
                qFatal("The feed could not be made");
            QFile file(QString::fromStdString(path("feed.json").native()));
            if (!file.open(QIODevice::ReadOnly))
                qFatal("The feed could not be read");
            return QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex();
        };
        QCOMPARE(hash(1), hash(1));
        QVERIFY(hash(1) != hash(2));
    }

    void aFeedOfNoRows()
    {
        QVERIFY(makeFeed(path("feed.json"), {}, {.rows = 0}));
        QCOMPARE((*parseFeedFile(path("feed.json")))->rowCount(), std::size_t{0});
    }

    void aFeedThatCannotBeWritten()
    {
        QCOMPARE(makeFeed(path("missing/feed.json")).error().code, FeedErrorCode::writeFailed);
        // By a link, which is all that could be lost if the maker removed more than files.
        std::filesystem::create_symlink("/dev/full", path("full"));
        const auto full = makeFeed(path("full"), {}, {.rows = 10});
        QVERIFY(!full);
        QVERIFY(full.error().message.find("disk is full") != std::string::npos);
        QVERIFY(std::filesystem::is_symlink(path("full")));
    }

    /// A few bytes may unpack to a thousand times as many: who cancels does not wait for those.
    void unpackingStopsInTheMidstOfAPiece()
    {
        const std::string packed = zipped(std::string(50'000'000, ' '));
        GrowingText text(1'000'000'000);
        int parts = 0;
        const auto unpacked = Inflater().unpack(packed, text, [&] { return ++parts < 3; });
        QCOMPARE(unpacked.error().code, FeedErrorCode::cancelled);
        QCOMPARE(parts, 3);
        QVERIFY(text.size() < 2'000'000);
    }

    void cancelledBeforeAndMeanwhile()
    {
        const auto file = path("feed.json");
        QVERIFY(makeFeed(file, {}, {.rows = 30'000}));
        std::stop_source stopped;
        stopped.request_stop();
        QCOMPARE(parseFeedFile(file, stopped.get_token()).error().code, FeedErrorCode::cancelled);

        std::stop_source meanwhile;
        int calls = 0;
        const FeedResult result = parseFeedFile(file, meanwhile.get_token(), [&](const FeedProgress &) {
            if (++calls == 2)
                meanwhile.request_stop();
        });
        QVERIFY(!result);
        QCOMPARE(result.error().code, FeedErrorCode::cancelled);
        QCOMPARE(calls, 2);
    }

    void makingIsCancelledAndLeavesNoFile()
    {
        std::stop_source stopped;
        stopped.request_stop();
        QCOMPARE(makeFeed(path("feed.json"), stopped.get_token()).error().code, FeedErrorCode::cancelled);
        QVERIFY(!std::filesystem::exists(path("feed.json")));
    }

private:
    [[nodiscard]] std::filesystem::path path(const std::string &name) const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    static FeedErrorCode codeOf(const std::filesystem::path &file)
    {
        const FeedResult result = parseFeedFile(file);
        if (result)
            qFatal("The parse succeeded");
        return result.error().code;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(FeedFileTest)
#include "feed_file_test.moc"
