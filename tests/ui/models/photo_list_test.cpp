#include "models/photo_list_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace steadyframe::ui;
using Model = PhotoListModel;

namespace {

PhotoRow photo(qint64 id, PhotoState state = PhotoState::Queued)
{
    PhotoRow row;
    row.id = id;
    row.name = QStringLiteral("photo-%1.jpg").arg(id);
    row.state = state;
    row.originalBytes = 4'100'000;
    return row;
}

QList<PhotoRow> photos(qint64 from, qint64 to, qint64 step = 1)
{
    QList<PhotoRow> rows;
    for (qint64 id = from; id < to; id += step)
        rows.append(photo(id));
    return rows;
}

QVariant textOf(const Model &model, int row, int role)
{
    return model.data(model.index(row), role);
}

} // namespace

class PhotoListTest : public QObject {
    Q_OBJECT

private slots:
    void tenThousandPhotosComeInOneInsertion()
    {
        Model model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy inserted(&model, &Model::rowsInserted);
        const QSignalSpy counted(&model, &Model::countChanged);
        model.upsert(photos(1, 10'001));
        QCOMPARE(model.count(), 10'000);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(inserted[0][1].toInt(), 0);
        QCOMPARE(inserted[0][2].toInt(), 9'999);
        QCOMPARE(counted.count(), 1);
        QCOMPARE(model.rowOf(10'000), 9'999);
        QCOMPARE(model.rowOf(10'001), -1);
    }

    void anUpdateChangesItsOwnRowAndAppendsWhatIsNew()
    {
        Model model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.upsert(photos(1, 4));
        const QSignalSpy changed(&model, &Model::dataChanged);
        const QSignalSpy states(&model, &Model::statesChanged);
        model.upsert({photo(2, PhotoState::Uploading), photo(3), photo(9)});
        QCOMPARE(changed.count(), 1); // the third is as it was
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        QCOMPARE(states.count(), 1);
        QCOMPARE(model.count(), 4);
        QCOMPARE(model.countIn(PhotoState::Queued), 3);
        QCOMPARE(model.countIn(PhotoState::Uploading), 1);
        QCOMPARE(textOf(model, 1, Model::StateTextRole).toString(), QStringLiteral("Uploading"));
    }

    void progressTellsOfItselfAlone()
    {
        Model model;
        model.upsert(photos(1, 4));
        const QSignalSpy changed(&model, &Model::dataChanged);
        model.setProgress(2, 0.5);
        model.setProgress(2, 0.5);
        model.setProgress(77, 0.5);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][2].value<QList<int>>(), QList<int>{Model::ProgressRole});
        QCOMPARE(textOf(model, 1, Model::ProgressRole).toDouble(), 0.5);
    }

    void removalOfNeighboursIsOneRemoval()
    {
        Model model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.upsert(photos(1, 11));
        const QSignalSpy removed(&model, &Model::rowsRemoved);
        model.remove({4, 3, 5, 9, 9, 1000});
        QCOMPARE(removed.count(), 2);
        QCOMPARE(model.count(), 6);
        const QList<qint64> left{1, 2, 6, 7, 8, 10};
        for (int row = 0; row < left.size(); ++row) {
            QCOMPARE(model.at(row).id, left[row]);
            QCOMPARE(model.rowOf(left[row]), row);
        }
        QCOMPARE(model.countIn(PhotoState::Queued), 6);
        model.upsert({photo(10, PhotoState::Failed)}); // the row behind the removals
        QCOMPARE(model.at(5).state, PhotoState::Failed);
    }

    void manyScatteredRemovalsAreOneReset()
    {
        Model model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.upsert(photos(0, 10'000));
        const QSignalSpy removed(&model, &Model::rowsRemoved);
        const QSignalSpy reset(&model, &Model::modelReset);
        QList<qint64> odd;
        for (qint64 id = 1; id < 10'000; id += 2)
            odd.append(id);
        model.remove(odd);
        QCOMPARE(removed.count(), 0);
        QCOMPARE(reset.count(), 1);
        QCOMPARE(model.count(), 5'000);
        QCOMPARE(model.rowOf(9'998), 4'999);
        QCOMPARE(model.rowOf(9'999), -1);
    }

    void clearForgetsEverything()
    {
        Model model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.upsert(photos(1, 4));
        model.clear();
        QCOMPARE(model.count(), 0);
        QCOMPARE(model.countIn(PhotoState::Queued), 0);
        model.upsert(photos(1, 2));
        QCOMPARE(model.count(), 1);
    }

    void sizesAreReadable_data()
    {
        QTest::addColumn<qint64>("before");
        QTest::addColumn<qint64>("after");
        QTest::addColumn<QString>("sizes");
        QTest::addColumn<QString>("saved");
        QTest::addColumn<int>("percent");
        const auto s = [](const char *text) { return QString::fromUtf8(text); };
        QTest::newRow("not known") << qint64(-1) << qint64(-1) << QString() << QString() << -1;
        QTest::newRow("no result") << qint64(4'100'000) << qint64(-1) << s("4.1 MB") << QString() << -1;
        QTest::newRow("smaller") << qint64(4'000'000) << qint64(1'000'000) << s("4.0 MB → 1.0 MB") << s("75 % smaller")
                                 << 75;
        QTest::newRow("larger") << qint64(100'000) << qint64(103'000) << s("100 kB → 103 kB") << s("3 % larger") << 0;
        QTest::newRow("same") << qint64(100'000) << qint64(100'000) << s("100 kB → 100 kB") << s("same size") << 0;
        QTest::newRow("empty") << qint64(0) << qint64(-1) << s("0 bytes") << QString() << -1;
    }
    void sizesAreReadable()
    {
        QFETCH(qint64, before);
        QFETCH(qint64, after);
        Model model;
        PhotoRow row = photo(1);
        row.originalBytes = before;
        row.resultBytes = after;
        model.upsert({row});
        QTEST(textOf(model, 0, Model::SizeTextRole).toString(), "sizes");
        QTEST(textOf(model, 0, Model::SavedTextRole).toString(), "saved");
        QTEST(textOf(model, 0, Model::SavedPercentRole).toInt(), "percent");
    }

    void everyRoleHasANameAndAValue()
    {
        Model model;
        PhotoRow row = photo(7);
        row.originalSize = {4000, 3000};
        row.folder = QStringLiteral("/photos");
        row.message = QStringLiteral("The file is empty.");
        model.upsert({row});
        const auto names = model.roleNames();
        QCOMPARE(names.size(), QMetaEnum::fromType<Model::Role>().keyCount());
        for (auto it = names.begin(); it != names.end(); ++it)
            QVERIFY2(textOf(model, 0, it.key()).isValid(), it.value().constData());
        QCOMPARE(textOf(model, 0, Model::DimensionsRole).toString(), QString::fromUtf8("4000 × 3000"));
        QCOMPARE(textOf(model, 0, Model::ThumbnailRole).toString(), QStringLiteral("image://thumbnails/7"));
        QVERIFY(!model.data(model.index(1), Model::NameRole).isValid());
    }
};

QTEST_GUILESS_MAIN(PhotoListTest)
#include "photo_list_test.moc"
