#include "feed_tables.h"

#include "models/feed/feed_model.h"

#include <QAbstractItemModelTester>
#include <QColor>
#include <QMetaProperty>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQmlExtensionPlugin>
#include <QSignalSpy>
#include <QtTest>

Q_IMPORT_QML_PLUGIN(Steadyframe_FeedPlugin)

using namespace steadyframe::ui;
using namespace steadyframe::tests;

namespace {

/// The rows as text, a line each: the roles in the order of their numbers.
QString written(const FeedModel &model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int role = FeedModel::TitleRole; role <= FeedModel::ThumbnailUrlRole; ++role)
            cells << model.index(row).data(role).toString();
        cells << model.index(row).data(FeedModel::SwatchRole).value<QColor>().name(QColor::HexArgb);
        lines << cells.join(u'|');
    }
    return lines.join(u'\n');
}

} // namespace

class FeedModelTest : public QObject {
    Q_OBJECT

private slots:
    void empty()
    {
        FeedModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.fileName(), QString());
        QCOMPARE(model.megabytesPerSecond(), 0.0);
        QCOMPARE(model.issueText(), QString());
        QVERIFY(!model.data(model.index(0), FeedModel::TitleRole).isValid());
    }

    void rows()
    {
        FeedModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTable(tableOf({{1, 2, "Été €", "https://p/600/92c952", "https://p/150/92c952"},
                                {3, 4, "", "", ""},
                                {-5, 9'007'199'254'740'992, "b", "u", "https://p/150/nothex"}}));
        QCOMPARE(written(model),
                 QString::fromUtf8("Été €|1|2|https://p/600/92c952|https://p/150/92c952|#ff92c952\n"
                                   "|3|4|||#00000000\n"
                                   "b|-5|9007199254740992|u|https://p/150/nothex|#00000000"));
        QCOMPARE(model.index(0).data().toString(), QString::fromUtf8("Été €"));
        QVERIFY(!model.index(0).data(Qt::DecorationRole).isValid());
    }

    void swatch_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("colour");
        QTest::newRow("placeholder") << "https://via.placeholder.com/150/24f355"
                                     << "#ff24f355";
        QTest::newRow("upper case") << "https://via.placeholder.com/150/24F355"
                                    << "#ff24f355";
        QTest::newRow("black") << "/000000"
                               << "#ff000000";
        QTest::newRow("too long") << "https://a/1234567"
                                  << "#00000000";
        QTest::newRow("too short") << "24f355"
                                   << "#00000000";
        QTest::newRow("signed") << "https://a/-12345"
                                << "#00000000";
        QTest::newRow("not hex at the end") << "https://a/12345z"
                                            << "#00000000";
        QTest::newRow("picture") << "https://a/bcdef.jpg"
                                 << "#00000000";
        QTest::newRow("empty") << ""
                               << "#00000000";
    }
    void swatch()
    {
        QFETCH(QString, url);
        QFETCH(QString, colour);
        FeedModel model;
        model.setTable(tableOf({{1, 1, "a", "u", url.toStdString()}}));
        QCOMPARE(model.index(0).data(FeedModel::SwatchRole).value<QColor>().name(QColor::HexArgb), colour);
    }

    void everyRoleHasAName()
    {
        const FeedModel model;
        const QMetaEnum roles = QMetaEnum::fromType<FeedModel::Role>();
        QCOMPARE(model.roleNames().size(), roles.keyCount());
        for (int i = 0; i < roles.keyCount(); ++i)
            QVERIFY(model.roleNames().contains(roles.value(i)));
    }

    void facts()
    {
        FeedFacts facts;
        facts.name = "feed\xFF.json";
        facts.textBytes = 35'000'000;
        facts.parseTime = std::chrono::milliseconds(50);
        facts.issueCount = 30;
        for (std::uint64_t i = 1; i <= 30; ++i)
            facts.issues.push_back({i, i + 1, 3, "\"id\" is missing."});
        FeedModel model;
        QSignalSpy changed(&model, &FeedModel::tableChanged);
        model.setTable(tableOf(numberedPhotos(1), facts));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(model.count(), 1);
        QCOMPARE(model.fileName(), QString::fromUtf8("feed\uFFFD.json"));
        QCOMPARE(model.parseMilliseconds(), 50.0);
        QCOMPARE(model.megabytesPerSecond(), 700.0);
        QCOMPARE(model.issueCount(), 30);
        const QStringList lines = model.issueText().split(u'\n');
        QCOMPARE(lines.size(), 20);
        QCOMPARE(lines.first(), QString("Entry 1, line 2, column 3: \"id\" is missing."));
    }

    void oneResetForATableOfAnySize()
    {
        FeedModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setTable(tableOf(numberedPhotos(100'000)));
        model.setTable(tableOf(numberedPhotos(3)));
        model.setTable(nullptr);
        QCOMPARE(reset.count(), 3);
        QCOMPARE(model.rowCount(), 0);
    }

    void busyAndErrors()
    {
        FeedModel model;
        QSignalSpy busy(&model, &FeedModel::busyChanged);
        QSignalSpy error(&model, &FeedModel::errorChanged);
        QSignalSpy progress(&model, &FeedModel::progressChanged);
        model.setStarted();
        model.setProgress(0.5);
        QVERIFY(model.busy());
        QCOMPARE(model.progress(), 0.5);
        model.setTable(tableOf(numberedPhotos(2)));
        QVERIFY(!model.busy());

        model.setStarted();
        QCOMPARE(model.progress(), 0.0);
        model.setFailed("Line 3, column 1: no");
        QVERIFY(!model.busy());
        QCOMPARE(model.error(), QString("Line 3, column 1: no"));
        QCOMPARE(model.rowCount(), 2); // the list of before stays

        model.setStarted();
        QCOMPARE(model.error(), QString());
        model.setCancelled();
        QVERIFY(!model.busy());
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(busy.count(), 6);
        QCOMPARE(error.count(), 2);
        QCOMPARE(progress.count(), 2);
    }

    void oldTablesAreHandedOnWithTheLastReference()
    {
        std::vector<std::shared_ptr<const FeedTable>> released;
        {
            FeedModel model;
            model.setReleasedTableReceiver([&](auto table) { released.push_back(std::move(table)); });
            model.setTable(tableOf(numberedPhotos(1)));
            QVERIFY(released.empty());
            model.setTable(tableOf(numberedPhotos(2)));
            QCOMPARE(released.size(), std::size_t{1});
            QCOMPARE(released[0]->rowCount(), std::size_t{1});
            QCOMPARE(released[0].use_count(), 1L);
        }
        QCOMPARE(released.size(), std::size_t{2});
        QCOMPARE(released[1]->rowCount(), std::size_t{2});
        QCOMPARE(released[1].use_count(), 1L);
    }

    void delegatesInQml()
    {
        QQmlEngine engine;
        engine.addImportPath("qrc:/qt/qml");
        QQmlComponent component(&engine);
        component.setData(R"(
            import QtQuick
            import Steadyframe.Feed
            Instantiator {
                id: list
                property FeedModel feed: FeedModel {}
                property var seen: object ? object.seen : undefined
                model: feed
                delegate: QtObject {
                    required property string title
                    required property string albumId
                    required property string photoId
                    required property string url
                    required property string thumbnailUrl
                    required property color swatch
                    readonly property string seen: [title, albumId, photoId, url, thumbnailUrl, swatch].join(" ")
                }
            })",
                          {});
        const std::unique_ptr<QObject> list(component.create());
        QVERIFY2(list, qPrintable(component.errorString()));
        auto *model = list->property("feed").value<FeedModel *>();
        QVERIFY(model);
        model->setTable(tableOf({{3, 9'007'199'254'740'993, "a b", "https://p/600/24f355", "https://p/150/24f355"}}));
        QCOMPARE(list->property("seen").toString(),
                 QString("a b 3 9007199254740993 https://p/600/24f355 https://p/150/24f355 #24f355"));
    }

    void propertiesAreFinal()
    {
        const QMetaObject &meta = FeedModel::staticMetaObject;
        QCOMPARE(meta.propertyCount() - meta.propertyOffset(), 19);
        for (int i = meta.propertyOffset(); i < meta.propertyCount(); ++i) {
            QVERIFY2(meta.property(i).isFinal(), meta.property(i).name());
            QVERIFY2(meta.property(i).hasNotifySignal(), meta.property(i).name());
        }
    }
};

QTEST_GUILESS_MAIN(FeedModelTest)
#include "feed_model_test.moc"
