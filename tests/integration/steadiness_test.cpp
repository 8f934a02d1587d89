// That the event loop keeps turning while isolates work, and that it does not when the work runs on it.
#include "application_world.h"

#include <isolate_core/runtime.h>

using namespace steadyframe;
using namespace steadyframe::tests;
using ui::PhotoState;

class SteadinessTest : public QObject {
    Q_OBJECT

    static constexpr int photos = 4;
    std::unique_ptr<ApplicationWorld> m_world;
    ApplicationWorld &w() { return *m_world; }

    /// How often the event loop turned, and at how many of these turns a photo was being compressed.
    struct Turns {
        qint64 all = 0;
        qint64 whileCompressing = 0;
        std::set<std::string> placements; ///< where compression ran
        std::size_t slices = 0;
    };
    void run(Turns &turns)
    {
        std::vector<std::filesystem::path> paths;
        for (int i = 0; i < photos; ++i)
            paths.push_back(w().makePhoto("large-" + std::to_string(i) + ".jpg", 3000, 2000, static_cast<unsigned>(i)));
        auto &runtime = isolate::Runtime::instance();
        const auto compresses = [](const auto &what) { return what.activity.starts_with("compressing"); };
        const auto begin = std::chrono::steady_clock::now();
        QTimer turn;
        connect(&turn, &QTimer::timeout, this, [&] {
            ++turns.all;
            for (const isolate::IsolateInfo &info : runtime.snapshot()) {
                if (info.state == isolate::IsolateState::running && compresses(info)) {
                    ++turns.whileCompressing;
                    break;
                }
            }
        });
        turn.start(0);
        w().session().pick(w().urlsOf(paths));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, photos), 120'000);
        turn.stop();
        for (const isolate::TraceSlice &slice : runtime.trace(begin)) {
            if (compresses(slice)) {
                ++turns.slices;
                turns.placements.insert(std::string(toString(slice.placement)));
            }
        }
    }

    /// No mode of the comparison's, none of its files, and the next can be started.
    void nothingIsLeftBehind()
    {
        QCOMPARE(isolate::Runtime::instance().executionMode(), isolate::ExecutionMode::isolates);
        QVERIFY(!std::filesystem::exists(composition::comparisonResults(w().application().folders().samples())));
        QVERIFY(w().item(QStringLiteral("startComparisonButton")));
    }

