#include "models/isolate_list_model.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace steadyframe::ui;

namespace {

IsolateRow isolateRow(qint64 id, qint64 received = 0)
{
    IsolateRow row;
    row.id = id;
    row.name = QStringLiteral("isolate %1").arg(id);
    row.state = QStringLiteral("idle");
    row.received = received;
    return row;
}

QStringList namesIn(const IsolateListModel &model)
{
    QStringList names;
    for (int row = 0; row < model.count(); ++row)
        names.append(model.data(model.index(row), IsolateListModel::NameRole).toString());
    return names;
}

} // namespace

class IsolateListTest : public QObject {
    Q_OBJECT

private slots:
    void rowsThatStayAreChangedInPlace()
    {
        IsolateListModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.replace({isolateRow(1), isolateRow(2), isolateRow(4)});
        const QSignalSpy inserted(&model, &IsolateListModel::rowsInserted);
        const QSignalSpy removed(&model, &IsolateListModel::rowsRemoved);
        const QSignalSpy changed(&model, &IsolateListModel::dataChanged);
        const QSignalSpy reset(&model, &IsolateListModel::modelReset);
        model.replace({isolateRow(1), isolateRow(3), isolateRow(4, 12)});
        QCOMPARE(namesIn(model), QStringList({"isolate 1", "isolate 3", "isolate 4"}));
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(removed.count(), 1);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(model.data(model.index(2), IsolateListModel::ReceivedRole).toInt(), 12);
    }

    void anyListBecomesAnyOther()
    {
        IsolateListModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QRandomGenerator random(20);
        for (int turn = 0; turn < 200; ++turn) {
            QList<IsolateRow> rows;
            QStringList names;
            for (qint64 id = 1; id <= 12; ++id) {
                if (random.bounded(2) == 0)
                    continue;
                rows.append(isolateRow(id, random.bounded(3)));
                names.append(rows.last().name);
            }
            model.replace(rows);
            QCOMPARE(namesIn(model), names);
        }
    }
};

QTEST_GUILESS_MAIN(IsolateListTest)
#include "isolate_list_test.moc"
