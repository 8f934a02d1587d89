#include "models/photo_filter_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace steadyframe::ui;

namespace {

PhotoRow photo(qint64 id, PhotoState state)
{
    PhotoRow row;
    row.id = id;
    row.name = QString::number(id);
    row.state = state;
    return row;
}

QList<qint64> idsOf(const PhotoFilterModel &filter)
{
    QList<qint64> ids;
    for (int row = 0; row < filter.rowCount(); ++row)
        ids.append(static_cast<qint64>(filter.idAt(row)));
    return ids;
}

} // namespace

class PhotoFilterTest : public QObject {
    Q_OBJECT

    PhotoListModel m_photos;
    PhotoFilterModel m_filter;
    QAbstractItemModelTester m_tester{&m_filter, QAbstractItemModelTester::FailureReportingMode::QtTest};

private slots:
    void init()
    {
        m_photos.clear();
        m_filter.setPhotos(&m_photos);
        m_filter.setKind(PhotoFilterModel::All);
        m_photos.upsert({photo(1, PhotoState::Queued), photo(2, PhotoState::Compressing),
                         photo(3, PhotoState::Compressed), photo(4, PhotoState::Uploading),
                         photo(5, PhotoState::Uploaded), photo(6, PhotoState::Failed),
                         photo(7, PhotoState::Cancelled)});
    }

    void showsOneKind_data()
    {
        QTest::addColumn<PhotoFilterModel::Kind>("kind");
        QTest::addColumn<QList<qint64>>("ids");
        QTest::newRow("all") << PhotoFilterModel::All << QList<qint64>{1, 2, 3, 4, 5, 6, 7};
        QTest::newRow("active") << PhotoFilterModel::Active << QList<qint64>{1, 2, 3, 4};
        QTest::newRow("failed") << PhotoFilterModel::Failed << QList<qint64>{6, 7};
        QTest::newRow("done") << PhotoFilterModel::Done << QList<qint64>{5};
    }
    void showsOneKind()
    {
        QFETCH(PhotoFilterModel::Kind, kind);
        m_filter.setKind(kind);
        QTEST(idsOf(m_filter), "ids");
    }

    void countsAreOfAllKindsWhicheverIsShown()
    {
        m_filter.setKind(PhotoFilterModel::Done);
        QCOMPARE(m_filter.allCount(), 7);
        QCOMPARE(m_filter.activeCount(), 4);
        QCOMPARE(m_filter.failedCount(), 2);
        QCOMPARE(m_filter.doneCount(), 1);
    }

    void aPhotoMovesBetweenTheKindsWithItsState()
    {
        m_filter.setKind(PhotoFilterModel::Active);
        const QSignalSpy counts(&m_filter, &PhotoFilterModel::countsChanged);
        m_photos.upsert({photo(4, PhotoState::Uploaded)});
        QCOMPARE(idsOf(m_filter), (QList<qint64>{1, 2, 3}));
        QCOMPARE(counts.count(), 1);
        m_filter.setKind(PhotoFilterModel::Done);
        QCOMPARE(idsOf(m_filter), (QList<qint64>{4, 5}));
        m_photos.remove({4});
        QCOMPARE(idsOf(m_filter), QList<qint64>{5});
        QCOMPARE(m_filter.idAt(1), -1.0);
    }

    void withoutPhotosItIsEmpty()
    {
        m_filter.setPhotos(nullptr);
        QCOMPARE(m_filter.rowCount(), 0);
        QCOMPARE(m_filter.allCount(), 0);
        QCOMPARE(m_filter.activeCount(), 0);
    }
};

QTEST_GUILESS_MAIN(PhotoFilterTest)
#include "photo_filter_test.moc"
