// The work without a window, and a second start of the program.
#include "composition/background_work.h"
#include "composition/single_instance.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace steadyframe::composition;
using steadyframe::ui::Session;
using steadyframe::ui::Totals;

namespace {

Totals totalsWith(qint64 queued, qint64 uploaded, qint64 failed = 0)
{
    Totals totals;
    totals.total = queued + uploaded + failed;
    totals.queued = queued;
    totals.uploaded = uploaded;
    totals.failed = failed;
    return totals;
}

} // namespace

class BackgroundTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QGuiApplication::setQuitOnLastWindowClosed(false); }
    void init()
    {
        m_session = std::make_unique<Session>();
        m_window = std::make_unique<QQuickWindow>();
        m_window->show();
        m_background = std::make_unique<BackgroundWork>(*m_session, *m_window);
        m_said = std::make_unique<QSignalSpy>(m_background.get(), &BackgroundWork::said);
        m_ended = std::make_unique<QSignalSpy>(m_background.get(), &BackgroundWork::ended);
    }
    void cleanup()
    {
        m_background.reset();
        m_window.reset();
        m_session.reset();
    }

    void theWorkGoesOnAndSaysSo()
    {
        m_session->setTotals(totalsWith(3, 1));
        m_window->close();
        QVERIFY(m_background->isActive());
        QCOMPARE(m_ended->count(), 0);
        QCOMPARE(m_said->count(), 1);
        QVERIFY(m_said->at(0).at(0).toString().contains('3'));
        m_session->setTotals(totalsWith(1, 3));
        QCOMPARE(m_ended->count(), 0);
        m_session->setTotals(totalsWith(0, 3, 1));
        QCOMPARE(m_ended->count(), 1);
        QCOMPARE(m_said->count(), 2);
    }

    void withNothingToDoItEnds()
    {
        m_session->setTotals(totalsWith(0, 4));
        m_window->close();
        QCOMPARE(m_ended->count(), 1);
        QCOMPARE(m_said->count(), 0);
    }

    void whatIsPausedDoesNotKeepItRunning()
    {
        m_session->setTotals(totalsWith(4, 0));
        m_session->setPaused(true);
        m_window->close();
        QCOMPARE(m_ended->count(), 1);
    }

    void whatIsPausedAloneDoesNotKeepItRunning()
    {
        Totals totals = totalsWith(3, 0);
        totals.held = 1;
        m_session->setTotals(totals);
        m_window->close();
        QVERIFY(m_background->isActive());
        QVERIFY(m_said->at(0).at(0).toString().contains('2'));
        totals = totalsWith(1, 2);
        totals.held = 1;
        m_session->setTotals(totals);
        QCOMPARE(m_ended->count(), 1);
        m_background->show();
        m_window->close();
        QCOMPARE(m_ended->count(), 2);
    }

    void aQuestionBringsTheWindowBack()
    {
        m_session->setTotals(totalsWith(4, 0));
        m_window->close();
        QVERIFY(!m_window->isVisible());
        m_session->setAttention(Session::NameExists, "There is another file of this name.");
        QVERIFY(m_window->isVisible());
        QVERIFY(!m_background->isActive());
        m_session->setTotals(totalsWith(0, 4));
        QCOMPARE(m_ended->count(), 0);
    }

    void aSecondStartHandsOver()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        SingleInstance first(data);
        const SingleInstance second(data);
        QVERIFY(!second.handOver({"photo.jpg"})); // there is none yet
        first.listen();
        std::vector<std::string> picks;
        connect(&first, &SingleInstance::started, &first,
                [&](const std::vector<std::string> &given) { picks = given; });
        QVERIFY(second.handOver({"photo.jpg", "/a/latin\xE9.jpg"}));
        QTRY_COMPARE(picks.size(), std::size_t(2));
        QCOMPARE(picks[0], (std::filesystem::current_path() / "photo.jpg").native());
        QCOMPARE(picks[1], std::string("/a/latin\xE9.jpg"));
        QVERIFY(!SingleInstance(data / "another").handOver({}));
    }

private:
    std::unique_ptr<Session> m_session;
    std::unique_ptr<QQuickWindow> m_window;
    std::unique_ptr<BackgroundWork> m_background;
    std::unique_ptr<QSignalSpy> m_said;
    std::unique_ptr<QSignalSpy> m_ended;
};

int main(int argc, char **argv)
{
    const QApplication application(argc, argv); // a tray has a menu of widgets
    BackgroundTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "background_test.moc"
