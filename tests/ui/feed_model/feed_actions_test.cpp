// What a person does with a feed as a whole.
#include "models/feed/feed_actions.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMetaProperty>
#include <QMimeData>
#include <QSignalSpy>
#include <QtTest>

using namespace steadyframe::ui;

class FeedActionsTest : public QObject {
    Q_OBJECT

private slots:
    void addresses_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("opened");
        QTest::newRow("https") << "https://a.org/f.json"
                               << "https://a.org/f.json";
        QTest::newRow("http with a port") << " http://localhost:80/f "
                                          << "http://localhost:80/f";
        QTest::newRow("no scheme") << "a.org/f.json.gz"
                                   << "https://a.org/f.json.gz";
        QTest::newRow("empty") << "  "
                               << "";
        QTest::newRow("a word") << "photos"
                                << "";
        QTest::newRow("another scheme") << "ftp://a.org/f"
                                        << "";
        QTest::newRow("a file") << "file:///etc/passwd"
                                << "";
        QTest::newRow("no host") << "https:///f"
                                 << "";
        QTest::newRow("two lines") << "https://a.org/f\nhttps://a.org/g"
                                   << "";
        QTest::newRow("blanks") << "https://a b.org/"
                                << "";
    }
    void addresses()
    {
        QFETCH(QString, typed);
        QFETCH(QString, opened);
        FeedActions actions;
        const QSignalSpy wanted(&actions, &FeedActions::openWanted);
        const QString problem = actions.openAddress(typed);
        QCOMPARE(problem.isEmpty(), !opened.isEmpty());
        QCOMPARE(wanted.count(), opened.isEmpty() ? 0 : 1);
        if (!opened.isEmpty())
            QCOMPARE(wanted[0][0].toUrl(), QUrl(opened));
    }

    void pasting()
    {
        FeedActions actions;
        QSignalSpy wanted(&actions, &FeedActions::openWanted);
        QClipboard &clipboard = *QGuiApplication::clipboard();
        clipboard.setText("https://a.org/f.json");
        QVERIFY(actions.paste());
        QCOMPARE(wanted.takeFirst()[0].toUrl(), QUrl("https://a.org/f.json"));
        auto *file = new QMimeData;
        file->setUrls({QUrl("file:///tmp/f.json")});
        clipboard.setMimeData(file);
        QVERIFY(actions.paste());
        QCOMPARE(wanted.takeFirst()[0].toUrl(), QUrl("file:///tmp/f.json"));
        clipboard.setText("good morning");
        QVERIFY(!actions.paste());
        clipboard.clear();
        QVERIFY(!actions.paste());
        QCOMPARE(wanted.count(), 0);
    }

    void theJobIsTold()
    {
        FeedActions actions;
        QSignalSpy changed(&actions, &FeedActions::jobChanged);
        actions.setJob("Fetching");
        actions.setJobProgress(0.5);
        QCOMPARE(actions.jobText(), QString("Fetching"));
        QCOMPARE(actions.jobProgress(), 0.5);
        actions.endJob();
        QCOMPARE(actions.jobText(), QString());
        QCOMPARE(actions.jobProgress(), 0.0);
        QCOMPARE(changed.count(), 2);
    }

    void everyPropertyIsFinalAndTellsItsChange()
    {
        const QMetaObject &meta = FeedActions::staticMetaObject;
        for (int i = meta.propertyOffset(); i < meta.propertyCount(); ++i) {
            QVERIFY2(meta.property(i).isFinal(), meta.property(i).name());
            QVERIFY2(meta.property(i).hasNotifySignal(), meta.property(i).name());
        }
    }
};

QTEST_MAIN(FeedActionsTest)
#include "feed_actions_test.moc"
