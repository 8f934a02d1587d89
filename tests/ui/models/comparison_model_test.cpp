#include "models/comparison_model.h"

#include <QSignalSpy>
#include <QtTest>

#include <cmath>

using namespace steadyframe::ui;
using Model = ComparisonModel;

namespace {

ComparisonFigures figures(Spread isolates, Spread mainIsolate, Spread avoided, Spread predicted)
{
    ComparisonFigures result;
    result.rounds = 3;
    result.photos = 6;
    result.feeds = 1;
    result.megabytes = 60.4;
    result.isolates.missed = isolates;
    result.mainIsolate.missed = mainIsolate;
    result.measuredAvoided = avoided;
    result.predictedMissed = predicted;
    return result;
}

} // namespace

class ComparisonModelTest : public QObject {
    Q_OBJECT

private slots:
    void itAsksForWhatWasChosen()
    {
        Model model;
        QSignalSpy wanted(&model, &Model::startWanted);
        QCOMPARE(model.kind(), Model::Mix);
        QCOMPARE(model.rounds(), 3);
        model.chooseKind(Model::Parsing);
        model.chooseRounds(5);
        model.start();
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted[0][0].value<Model::Kind>(), Model::Parsing);
        QCOMPARE(wanted[0][1].toInt(), 5);
        model.chooseRounds(0);
        QCOMPARE(model.rounds(), 1);
    }

    void nothingIsChosenOrStartedWhileItRuns()
    {
        Model model;
        QSignalSpy wanted(&model, &Model::startWanted);
        model.setProgress(Model::Prepare, 0, 3, 0);
        model.chooseKind(Model::Parsing);
        model.chooseRounds(5);
        model.start();
        QCOMPARE(model.kind(), Model::Mix);
        QCOMPARE(model.rounds(), 3);
        QCOMPARE(wanted.count(), 0);
    }

    void itTellsWhereItStands()
    {
        Model model;
        QVERIFY(!model.isBusy());
        model.setProgress(Model::Prepare, 0, 3, 0);
        QVERIFY(model.isBusy());
        const QString preparing = model.text();
        QVERIFY(!preparing.isEmpty());
        model.setProgress(Model::OnMainIsolate, 2, 3, 0.5);
        QVERIFY2(model.text().contains(QStringLiteral("2 of 3")), qPrintable(model.text()));
        QVERIFY(model.text().contains(QStringLiteral("main isolate")));
        QCOMPARE(model.progress(), 0.5);
    }

    void cancelIsAskedOnceAndStays()
    {
        Model model;
        QSignalSpy wanted(&model, &Model::cancelWanted);
        model.cancel();
        QCOMPARE(wanted.count(), 0);
        model.setProgress(Model::InIsolates, 1, 3, 0.1);
        model.cancel();
        model.cancel();
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(model.state(), Model::Cancelling);
        model.setProgress(Model::TidyUp, 0, 3, 0.1); // what is still said on the way out
        QCOMPARE(model.state(), Model::Cancelling);
        model.setCancelled();
        QCOMPARE(model.state(), Model::Cancelled);
        QVERIFY(!model.isBusy());
        QVERIFY(!model.hasResult());
    }

    void figuresStayWhenTheNextOneFails()
    {
        Model model;
        model.setResult(figures({0, 0, 1}, {40, 38, 42}, {40, 37, 42}, {42, 41, 44}));
        QCOMPARE(model.state(), Model::Done);
        model.setProgress(Model::InIsolates, 1, 3, 0);
        model.setFailed(QStringLiteral("no space"));
        QCOMPARE(model.text(), QStringLiteral("no space"));
        QVERIFY(model.hasResult());
        QCOMPARE(model.measuredMissed().median, 40.0);
    }

    void theErrorHasASign()
    {
        Model model;
        QVERIFY(std::isnan(model.predictionError()));
        model.setResult(figures({}, {20, 19, 22}, {20, 19, 22}, {23, 20, 24}));
        QCOMPARE(model.predictionError(), 15.0);
        QVERIFY(!model.remark().isEmpty()); // more than a tenth
        model.setResult(figures({}, {20, 19, 22}, {20, 19, 22}, {19, 18, 20}));
        QCOMPARE(model.predictionError(), -5.0);
        QVERIFY(model.remark().isEmpty());
        model.setResult(figures({}, {0, 0, 0}, {0, 0, 0}, {3, 3, 3}));
        QVERIFY(std::isnan(model.predictionError()));
    }

    void itSaysPlainlyWhatCameOut_data()
    {
        QTest::addColumn<double>("median");
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("most");
        QTest::addColumn<Model::Outcome>("outcome");
        QTest::addColumn<QString>("says");
        QTest::newRow("kept") << 40.0 << 38.0 << 41.0 << Model::Kept << "kept 40 frames";
        QTest::newRow("one") << 1.0 << 0.0 << 2.0 << Model::Kept << "kept 1 frame ";
        QTest::newRow("lost") << -3.0 << -4.0 << -1.0 << Model::Lost << "lost 3 frames";
        QTest::newRow("none") << 0.0 << 0.0 << 0.0 << Model::NoDifference << "no difference";
        QTest::newRow("rounds disagree") << 1.0 << -2.0 << 3.0 << Model::NoDifference << "no difference";
    }
    void itSaysPlainlyWhatCameOut()
    {
        QFETCH(double, median);
        QFETCH(double, least);
        QFETCH(double, most);
        QFETCH(QString, says);
        Model model;
        QCOMPARE(model.outcome(), Model::NoResult);
        QCOMPARE(model.verdict(), QString());
        model.setResult(figures({}, {}, {median, least, most}, {}));
        QTEST(model.outcome(), "outcome");
        QVERIFY2(model.verdict().contains(says), qPrintable(model.verdict()));
    }

    void whatSpoilsTheFiguresIsSaid()
    {
        Model model;
        ComparisonFigures spoiled = figures({}, {20, 20, 20}, {20, 20, 20}, {20, 20, 20});
        model.setResult(spoiled);
        QVERIFY(model.remark().isEmpty());
        spoiled.idle.missed = {2, 1, 4};
        model.setResult(spoiled);
        QVERIFY2(model.remark().contains(QStringLiteral("2 frames")), qPrintable(model.remark()));
        spoiled.idle.missed = {};
        spoiled.waitedShare = 0.2;
        model.setResult(spoiled);
        QVERIFY2(model.remark().contains(QStringLiteral("20 %")), qPrintable(model.remark()));
    }

    void aReportBelongsToTheFiguresShown()
    {
        Model model;
        QSignalSpy wanted(&model, &Model::reportWanted);
        model.saveReport();
        QCOMPARE(wanted.count(), 0);
        model.setResult(figures({}, {}, {}, {}));
        model.saveReport();
        QCOMPARE(wanted.count(), 1);
        model.setReport(QStringLiteral("/tmp/report.html"), false);
        QCOMPARE(model.reportText(), QStringLiteral("/tmp/report.html"));
        model.setResult(figures({}, {}, {}, {}));
        QCOMPARE(model.reportText(), QString());
    }

    void theSummaryCounts()
    {
        Model model;
        model.setResult(figures({}, {}, {}, {}));
        QCOMPARE(model.summary(), QStringLiteral("6 photos compressed, 1 feed parsed: 60 MB each way, 3 rounds"));
    }
};

QTEST_GUILESS_MAIN(ComparisonModelTest)
#include "comparison_model_test.moc"
