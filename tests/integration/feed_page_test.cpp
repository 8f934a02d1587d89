// The feed's page in the application: thumbnails of a real server, searching, sending, exporting.
#include "application_world.h"
#include "web_server.h"

#include "composition/thumbnail_folder.h"
#include "library/database.h"

#include <QClipboard>

#include <set>

using namespace steadyframe;
using namespace steadyframe::tests;

namespace {

constexpr int photosInFeed = 400;

std::string entry(int number, const std::string &url, const std::string &thumbnail)
{
    const std::string n = std::to_string(number);
    return "{\"albumId\":" + std::to_string(number / 50 + 1) + ",\"id\":" + n + ",\"title\":\"photo " + n
        + (number % 7 == 0 ? " lucky" : "") + "\",\"url\":\"" + url + "\",\"thumbnailUrl\":\"" + thumbnail + "\"}";
}

} // namespace

class FeedPageTest : public QObject {
    Q_OBJECT

    WebServer m_web;
    std::unique_ptr<ApplicationWorld> m_world;
    ApplicationWorld &w() { return *m_world; }
    ui::FeedModel &feed() { return w().application().feed(); }

    /// A feed whose pictures are on the server under this folder.
    std::string feedOf(int photos, const std::string &folder)
    {
        std::string text = "[";
        for (int i = 1; i <= photos; ++i) {
            const std::string path = folder + "/" + std::to_string(i);
            text += (i > 1 ? ",\n" : "") + entry(i, m_web.address(path + ".jpg"), m_web.address(path + ".t.jpg"));
        }
        return text + "]";
    }
    void openFeed(const std::string &name, const std::string &text)
    {
        const auto path = w().write(name, text);
        QSignalSpy opened(&feed(), &ui::FeedModel::tableChanged);
        w().session().openFeed(w().urlsOf({path}).constFirst());
        QVERIFY(opened.wait(20'000));
        QCOMPARE(feed().error(), QString());
    }
    [[nodiscard]] QQuickItem *view() { return w().item(QStringLiteral("feedList")); }
    void type(const QString &text)
    {
        for (const QChar letter : text)
            QTest::keyClick(w().window(), letter.toLatin1());
    }
    /// How many of the pictures of a folder were asked for.
    [[nodiscard]] std::set<int> asked(const std::string &folder) const
    {
        std::set<int> numbers;
        for (const std::string &path : m_web.asked()) {
            if (path.starts_with(folder + "/"))
                numbers.insert(std::stoi(path.substr(folder.size() + 1)));
        }
        return numbers;
    }
    /// How many places for thumbnails are on the screen, and how many of them show one.
    struct Places {
        int all = 0;
        int shown = 0;
    };
    [[nodiscard]] Places places(QQuickItem *in = nullptr)
    {
        QQuickItem *item = in ? in : view();
        if (!item || !item->isVisible())
            return {};
        Places found;
        if (item->property("longestSide").isValid())
            found = {1, item->property("shown").toBool() ? 1 : 0};
        for (QQuickItem *child : item->childItems()) {
            const Places inside = places(child);
            found = {found.all + inside.all, found.shown + inside.shown};
        }
        return found;
    }
    [[nodiscard]] bool allAreShown()
    {
        const Places found = places();
        return found.all > 0 && found.shown == found.all;
    }

private slots:
    void initTestCase()
    {
        m_world = std::make_unique<ApplicationWorld>([](const composition::AppFolders &folders) {
            // A run before ended while it fetched.
            QVERIFY(library::Database::open(folders.library()));
            const auto left = folders.fetched() / "left.jpg";
            std::filesystem::create_directories(left.parent_path());
            std::ofstream(left) << "half a photo";
            std::filesystem::last_write_time(left,
                                             std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
        });
        const auto jpeg = ApplicationWorld::contentOf(w().makePhoto("thumb.jpg", 150, 150));
        for (const std::string folder : {"/a", "/b", "/c"}) {
            for (int i = 1; i <= photosInFeed; ++i)
                m_web.put(folder + "/" + std::to_string(i) + ".t.jpg", jpeg);
        }
        QVERIFY(w().click(QStringLiteral("nav_feed")));
    }
    void cleanup()
    {
        m_web.hold(false);
        w().application().feedActions().setGrid(false);
        feed().clearFilter();
        feed().clearSelection();
    }
    void cleanupTestCase() { m_world.reset(); }

    void whatAnEarlierRunLeftIsRemoved()
    {
        QTRY_VERIFY_WITH_TIMEOUT(!std::filesystem::exists(w().application().folders().fetched() / "left.jpg"), 20'000);
    }

    void thumbnailsComeForWhatIsSeenAlone()
    {
        openFeed("a.json", feedOf(photosInFeed, "/a"));
        QTRY_VERIFY_WITH_TIMEOUT(allAreShown(), 20'000);
        const auto first = asked("/a");
        QVERIFY(first.contains(1));
        QVERIFY2(*first.rbegin() < 40, "only what is seen is asked for");
    }

    void whatScrolledPastIsNotFetched()
    {
        m_web.hold(true);
        openFeed("b.json", feedOf(photosInFeed, "/b"));
        QTRY_COMPARE_WITH_TIMEOUT(asked("/b").size(), std::size_t(composition::FeedThumbnails::workers), 20'000);
        QVERIFY(view());
        const int seen = places().all;
        view()->forceActiveFocus(Qt::TabFocusReason);
        w().press(Qt::Key_End);
        QTRY_COMPARE(view()->property("currentIndex").toInt(), photosInFeed - 1);
        m_web.hold(false);
        QTRY_VERIFY_WITH_TIMEOUT(allAreShown(), 20'000);
        // One whose turn came before its row had gone may have been begun.
        for (const int number : asked("/b"))
            QVERIFY2(number <= seen || number > photosInFeed - 40, std::to_string(number).c_str());
        w().press(Qt::Key_Home);
    }

    void theGridShowsThemToo()
    {
        openFeed("c.json", feedOf(photosInFeed, "/c"));
        QVERIFY(w().click(QStringLiteral("feedAsGrid")));
        QTRY_VERIFY_WITH_TIMEOUT(allAreShown(), 20'000);
        QVERIFY(view()->property("columns").toInt() > 1);
        // Kept on the disk: the same feed again asks for no more.
        const auto before = m_web.asked().size();
        openFeed("c.json", feedOf(photosInFeed, "/c"));
        QTRY_VERIFY_WITH_TIMEOUT(allAreShown(), 20'000);
        QCOMPARE(m_web.asked().size(), before);
    }

    void whatIsSeenStaysWhenTheWindowGetsNarrower()
    {
        openFeed("c.json", feedOf(photosInFeed, "/c"));
        const auto firstSeen = [this] {
            const auto of = [this](const char *name) { return view()->property(name).toDouble(); };
            return static_cast<int>(of("contentY") / of("cellHeight") + 0.01) * static_cast<int>(of("columns"));
        };
        QVERIFY(w().click(QStringLiteral("feedAsGrid")));
        QTRY_VERIFY(view()->property("columns").toInt() > 1);
        const int columns = view()->property("columns").toInt();
        const QSize before = w().window()->size();
        view()->setProperty("contentY", view()->property("cellHeight").toDouble() * 12);
        const int first = firstSeen();
        QCOMPARE(first, 12 * columns);
        w().window()->resize(w().window()->minimumWidth(), before.height());
        QTRY_VERIFY(view()->property("columns").toInt() < columns);
        QVERIFY(firstSeen() <= first && firstSeen() > first - columns);
        w().window()->resize(before);
        QTRY_COMPARE(view()->property("columns").toInt(), columns);
        QCOMPARE(firstSeen(), first);
        QVERIFY(w().click(QStringLiteral("feedAsList")));
        QTRY_COMPARE(view()->property("columns").toInt(), 1);
        QCOMPARE(firstSeen(), first);
    }

    void aBrokenFileInTheCacheIsFetchedAnew()
    {
        const std::string url = m_web.address("/one.t.jpg");
        m_web.put("/one.t.jpg", ApplicationWorld::contentOf(w().pictures() / "thumb.jpg"));
        const composition::ThumbnailFolder cache(w().application().folders().thumbnails());
        QVERIFY(cache.store(cache.pathOf(url), "no picture"));
        openFeed("one.json", "[" + entry(1, url, url) + "]");
        QTRY_VERIFY_WITH_TIMEOUT(allAreShown(), 20'000);
        QVERIFY(std::filesystem::file_size(cache.pathOf(url)) > 100);
    }

    void withoutAServerTheColoursAreShownAndNobodyComplains()
    {
        std::string gone;
        {
            const WebServer closed;
            gone = closed.address("/150/92c952");
        }
        const QSignalSpy notices(&w().session(), &ui::Session::notice);
        const auto *thumbnails = w().application().feedThumbnails();
        openFeed("gone.json", "[" + entry(1, "u", gone) + "," + entry(2, "u", gone + "?2") + "]");
        QTRY_COMPARE_WITH_TIMEOUT(thumbnails->putOff(), std::size_t{2}, 20'000);
        QCOMPARE(places().all, 2);
        QCOMPARE(places().shown, 0);
        QCOMPARE(notices.count(), 0);
        QVERIFY(!w().item(QStringLiteral("feedError")));
        QCOMPARE(feed().index(0).data(ui::FeedModel::SwatchRole).value<QColor>(), QColor(0x92, 0xc9, 0x52));
    }

    void searchingByKeyboard()
    {
        openFeed("a.json", feedOf(photosInFeed, "/a"));
        w().press(Qt::Key_F, Qt::ControlModifier);
        type(QStringLiteral("lucky"));
        QTRY_COMPARE_WITH_TIMEOUT(feed().count(), photosInFeed / 7, 20'000);
        QTRY_COMPARE(w().textOf(QStringLiteral("feedCount")), QStringLiteral("57 of 400"));
        QTRY_VERIFY_WITH_TIMEOUT(
            feed().index(0).data(ui::FeedModel::MarkedTitleRole).toString().contains(QStringLiteral(">lucky<")),
            20'000);
        type(QStringLiteral(" zzz"));
        QTRY_VERIFY_WITH_TIMEOUT(w().item(QStringLiteral("feedNoMatch")), 20'000);
        w().press(Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(feed().count(), photosInFeed, 20'000);
        QTRY_COMPARE(w().textOf(QStringLiteral("feedCount")), QStringLiteral("400 photos"));
        QVERIFY(w().click(QStringLiteral("feedAlbum")));
        type(QStringLiteral("3"));
        QTRY_COMPARE_WITH_TIMEOUT(feed().count(), 50, 20'000);
        w().press(Qt::Key_Escape);
    }

    void anotherFeedIsSearchedForTheSame()
    {
        openFeed("a.json", feedOf(photosInFeed, "/a"));
        feed().setSearchText(QStringLiteral("lucky"));
        QTRY_COMPARE_WITH_TIMEOUT(feed().count(), photosInFeed / 7, 20'000);
        openFeed("half.json", feedOf(photosInFeed / 2, "/a"));
        QTRY_COMPARE_WITH_TIMEOUT(feed().count(), photosInFeed / 2 / 7, 20'000);
        QTRY_VERIFY(!feed().searching());
        openFeed("a.json", feedOf(photosInFeed, "/a"));
    }

    void sortingByTheHeadings()
    {
        const auto first = [this] { return feed().index(0).data(ui::FeedModel::PhotoIdRole).toInt(); };
        QVERIFY(w().click(QStringLiteral("sort%1").arg(ui::FeedModel::Id)));
        QTRY_VERIFY_WITH_TIMEOUT(!feed().searching(), 20'000);
        QCOMPARE(first(), 1);
        QVERIFY(w().click(QStringLiteral("sort%1").arg(ui::FeedModel::Id)));
        QTRY_COMPARE_WITH_TIMEOUT(first(), photosInFeed, 20'000);
        QVERIFY(w().click(QStringLiteral("sort%1").arg(ui::FeedModel::Id)));
        QTRY_COMPARE(first(), 1);
        QCOMPARE(feed().sortColumn(), ui::FeedModel::FeedOrder);
    }

    void anAddressIsOpenedByPasting()
    {
        m_web.put("/feeds/web.json", feedOf(3, "/a"));
        view()->forceActiveFocus(Qt::TabFocusReason);
        QGuiApplication::clipboard()->setText(QString::fromStdString(m_web.address("/feeds/web.json")));
        w().press(Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(feed().total(), 3, 20'000);
        QCOMPARE(feed().fileName(), QStringLiteral("web.json"));
        QVERIFY(
            w().application().feedActions().openAddress(QString::fromStdString(m_web.address("/none.json"))).isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(!feed().error().isEmpty(), 20'000);
        QVERIFY2(feed().error().contains(QStringLiteral("none.json")), qPrintable(feed().error()));
        QCOMPARE(feed().total(), 3);
    }

    void openingIsCancelled()
    {
        m_web.hold(true);
        m_web.put("/feeds/slow.json", feedOf(2, "/a"));
        QVERIFY(w().application()
                    .feedActions()
                    .openAddress(QString::fromStdString(m_web.address("/feeds/slow.json")))
                    .isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(m_web.asked().back() == "/feeds/slow.json", 20'000);
        QVERIFY(w().click(QStringLiteral("feedOpeningCancel")));
        QTRY_VERIFY(!feed().busy());
        QCOMPARE(feed().error(), QString());
        QCOMPARE(feed().total(), 3);
    }

    void whatIsShownIsExportedAndOpenedAgain_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("format");
        QTest::newRow("json") << "shown.json" << int(ui::FeedActions::Json);
        QTest::newRow("gzip by its name") << "shown.json.gz" << int(ui::FeedActions::Csv);
        QTest::newRow("gzip by its name in capitals") << "LOUD.JSON.GZ" << int(ui::FeedActions::Csv);
        QTest::newRow("gzip by the filter") << "filtered" << int(ui::FeedActions::JsonGzip);
        QTest::newRow("by no filter") << "unfiltered" << -1;
    }
    void whatIsShownIsExportedAndOpenedAgain()
    {
        QFETCH(QString, name);
        QFETCH(int, format);
        openFeed("a.json", feedOf(photosInFeed, "/a"));
        feed().setSearchText(QStringLiteral("lucky"));
        feed().sortBy(ui::FeedModel::Id);
        feed().sortBy(ui::FeedModel::Id);
        QTRY_VERIFY_WITH_TIMEOUT(!feed().searching(), 20'000);
        const QSignalSpy ended(&w().application().feedJobs(), &composition::FeedJobs::ended);
        const QUrl file = QUrl::fromLocalFile(QString::fromStdString((w().root() / name.toStdString()).native()));
        w().application().feedActions().exportTo(file, static_cast<ui::FeedActions::ExportFormat>(format), false);
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
        feed().sortBy(ui::FeedModel::Id);
        feed().clearFilter();
        QSignalSpy opened(&feed(), &ui::FeedModel::tableChanged);
        const QString added = format == ui::FeedActions::JsonGzip ? QStringLiteral(".json.gz")
            : format < 0                                          ? QStringLiteral(".json")
                                                                  : QString();
        w().session().openFeed(QUrl(file.toString() + added));
        QVERIFY(opened.wait(20'000));
        QCOMPARE(feed().total(), photosInFeed / 7);
        QCOMPARE(feed().index(0).data(ui::FeedModel::PhotoIdRole).toInt(), photosInFeed / 7 * 7);
    }

    /// Who is quicker than the search gets what it finds, not what was shown before.
    void anExportWaitsForTheWholeAnswer()
    {
        openFeed("a.json", feedOf(photosInFeed, "/a"));
        QSignalSpy ended(&w().application().feedJobs(), &composition::FeedJobs::ended);
        const auto path = w().root() / "early.json";
        feed().setSearchText(QStringLiteral("lucky"));
        QVERIFY(feed().searching());
        w().application().feedActions().exportTo(QUrl::fromLocalFile(QString::fromStdString(path.native())),
                                                 ui::FeedActions::Json, false);
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
        const std::string text = ApplicationWorld::contentOf(path);
        QCOMPARE(std::count(text.begin(), text.end(), '{'), std::ptrdiff_t{photosInFeed / 7});
    }

    void allThatIsFoundIsSelectedByItsButton()
    {
        openFeed("a.json", feedOf(photosInFeed, "/a"));
        feed().setSearchText(QStringLiteral("lucky"));
        QTRY_COMPARE_WITH_TIMEOUT(feed().count(), photosInFeed / 7, 20'000);
        feed().select(0, Qt::NoModifier);
        QTRY_VERIFY(w().item(QStringLiteral("selectAllButton")));
        QVERIFY(w().click(QStringLiteral("selectAllButton")));
        QTRY_COMPARE(feed().selectedCount(), photosInFeed / 7);
    }

    void theSelectionIsExportedAsCsv()
    {
        openFeed("a.json", feedOf(photosInFeed, "/a"));
        feed().select(4, Qt::NoModifier);
        feed().select(2, Qt::ControlModifier);
        QSignalSpy notices(&w().session(), &ui::Session::notice);
        const auto path = w().root() / "some.csv";
        w().application().feedActions().exportTo(QUrl::fromLocalFile(QString::fromStdString(path.native())),
                                                 ui::FeedActions::Json, true);
        QTRY_COMPARE_WITH_TIMEOUT(notices.count(), 1, 20'000);
        QVERIFY2(notices[0][0].toString().contains(QStringLiteral("2 photos")), qPrintable(notices[0][0].toString()));
        const QStringList lines
            = QString::fromStdString(ApplicationWorld::contentOf(path)).split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains(QStringLiteral("title")));
        QVERIFY(lines[1].contains(QStringLiteral("photo 3")));
        QVERIFY(lines[2].contains(QStringLiteral("photo 5")));
    }

    void aFolderThatCannotBeWrittenIsSaid()
    {
        QSignalSpy notices(&w().session(), &ui::Session::notice);
        w().application().feedActions().exportTo(QUrl(QStringLiteral("file:///nonexistent/folder/a.json")),
                                                 ui::FeedActions::Json, false);
        QTRY_COMPARE_WITH_TIMEOUT(notices.count(), 1, 20'000);
        QCOMPARE(notices[0][1].value<ui::Session::NoticeKind>(), ui::Session::Error);
        QVERIFY(w().application().feedActions().jobText().isEmpty());
    }

    void selectedPhotosAreFetchedCompressedAndSent()
    {
        for (int i = 1; i <= 3; ++i) {
            const auto name = "/s/" + std::to_string(i) + ".jpg";
            const auto photo = w().makePhoto("s" + std::to_string(i) + ".jpg", 320, 240);
            m_web.put(name, ApplicationWorld::contentOf(photo));
        }
        openFeed("s.json", feedOf(4, "/s")); // the fourth is not there
        QSignalSpy notices(&w().session(), &ui::Session::notice);
        view()->forceActiveFocus(Qt::TabFocusReason);
        w().press(Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(feed().selectedCount(), 4);
        QVERIFY(w().click(QStringLiteral("sendButton")));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(ui::PhotoState::Uploaded, 3), 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(notices.count() >= 1, 20'000);
        const QString said = notices[0][0].toString();
        QVERIFY2(said.contains(QStringLiteral("1 of 4")) && said.contains(QStringLiteral("photo 4")), qPrintable(said));
        QCOMPARE(feed().selection().rows(), std::vector<std::uint32_t>{3}); // to be sent once more
        const auto folder = w().application().folders().fetched();
        const auto files = [&folder] {
            return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
        };
        QCOMPARE(files(), 3);
        w().clear();
        QTRY_COMPARE_WITH_TIMEOUT(files(), 0, 20'000);
    }

    void fetchingIsCancelled()
    {
        openFeed("s.json", feedOf(4, "/s"));
        m_web.hold(true);
        feed().selectAll();
        w().application().feedActions().send();
        const auto before = m_web.asked().size();
        QTRY_VERIFY_WITH_TIMEOUT(w().item(QStringLiteral("feedJobCancel")) && m_web.asked().size() > before, 20'000);
        QVERIFY(w().click(QStringLiteral("feedJobCancel")));
        QTRY_VERIFY(w().application().feedActions().jobText().isEmpty());
        QCOMPARE(feed().selectedCount(), 4);
        QCOMPARE(w().photos().count(), 0);
    }

    void aFeedIsNamedOnTheCommandLine()
    {
        const auto feedFile = w().write("named.json", feedOf(6, "/a"));
        const auto photo = w().makePhoto("named.jpg", 320, 240);
        w().application().open({feedFile.native(), photo.native()});
        QTRY_COMPARE_WITH_TIMEOUT(feed().total(), 6, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(ui::PhotoState::Uploaded, 1), 60'000);
        QCOMPARE(w().window()->property("currentPage").toInt(), 1);
        w().clear();
    }

    void anEndingInCapitalsIsAFeedAndOneIsOpenedAtATime()
    {
        const auto first = w().write("LOUD.JSON", feedOf(7, "/a"));
        const auto second = w().write("second.json", feedOf(8, "/a"));
        const QSignalSpy opened(&feed(), &ui::FeedModel::tableChanged);
        QSignalSpy notices(&w().session(), &ui::Session::notice);
        w().application().open({first.native(), second.native()});
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20'000);
        QCOMPARE(feed().fileName(), QStringLiteral("LOUD.JSON"));
        QCOMPARE(notices.count(), 1);
        QVERIFY2(notices[0][0].toString().contains(QStringLiteral("LOUD.JSON")), qPrintable(notices[0][0].toString()));
        QVERIFY(w().drop({second, first}));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 2, 20'000);
        QCOMPARE(feed().fileName(), QStringLiteral("second.json"));
        QCOMPARE(notices.count(), 2);
        QCOMPARE(w().photos().count(), 0); // none of them was taken for a photo
    }

    void aFeedIsDroppedOntoThePage()
    {
        const auto path = w().write("dropped.json", feedOf(9, "/a"));
        QVERIFY(w().drop({path}));
        QTRY_COMPARE_WITH_TIMEOUT(feed().total(), 9, 20'000);
    }

    void theFormIsRemembered()
    {
        const auto file = w().application().folders().feedLayout();
        w().application().feedActions().setGrid(true);
        QTRY_VERIFY_WITH_TIMEOUT(ApplicationWorld::contentOf(file) == "grid\n", 20'000);
        w().application().feedActions().setGrid(false);
        QTRY_VERIFY_WITH_TIMEOUT(ApplicationWorld::contentOf(file) == "list\n", 20'000);
    }
};

int main(int argc, char **argv)
{
    return runTest<FeedPageTest>(argc, argv);
}
#include "feed_page_test.moc"
