#include "feed_texts.h"

#include "feed/feed_export.h"

#include <QTemporaryDir>

#include <csignal>
#include <fstream>
#include <iterator>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace steadyframe::feed;
using namespace std::string_literals;

namespace {

int masksChanged = 0;

} // namespace

/// In place of the system's: it is of all threads, so nobody may change it, not even for a moment.
extern "C" mode_t umask(mode_t mask) noexcept
{
    ++masksChanged;
    return static_cast<mode_t>(::syscall(SYS_umask, mask));
}

class FeedExportTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void openedAgainItIsTheSame_data()
    {
        QTest::addColumn<QByteArray>("title");
        QTest::newRow("plain") << QByteArray("a title");
        QTest::newRow("signs") << QByteArray("\\\"quotes\\\", \\\\ and / \\b\\f\\n\\r\\t \\u0000 \\u001f \\u007f");
        QTest::newRow("scripts") << QByteArray("Köln 東京 \xF0\x9F\x93\xB7 \\ud83d\\udcf7");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("long") << QByteArray(100'000, 'x');
    }
    void openedAgainItIsTheSame()
    {
        QFETCH(QByteArray, title);
        const auto table = parsed("[" + photoText(1) + ","
                                  + feedWithTitle('"' + title.toStdString() + '"').substr(1, std::string::npos));
        for (const bool gzip : {false, true}) {
            const auto file = path("export");
            const auto written = exportFeed({.table = table, .path = file, .gzip = gzip});
            QVERIFY(written);
            QCOMPARE(*written, std::uint64_t{std::filesystem::file_size(file)});
            QVERIFY(outcome(parseFeedFile(file)) == outcome(table));
            QCOMPARE(bytesOf(file).starts_with("\x1f\x8b"), gzip);
        }
    }

    void chosenRowsInTheirOrder()
    {
        const auto table = parsed("[" + photoText(1) + "," + photoText(2) + "," + photoText(-3) + "]");
        const auto rows = std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{2, 0});
        QVERIFY(exportFeed({.table = table, .rows = rows, .path = path("a.json")}));
        QCOMPARE(outcome(parseFeedFile(path("a.json"))),
                 outcome(parsed("[" + photoText(-3) + "," + photoText(1) + "]")));
        const auto none = std::make_shared<const std::vector<std::uint32_t>>();
        QVERIFY(exportFeed({.table = table, .rows = none, .path = path("none.json")}));
        QCOMPARE((*parseFeedFile(path("none.json")))->rowCount(), std::size_t{0});
    }

    void asCsv()
    {
        const auto table = parsed(
            "[{\"albumId\": 1, \"id\": -2, \"title\": \"a, \\\"b\\\"\\nc\", \"url\": \"u\", \"thumbnailUrl\": \"\"}]");
        QVERIFY(exportFeed({.table = table, .path = path("a.csv"), .format = ExportFormat::csv}));
        QCOMPARE(bytesOf(path("a.csv")), "albumId,id,title,url,thumbnailUrl\r\n1,-2,\"a, \"\"b\"\"\nc\",u,\r\n"s);
    }

    /// What a text begins with must not make a formula of it; numbers stay numbers.
    void noFormulasInCsv()
    {
        const auto table = parsed("[{\"albumId\": -1, \"id\": 2, \"title\": \"=1+2\", \"url\": \"@a, b\", "
                                  "\"thumbnailUrl\": \"-\"},{\"albumId\": 1, \"id\": 2, \"title\": \"\\ta\", "
                                  "\"url\": \"+\", \"thumbnailUrl\": \"a=\"}]");
        QVERIFY(exportFeed({.table = table, .path = path("a.csv"), .format = ExportFormat::csv}));
        QCOMPARE(bytesOf(path("a.csv")),
                 "albumId,id,title,url,thumbnailUrl\r\n-1,2,'=1+2,\"'@a, b\",'-\r\n1,2,'\ta,'+,a=\r\n"s);
    }

    void manyRowsWithProgress()
    {
        QVERIFY(makeFeedFile(30'000));
        const auto table = *parseFeedFile(path("feed.json"));
        std::uint64_t last = 0;
        int calls = 0;
        QVERIFY(exportFeed({.table = table, .path = path("again.json.gz"), .gzip = true}, {}, [&](std::uint64_t rows) {
            QVERIFY(rows > last);
            last = rows;
            ++calls;
        }));
        QVERIFY(calls > 10);
        QVERIFY(outcome(parseFeedFile(path("again.json.gz"))) == outcome(table));
    }

    void whatWasThereStaysUntilTheEnd()
    {
        QVERIFY(makeFeedFile(30'000));
        const auto table = *parseFeedFile(path("feed.json"));
        std::ofstream(path("a.json")) << "precious";
        QCOMPARE(::chmod(path("a.json").c_str(), 0640), 0);
        std::stop_source stop;
        const auto cancelled
            = exportFeed({.table = table, .path = path("a.json")}, stop.get_token(), [&](std::uint64_t) {
                  QCOMPARE(bytesOf(path("a.json")), "precious"s);
                  stop.request_stop();
              });
        QCOMPARE(cancelled.error().code, FeedErrorCode::cancelled);
        QCOMPARE(bytesOf(path("a.json")), "precious"s);
        QCOMPARE(filesInFolder(), 2);
        QVERIFY(exportFeed({.table = table, .path = path("a.json")}));
        QVERIFY(bytesOf(path("a.json")).starts_with('['));
        struct stat status {};
        QCOMPARE(::stat(path("a.json").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0640U);
        QCOMPARE(filesInFolder(), 2);
    }

    void aNewFileIsAsOpenAsThePersonsOthers()
    {
        QVERIFY(makeFeedFile(3));
        const auto table = *parseFeedFile(path("feed.json"));
        const mode_t before = ::umask(027);
        const int changed = masksChanged;
        QVERIFY(exportFeed({.table = table, .path = path("a.json")}));
        QCOMPARE(masksChanged, changed);
        ::umask(before);
        struct stat status {};
        QCOMPARE(::stat(path("a.json").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0640U);
    }

    void whatAnotherRunLeftIsNotInTheWay()
    {
        QVERIFY(makeFeedFile(3));
        const auto table = *parseFeedFile(path("feed.json"));
        const auto left = path(".steadyframe-export-" + std::to_string(::getpid()) + "-0");
        std::ofstream(left) << "left";
        QVERIFY(exportFeed({.table = table, .path = path("a.json")}));
        QCOMPARE(bytesOf(left), "left"s);
        QVERIFY(bytesOf(path("a.json")).starts_with('['));
    }

    void whereItCannotBeWritten()
    {
        const auto table = parsed("[" + photoText(1) + "]");
        QCOMPARE(exportFeed({.table = table, .path = path("missing/a.json")}).error().code, FeedErrorCode::notFound);
        std::filesystem::create_directory(path("folder"));
        QCOMPARE(exportFeed({.table = table, .path = path("folder")}).error().code, FeedErrorCode::writeFailed);
        QCOMPARE(exportFeed({.table = table, .path = path(std::string(300, 'x'))}).error().code,
                 FeedErrorCode::writeFailed);
        QCOMPARE(filesInFolder(), 1);
    }

    /// As on a full disk: the system takes no more bytes of the file.
    void noRoom()
    {
        QVERIFY(makeFeedFile(5000));
        const auto table = *parseFeedFile(path("feed.json"));
        std::ofstream(path("a.json")) << "precious";
        const auto old = std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit small = before;
        small.rlim_cur = 300'000;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto written = exportFeed({.table = table, .path = path("a.json")});
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, old);
        QVERIFY(!written);
        QCOMPARE(written.error().code, FeedErrorCode::writeFailed);
        QCOMPARE(bytesOf(path("a.json")), "precious"s);
        QCOMPARE(filesInFolder(), 2);
    }

private:
    [[nodiscard]] std::filesystem::path path(const std::string &name) const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    [[nodiscard]] bool makeFeedFile(int rows) const
    {
        std::ofstream file(path("feed.json"));
        for (int row = 0; row < rows; ++row)
            file << (row == 0 ? "[" : ",") << photoText(row);
        file << "]";
        return file.flush().good();
    }
    [[nodiscard]] int filesInFolder() const
    {
        const std::filesystem::directory_iterator files(path(""));
        return static_cast<int>(std::distance(begin(files), end(files)));
    }
    static std::string bytesOf(const std::filesystem::path &file)
    {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    static std::shared_ptr<const steadyframe::ui::FeedTable> parsed(const std::string &text)
    {
        auto table = parseFeedText(text, "test");
        if (!table)
            qFatal("%s", describe(table.error()).c_str());
        return *table;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(FeedExportTest)
#include "feed_export_test.moc"
