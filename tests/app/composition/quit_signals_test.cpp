#include "composition/quit_signals.h"

#include <QTest>
#include <QTimer>

#include <csignal>

using steadyframe::composition::QuitSignals;

class QuitSignalsTest : public QObject {
    Q_OBJECT

private slots:
    void aSignalEndsTheLoop_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("interrupt") << SIGINT;
        QTest::newRow("terminate") << SIGTERM;
        QTest::newRow("hang up") << SIGHUP;
    }
    void aSignalEndsTheLoop()
    {
        QFETCH(int, number);
        const QuitSignals quit;
        QTimer::singleShot(0, [number] { std::raise(number); });
        QTimer::singleShot(20'000, [] { QCoreApplication::exit(1); });
        QCOMPARE(QCoreApplication::exec(), 0);
        // The next one is no longer held up.
        QVERIFY(std::signal(number, SIG_DFL) == SIG_DFL);
    }

    void whatIsIgnoredStaysIgnored()
    {
        std::signal(SIGHUP, SIG_IGN);
        {
            const QuitSignals quit;
            std::raise(SIGHUP);
        }
        QVERIFY(std::signal(SIGHUP, SIG_DFL) == SIG_IGN);
    }
};

QTEST_GUILESS_MAIN(QuitSignalsTest)
#include "quit_signals_test.moc"