private slots:
    void initTestCase() { m_world = std::make_unique<ApplicationWorld>(); }
    void cleanupTestCase() { m_world.reset(); }
    void cleanup() { w().clear(); }

    void theLoopTurnsWhileIsolatesCompress()
    {
        Turns turns;
        run(turns);
        if (QTest::currentTestFailed())
            return;
        QVERIFY(turns.slices >= photos);
        QCOMPARE(turns.placements, std::set<std::string>{"pooled"});
        QVERIFY2(turns.whileCompressing > photos,
                 qPrintable(QStringLiteral("%1 of %2").arg(turns.whileCompressing).arg(turns.all)));
    }

    void itStandsStillWhenTheMainIsolateCompresses()
    {
        QVERIFY(w().click(QStringLiteral("modeMain")));
        QTRY_COMPARE(w().session().executionMode(), ui::Session::MainIsolate);
        Turns turns;
        run(turns);
        if (QTest::currentTestFailed())
            return;
        QVERIFY(turns.all > 0);
        QVERIFY(turns.slices >= photos);
        QCOMPARE(turns.placements, std::set<std::string>{"main"});
        QCOMPARE(turns.whileCompressing, 0);
        QVERIFY(w().click(QStringLiteral("modeIsolates")));
        QTRY_COMPARE(w().session().executionMode(), ui::Session::Isolates);
    }

    void theComparisonRunsBothWaysAndIsShown()
    {
        QVERIFY(w().click(QStringLiteral("nav_comparison")));
        QVERIFY(w().click(QStringLiteral("rounds1")));
        QCOMPARE(w().application().comparison().rounds(), 1);
        QSignalSpy ended(&w().application(), &composition::Application::comparisonEnded);
        QVERIFY(w().click(QStringLiteral("startComparisonButton")));
        QVERIFY(ended.wait(400'000));
        QVERIFY2(ended[0][0].toBool(), qPrintable(w().application().comparison().text()));
        QCOMPARE(w().application().comparisonResult().rounds.size(), std::size_t(1));
        const composition::ComparisonRound &round = w().application().comparisonResult().rounds.front();
        const auto &isolates = round.isolates;
        const auto &mainIsolate = round.mainIsolate;
        QVERIFY(isolates.photos > 0 && isolates.feeds > 0);
        QCOMPARE(isolates.photos, mainIsolate.photos);
        QCOMPARE(isolates.feeds, mainIsolate.feeds);
        QCOMPARE(isolates.megabytes, mainIsolate.megabytes);
        QCOMPARE(isolates.work.size(), mainIsolate.work.size());
        QVERIFY(isolates.phase.statistics.framesDrawn > 0 && mainIsolate.phase.statistics.framesDrawn > 0);
        QVERIFY(round.idle.phase.statistics.framesDrawn > 0);
        QCOMPARE(isolates.phase.times().size(), isolates.phase.frameTimes().size());
        // The same work both ways: on the main isolate each task holds a frame.
        QVERIFY(mainIsolate.phase.statistics.framesDrawn < isolates.phase.statistics.framesDrawn);
        QVERIFY(mainIsolate.phase.statistics.framesMissed > 0);
        QVERIFY(round.predicted.framesMissed > 0);
        QVERIFY(round.predicted.longestStall > 0);
        QTRY_VERIFY(w().item(QStringLiteral("isolatesRun")) && w().item(QStringLiteral("mainRun")));
        QVERIFY(!w().textOf(QStringLiteral("comparisonVerdict")).isEmpty());
        nothingIsLeftBehind();

        QVERIFY(w().click(QStringLiteral("saveReportButton")));
        QTRY_VERIFY(!w().textOf(QStringLiteral("comparisonReport")).isEmpty());
        QVERIFY(!w().application().comparison().reportFailed());
        const std::filesystem::directory_iterator reports(w().application().folders().reports());
        const std::string html = ApplicationWorld::contentOf(reports->path());
        QVERIFY(html.starts_with("<!"));
        QVERIFY(html.find("compressed") != std::string::npos); // what was done

        // Once more: new figures take the place of those that are shown.
        ended.clear();
        QVERIFY(w().click(QStringLiteral("kindParsing")));
        QVERIFY(w().click(QStringLiteral("startComparisonButton")));
        QVERIFY(ended.wait(400'000));
        QVERIFY(ended[0][0].toBool());
        QCOMPARE(w().application().comparison().figures().photos, 0);
        w().drawFrame();
    }

    void aComparisonThatIsCancelledLeavesNothing()
    {
        QVERIFY(w().click(QStringLiteral("nav_comparison")));
        ui::ComparisonModel &model = w().application().comparison();
        // In the middle of work, and so early that nothing has been measured.
        const QStringList moments{QStringLiteral("Preparing"), QStringLiteral("idle"), QStringLiteral("in isolates"),
                                  QStringLiteral("on the main isolate")};
        for (const QString &moment : moments) {
            QSignalSpy ended(&w().application(), &composition::Application::comparisonEnded);
            // As soon as the moment is there, since it may be a short one; by the button where there is time to click.
            // A call may still be queued when this is over.
            const auto cancelled = std::make_shared<bool>(false);
            const auto cancelling = connect(
                &model, &ui::ComparisonModel::changed, this,
                [this, &model, moment, cancelled, byButton = moment != moments.front()] {
                    if (*cancelled || !model.text().contains(moment))
                        return;
                    *cancelled = true;
                    if (byButton)
                        QVERIFY(w().click(QStringLiteral("cancelComparisonButton")));
                    else
                        model.cancel();
                },
                Qt::QueuedConnection);
            QVERIFY(w().click(QStringLiteral("startComparisonButton")));
            QVERIFY(!ended.isEmpty() || ended.wait(200'000));
            disconnect(cancelling);
            QVERIFY(*cancelled);
            QCOMPARE(ended[0][0].toBool(), false);
            QCOMPARE(model.state(), ui::ComparisonModel::Cancelled);
            QCOMPARE(w().textOf(QStringLiteral("comparisonProgress")), QString());
            nothingIsLeftBehind();
        }
    }
};

int main(int argc, char **argv)
{
    return runTest<SteadinessTest>(argc, argv);
}
#include "steadiness_test.moc"
