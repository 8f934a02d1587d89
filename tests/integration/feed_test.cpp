// Opening feeds: good ones, the large one, and broken ones.
#include "application_world.h"

using namespace steadyframe;
using namespace steadyframe::tests;

namespace {

// moc can't read past a raw string literal.
const std::string entry = "{\"albumId\":1,\"id\":7,\"title\":\"a \\\"quoted\\\" title\","
                          "\"url\":\"https://a/7\",\"thumbnailUrl\":\"https://a/t/7\"}";

} // namespace

class FeedTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApplicationWorld> m_world;
    ApplicationWorld &w() { return *m_world; }

private slots:
    void initTestCase()
    {
        m_world = std::make_unique<ApplicationWorld>();
        QVERIFY(w().click(QStringLiteral("nav_feed")));
    }
    void cleanupTestCase() { m_world.reset(); }

    void brokenFeedsAreSaidWithLineAndColumn_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("says");
        const auto bytes = [](const std::string &s) { return QByteArray::fromStdString(s); };
        QTest::newRow("malformed") << bytes("[\n  " + entry + ",\n  {\"albumId\": tru}\n]")
                                   << QStringList{"Line 3", "column 15"};
        QTest::newRow("truncated") << bytes("[\n" + entry + ",\n" + entry.substr(0, 40))
                                   << QStringList{"Line 3", "column 29"};
        QTest::newRow("empty") << QByteArray() << QStringList{"empty"};
        QTest::newRow("no array") << QByteArray("{\"photos\": []}") << QStringList{"array"};
    }
    void brokenFeedsAreSaidWithLineAndColumn()
    {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, says);
        const auto path = w().write("feed.json", text.toStdString());
        const QSignalSpy failed(&w().application().feeds(), &composition::FeedService::failed);
        w().session().openFeed(w().urlsOf({path}).constFirst());
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20'000);
        const QString error = w().application().feed().error();
        for (const QString &part : says)
            QVERIFY2(error.contains(part), qPrintable(error));
        QTRY_VERIFY(w().item(QStringLiteral("feedError")));
        qInfo("%s", qPrintable(error));
    }

    void aGoodFeedIsShownAndTheErrorGone()
    {
        const auto path = w().write("good.json", "[" + entry + "," + entry + "]");
        w().session().openFeed(w().urlsOf({path}).constFirst());
        QTRY_COMPARE_WITH_TIMEOUT(w().application().feed().rowCount({}), 2, 20'000);
        QTRY_VERIFY(w().item(QStringLiteral("feedList")));
        QVERIFY(!w().item(QStringLiteral("feedError")));
    }

    void aFileThatIsGoneIsSaidAndTheListStays()
    {
        const QSignalSpy failed(&w().application().feeds(), &composition::FeedService::failed);
        w().session().openFeed(w().urlsOf({w().pictures() / "gone.json"}).constFirst());
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20'000);
        QVERIFY2(w().application().feed().error().contains(QStringLiteral("gone.json")),
                 qPrintable(w().application().feed().error()));
        QCOMPARE(w().application().feed().rowCount({}), 2);
    }

    void theLargeFeedIsMadeOpenedAndScrolledThrough()
    {
        const QSignalSpy started(&w().application().feeds(), &composition::FeedService::started);
        QVERIFY(w().click(QStringLiteral("generateFeedButton")));
        QVERIFY(started.count() > 0);
        QTRY_COMPARE_WITH_TIMEOUT(w().application().feed().rowCount({}), 211'640, 120'000);
        QQuickItem *list = w().item(QStringLiteral("feedList"));
        QVERIFY(list);
        list->forceActiveFocus(Qt::TabFocusReason);
        w().press(Qt::Key_End);
        QTRY_COMPARE(list->property("currentIndex").toInt(), 211'639);
        QTRY_VERIFY(list->property("atYEnd").toBool());
        const auto delegates = list->property("contentItem").value<QQuickItem *>()->childItems().size();
        QVERIFY2(delegates < 100, "only what is seen is made");
        w().press(Qt::Key_Home);
        QTRY_VERIFY(list->property("atYBeginning").toBool());
    }
};

int main(int argc, char **argv)
{
    return runTest<FeedTest>(argc, argv);
}
#include "feed_test.moc"
