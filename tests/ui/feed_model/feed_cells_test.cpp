// The few cells that show the rows of a feed in turns.
#include "feed_tables.h"

#include "models/feed/feed_cells.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include <set>

using namespace steadyframe::ui;
using namespace steadyframe::tests;
using namespace std::chrono_literals;

class FeedCellsTest : public QObject {
    Q_OBJECT

    static QString rowsOf(const FeedCells &cells)
    {
        QStringList rows;
        for (int cell = 0; cell < cells.rowCount(); ++cell)
            rows << cells.index(cell).data(FeedCells::RowRole).toString();
        return rows.join(u' ');
    }
    /// The cells that were said to have changed, as a set in order; not those that only may be selected.
    static QString changedCells(const QSignalSpy &spy)
    {
        std::set<int> cells;
        for (const auto &change : spy) {
            if (!change[2].value<QList<int>>().empty())
                continue;
            for (int cell = change[0].toModelIndex().row(); cell <= change[1].toModelIndex().row(); ++cell)
                cells.insert(cell);
        }
        QStringList text;
        for (const int cell : cells)
            text << QString::number(cell);
        return text.join(u' ');
    }

private slots:
    void cellsTakeTurns()
    {
        FeedModel feed;
        feed.setTable(tableOf(numberedPhotos(1000)));
        FeedCells cells(nullptr, 1h);
        QAbstractItemModelTester tester(&cells, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(cells.rowCount(), 0);
        cells.setFeed(&feed);
        cells.setCells(5);
        QCOMPARE(rowsOf(cells), QString("0 1 2 3 4"));
        QSignalSpy changed(&cells, &QAbstractItemModel::dataChanged);
        cells.setFirst(1);
        QCOMPARE(rowsOf(cells), QString("5 1 2 3 4"));
        QCOMPARE(changedCells(changed), QString("0"));
        changed.clear();
        cells.setFirst(4);
        QCOMPARE(rowsOf(cells), QString("5 6 7 8 4"));
        QCOMPARE(changedCells(changed), QString("1 2 3"));
        changed.clear();
        cells.setFirst(6);
        QCOMPARE(rowsOf(cells), QString("10 6 7 8 9"));
        QCOMPARE(changedCells(changed), QString("0 4"));
        changed.clear();
        cells.setFirst(4);
        QCOMPARE(rowsOf(cells), QString("5 6 7 8 4"));
        QCOMPARE(changedCells(changed), QString("0 4"));
        changed.clear();
        cells.setFirst(900);
        QCOMPARE(changedCells(changed), QString("0 1 2 3 4"));
        QCOMPARE(cells.index(0).data(FeedModel::TitleRole).toString(), QString("title 900"));
    }

    void everyMoveTellsExactlyWhatChanged()
    {
        FeedModel feed;
        feed.setTable(tableOf(numberedPhotos(40)));
        FeedCells cells(nullptr, 1h);
        cells.setFeed(&feed);
        for (const int count : {1, 2, 7}) {
            cells.setCells(count);
            for (int from = 0; from < 20; ++from) {
                for (int to = 0; to < 20; ++to) {
                    cells.setFirst(from);
                    const QStringList before = rowsOf(cells).split(u' ');
                    QSignalSpy changed(&cells, &QAbstractItemModel::dataChanged);
                    cells.setFirst(to);
                    const QStringList after = rowsOf(cells).split(u' ');
                    QStringList different;
                    for (int cell = 0; cell < count; ++cell) {
                        if (before[cell] != after[cell])
                            different << QString::number(cell);
                    }
                    QCOMPARE(changedCells(changed), different.join(u' '));
                }
            }
        }
    }

    void cellsBehindTheEndAreEmpty()
    {
        FeedModel feed;
        feed.setTable(tableOf(numberedPhotos(3)));
        FeedCells cells(nullptr, 1h);
        cells.setFeed(&feed);
        cells.setCells(5);
        QCOMPARE(rowsOf(cells), QString("0 1 2 -1 -1"));
        cells.setFirst(2);
        QCOMPARE(rowsOf(cells), QString("-1 -1 2 -1 -1"));
        const auto names = cells.roleNames();
        for (auto role = names.cbegin(); role != names.cend(); ++role)
            QVERIFY2(cells.index(0).data(role.key()).isValid(), role.value().constData());
        QSignalSpy changed(&cells, &QAbstractItemModel::dataChanged);
        feed.setTable(tableOf(numberedPhotos(100)));
        QCOMPARE(changedCells(changed), QString("0 1 2 3 4"));
        QCOMPARE(rowsOf(cells), QString("5 6 2 3 4"));
    }

    void manyCellsAreFilledOverFrames()
    {
        FeedModel feed;
        // No time at all: a cell in each frame.
        FeedCells cells(nullptr, 0s);
        cells.setFeed(&feed);
        cells.setCells(5);
        QCOMPARE(cells.rowCount(), 1);
        QTRY_COMPARE(cells.rowCount(), 5);
        QTRY_VERIFY(!cells.filling());
        QSignalSpy changed(&cells, &QAbstractItemModel::dataChanged);
        feed.setTable(tableOf(numberedPhotos(100)));
        QCOMPARE(changedCells(changed), QString("0"));
        QVERIFY(cells.filling());
        QTRY_VERIFY(!cells.filling());
        QCOMPARE(changedCells(changed), QString("0 1 2 3 4"));

        // From the first on, and what scrolls in meanwhile comes at once, and once.
        changed.clear();
        cells.setFirst(53);
        QCOMPARE(changedCells(changed), QString("3"));
        cells.setFirst(55);
        QCOMPARE(changedCells(changed), QString("3 4"));
        QTRY_VERIFY(!cells.filling());
        QCOMPARE(changed.count(), 5);
        QCOMPARE(changed[2][0].toModelIndex().row(), 0);
        QCOMPARE(rowsOf(cells), QString("55 56 57 58 59"));
    }

    void whatHasNoRowAnyMoreGoesAtOnce()
    {
        FeedModel feed;
        feed.setTable(tableOf(numberedPhotos(100)));
        FeedCells cells(nullptr, 0s);
        cells.setFeed(&feed);
        cells.setCells(6);
        cells.setCells(4); // while they are made
        QVERIFY(cells.rowCount() < 4);
        QTRY_COMPARE(rowsOf(cells), QString("0 1 2 3"));
        QTRY_VERIFY(!cells.filling());
        QSignalSpy changed(&cells, &QAbstractItemModel::dataChanged);
        feed.setTable(tableOf(numberedPhotos(2)));
        QCOMPARE(changedCells(changed), QString("0 2 3"));
    }

    void aSelectionChangesNothingElse()
    {
        FeedModel feed;
        feed.setTable(tableOf(numberedPhotos(100)));
        FeedCells cells(nullptr, 1h);
        cells.setFeed(&feed);
        cells.setCells(4);
        QSignalSpy changed(&cells, &QAbstractItemModel::dataChanged);
        feed.select(1, Qt::NoModifier);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][2].value<QList<int>>(), QList<int>{FeedModel::SelectedRole});
        QVERIFY(cells.index(1).data(FeedModel::SelectedRole).toBool());
        QVERIFY(!cells.index(2).data(FeedModel::SelectedRole).toBool());
    }

    void aFeedThatIsGoneLeavesEmptyCells()
    {
        FeedCells cells(nullptr, 1h);
        auto feed = std::make_unique<FeedModel>();
        feed->setTable(tableOf(numberedPhotos(100)));
        cells.setFeed(feed.get());
        cells.setCells(2);
        feed.reset();
        QCOMPARE(rowsOf(cells), QString("-1 -1"));
        cells.setCells(0);
        cells.setFirst(3);
        QCOMPARE(cells.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(FeedCellsTest)
#include "feed_cells_test.moc"
